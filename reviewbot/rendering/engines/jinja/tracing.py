"""A Jinja2 template compiled once, which tells with each rendering what of its text was printed.

The marks in its text never reach a rendering, so no value and no expression can forge or lose one:
a piece of text that has marks is yielded as a pair of its text and the marks' numbers. A yielded
piece is printed, as long as nothing in the template catches text and makes a value of it; templates
that do (macros, blocks, `set` and `filter` blocks, loops that call themselves, imports) are left to
the caller. A file that it includes is printed where the tag stands, and so has to hold for it too.
Runs in the rendering process only.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from jinja2 import nodes
from jinja2.compiler import CodeGenerator

from reviewbot.rendering.marks import marks_in, unmarked

Piece = str | tuple[str, tuple[int, ...]]
"""What a template yields: text, with the numbers of the marks in it if it has any."""


class TemplateText(str):
    """Text of the template itself, not of a constant expression, which Jinja2 puts beside it."""

    __slots__ = ()


class TracingGenerator(CodeGenerator):
    """Writes pieces of text that have marks as pairs, and all else as Jinja2 does."""

    def _output_child_to_const(self, node: Any, frame: Any, finalize: Any) -> str:
        text = super()._output_child_to_const(node, frame, finalize)
        return TemplateText(text) if isinstance(node, nodes.TemplateData) else text

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        return repr(piece(group))


def piece(group: Iterable[str]) -> Piece:
    """What a template yields for parts that it prints: with the marks of its own text, if any."""
    parts = list(group)
    own = "".join(part for part in parts if isinstance(part, TemplateText))
    texts = (unmarked(part) if isinstance(part, TemplateText) else part for part in parts)
    text, marks = "".join(texts), marks_in(own)
    return (text, marks) if marks else text


class Source(NamedTuple):
    """A template with marks, its path and its tree; `own` gives its texts for those of the tree."""

    text: str
    path: str
    tree: Any
    own: Callable[[str], str] = str


class Files(NamedTuple):
    """What gives a file that a template includes, with marks, and what makes its tree."""

    load: Callable[[str, str], tuple[str, str] | None]
    parsed: Callable[[str, str, str], Any]

    def included_by(self, source: Source, tag: Any) -> Source:
        """The file that a tag names by one literal."""
        name = tag.template
        is_literal = isinstance(name, nodes.Const) and isinstance(name.value, str)
        found = self.load(name.value, source.path) if is_literal else None
        if found is None:
            raise _CaughtError
        path, text = found
        return Source(text, path, self.parsed(text, path, path))


def is_traceable(source: Source, files: Files) -> bool:
    """Whether all marks stand in text that is printed wherever it is reached, in `files` too."""
    known = {source.path}
    waiting = [source]
    while waiting:
        one = waiting.pop()
        tags: list[Any] = []
        try:
            found = sum(len(marks_in(one.own(data))) for data in _printed(one.tree.body, tags))
            included = [files.included_by(one, tag) for tag in tags]
        except _CaughtError:
            return False
        if found != len(marks_in(one.text)):
            return False
        waiting += {item.path: item for item in included if item.path not in known}.values()
        known |= {item.path for item in included}
    return True


class _CaughtError(Exception):
    """Text may become a value."""


def _printed(body: Iterable[Any], includes: list[Any]) -> Iterator[str]:
    """The texts that are printed where they stand; `includes` gets the tags that print files."""
    for node in body:
        match node:
            case nodes.Output(nodes=parts):
                yield from (part.data for part in parts if isinstance(part, nodes.TemplateData))
            case nodes.If():
                yield from _printed((*node.body, *node.elif_, *node.else_), includes)
            case nodes.For(recursive=False):
                yield from _printed((*node.body, *node.else_), includes)
            case nodes.With():
                yield from _printed(node.body, includes)
            case nodes.Include():
                includes.append(node)
            case nodes.Assign() | nodes.ExprStmt() | nodes.Break() | nodes.Continue():
                continue
            case _:
                raise _CaughtError


def printed(pieces: Iterable[Piece]) -> tuple[str, frozenset[int]]:
    """The text of what a template yields, and the marks of the text in it."""
    texts: list[str] = []
    marks: set[int] = set()
    for given in pieces:
        if isinstance(given, tuple):
            texts.append(given[0])
            marks.update(given[1])
        else:
            texts.append(given)
    return "".join(texts), frozenset(marks)
