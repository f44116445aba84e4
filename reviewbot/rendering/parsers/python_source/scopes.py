"""Which names a block of Python source binds, and what is known of them; no code is run."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Steps = tuple[str, ...]
"""A name and the keys behind it: `PROMPTS["a"]` and `Prompts.a` are `("PROMPTS", "a")`."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_MOST_CHARACTERS = 4_000_000
_OPEN = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


class Scope:
    """The names of a module, a class or a function, and of the blocks around it.

    `texts` are the values that the source tells, `nodes` the expressions of lists and calls,
    `classes` the scopes of classes. What has no text here is known only when the program runs;
    `parts` are the texts that it may hold. Names that are `followed` are set several times;
    `states` is what they stand for now, inside of `level` conditions and loops, of which loops that
    are read now have `absorbed` some. What `is_settled` is changed by nothing but what is read in
    its place; of what `is_whole` no entry is changed.
    """

    def __init__(self, path: Steps, bound: Counter[str], outer: "Scope | None" = None) -> None:
        self.path = path
        self.bound = bound
        self.outer = outer
        self.is_function = False
        self.texts: dict[Steps, Any] = {}
        self.nodes: dict[str, ast.expr] = {}
        self.classes: dict[str, Scope] = {}
        self.found: dict[Steps, Any] = {}
        self.followed: frozenset[str] = frozenset()
        self.states: dict[str, Any] = {}
        self.level = 0
        self.absorbed: frozenset[str] = frozenset()
        self.only_return: ast.Return | None = None
        self.parts: dict[str, str] = {}
        self.is_settled: Callable[[Steps], bool] = lambda _: True
        self.is_whole: Callable[[Steps], bool] = lambda _: True

    def text(self, steps: Steps) -> Any:
        """What stands under a name; None where the source does not tell."""
        owner = self.owner(steps[0]) if steps else None
        return owner.texts.get(steps) if owner is not None and owner.has(steps) else None

    def has(self, steps: Steps) -> bool:
        """Whether a name and each of the keys behind it are settled."""
        return all(self.is_settled(steps[:length]) for length in range(1, len(steps) + 1))

    def hold(self, name: str, text: Any, *, added: bool) -> None:
        """The value of a name may be a text, or have it `added`; of several the longest counts."""
        owner = self.owner(name)
        if owner is not None and isinstance(text, str):
            parts = owner.parts.get(name, "")
            longer = (parts + text)[:_MOST_CHARACTERS] if added else max(parts, text, key=len)
            owner.parts[name] = longer

    def owner(self, name: str) -> "Scope | None":
        """The scope that a name belongs to; None of names that come from elsewhere."""
        scope: Scope | None = self
        while scope is not None and name not in scope.bound:
            scope = scope.outer
        return scope


def steps_of(node: ast.expr) -> Steps:
    """The name and the keys that are read; empty where it is no such expression."""
    keys: list[str] = []
    while True:
        match node:
            case ast.Name(id=name):
                return (name, *reversed(keys))
            case ast.Attribute(value=value, attr=key):
                node = value
            case ast.Subscript(value=value, slice=ast.Constant(value=str() | int() as item)):
                node, key = value, str(item)
            case _:
                return ()
        keys.append(key)


def dotted(node: ast.expr) -> str:
    """The dotted name that is called or read; empty where it is no such name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            inner = dotted(value)
            return f"{inner}.{attribute}" if inner else ""
        case _:
            return ""


def _bound_in(body: list[ast.stmt], own: list[ast.AST]) -> Counter[str]:
    """How often a block binds each name; equal values count once, `NAME += …` in its place not.

    `own` are its `own_nodes`.
    """
    bound: Counter[str] = Counter()
    for statement in straight(body):
        match statement:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
                bound[name] -= 1
    values: dict[str, list[ast.expr]] = {}
    for node in own:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=None):
                bound[name] -= 1  # only declared, its target is counted below
        if type(node) in _NAMING:
            for name in _names_of(node):
                bound[name] += 1
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


def own_nodes(body: list[ast.stmt]) -> list[ast.AST]:
    """The nodes of a block, without what functions, classes and comprehensions in it bind."""
    found: list[ast.AST] = list(body)
    for node in found:
        if isinstance(node, _OPEN):
            continue
        children = _children(node)
        if isinstance(node, ast.comprehension):
            children.remove(node.target)
        found += children
    return found


class Blocks:
    """The nodes of the blocks of a file, and the names that they bind, each found once."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._known: dict[int, list[ast.AST]] = {}
        self._bound: dict[int, Counter[str]] = {}
        self._has_nonlocal = any(isinstance(node, ast.Nonlocal) for node in nodes)

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


def all_nodes(tree: ast.Module) -> list[ast.AST]:
    """The nodes of a module."""
    found: list[ast.AST] = [tree]
    for node in found:
        found += _children(node)
    return found


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes in a node, but for those without a place; `ast.walk` takes three times as long."""
    found: list[ast.AST] = []
    if isinstance(node, _LEAVES):
        return found
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST) and not isinstance(value, _PLACELESS):
            found.append(value)
    return found


_LEAVES = (ast.Name, ast.Constant, ast.alias)
_PLACELESS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)


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


def _nonlocal(node: ast.AST) -> Iterator[str]:
    """The names that a function takes from the functions around it to set them."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Nonlocal):
            yield from inner.names


def set_by_functions(nodes: list[ast.AST], blocks: Blocks) -> list[str]:
    """The names of the module that functions set, which they declare to be global."""
    if not any(isinstance(node, ast.Global) for node in nodes):
        return []
    found: list[str] = []
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = blocks.own(node.body)
            named = {name for item in own if isinstance(item, ast.Global) for name in item.names}
            found += [name for item in own if named for name in _names_of(item) if name in named]
    return found


def imported(nodes: list[ast.AST]) -> Mapping[str, str]:
    """Where the names that a module imports come from: `{"Template": "string.Template"}`."""
    found = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            for item in node.names:
                found[item.asname or item.name] = f"{node.module or ''}.{item.name}"
        elif isinstance(node, ast.Import):
            for item in node.names:
                if item.asname:
                    found[item.asname] = item.name
    return found


def formatted(nodes: list[ast.AST], blocks: Blocks) -> frozenset[Steps]:
    """The names on which `.format` is called, without the object or class that they belong to.

    A name of a function's own stands behind the function's name. A name that stands for another
    (`template = PROMPTS["a"]`) counts for both.
    """
    called: set[Steps] = set()
    others: dict[Steps, Steps] = {}
    around: dict[ast.AST, tuple[str, Counter[str]]] = {}
    for function in nodes:
        if isinstance(function, Function):
            bound = blocks.bound(function)
            around |= dict.fromkeys(blocks.own(function.body), (function.name, bound))

    def named(node: ast.AST, value: ast.expr) -> Steps:
        steps = steps_of(value)
        if steps[:1] in {("self",), ("cls",)}:
            return steps[1:]
        function, bound = around.get(node, ("", Counter[str]()))
        return (function, *steps) if steps and bound[steps[0]] else steps

    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="format" | "format_map")):
                called.add(named(node, value))
            case ast.Assign(targets=[ast.Name() as target], value=value):
                others[named(node, target)] = named(node, value)
    called |= {others[steps] for steps in called if steps in others}
    return frozenset(steps for steps in called if steps)


_NAMING = {
    *(ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
}
"""The kinds of nodes that bind names."""


def _names_of(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
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
