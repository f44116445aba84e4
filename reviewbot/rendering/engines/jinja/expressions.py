"""What can be read in an expression of a Jinja2 template: variables, texts, and what it is."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from jinja2 import nodes

from reviewbot.rendering.marks import unmarked
from reviewbot.rendering.recorded_choices import LEAST_LITERAL

_MOST_DESCRIBED = 100
"""Parts of an expression by which it is told from others."""


def has_variable(node: Any) -> bool:
    """Whether it uses any; `loop` is none."""
    names = (node,) if isinstance(node, nodes.Name) else node.find_all(nodes.Name)
    return any(name.ctx == "load" and name.name != "loop" for name in names)


def may_count(node: Any) -> bool:
    """Whether a value may be text for a model: not a word or a number that is written out."""
    is_long = may_be_long(node) or len(literal_text(node)) >= LEAST_LITERAL
    return is_long or has_variable(node)


def may_be_long(node: Any) -> bool:
    """Whether literals are computed with: a power, a text that is repeated."""
    operators = nodes.Mul, nodes.Pow, nodes.Call, nodes.Filter
    return isinstance(node, operators) or next(node.find_all(operators), None) is not None


def literal_text(node: Any) -> str:
    """The texts that an expression has written out."""
    parts = (node,) if isinstance(node, nodes.Const) else node.find_all(nodes.Const)
    return "\n".join(part.value for part in parts if isinstance(part.value, str))


def is_range(node: Any) -> bool:
    """Whether it is a call of `range`."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "range"
    )


def begins_with_text(body: list[Any]) -> bool:
    """Whether a mark in the text tells that a loop is entered."""
    first = body[0] if body and isinstance(body[0], nodes.Output) else None
    return (
        first is not None
        and isinstance(first.nodes[0], nodes.TemplateData)
        and bool(unmarked(first.nodes[0].data).strip())
    )


def description(node: Any) -> str:
    """A plain variable as a tag that prints it; all else in words of its own."""
    path: list[str] = []
    inner = _unwrapped(node)
    while isinstance(inner, nodes.Getattr):
        path.append(inner.attr)
        inner = inner.node
    if isinstance(inner, nodes.Name):
        return f"{{{{ {'.'.join([inner.name, *reversed(path)])} }}}}"
    return unmarked(" ".join(islice(words(node), _MOST_DESCRIBED)))


def _unwrapped(node: Any) -> Any:
    """What stands in the calls that record it."""
    while isinstance(node, nodes.Call) and isinstance(node.node, nodes.EnvironmentAttribute):
        node = node.args[1]
    return node


def words(node: Any) -> Iterator[str]:
    """The parts of an expression by which it is told from others, as if nothing recorded it."""
    waiting = [node]
    while waiting:
        part = _unwrapped(waiting.pop())
        yield type(part).__name__
        for _, value in part.iter_fields():
            items = value if isinstance(value, list) else [value]
            waiting += [item for item in items if isinstance(item, nodes.Node)]
            yield from (str(item)[:50] for item in items if isinstance(item, str | int | float))
