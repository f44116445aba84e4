"""Finds prompts by the names and by the content of files, within bounds."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.discovery import candidates
from reviewbot.discovery.findings import Findings, Found, LeftOut
from reviewbot.discovery.guesses import (
    LIKELY_KEY,
    NO_PROMPT,
    is_no_text,
    language,
    own_words,
    stem_of,
    words,
)
from reviewbot.discovery.passed_over import not_ours, with_companions, without_repetitions
from reviewbot.discovery.relevance import most_relevant
from reviewbot.discovery.source_tools import tools_in
from reviewbot.documents import ListNode, MappingNode, Node, Scalar
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import Discovered, PromptText, Surroundings
from reviewbot.prompt_formats._common import likelihood
from reviewbot.prompts import entries
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.trees import Tree, decode

_FILES_LIMIT = 100_000
_READ_AT_ONCE = 500


def find(tree: Tree, parser: LimitedParser) -> Findings:
    """All prompts of a tree, in the order of their paths."""
    own = OwnFiles(tree.paths)
    paths = [path for path in tree.paths if own.has(path)]
    left_out = []
    if len(paths) > _FILES_LIMIT:
        why = f"only the first {_FILES_LIMIT:,} files are searched"
        left_out.append(LeftOut(what=f"{len(paths) - _FILES_LIMIT:,} files", why=why))
    finder = _Finder(tree, parser, left_out)
    finder.search(paths[:_FILES_LIMIT])
    prompts, alone = with_companions(without_repetitions(finder.prompts), finder.short)
    chosen = {(item.path, item.selector) for item in prompts}
    left_out += [
        LeftOut(what=f"{item.path}#{item.selector}", why=likelihood.TOO_SHORT)
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


_SAYS_NOTHING = {"agent", "assistant", "bot", "name"}
"""Names that a call may give to any agent."""


class _Finder:
    def __init__(self, tree: Tree, parser: LimitedParser, left_out: list[LeftOut]) -> None:
        self.prompts: list[Found] = []
        self.short: list[Found] = []
        self.tools: list[str] = []
        self._tree = tree
        self._parser = parser
        self._surroundings = Surroundings(load=TextReader(tree).include, parse=parser.parse)
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
        chosen = most_relevant(self._texts(candidates.likely_first(others)))
        for path, text in chosen.texts:
            if self._parser.is_used_up:
                self._leave_out(path, "reading all files takes too long")
            else:
                self.prompts += self._by_content(path, text)
                self._read_tools(path, text)
        for path, why in chosen.passed_over:
            self._leave_out(path, why)

    def _read_tools(self, path: str, text: str) -> None:
        found = tools_in(self._text(path, text))
        if found is not None:
            self._left_out += found.left_out
            self.tools += [path] if found.can_be_read else []

    def _several(self, path: str, text: str) -> Iterator[Found]:
        """The prompts of a file whose name shows a format that tells them apart."""
        chosen = prompt_formats.recognize(path)
        if chosen is not None and prompt_formats.is_searched(chosen, path):
            yield from self._named(path, prompt_formats.discover(chosen, self._text(path, text)))

    def _by_content(self, path: str, text: str) -> Iterator[Found]:
        for name in prompt_formats.names():
            chosen = prompt_formats.by_name(name)
            if prompt_formats.is_searched(chosen, path):
                file = self._text(path, text)
                for selector, why in prompt_formats.near_misses(chosen, file):
                    if is_no_text(selector):
                        continue
                    if why == likelihood.TOO_SHORT:
                        self.short.append(_short(chosen, file, selector))
                    else:
                        self._leave_out(f"{path}#{selector}" if selector else path, why)
                found = prompt_formats.discover(chosen, file)
                if found:
                    yield from self._named(path, found)
                    return
        if path.lower().endswith(entries.ENDINGS):
            yield from self._entries(self._text(path, text))

    def _entries(self, file: PromptText) -> Iterator[Found]:
        """The texts of a data file whose keys, or whose file's name, say that they are prompts."""
        try:
            node = entries.parse(file)
        except MeasurementError:
            return
        for_prompts = candidates.is_for_prompts(file.path)
        for names, text in _texts_of(node, ()):
            selector, key = entries.written(names), names[-1]
            is_likely = (for_prompts or bool(LIKELY_KEY.search(key))) and not NO_PROMPT.search(key)
            if selector is None or not is_likely:
                continue
            found = _found(file.path, selector, language(text))
            found = replace(found, is_guess=found.format != "text")
            if len(text) >= likelihood.LEAST_CHARACTERS:
                yield found
            elif len(text) >= likelihood.LEAST_NAMED and " " in text:
                self.short.append(found)

    def _text(self, path: str, text: str) -> PromptText:
        return PromptText(path=path, text=text, surroundings=self._surroundings)

    @staticmethod
    def _named(path: str, discovered: Iterable[Discovered]) -> Iterator[Found]:
        """What was found in a file, without texts whose names say that no model gets them."""
        for item in discovered:
            if NO_PROMPT.search(item.selector or ""):
                continue
            found = replace(_found(path, item.selector, item.format), text=item.text)
            if (said := words(item.workflow or "").purpose) and not _SAYS_NOTHING.issuperset(said):
                found = replace(found, name=said)
            yield replace(found, role=item.role or found.role)

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
    return replace(_found(path, None, name), is_guess=is_guess)


def _found(path: str, selector: str | None, chosen: str) -> Found:
    """What the names say of a prompt that is read with the `chosen` format."""
    step, position = own_words(selector, stem_of(path))
    said = words(step)
    return Found(
        path=path,
        selector=selector,
        format=chosen,
        role=said.role,
        name=said.purpose,
        group=_group(path, selector),
        position=position,
    )


def _short(chosen: prompt_formats.Format, file: PromptText, selector: str) -> Found:
    """A text of source code that is too short to be taken for a prompt by itself."""
    (message,) = chosen.read(replace(file, selector=selector)).messages
    has_fields = chosen.NAME == "python" and language(message.text) == "str-format"
    return _found(file.path, selector, "str-format" if has_fields else chosen.NAME)


def _texts_of(node: Node, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and names:
            yield names, node.value
    elif isinstance(node, ListNode):
        for position, item in enumerate(node.items):
            yield from _texts_of(item, (*names, str(position)))
    elif isinstance(node, MappingNode):
        for entry in node.entries:
            yield from _texts_of(entry.value, (*names, entry.key))


def _group(path: str, selector: str | None) -> str:
    """The folder of a file; of an entry, the file and what it stands in there."""
    if selector is None:
        return path.rpartition("/")[0]
    return f"{path}#{selector.rpartition('.')[0]}"
