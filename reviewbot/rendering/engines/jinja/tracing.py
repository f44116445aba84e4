"""A Jinja2 template compiled once, which tells with each rendering what of its text was printed.

The marks in its text never reach a rendering, so no value and no expression can forge or lose one:
a piece of text that has marks is yielded as a pair of its text and the marks' numbers. A yielded
piece is printed, as long as nothing in the template catches text and makes a value of it; templates
that do (macros, blocks, `set` and `filter` blocks, loops that call themselves, other files) are
left to the caller. Runs in the rendering process only.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator

from reviewbot.rendering.marks import marks_in, unmarked


class _TemplateText(str):
    """Text of the template itself, not of a constant expression, which Jinja2 puts beside it."""

    __slots__ = ()


class TracingGenerator(CodeGenerator):
    """Writes pieces of text that have marks as pairs, and all else as Jinja2 does."""

    def _output_child_to_const(self, node: Any, frame: Any, finalize: Any) -> str:
        text = super()._output_child_to_const(node, frame, finalize)
        return _TemplateText(text) if isinstance(node, nodes.TemplateData) else text

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        parts = list(group)
        own = "".join(part for part in parts if isinstance(part, _TemplateText))
        texts = (unmarked(part) if isinstance(part, _TemplateText) else part for part in parts)
        text, marks = "".join(texts), marks_in(own)
        return repr((text, marks) if marks else text)


def is_traceable(tree: Any, source: str) -> bool:
    """Whether all marks of the source stand in text that is printed wherever it is reached."""
    try:
        found = sum(_marks_of_all(tree.body))
    except _CaughtError:
        return False
    return found == len(marks_in(source))


class _CaughtError(Exception):
    """Text may become a value."""


def _marks_of_all(body: Iterable[Any]) -> Iterator[int]:
    for node in body:
        match node:
            case nodes.Output(nodes=parts):
                texts = (part.data for part in parts if isinstance(part, nodes.TemplateData))
                yield sum(len(marks_in(text)) for text in texts)
            case nodes.If():
                yield from _marks_of_all((*node.body, *node.elif_, *node.else_))
            case nodes.For(recursive=False):
                yield from _marks_of_all((*node.body, *node.else_))
            case nodes.With():
                yield from _marks_of_all(node.body)
            case nodes.Assign() | nodes.ExprStmt() | nodes.Break() | nodes.Continue():
                continue
            case _:
                raise _CaughtError


def printed(pieces: Iterable[str | tuple[str, tuple[int, ...]]]) -> tuple[str, frozenset[int]]:
    """The text of what a template yields, and the marks of the text in it."""
    texts: list[str] = []
    marks: set[int] = set()
    for piece in pieces:
        if isinstance(piece, tuple):
            texts.append(piece[0])
            marks.update(piece[1])
        else:
            texts.append(piece)
    return "".join(texts), frozenset(marks)
