"""Finds prompts by the names and by the content of files, within bounds."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.discovery import candidates
from reviewbot.discovery.by_content import Searched, named, searched
from reviewbot.discovery.findings import Findings, Found, LeftOut
from reviewbot.discovery.guesses import found_in, language
from reviewbot.discovery.passed_over import minified, not_ours, with_companions, without_repetitions
from reviewbot.discovery.read_ahead import expects
from reviewbot.discovery.relevance import most_relevant
from reviewbot.discovery.sent_names import with_sent
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import PromptText, Surroundings
from reviewbot.prompt_formats._common import prompt_names
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.several_parsers import SeveralParsers
from reviewbot.repository.trees import Tree, decode

_FILES_LIMIT = 100_000
_READ_AT_ONCE = 500


def find(tree: Tree, parser: LimitedParser, without: Collection[str] = ()) -> Findings:
    """All prompts of a tree, in the order of their paths; files that are `without` are not read."""
    own = OwnFiles(tree.paths)
    paths = [path for path in tree.paths if own.has(path) and path not in without]
    left_out = []
    if len(paths) > _FILES_LIMIT:
        why = f"only the first {_FILES_LIMIT:,} files are searched"
        left_out.append(LeftOut(what=f"{len(paths) - _FILES_LIMIT:,} files", why=why))
    finder = _Finder(tree, own, parser, left_out)
    finder.search(paths[:_FILES_LIMIT])
    told = with_sent(without_repetitions(finder.prompts), finder.short, tree)
    prompts, alone = with_companions(told, finder.short)
    chosen = {(item.path, item.selector) for item in prompts}
    left_out += [
        LeftOut(what=f"{item.path}#{item.selector}", why=prompt_names.TOO_SHORT)
        for item in alone
        if (item.path, item.selector) not in chosen
    ]
    left_out += not_ours(tree.paths, own)
    ordered = sorted(prompts, key=lambda item: (item.path, item.selector or ""))
    return Findings(
        prompts=tuple(ordered),
        tools=(*filter(candidates.is_tools, paths[:_FILES_LIMIT]), *sorted(finder.tools)),
        left_out=tuple(left_out),
    )


class _Finder:
    def __init__(
        self, tree: Tree, own: OwnFiles, parser: LimitedParser, left_out: list[LeftOut]
    ) -> None:
        self.prompts: list[Found] = []
        self.short: list[Found] = []
        self.tools: list[str] = []
        self._tree = tree
        self._own = own
        self._parser = parser
        self._include = TextReader(tree).include
        self._left_out = left_out

    def search(self, paths: list[str]) -> None:
        """Find by name first, and by content in the files whose names say nothing."""
        parts = candidates.parts_of_plugins(paths)
        named = [
            path
            for path in paths
            if path in parts
            or (candidates.is_named_as_prompt(path) and not candidates.is_tools(path))
        ]
        for path, text in self._texts(named):
            if isinstance(text, Problem):
                self._leave_out(path, f"{text.what}; {text.mend}")
            elif path in parts:
                self.prompts.append(replace(_by_name(path, text), format="agent-instructions"))
            else:
                self.prompts += list(self._several(path, text)) or [_by_name(path, text)]
        known = set(named)
        others = [path for path in paths if path not in known and candidates.is_searched(path)]
        chosen = most_relevant(self._not_built(self._texts(candidates.likely_first(others))))
        self._by_content(chosen.texts)
        for path, why in chosen.passed_over:
            self._leave_out(path, why)

    def _not_built(
        self, texts: Iterable[tuple[str, str | Problem]]
    ) -> Iterator[tuple[str, str | Problem]]:
        """The texts without minified ones, which are counted."""
        built = 0
        for path, text in texts:
            if isinstance(text, str) and self._own.is_built(path, text):
                built += 1
            else:
                yield path, text
        if built:
            self._left_out.append(minified(built))

    def _by_content(self, texts: Sequence[tuple[str, str]]) -> None:
        """Search files side by side, and keep what they hold in their order."""
        with SeveralParsers(self._parser) as parsers:
            searched = parsers.map(self._searched, texts, self._begin)
            for (path, _), found in zip(texts, searched, strict=True):
                if found is None:
                    self._leave_out(path, "reading all files takes too long")
                    continue
                self.prompts += found.prompts
                self.short += found.short
                self.tools += [path] if found.has_tools else []
                self._left_out += found.left_out

    def _begin(self, parser: LimitedParser, item: tuple[str, str]) -> None:
        expects(parser, self._text(*item, parser))

    def _searched(self, parser: LimitedParser, item: tuple[str, str]) -> Searched | None:
        """What a file holds; None where there is no time left."""
        if parser.is_used_up:
            return None
        parse = partial(parser.parse, load=self._include)
        return searched(self._text(*item, parser), Surroundings(load=self._include, parse=parse))

    def _several(self, path: str, text: str) -> Iterator[Found]:
        """The prompts of a file whose name shows a format that tells them apart."""
        chosen = prompt_formats.recognize(path)
        if chosen is not None and prompt_formats.is_searched(chosen, path):
            file = self._text(path, text, self._parser)
            yield from named(path, prompt_formats.discover(chosen, file))

    def _text(self, path: str, text: str, parser: LimitedParser) -> PromptText:
        surroundings = Surroundings(load=self._include, parse=parser.parse)
        return PromptText(path=path, text=text, surroundings=surroundings)

    def _texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str | Problem]]:
        ordered = list(paths)
        for start in range(0, len(ordered), _READ_AT_ONCE):
            chunk = ordered[start : start + _READ_AT_ONCE]
            data = self._tree.read(chunk)
            for path in chunk:
                found = data[path]
                if isinstance(found, Problem):
                    yield path, found
                    continue
                try:
                    yield path, decode(found, path)
                except MeasurementError as error:
                    yield path, error.problems[0]

    def _leave_out(self, what: str, why: str) -> None:
        self._left_out.append(LeftOut(what=what, why=why))


def _by_name(path: str, text: str) -> Found:
    chosen = prompt_formats.recognize(path)
    assert chosen is not None
    name, is_guess = chosen.NAME, False
    if name == "text" and not prompt_formats.is_prompt(path):
        name = language(text)
        is_guess = name != "text"
    return replace(found_in(path, None, name), is_guess=is_guess)
