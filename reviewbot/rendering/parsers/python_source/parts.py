"""Names of Python source that stand for a part of what has a name: of loops, and unpacked ones."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.changing_calls import Change
from reviewbot.rendering.parsers.python_source.scopes import Steps

_GIVING_PARTS = {"enumerate", "reversed", "sorted", "zip", "iter", "next", "list", "tuple"}
"""Functions that give the very parts of what they are given."""


def parts(nodes: Iterable[ast.AST]) -> Mapping[str, frozenset[Steps]]:
    """The names that stand for parts, with what they are parts of."""
    found: dict[str, frozenset[Steps]] = {}
    for node in nodes:
        for target, value in _given_by(node):
            wholes = frozenset(_wholes(value))
            for name in ast.walk(target) if wholes else ():
                if isinstance(name, ast.Name):
                    found[name.id] = found.get(name.id, frozenset()) | wholes
    return found


def behind_parts(
    changes: Iterable[Change], known: Mapping[str, frozenset[Steps]]
) -> Iterator[Change]:
    """What changes a part changes the whole."""
    for change in changes:
        inside = len(change.path) > 1 or (change.in_place and not change.followed)
        for whole in known.get(change.path[0], ()) if change.path and inside else ():
            yield replace(change, path=whole, own=True, first=0, last=0, followed=False)


def _given_by(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            yield node.target, node.iter
        case ast.Assign(targets=[(ast.Tuple() | ast.List()) as target], value=value):
            yield target, value
        case ast.Assign(targets=[ast.Name() as target], value=ast.Call(func=ast.Name()) as value):
            yield target, value
        case _:
            return


def _wholes(value: ast.expr) -> Iterator[Steps]:
    match value:
        case ast.Call(func=ast.Name(id=name), args=given) if name in _GIVING_PARTS:
            for item in given:
                yield from _wholes(item)
        case ast.Call(func=ast.Attribute(value=inner, attr="values" | "items")):
            yield from _wholes(inner)
        case ast.Name() | ast.Attribute() | ast.Subscript():
            if steps := scopes.steps_of(value):
                yield steps
        case _:
            return
