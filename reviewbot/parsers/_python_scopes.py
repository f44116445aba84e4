"""Which names a block of Python source binds, and what is known of them; no code is run."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
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
    `parts` are the texts that it may hold. Names `in_order` are set several times, one after the
    other and in no branch.
    """

    def __init__(self, path: Steps, bound: Counter[str], outer: "Scope | None" = None) -> None:
        self.path = path
        self.bound = bound
        self.outer = outer
        self.texts: dict[Steps, Any] = {}
        self.nodes: dict[str, ast.expr] = {}
        self.classes: dict[str, Scope] = {}
        self.found: dict[Steps, Any] = {}
        self.in_order: frozenset[str] = frozenset()
        self.only_return: ast.Return | None = None
        self.parts: dict[str, str] = {}

    def text(self, steps: Steps) -> Any:
        """What stands under a name; None where the source does not tell."""
        owner = self.owner(steps[0]) if steps else None
        return owner.texts.get(steps) if owner is not None else None

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


def bound_in(body: list[ast.stmt]) -> Counter[str]:
    """How often a block binds each name; equal values count once, `NAME += …` in its place not."""
    bound: Counter[str] = Counter()
    for statement in straight(body):
        match statement:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
                bound[name] -= 1
    values: dict[str, list[ast.expr]] = {}
    for node in own_nodes(body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=None):
                bound[name] -= 1  # only declared, its target is counted below
        bound.update(_names_of(node))
    for name, given in values.items():
        if len(given) == bound[name] > 1 and len({ast.dump(value) for value in given}) == 1:
            bound[name] = 1
    return bound


def set_in_order(body: list[ast.stmt], bound: Counter[str]) -> frozenset[str]:
    """The names that a block sets several times, outside of branches and in no other way."""
    counted = Counter(
        statement.targets[0].id
        for statement in straight(body)
        if isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
    )
    return frozenset(name for name, count in counted.items() if 1 < count == bound[name])


def straight(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block that are run once each, whatever the conditions."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.With | ast.AsyncWith):
            yield from straight(statement.body)


def own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a block, without what functions, classes and comprehensions in it bind."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _OPEN):
            continue
        children = ast.iter_child_nodes(node)
        if isinstance(node, ast.comprehension):
            children = (child for child in children if child is not node.target)
        waiting += children


def bound_in_function(node: Function) -> Counter[str]:
    """How often a function binds each name of its own, its parameters too."""
    bound = bound_in(node.body)
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    bound.update(item.arg for item in every if item is not None)
    for inner in own_nodes(node.body):
        if isinstance(inner, ast.Global | ast.Nonlocal):
            for name in inner.names:
                del bound[name]
    return bound


def returned_by(node: Function) -> list[ast.Return]:
    """The places in which a function returns a value."""
    inner = own_nodes(node.body)
    return [item for item in inner if isinstance(item, ast.Return) and item.value is not None]


def set_by_functions(tree: ast.Module) -> list[str]:
    """The names of the module that functions set, which they declare to be global."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = list(own_nodes(node.body))
            named = {name for item in own if isinstance(item, ast.Global) for name in item.names}
            found += [name for item in own if named for name in _names_of(item) if name in named]
    return found


def imported(tree: ast.Module) -> Mapping[str, str]:
    """Where the names that a module imports come from: `{"Template": "string.Template"}`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for item in node.names:
                found[item.asname or item.name] = f"{node.module or ''}.{item.name}"
        elif isinstance(node, ast.Import):
            for item in node.names:
                if item.asname:
                    found[item.asname] = item.name
    return found


def formatted(tree: ast.Module) -> frozenset[Steps]:
    """The names on which `.format` is called, without the object or class that they belong to.

    A name that stands for another (`template = PROMPTS["a"]`) counts for both.
    """
    called: set[Steps] = set()
    others: dict[Steps, Steps] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="format" | "format_map")):
                called.add(steps_of(value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                others[name,] = steps_of(value)
    called |= {others[steps] for steps in called if steps in others}
    own = {steps[1:] if steps[:1] in {("self",), ("cls",)} else steps for steps in called}
    return frozenset(steps for steps in own if steps)


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
