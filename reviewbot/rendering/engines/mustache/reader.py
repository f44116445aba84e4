"""pystache, whose tags know where they stand; imported in the rendering process only.

What differs from pystache is what the Mustache specification says otherwise: null prints nothing,
and blanks may follow a tag that stands alone on its line.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pystache.context import ContextStack, KeyNotFoundError  # type: ignore[import-untyped]
from pystache.parser import (  # type: ignore[import-untyped]
    ParsingError,
    _ChangeNode,
    _CommentNode,
    _Parser,
)
from pystache.renderengine import RenderEngine  # type: ignore[import-untyped]

from reviewbot.prompt import Constant, TemplateError, UndefinedVariableError
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.faults import MissingFileError
from reviewbot.rendering.engines.mustache.largest import largest_reading
from reviewbot.rendering.recorded_choices import RECORD

ENDING = ".mustache"
_DEEPEST = 20
"""Partials are followed this deep to find what is constant; real templates stay far below."""

_TO_LINE_END = re.compile(r"[ \t]*(?=[\r\n]|\Z)")
_FILLED_LINE = re.compile(r"^(.)", re.MULTILINE)
_MARKS = 2


class Key(str):
    """What a tag names, and where the tag stands."""

    __slots__ = ("line", "path")
    path: str
    line: int


class Partial:
    """A tag that puts in another file, each line of it behind `indent`."""

    def __init__(self, key: Key, indent: str) -> None:
        self.key = key
        self.indent = indent
        self.number = RECORD.add(key.path, key.line, str(key), is_file=True)

    def render(self, engine: "Engine", stack: Any) -> str:
        """The other file's text."""
        RECORD.reach(self.number)
        return str(engine.partial(self).render(engine, stack))


class _Tag:
    """A match of pystache's pattern, with a key that knows its place."""

    def __init__(self, found: re.Match[str], path: str, line: int) -> None:
        self._found = found
        self._path = path
        self._line = line

    def start(self) -> int:
        return self._found.start()

    def end(self) -> int:
        text, start, end = self._found.string, self._found.start(), self._found.end()
        prints = not self._found["tag"] and self._found["change"] is None
        if prints or self._found["tag"] == "&" or (start and text[start - 1] not in "\r\n"):
            return end
        blanks = _TO_LINE_END.match(text, end)
        return blanks.end() if blanks else end

    def groupdict(self) -> dict[str, Any]:
        groups: dict[str, Any] = self._found.groupdict()
        for name in ("tag_key", "raw_name"):
            if groups[name] is not None:
                groups[name] = key = Key(groups[name])
                key.path, key.line = self._path, self._line
        return groups


class _Tags:
    """pystache's pattern, which counts the lines as it goes."""

    def __init__(self, pattern: re.Pattern[str], place: "_Place") -> None:
        self._pattern = pattern
        self._place = place

    def search(self, text: str, start: int) -> _Tag | None:
        found = self._pattern.search(text, start)
        if found is None:
            return None
        self._place.move(text, found.start() + len(found["whitespace"]))
        return _Tag(found, self._place.path, self._place.line)


class _Place:
    def __init__(self, path: str, line: int) -> None:
        self.path = path
        self.line = line
        self._position = 0

    def move(self, text: str, position: int) -> None:
        self.line += text.count("\n", self._position, position)
        self._position = position


class _Reader(_Parser):  # type: ignore[misc]
    def __init__(self, place: _Place, delimiters: Sequence[str] | None) -> None:
        super().__init__(delimiters, raise_on_mismatch=True)
        self._place = place

    def _compile_delimiters(self) -> None:
        super()._compile_delimiters()
        self._template_re: Any = _Tags(self.__dict__["_template_re"], self._place)

    def _change_delimiters(self, delimiters: Sequence[str]) -> None:
        if len(delimiters) != _MARKS:
            what, mend = "these are not two marks", "write a tag such as `{{=<% %>=}}`"
            raise TemplateError(what, mend, line=self._place.line, path=self._place.path)
        super()._change_delimiters(delimiters)

    def _make_interpolation_node(self, tag: str, key: Key, indent: str) -> Any:
        if tag == ">":
            return Partial(key, indent)
        return super()._make_interpolation_node(tag, key, indent)


def _escaped_by_chevron(text: str) -> str:
    return html.escape(text, quote=False).replace('"', "&quot;")


_ESCAPES: Mapping[bool | str, Callable[[str], str]] = {
    True: html.escape,
    False: str,
    "chevron": _escaped_by_chevron,
}
"""How `{{x}}` is escaped; chevron, which other formats use, leaves `'` as it is."""


class Engine(RenderEngine):  # type: ignore[misc]
    """Renders what `parsed` gives; a variable that is missing is an error or empty."""

    def __init__(self, load: Load, undefined: Undefined, *, escape: bool | str) -> None:
        super().__init__(
            literal=str,
            escape=_ESCAPES[escape],
            resolve_context=self._looked_up,
            resolve_partial=None,
            to_str=_printed,
        )
        self._load = load
        self._undefined = undefined
        self._parsed: dict[tuple[str, str], Any] = {}
        self._called: Key | None = None

    def parsed(
        self, text: str, path: str, *, line: int = 1, delimiters: Sequence[str] | None = None
    ) -> Any:
        """The tree that pystache makes of `text`, which begins at `line` of the file at `path`.

        Raises:
            TemplateError: A section does not end, or what is not open ends.
        """
        try:
            tree = _Reader(_Place(path, line), delimiters).parse(text)
            return largest_reading(tree) if self._undefined == "largest" else tree
        except ParsingError as error:
            found = error.info
            name = found.tag_key
            if isinstance(name, Key) and found.tag_type == "/":
                what, line = f"`{name}` ends here, and did not begin", name.line
                mend = f"write the name of the section that is open, or take `{name}` out"
            else:
                what = "the section that begins here does not end"
                line += text.count("\n", 0, found.position - 1)
                mend = f"close it: `{{{{/{name}}}}}`"
            raise TemplateError(what, mend, line=line, path=path) from error

    def partial(self, tag: Partial) -> Any:
        """The tree of the file that a tag names."""
        for name in file_names(tag.key):
            found = self._load(name, tag.key.path)
            if found is not None:
                path, text = found
                if (path, tag.indent) not in self._parsed:
                    indented = _FILLED_LINE.sub(tag.indent + r"\1", text)
                    self._parsed[path, tag.indent] = self.parsed(indented, path)
                return self._parsed[path, tag.indent]
        what = f"the partial {str(tag.key)!r} was not found"
        mend = f"add {tag.key}{ENDING}; it is looked for from the including file upwards"
        name = f"{tag.key}{ENDING}"
        raise MissingFileError(what, mend, line=tag.key.line, path=tag.key.path, name=name)

    def fetch_string(self, context: Any, name: Key) -> str:
        """What a tag prints."""
        self._called = name
        try:
            value = context.get(name)
        except KeyNotFoundError as error:
            if self._undefined != "error":
                return ""
            raise UndefinedVariableError(str(name), name.line, path=name.path) from error
        if callable(value):
            return str(self._render_value(value(), context))
        return value if isinstance(value, str) else _printed(value)

    def _looked_up(self, stack: Any, name: Key) -> Any:
        """What a section is over; nothing where a value that is given lacks a later step."""
        try:
            return stack.get(name)
        except KeyNotFoundError as error:
            if self._undefined == "error" and not _begins(stack, name):
                raise UndefinedVariableError(str(name), name.line, path=name.path) from error
            return ""

    def fetch_section_data(self, context: Any, name: Key) -> Any:
        """What a section is rendered with, one after the other."""
        self._called = name
        return super().fetch_section_data(context, name)

    def render(self, template: str, stack: Any, delimiters: Sequence[str] | None = None) -> str:
        """The text that a function gave, rendered as a template."""
        assert self._called is not None
        tree = self.parsed(
            template, self._called.path, line=self._called.line, delimiters=delimiters
        )
        return str(tree.render(self, stack))


def stack_of(*layers: Mapping[str, Any]) -> Any:
    """The variables to render with; later layers go first."""
    return ContextStack(*layers)


def file_names(key: str) -> tuple[str, str]:
    """The names that the file of a partial may have."""
    return key + ENDING, str(key)


def constant_beginning(tree: Any, engine: Engine) -> Constant:
    """How much of a tree's text never varies: what stands before any tag but of a partial."""
    characters, first = _constant(tree, engine, 0)
    if first is None:
        return Constant(characters=characters)
    return Constant(characters=characters, path=first.path, line=first.line)


def _constant(tree: Any, engine: Engine, depth: int) -> tuple[int, Key | None]:
    characters = 0
    for node in tree._parse_tree:  # noqa: SLF001 - pystache offers no other way in
        if isinstance(node, str):
            characters += len(node)
        elif isinstance(node, Partial) and depth < _DEEPEST:
            more, first = _constant(engine.partial(node), engine, depth + 1)
            characters += more
            if first is not None:
                return characters, first
        elif not isinstance(node, _CommentNode | _ChangeNode):
            return characters, node.key
    return characters, None


def _begins(stack: Any, name: Key) -> bool:
    """Whether any context has the first step of a dotted name."""
    try:
        stack.get(name.partition(".")[0])
    except KeyNotFoundError:
        return False
    return True


def _printed(value: Any) -> str:
    return "" if value is None else str(value)
