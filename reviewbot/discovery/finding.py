"""Finds prompts by the names and by the content of files, within bounds."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import formats
from reviewbot.discovery import candidates
from reviewbot.discovery.guesses import LIKELY_KEY, NO_PROMPT, language, words
from reviewbot.discovery.relevance import most_relevant
from reviewbot.documents import ListNode, MappingNode, Node, Scalar
from reviewbot.errors import MeasurementError, Problem
from reviewbot.formats._common.likelihood import LEAST_CHARACTERS, LEAST_NAMED, TOO_SHORT
from reviewbot.prompt import Discovered, PromptText, Surroundings
from reviewbot.prompts import entries
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.trees import Tree, decode

_FILES_LIMIT = 100_000
_READ_AT_ONCE = 500


class Found(Struct, frozen=True, kw_only=True):
    """A prompt: a file, or what `selector` means in it, and the format to read it with.

    `role` is the role that it should be given, as far as its name tells. `name` holds words for
    what it is for; `group` is where others stand that may be of the same call. `is_guess` says that
    its placeholders alone show the format.
    """

    path: str
    selector: str | None
    format: str
    role: str | None
    name: tuple[str, ...]
    group: str
    is_guess: bool = False


class LeftOut(Struct, frozen=True, kw_only=True):
    """A file, or an entry of one, that is not proposed, and why."""

    what: str
    why: str


class Findings(Struct, frozen=True, kw_only=True):
    """The prompts, the files of tool definitions, and what was left out."""

    prompts: tuple[Found, ...]
    tools: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


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
    ordered = sorted(finder.prompts, key=lambda item: (item.path, item.selector or ""))
    return Findings(
        prompts=tuple(ordered),
        tools=tuple(path for path in paths[:_FILES_LIMIT] if candidates.is_tools(path)),
        left_out=tuple(left_out),
    )


class _Finder:
    def __init__(self, tree: Tree, parser: LimitedParser, left_out: list[LeftOut]) -> None:
        self.prompts: list[Found] = []
        self._tree = tree
        self._parser = parser
        self._surroundings = Surroundings(load=lambda *_: None, parse=parser.parse)
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
        for path, why in chosen.passed_over:
            self._leave_out(path, why)

    def _several(self, path: str, text: str) -> Iterator[Found]:
        """The prompts of a file whose name shows a format that tells them apart."""
        chosen = formats.recognize(path)
        if chosen is not None and formats.is_searched(chosen, path):
            yield from self._named(path, formats.discover(chosen, self._text(path, text)))

    def _by_content(self, path: str, text: str) -> Iterator[Found]:
        for name in formats.names():
            chosen = formats.by_name(name)
            if formats.is_searched(chosen, path):
                file = self._text(path, text)
                for selector, why in formats.near_misses(chosen, file):
                    self._leave_out(f"{path}#{selector}", why)
                found = formats.discover(chosen, file)
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
            if len(text) < LEAST_CHARACTERS:
                if len(text) >= LEAST_NAMED and " " in text:
                    self._leave_out(f"{file.path}#{selector}", TOO_SHORT)
                continue
            said = words(key)
            yield Found(
                path=file.path,
                selector=selector,
                format=(name := language(text)),
                role=said.role,
                name=said.purpose,
                group=_group(file.path, selector),
                is_guess=name != "text",
            )

    def _text(self, path: str, text: str) -> PromptText:
        return PromptText(path=path, text=text, surroundings=self._surroundings)

    @staticmethod
    def _named(path: str, discovered: Iterable[Discovered]) -> Iterator[Found]:
        """What was found in a file, without texts whose names say that no model gets them."""
        for item in discovered:
            if NO_PROMPT.search(item.selector or ""):
                continue
            said = words((item.selector or _stem(path)).rpartition(".")[2])
            yield Found(
                path=path,
                selector=item.selector,
                format=item.format,
                role=item.role or said.role,
                name=words(item.workflow).purpose if item.workflow else said.purpose,
                group=_group(path, item.selector),
            )

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
    chosen = formats.recognize(path)
    assert chosen is not None
    said = words(_stem(path))
    name, is_guess = chosen.NAME, False
    if name == "text" and not formats.is_prompt(path):
        name = language(text)
        is_guess = name != "text"
    return Found(
        path=path,
        selector=None,
        format=name,
        role=said.role,
        name=said.purpose,
        group=_group(path, None),
        is_guess=is_guess,
    )


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


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _group(path: str, selector: str | None) -> str:
    """The folder of a file; of an entry, the file and what it stands in there."""
    if selector is None:
        return path.rpartition("/")[0]
    return f"{path}#{selector.rpartition('.')[0]}"
