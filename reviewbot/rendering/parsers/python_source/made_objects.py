"""What stands for a model in Python source: behind names, attributes, entries and functions."""

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.blocks import (
    Blocks,
    Function,
    annotations_of,
    defaults_of,
)
from reviewbot.rendering.parsers.python_source.given_arguments import given_by
from reviewbot.rendering.parsers.python_source.known_names import Saying, Sayings
from reviewbot.rendering.parsers.python_source.scopes import (
    Expression,
    Scope,
    Steps,
    resolved,
    steps_of,
)

_LONGEST_CHAIN = 20
"""Names that stand for each other one behind the other; a circle of them ends here."""

Found = Expression


class Members:
    """What a class and its methods set as attributes of its own, by their names."""

    def __init__(self, node: ast.ClassDef, scope: Scope, around: Scope, blocks: Blocks) -> None:
        self._node = node
        self._scope = scope
        self._around = around
        self._blocks = blocks

    def of(self, name: str) -> list[tuple[Saying, ast.expr | Function, Scope]]:
        """The statements that set an attribute or define a method, each with what it sets."""
        return self._by_name.get(name, [])

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[Saying, ast.expr | Function, Scope]]]:
        found: dict[str, list[tuple[Saying, ast.expr | Function, Scope]]] = {}
        methods = self._blocks.methods
        for statement in self._node.body:
            if isinstance(statement, Function):
                said = Saying(statement, methods)
                found.setdefault(statement.name, []).append((said, statement, self._around))
                inner = inside(statement, (*self._scope.path, statement.name), self._around)
                for node, steps, value in _set_in(self._blocks.own(statement.body)):
                    if len(steps) == len(("self", "name")) and steps[0] in {"self", "cls"}:
                        found.setdefault(steps[1], []).append((Saying(node, methods), value, inner))
            else:
                for node, steps, value in _set_in([statement]):
                    found.setdefault(steps[0], []).append(
                        (Saying(node, methods), value, self._scope)
                    )
        return found


def made(node: ast.expr, scope: Scope) -> Found:
    """What an expression stands for, as far as the file tells one thing only."""
    for _ in range(_LONGEST_CHAIN):
        further = _behind(node, scope)
        if further is None:
            break
        node, scope = further
    return node, scope


def inside(function: Function, path: Steps, outer: Scope) -> Scope:
    """The scope of a function, with the names that one statement of it sets."""
    blocks = outer.module().blocks
    bound = blocks.bound(function)
    scope = Scope(path, bound, outer)
    scope.is_function = True
    scope.annotations = annotations_of(function.args)
    own = blocks.own(function.body)
    scope.sayings = Sayings(blocks, function.body, defaults_of(function.args)).of
    for _, steps, value in _set_in(own):
        if len(steps) == 1 and bound[steps[0]] == 1 == len(scope.sayings(steps[0])):
            scope.nodes[steps[0]] = value
    return scope


def _set_in(nodes: list[ast.AST] | list[ast.stmt]) -> Iterator[tuple[ast.AST, Steps, ast.expr]]:
    for node in nodes:
        match node:
            case (
                ast.Assign(targets=[target], value=value)
                | ast.AnnAssign(target=target, value=ast.expr() as value)
            ) if steps := steps_of(target):
                yield node, steps, value


def _behind(node: ast.expr, scope: Scope) -> Found | None:
    match node:
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            return value, scope
        case ast.Name():
            return _named(node, scope)
        case ast.Attribute(value=value, attr=name):
            return _attribute(value, name, scope)
        case ast.Subscript(value=value, slice=key):
            inner, where = made(value, scope)
            said, _ = made(key, scope)
            entry = _entry(inner, said.value) if isinstance(said, ast.Constant) else None
            return None if entry is None else (entry, where)
        case ast.Call():
            return _returned(node, scope)
        case _:
            return None


def _named(node: ast.Name, scope: Scope) -> Found | None:
    if (given := argument(node.id, scope)) is not None:
        return given
    try:
        found = resolved(node, scope)
    except TemplateError:
        return None
    if found[0] is not node:
        return found
    owner = scope.owner(node.id)
    said = owner.sayings(node.id) if owner is not None and owner.is_function else ()
    default = said[0].node if len(said) == 1 else None
    is_default = isinstance(default, ast.Call) and owner is not None and owner.outer is not None
    return (default, owner.outer) if is_default else None  # type: ignore[return-value,union-attr]


def argument(name: str, scope: Scope) -> Found | None:
    """What the followed call gives for an argument that its function sets to nothing else."""
    owner = scope.owner(name)
    if owner is None or owner.bound[name] != 1:
        return None
    return owner.called_with.get(name)


def _attribute(value: ast.expr, name: str, scope: Scope) -> Found | None:
    steps = steps_of(value)
    if steps in {("self",), ("cls",)}:
        return _member(scope.own_class(), name)
    owner = scope.owner(steps[0]) if len(steps) == 1 else None
    if owner is None:
        return None
    if steps[0] in owner.classes:
        return _member(owner.classes[steps[0]], name)
    set_to = [
        found
        for said in owner.sayings(steps[0])
        for _, path, found in _set_in([said.node])
        if path == (*steps, name)
    ]
    if set_to:
        return (set_to[0], owner) if len(set_to) == 1 else None
    return _of_instance(steps, name, scope)


def _of_instance(steps: Steps, name: str, scope: Scope) -> Found | None:
    """An attribute of what a class of the file is called for: `settings = Settings()`."""
    inner, where = _named(ast.Name(id=steps[0]), scope) or (None, scope)
    is_made = isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
    made_of = where.owner(inner.func.id) if is_made else None  # type: ignore[union-attr]
    if made_of is None:
        return None
    given = next((item.value for item in inner.keywords if item.arg == name), None)  # type: ignore[union-attr]
    if given is not None:
        return given, where
    kind = made_of.classes.get(inner.func.id)  # type: ignore[union-attr]
    return None if kind is None or kind.of_settings else _member(kind, name)


def sayings_of(node: ast.expr, scope: Scope) -> Sequence[scopes.Saying]:
    """The statements that set or change what a name or an attribute `self.name` stands for."""
    steps = steps_of(node)
    if not steps:
        return []
    if steps[0] in {"self", "cls"} and len(steps) > 1:
        own = scope.own_class()
        return [] if own is None else [said for said, _, _ in own.members(steps[1])]
    owner = scope.owner(steps[0])
    return [] if owner is None else owner.sayings(steps[0])


def _member(owner: Scope | None, name: str) -> Found | None:
    """The one value that an attribute of a class is set to."""
    found = [] if owner is None else owner.members(name)
    if len(found) != 1 or isinstance(found[0][1], Function):
        return None
    return found[0][1], found[0][2]


def _entry(node: ast.expr, key: object) -> ast.expr | None:
    match node:
        case ast.Dict(keys=keys, values=values) if None not in keys:
            found = [
                value
                for one, value in zip(keys, values, strict=True)
                if isinstance(one, ast.Constant) and one.value == key
            ]
            return found[-1] if found else None
        case ast.List(elts=items) | ast.Tuple(elts=items) if isinstance(key, int):
            return items[key] if -len(items) <= key < len(items) else None
        case _:
            return None


def _returned(call: ast.Call, scope: Scope) -> Found | None:
    """What a function of the file returns, in its only `return`."""
    found = function_at(call.func, scope)
    if found is None:
        return None
    node, _, outer = found
    own = outer.module().blocks.own(node.body)
    returned = [item.value for item in own if isinstance(item, ast.Return) and item.value]
    return (returned[0], called(call, found, scope)) if len(returned) == 1 else None


def called(call: ast.Call, found: tuple[Function, Steps, Scope], caller: Scope) -> Scope:
    """The scope of a function, with what a call gives it."""
    function, path, outer = found
    scope = inside(function, path, outer)
    given = given_by(call, function, outer, caller)
    scope.called_with = {name: made(*value) for name, value in given.items()}
    return scope


def function_at(node: ast.expr, scope: Scope) -> tuple[Function, Steps, Scope] | None:
    """The function or the method of this file that is called, its path, and the scope around."""
    steps = steps_of(node)
    if steps[:1] in {("self",), ("cls",)}:
        owner = scope.own_class()
        found = owner.members(steps[1]) if owner is not None and len(steps) > 1 else []
        if owner is not None and len(found) == 1 and isinstance(found[0][1], Function):
            return found[0][1], (*owner.path, steps[1]), found[0][2]
        return None
    around = scope.owner(steps[0]) if len(steps) == 1 else None
    said = around.sayings(steps[0]) if around is not None else ()
    if around is None or len(said) != 1 or not isinstance(said[0].node, Function):
        return None
    return said[0].node, (*around.path, steps[0]), around
