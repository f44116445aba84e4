"""The nodes of the blocks of Python source, and the names that each of them binds."""

import ast
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers.python_source import own_attributes

Function = ast.FunctionDef | ast.AsyncFunctionDef
_OPEN = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def _bound_in(body: list[ast.stmt], own: list[ast.AST]) -> Counter[str]:
    """How often a block binds each name; equal values count once, `NAME += …` in its place not.

    `own` are its `own_nodes`.
    """
    bound: Counter[str] = Counter()
    for name in _extended(body):
        bound[name] -= 1
    values: dict[str, list[ast.expr]] = {}
    for node in own:
        kind = type(node)
        if kind in _NAMING:
            for name in _names_of(node):
                bound[name] += 1
        elif kind in _ASSIGNING:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    values.setdefault(name, []).append(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=None):
                    bound[name] -= 1  # only declared, its target is counted too
    for name, given in values.items():
        if len(given) == bound[name] > 1 and len({ast.dump(value) for value in given}) == 1:
            bound[name] = 1
    return bound


def straight(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block that are run once each, whatever the conditions."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.With | ast.AsyncWith):
            yield from straight(statement.body)


def _extended(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The names that a block adds to, whatever the conditions."""
    for statement in straight(body):
        match statement:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
                yield name


def own_nodes(body: list[ast.stmt]) -> list[ast.AST]:
    """The nodes of a block, without what functions, classes and comprehensions in it bind."""
    found: list[ast.AST] = list(body)
    for node in found:
        if isinstance(node, _OPEN):
            continue
        inside = children(node)
        if isinstance(node, ast.comprehension):
            inside = [item for item in inside if item is not node.target]
        found += inside
    return found


class Blocks:
    """The nodes of the blocks of a file, and the names that they bind, each found once."""

    def __init__(self, nodes: Collection[ast.AST]) -> None:
        self._nodes = nodes
        self._known: dict[int, list[ast.AST]] = {}
        self._bound: dict[int, Counter[str]] = {}
        self._has_nonlocal = any(isinstance(node, ast.Nonlocal) for node in nodes)

    @cached_property
    def plain_attributes(self) -> frozenset[str]:
        """The attributes of objects that nothing in the file computes when they are read."""
        return own_attributes.plain_attributes(self._nodes)

    def texts(self) -> Iterator[str]:
        """The texts that are written out in the file."""
        for node in self._nodes:
            match node:
                case ast.Constant(value=str() as text):
                    yield text
                case ast.Constant(value=bytes() as data):
                    yield data.decode("latin-1")

    @cached_property
    def digest(self) -> str:
        """A digest of the whole file, for what has more behind it than is followed."""
        return digest_of(
            "".join(ast.dump(node) for node in self._nodes if type(node) is ast.Module)
        )

    @cached_property
    def methods(self) -> own_attributes.Methods:
        """The methods of the classes in the file."""
        return own_attributes.Methods(self._nodes)

    def own(self, body: list[ast.stmt]) -> list[ast.AST]:
        """The `own_nodes` of a block of the file, which is kept."""
        if id(body) not in self._known:
            self._known[id(body)] = own_nodes(body)
        return self._known[id(body)]

    def bound(self, node: ast.Module | ast.ClassDef | Function) -> Counter[str]:
        """How often a module, a class or a function binds each name; nobody may change it."""
        if id(node) not in self._bound:
            own = self.own(node.body)
            self._bound[id(node)] = (
                _bound_in_function(node, own, has_nonlocal=self._has_nonlocal)
                if isinstance(node, Function)
                else _bound_in(node.body, own)
            )
        return self._bound[id(node)]


def all_nodes(tree: ast.AST) -> list[ast.AST]:
    """A node and all that are in it, but for those without a place."""
    found: list[ast.AST] = [tree]
    for node in found:
        found += children(node)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes in a node, but for those without a place; `ast.walk` takes five times as long."""
    kind = type(node)
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = tuple(field for field in kind._fields if field not in _PLACELESS)
    found: list[ast.AST] = []
    for field in fields:
        value = getattr(node, field, None)
        if value is None:
            continue
        if type(value) is not list:
            if isinstance(value, ast.AST):
                found.append(value)
        elif kind in _WITH_GAPS:
            found += [item for item in value if isinstance(item, ast.AST)]
        else:
            found += value
    return found


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.Name: (), ast.Constant: (), ast.alias: ()}
"""Where the nodes of each kind may hold others; of those that hold none nothing."""

_WITH_GAPS = {ast.Dict, ast.arguments, ast.Global, ast.Nonlocal}
"""The kinds of nodes with lists in which something else than a node may stand."""

_PLACELESS = {
    *("ctx", "op", "ops", "id", "attr", "arg", "module", "level", "type_comment", "type_ignores"),
    *("kind", "conversion", "simple", "is_async", "rest", "kwd_attrs"),
}
"""Fields of operators, contexts, names and numbers."""


def _bound_in_function(node: Function, own: list[ast.AST], *, has_nonlocal: bool) -> Counter[str]:
    """How often a function binds each name of its own, its parameters too."""
    bound = _bound_in(node.body, own)
    bound.update(arguments(node))
    for inner in own:
        if isinstance(inner, ast.Global | ast.Nonlocal):
            for name in inner.names:
                del bound[name]
    for inner in own if has_nonlocal else ():
        if isinstance(inner, _OPEN):
            bound.update(name for name in _nonlocal(inner) if name in bound)
    return bound


def arguments(node: Function) -> list[str]:
    """The names of what a function is given."""
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [item.arg for item in every if item is not None]


def annotations_of(given: ast.arguments) -> dict[str, ast.expr]:
    """What the arguments of a function are said to be, by their names."""
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return {item.arg: item.annotation for item in every if item.annotation is not None}


def defaults_of(given: ast.arguments) -> list[tuple[ast.arg, ast.expr]]:
    """The arguments of a function that have defaults, and those."""
    positional = [*given.posonlyargs, *given.args]
    last = positional[len(positional) - len(given.defaults) :]
    named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    return [
        *zip(last, given.defaults, strict=True),
        *((argument, default) for argument, default in named if default is not None),
    ]


def _nonlocal(node: ast.AST) -> Iterator[str]:
    """The names that a function takes from the functions around it to set them."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Nonlocal):
            yield from inner.names


class Followed(frozenset[str]):
    """Names that are followed, and the `lines` in which they are set."""

    lines: Sequence[int] = ()

    def are_set_in(self, statement: ast.stmt) -> bool:
        """Whether any of them is set in the lines of a statement."""
        place = bisect_left(self.lines, statement.lineno)
        return place < len(self.lines) and self.lines[place] <= (statement.end_lineno or 1 << 60)


def followed(
    body: list[ast.stmt], own: list[ast.AST], bound: Counter[str], arguments: Iterable[str] = ()
) -> Followed:
    """The names of a block that are set more than once, and by plain assignments only.

    `bound` counts how often each is set, but for what is added to it outside of conditions.
    """
    plainly: Counter[str] = Counter(arguments)
    for node in own if bound else ():
        match node if type(node) in _PLAIN else None:
            case ast.Assign(targets=targets):
                plainly.update(item.id for item in targets if isinstance(item, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                plainly[name] += 1
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
                plainly[name] += 1
    for name in _extended(body):
        plainly[name] -= 1
    names = (name for name, count in bound.items() if count > 1 and plainly[name] == count)
    found = Followed(names)
    nodes = [item for item in own if isinstance(item, ast.Name)] if found else []
    found.lines = sorted({it.lineno for it in nodes if it.id in found and not _is_read(it)})
    return found


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def set_by_functions(nodes: list[ast.AST], blocks: Blocks) -> list[str]:
    """The names of the module that functions set, which they declare to be global."""
    return [
        name
        for own, named in with_globals(nodes, blocks)
        for item in own
        for name in _names_of(item)
        if name in named
    ]


def with_globals(nodes: list[ast.AST], blocks: Blocks) -> Iterator[tuple[list[ast.AST], set[str]]]:
    """The nodes of each function that declares names to be global, with these names."""
    if not any(isinstance(node, ast.Global) for node in nodes):
        return
    for node in nodes:
        if isinstance(node, Function):
            own = blocks.own(node.body)
            named = {name for item in own if isinstance(item, ast.Global) for name in item.names}
            if named:
                yield own, named


_ASSIGNING = {ast.Assign, ast.AnnAssign}
_PLAIN = {*_ASSIGNING, ast.AugAssign}
_NAMING = {
    *(ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
}
"""The kinds of nodes that bind names."""


def _names_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [] if _is_read(node) else [node.id]
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.alias(name=name, asname=other):
            return [other or name.partition(".")[0]]
        case (
            ast.ExceptHandler(name=str() as name)
            | ast.MatchAs(name=str() as name)
            | ast.MatchStar(name=str() as name)
            | ast.MatchMapping(rest=str() as name)
        ):
            return [name]
        case _:
            return []
