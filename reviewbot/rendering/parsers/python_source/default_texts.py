"""The text that an expression has where nothing outside of the source sets another one."""

import ast
from collections.abc import Iterator

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.blocks import Function
from reviewbot.rendering.parsers.python_source.made_objects import argument, made
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted, steps_of
from reviewbot.rendering.parsers.python_source.setting_values import text_at

_MOST = 100
"""Names, attributes and calls that are looked behind for one text."""

_PLACES = {"getenv": 1, "get": 1, "getattr": 2, "pop": 1, "config": 1, "env": 1, "str": 1}
"""Calls that are given a default, and its position among their arguments."""

_FIELDS = {"Field", "field", "Param", "Input"}
"""Calls that describe an attribute of a class; their first argument is its default."""

_NAMED = {"default", "default_value", "fallback"}

Found = tuple[ast.expr, Scope]
"""An expression, and the scope of its names."""


def default_text(node: ast.expr, scope: Scope) -> str | None:
    """The one text, short as a name, that an expression has by its defaults; None without one.

    Defaults are those of arguments, of attributes of classes, and of what reads the environment or
    settings: `os.getenv("MODEL", "gpt-4o")`, `chosen or "gpt-4o"`.
    """
    seen: set[int] = set()
    waiting = [(node, scope)]
    while waiting and len(seen) < _MOST:
        node, scope = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if text := text_at(node, scope):
            return text
        waiting += reversed([*_behind(node, scope)])
    return None


def _behind(node: ast.expr, scope: Scope) -> Iterator[Found]:
    """What an expression stands for by default; of several the first that has a text counts."""
    match node:
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            yield value, scope
        case ast.BoolOp(op=ast.Or(), values=values):
            yield from ((value, scope) for value in values)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from ((value, scope) for value in _sides(test, body, orelse))
        case ast.Call():
            yield from ((value, scope) for value in _default_of_call(node))
            yield from _further(node, scope)
        case ast.Name(id=name):
            yield from _further(node, scope)
            yield from _argument(name, scope)
        case ast.Attribute(value=value, attr=name):
            yield from _further(node, scope)
            yield from _attribute(value, name, scope)


def _further(node: ast.expr, scope: Scope) -> Iterator[Found]:
    found = made(node, scope)
    if found[0] is not node:
        yield found


def _sides(test: ast.expr, body: ast.expr, orelse: ast.expr) -> Iterator[ast.expr]:
    """Both sides of `given if given else DEFAULT`, where one is only asked whether it is there."""
    asked = ast.dump(test)
    sides = (body, orelse)
    if sum(ast.dump(side) in asked for side in sides) == 1:
        yield from sides


def _default_of_call(node: ast.Call) -> Iterator[ast.expr]:
    name = dotted(node.func).rpartition(".")[2]
    yield from (item.value for item in node.keywords if item.arg in _NAMED)
    place = 0 if name in _FIELDS else _PLACES.get(name)
    if place is not None and place < len(node.args):
        yield node.args[place]


def _argument(name: str, scope: Scope) -> Iterator[Found]:
    """The default of an argument that its function sets to nothing else."""
    owner = scope.owner(name)
    if argument(name, scope) is not None:
        return
    said = owner.sayings(name) if owner is not None and owner.is_function else ()
    if len(said) == 1 and owner is not None and owner.outer is not None:
        default = said[0].node
        if isinstance(default, ast.expr):
            yield default, owner.outer


def _attribute(value: ast.expr, name: str, scope: Scope) -> Iterator[Found]:
    """What an object is made with as an attribute, or what its class has."""
    node, where = made(value, scope)
    if isinstance(node, ast.Call):
        given = [item.value for item in node.keywords if item.arg == name]
        if given:
            yield given[0], where
            return
        node = node.func
    elif isinstance(node, ast.Name):
        kind = _annotation(node.id, where)
        node, where = kind if kind is not None else (node, where)
    owner = _class(node, where)
    members = owner.members(name) if owner is not None else []
    if len(members) == 1 and not isinstance(members[0][1], Function):
        yield members[0][1], members[0][2]


def _annotation(name: str, scope: Scope) -> Found | None:
    """The class that an argument is said to be of: `cfg: Config`, `cfg: Config | None`."""
    owner = scope.owner(name)
    node = owner.annotations.get(name) if owner is not None else None
    while isinstance(node, ast.BinOp | ast.Subscript):
        inner = node.left if isinstance(node, ast.BinOp) else node.slice
        is_optional = isinstance(node, ast.BinOp) or dotted(node.value).endswith("Optional")
        node = inner if is_optional else None
    if node is None or owner is None or owner.outer is None:
        return None
    return node, owner.outer


def _class(node: ast.expr, scope: Scope) -> Scope | None:
    """The names of the class that an expression means, of this file or of an imported one."""
    steps = steps_of(node)
    if not steps:
        return None
    owner = scope.owner(steps[0])
    if owner is not None and not owner.imports_only(steps[0]):
        return owner.classes.get(steps[0]) if len(steps) == 1 else None
    try:
        return (owner or scope.module()).imports.class_of(steps)
    except TemplateError:
        return None
