"""What a file says of the names in an expression that only the running program computes."""

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers._common.texts import relocated
from reviewbot.rendering.parsers.python_source.blocks import Blocks, Function, all_nodes, children
from reviewbot.rendering.parsers.python_source.own_attributes import (
    OBJECTS,
    Methods,
    is_log,
    named,
    own_method,
    root,
)
from reviewbot.rendering.parsers.python_source.scopes import Scope

_MOST_NAMES = 50
"""Names behind each other: more than a value is made of by hand, and few enough to be quick.

Behind more of them the whole file counts.
"""


def known_names(node: ast.expr, scope: Scope) -> dict[str, list[object]]:
    """What is known of each name of an expression, and of those behind them.

    That is its texts, and digests of the statements that set or change it; the lines that they
    stand in do not count. Of a function that is not called only what its callers see counts.
    """
    found: dict[str, list[object]] = {}
    seen: set[tuple[str, Scope]] = set()
    waiting = [
        (name, is_called, scope)
        for name, is_called in _names_in([node], scope.module().blocks.methods)
    ]
    members = _Members(scope)
    waiting += members.behind(_attributes_in(node), found)
    for name, is_called, around in waiting:
        owner = around.owner(root(name))
        if owner is None or (name, owner) in seen:
            continue
        if len(seen) >= _MOST_NAMES:
            found["*"] = [scope.module().blocks.digest]
            break
        seen.add((name, owner))
        said = [item.told(is_called=is_called) for item in owner.sayings(name)]
        held = relocated(owner.held(name), 0)
        found.setdefault(name, []).extend([*filter(None, [held]), *(item.digest for item in said)])
        waiting += [(other, called, owner) for item in said for other, called in item.names]
        for item in owner.sayings(name):
            if not isinstance(item.node, Function | ast.ClassDef):
                waiting += members.behind(item.attributes, found)
    if members.is_full:
        found["*"] = [scope.module().blocks.digest]
    return {name: said for name, said in sorted(found.items()) if said}


class _Members:
    """What the class of a scope sets as its attributes, each told once."""

    def __init__(self, scope: Scope) -> None:
        self._class = scope.own_class()
        self._seen: set[str] = set()

    @property
    def is_full(self) -> bool:
        """Whether no more attributes are followed."""
        return len(self._seen) >= _MOST_NAMES

    def behind(
        self, attributes: Iterable[str], found: dict[str, list[object]]
    ) -> Iterator[tuple[str, bool, Scope]]:
        """Put attributes, and those behind them, into `found`; the names in them."""
        if self._class is None:
            return
        waiting = [*attributes]
        for name in waiting:
            if name in self._seen or self.is_full:
                continue
            self._seen.add(name)
            members = self._class.members(name)
            digests: list[object] = [said.told(is_called=True).digest for said, _, _ in members]
            found[f"class.{name}"] = digests
            for said, _, where in members:
                waiting += said.attributes
                yield from (
                    (other, called, where) for other, called in said.told(is_called=True).names
                )


class Told(Struct, frozen=True):
    """A digest of a statement, and the names in it, each with whether it is called."""

    digest: str
    names: list[tuple[str, bool]]


class Saying:
    """A statement that sets or changes a name; what is worked out of it is worked out once."""

    def __init__(self, node: ast.AST, methods: Methods) -> None:
        self.node = node
        self._methods = methods
        self._told: dict[bool, Told] = {}

    @cached_property
    def keywords(self) -> frozenset[str]:
        """The arguments that it names, and what it calls."""
        nodes = all_nodes(self.node)
        named = {item.arg or "" for item in nodes if isinstance(item, ast.keyword)}
        calls = [item.func for item in nodes if isinstance(item, ast.Call)]
        return frozenset({*named, *(item.id for item in calls if isinstance(item, ast.Name))})

    @cached_property
    def attributes(self) -> list[str]:
        """The attributes of the object itself in it."""
        return _attributes_in(self.node)

    def told(self, *, is_called: bool) -> Told:
        """What of it counts for a value that is made of the name, or of a call of it."""
        if is_called not in self._told:
            parts = _parts(self.node, is_called=is_called)
            digest = digest_of("".join(map(ast.dump, parts)))
            self._told[is_called] = Told(digest, _names_in(parts, self._methods))
        return self._told[is_called]


class Sayings:
    """The statements of a block that set or change each name, and defaults of arguments.

    Other blocks may set names of this one `elsewhere`: nodes, with the names that they set here.
    An attribute of the object itself (`self.model`) that nothing computes when it is read is set by
    what names it, and by what may set any of them (`self.choose()`).
    """

    def __init__(
        self,
        blocks: Blocks,
        body: list[ast.stmt],
        defaults: Iterable[tuple[ast.arg, ast.expr]] = (),
        elsewhere: Iterable[tuple[list[ast.AST], set[str]]] = (),
    ) -> None:
        self._blocks = blocks
        self._body = body
        self._defaults = defaults
        self._elsewhere = elsewhere

    def of(self, name: str) -> list[Saying]:
        """Those of one name."""
        object_name, _, attribute = name.partition(".")
        found = self._by_root.get(object_name, {})
        if not attribute or attribute not in self._blocks.plain_attributes:
            return [*found]
        return [item for item, names in found.items() if names & {object_name, name}]

    @cached_property
    def _by_root(self) -> dict[str, dict[Saying, set[str]]]:
        found: dict[str, dict[Saying, set[str]]] = {}
        methods = self._blocks.methods
        for argument, default in self._defaults:
            found.setdefault(argument.arg, {})[Saying(default, methods)] = {argument.arg}
        for own, names in ((self._blocks.own(self._body), None), *self._elsewhere):
            for node in own:
                said: dict[str, Saying] = {}
                for name in dict.fromkeys(_set_by(node, methods)):
                    first = root(name)
                    if names is None or first in names:
                        kept = said.setdefault(first, Saying(_only(node, first), methods))
                        found.setdefault(first, {}).setdefault(kept, set()).add(name)
        return found


def _only(node: ast.AST, name: str) -> ast.AST:
    """An import without the other names of its statement."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return node
    names = [item for item in node.names if (item.asname or item.name.partition(".")[0]) == name]
    if isinstance(node, ast.Import):
        return ast.copy_location(ast.Import(names=names), node)
    return ast.copy_location(ast.ImportFrom(node.module, names, node.level), node)


def _set_by(node: ast.AST, methods: Methods) -> Iterator[str]:
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
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=changed)) as call):
            yield from _changed_by(call, changed, methods)


def _changed_by(call: ast.Call, changed: ast.expr, methods: Methods) -> Iterator[str]:
    """What the call of a method may change: its object, or the one that the object is given."""
    for inner in all_nodes(call):
        if own := own_method(inner):
            yield from methods.names(*own)
    if is_log(call):
        return
    for item in (*call.args, *(keyword.value for keyword in call.keywords)):
        if isinstance(item, ast.Name) and item.id in OBJECTS:
            yield item.id
    if own_method(call) is None:
        yield from _roots(changed)


def _roots(target: ast.expr) -> Iterator[str]:
    """The names at the beginning of what is set: `a` of `a.b["c"]`, `self.a` of `self.a.b`."""
    if name := named(target):
        yield name
        return
    match target:
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


def _attributes_in(node: ast.AST) -> list[str]:
    """The attributes of `self` in an expression."""
    return sorted(
        {
            item.attr
            for item in all_nodes(node)
            if isinstance(item, ast.Attribute)
            and isinstance(item.value, ast.Name)
            and item.value.id in {"self", "cls"}
        }
    )


def _names_in(nodes: Iterable[ast.AST], methods: Methods) -> list[tuple[str, bool]]:
    """The names that are read in nodes, and whether they are called."""
    found: dict[str, bool] = {}
    waiting = [*nodes]
    for node in waiting:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            continue  # a field of a class, say, which has the name of something else
        if name := named(node):
            found.setdefault(name, False)
            continue
        match node:
            case ast.Call(func=ast.Name(id=name)):
                found[name] = True
            case ast.Call(args=given, keywords=keywords) if own := own_method(node):
                found |= dict.fromkeys(methods.names(*own), False)
                waiting += [*given, *keywords]
                continue
        waiting += children(node)
    return sorted(found.items())
