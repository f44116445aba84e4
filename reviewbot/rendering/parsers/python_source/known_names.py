"""What a file says of the names in an expression that only the running program computes."""

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import sha256

from msgspec import Struct

from reviewbot.rendering.parsers.python_source.blocks import Function
from reviewbot.rendering.parsers.python_source.scopes import Scope

_MOST_NAMES = 50
"""Names behind each other; a value is seldom made of more."""


def known_names(node: ast.expr, scope: Scope) -> dict[str, list[object]]:
    """What is known of each name of an expression, and of those behind them.

    That is its texts, and digests of the statements that set or change it. Of a function that is
    not called only what its callers see counts.
    """
    found: dict[str, list[object]] = {}
    waiting = [(name, is_called, scope) for name, is_called in _names_in([node])]
    own = scope.own_class()
    for name in _attributes_in(node) if own is not None else ():
        members = own.members(name) if own is not None else ()
        found[f"self.{name}"] = [said.told(is_called=True).digest for said, _, _ in members]
        waiting += [
            (other, called, where)
            for said, _, where in members
            for other, called in said.told(is_called=True).names
        ]
    for name, is_called, around in waiting:
        owner = around.owner(name)
        if owner is None or name in found or len(found) >= _MOST_NAMES:
            continue
        said = [item.told(is_called=is_called) for item in owner.sayings(name)]
        found[name] = [*filter(None, [owner.held(name)]), *(item.digest for item in said)]
        waiting += [(other, called, owner) for item in said for other, called in item.names]
    return {name: said for name, said in sorted(found.items()) if said}


class Told(Struct, frozen=True):
    """A digest of a statement, and the names in it, each with whether it is called."""

    digest: str
    names: list[tuple[str, bool]]


class Saying:
    """A statement that sets or changes a name; what is worked out of it is worked out once."""

    def __init__(self, node: ast.AST) -> None:
        self.node = node
        self._told: dict[bool, Told] = {}

    @cached_property
    def keywords(self) -> frozenset[str]:
        """The arguments that it names, and what it calls."""
        nodes = [*ast.walk(self.node)]
        named = {item.arg or "" for item in nodes if isinstance(item, ast.keyword)}
        calls = [item.func for item in nodes if isinstance(item, ast.Call)]
        return frozenset({*named, *(item.id for item in calls if isinstance(item, ast.Name))})

    def told(self, *, is_called: bool) -> Told:
        """What of it counts for a value that is made of the name, or of a call of it."""
        if is_called not in self._told:
            parts = _parts(self.node, is_called=is_called)
            text = "".join(map(ast.dump, parts)).encode("utf-8", "surrogatepass")
            digest = sha256(text).hexdigest()[:_DIGITS]
            self._told[is_called] = Told(digest, _names_in(parts))
        return self._told[is_called]


class Sayings:
    """The statements of a block that set or change each name, and defaults of arguments."""

    def __init__(
        self, nodes: Iterable[ast.AST], defaults: Iterable[tuple[ast.arg, ast.expr]]
    ) -> None:
        self._nodes = nodes
        self._defaults = defaults

    def of(self, name: str) -> list[Saying]:
        """Those of one name."""
        return self._by_name.get(name, [])

    @cached_property
    def _by_name(self) -> dict[str, list[Saying]]:
        found: dict[str, list[Saying]] = {}
        for argument, default in self._defaults:
            found.setdefault(argument.arg, []).append(Saying(default))
        for node in self._nodes:
            for name in dict.fromkeys(_set_by(node)):
                found.setdefault(name, []).append(Saying(_only(node, name)))
        return found


_DIGITS = 12


def _only(node: ast.AST, name: str) -> ast.AST:
    """An import without the other names of its statement."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return node
    names = [item for item in node.names if (item.asname or item.name.partition(".")[0]) == name]
    if isinstance(node, ast.Import):
        return ast.copy_location(ast.Import(names=names), node)
    return ast.copy_location(ast.ImportFrom(node.module, names, node.level), node)


def _set_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (item.asname or item.name.partition(".")[0] for item in names)
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            for target in targets:
                yield from _roots(target)
        case ast.For(target=target) | ast.AsyncFor(target=target) | ast.NamedExpr(target=target):
            yield from _roots(target)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            yield from _roots(target)
        case ast.withitem(optional_vars=ast.expr() as target):
            yield from _roots(target)
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):
            yield from _roots(method)


def _roots(target: ast.expr) -> Iterator[str]:
    """The names at the beginning of what is set: `a` of `a.b["c"]`."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Starred(value=inner):
            yield from _roots(inner)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from _roots(item)


def _parts(node: ast.AST, *, is_called: bool) -> list[ast.AST]:
    """What of a statement its value depends on."""
    if isinstance(node, Function) and not is_called:
        return [node.args, *node.decorator_list, *node.body[: ast.get_docstring(node) is not None]]
    if isinstance(node, ast.ClassDef) and not is_called:
        body = [item for item in node.body if not isinstance(item, Function)]
        return [*node.bases, *node.keywords, *body]
    return [node]


def _attributes_in(node: ast.expr) -> list[str]:
    """The attributes of `self` in an expression."""
    return sorted(
        {
            item.attr
            for item in ast.walk(node)
            if isinstance(item, ast.Attribute)
            and isinstance(item.value, ast.Name)
            and item.value.id in {"self", "cls"}
        }
    )


def _names_in(nodes: Iterable[ast.AST]) -> list[tuple[str, bool]]:
    """The names that are read in nodes, and whether they are called."""
    found: dict[str, bool] = {}
    waiting = [*nodes]
    for node in waiting:
        if isinstance(node, ast.Name):
            found.setdefault(node.id, False)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found[node.func.id] = True
        waiting += ast.iter_child_nodes(node)
    return sorted(found.items())
