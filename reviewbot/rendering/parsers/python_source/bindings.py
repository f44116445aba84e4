"""Which names the blocks of Python source bind, and the nodes that they are made of."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from reviewbot.rendering.parsers.python_source.scopes import Function, Steps, steps_of

_OPEN = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def bound_in(body: list[ast.stmt], own: list[ast.AST]) -> Counter[str]:
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
    """The nodes of the blocks of a file, each found once."""

    def __init__(self) -> None:
        self._known: dict[int, list[ast.AST]] = {}

    def own(self, body: list[ast.stmt]) -> list[ast.AST]:
        """The `own_nodes` of a block of the file, which is kept."""
        if id(body) not in self._known:
            self._known[id(body)] = own_nodes(body)
        return self._known[id(body)]


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


def bound_in_function(node: Function, own: list[ast.AST]) -> Counter[str]:
    """How often a function binds each name of its own, its parameters too."""
    bound = bound_in(node.body, own)
    bound.update(arguments(node))
    for inner in own:
        if isinstance(inner, ast.Global | ast.Nonlocal):
            for name in inner.names:
                del bound[name]
    for inner in own:
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


def followed(
    body: list[ast.stmt], own: list[ast.AST], bound: Counter[str], arguments: Iterable[str] = ()
) -> frozenset[str]:
    """The names of a block that are set more than once, and by plain assignments only.

    `bound` counts how often each is set, but for what is added to it outside of conditions.
    """
    plainly: Counter[str] = Counter(arguments)
    for node in own:
        match node:
            case ast.Assign(targets=targets):
                plainly.update(item.id for item in targets if isinstance(item, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                plainly[name] += 1
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
                plainly[name] += 1
    for statement in straight(body):
        match statement:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
                plainly[name] -= 1
    return frozenset(name for name, count in bound.items() if count > 1 and plainly[name] == count)


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
            inner = blocks.own(function.body)
            bound = bound_in_function(function, inner)
            around |= dict.fromkeys(inner, (function.name, bound))

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
