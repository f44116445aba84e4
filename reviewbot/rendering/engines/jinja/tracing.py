"""A Jinja2 template compiled once, which tells with each rendering what of its text was printed.

The marks in its text never reach a rendering, so no value and no expression can forge or lose one:
a piece of text that has marks is yielded as a pair of its text and the marks' numbers. A yielded
piece is printed, as long as nothing in the template catches text and makes a value of it; templates
that do (macros, blocks, `set` and `filter` blocks, loops that call themselves, other files) are
left to the caller. Runs in the rendering process only.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

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


def is_traceable(tree: Any, source: str, text: Callable[[str], str]) -> bool:
    """Whether all marks of the source stand in text that is printed wherever it is reached.

    `text` gives the source's own for the texts of the tree.
    """
    try:
        found = sum(len(marks_in(text(data))) for data in _printed(tree.body))
    except _CaughtError:
        return False
    return found == len(marks_in(source))


class _CaughtError(Exception):
    """Text may become a value."""


def _printed(body: Iterable[Any]) -> Iterator[str]:
    for node in body:
        match node:
            case nodes.Output(nodes=parts):
                yield from (part.data for part in parts if isinstance(part, nodes.TemplateData))
            case nodes.If():
                yield from _printed((*node.body, *node.elif_, *node.else_))
            case nodes.For(recursive=False):
                yield from _printed((*node.body, *node.else_))
            case nodes.With():
                yield from _printed(node.body)
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
