"""Where Python source changes what stands under a name already, in ways that are not followed.

No code is run. What other modules change is not seen.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.blocks import Blocks
from reviewbot.rendering.parsers.python_source.other_names import (
    NAMESPACES,
    other_names,
    runs_source,
    updated_keys,
)
from reviewbot.rendering.parsers.python_source.scopes import Steps

_CHANGING = {
    *("update", "pop", "popitem", "clear", "insert", "remove", "reverse", "sort"),
    *("__setitem__", "__delitem__", "__ior__"),
}
_ADDING = {"append", "extend"}
_CHANGING_FIRST = {*_CHANGING, *_ADDING, "setitem", "delitem", "__setattr__", "__delattr__"}
_OWNERS = {"operator", "dict", "list", "object", "type"}
"""Functions of these change their first argument."""
_OTHER_VERSIONS = {"setter", "deleter", "getter", "overload", "register"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_OF_MODULES = {"modules", "f_globals"}
"""Attributes of Python's own that give a module, or all that it holds, by other ways."""


class Change(Struct, frozen=True, kw_only=True):
    """A statement in `line` that changes what stands at `path`.

    What it sets itself, in the lines from `first` to `last`, is known. `own` says that what stands
    at `path` changes, `below` that what stands under it does, `above` that what holds it does, but
    for the `blocks` around it. `here` says that it is in the block that the name belongs to, and no
    definition: then what stands under `path` may be set again further down. `is_name` says that
    it is `name = …`.
    """

    path: Steps
    line: int
    own: bool = True
    below: bool = True
    above: bool = True
    first: int = 0
    last: int = 0
    blocks: int = 0
    here: bool = False
    is_name: bool = False

    def spares(self, line: int, *, below: bool) -> bool:
        """Whether what is set in that line, at the path or `below` it, is still true."""
        return self.first <= line and (line <= self.last or (below and self.here and self.last > 0))


_Scopes = tuple[tuple[Steps, Counter[str]], ...]


def changes(
    tree: ast.Module, bound: Counter[str], blocks: Blocks, nodes: Iterable[ast.AST]
) -> Iterator[Change]:
    """All changes that the source makes, in no order; `bound` are the names of the module.

    `nodes` are all of the tree.
    """
    waiting: list[tuple[list[ast.stmt], Steps, _Scopes, _Scopes]] = [
        (tree.body, (), (((), bound),), (((), bound),))
    ]
    defined = {node.name for node in nodes if isinstance(node, _DEFINITIONS)}
    while waiting:
        body, path, seen, around = waiting.pop()
        own_nodes = [node for node in blocks.own(body) if type(node) in _SAYING]
        functions = {node.name for node in own_nodes if isinstance(node, _DEFINITIONS)}
        others = other_names(own_nodes)
        for node in own_nodes:
            is_definition = isinstance(node, _DEFINITIONS)
            said = (*_of_statement(node, functions), *_decorated(node, defined))
            for found in (*said, *_under_other_names(said, others), *_run(node, path)):
                owner = _owner(found.path, seen)
                if owner is not None:
                    yield replace(
                        found,
                        path=(*owner, *found.path),
                        blocks=len(owner),
                        here=owner == path and not is_definition,
                    )
            if isinstance(node, ast.ClassDef):
                inner = (*path, node.name)
                own = (inner, blocks.bound(node))
                waiting.append((node.body, inner, (*around, own), around))
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = (*path, node.name)
                visible = (*around, (inner, blocks.bound(node)))
                waiting.append((node.body, inner, visible, visible))


def _under_other_names(changes: Iterable[Change], others: Mapping[str, Steps]) -> Iterator[Change]:
    """What changes what a name stands for changes it under its first name too."""
    for change in changes:
        if len(change.path) > 1 and change.path[0] in others:
            first = others[change.path[0]]
            yield replace(change, path=(*first, *change.path[1:]) if first else (), own=True)


def _run(node: ast.AST, path: Steps) -> Iterator[Change]:
    if isinstance(node, ast.Call) and runs_source(node, in_module=not path):
        yield Change(path=(), line=node.lineno)


_SAYING = {
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete, ast.Call, ast.ImportFrom),
    *(ast.For, ast.AsyncFor, ast.withitem, *_DEFINITIONS),
}
"""The kinds of nodes that may change something."""


def _owner(path: Steps, seen: _Scopes) -> Steps | None:
    """The scope that a path begins in; the module where it is that of everything."""
    if not path:
        return ()
    return next((place for place, bound in reversed(seen) if path[0] in bound), None)


def _of_statement(node: ast.AST, functions: set[str]) -> Iterator[Change]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in _single(targets):
                yield from _set(target, value, functions)
            if len(targets) == 1 and (steps := scopes.steps_of(targets[0])):
                yield from _unsure(steps, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _set(target, value, functions)
            if steps := scopes.steps_of(target):
                yield from _unsure(steps, value)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            if not any(_last(item) in _OTHER_VERSIONS for item in node.decorator_list):
                first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
                last = node.end_lineno or first
                yield Change(path=(node.name,), line=node.lineno, first=first, last=last)
        case ast.ImportFrom(names=[ast.alias(name="*")], lineno=line):
            yield Change(path=(), line=line, first=line, last=1 << 60)
        case ast.Call():
            yield from _called(node)
        case _:
            yield from _altered_in(node)


def _altered_in(node: ast.AST) -> Iterator[Change]:
    """What a statement alters; what `NAME += …` adds stands behind the entries that are there."""
    match node:
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
            yield Change(path=(name,), line=node.lineno, own=False, below=False)
        case _:
            yield from _altered(_altered_by(node))


def _decorated(node: ast.AST, defined: set[str]) -> Iterator[Change]:
    """A definition that a decorator or a metaclass of the same file may change.

    Those of other modules are taken to leave texts alone, as those of frameworks do.
    """
    if not isinstance(node, _DEFINITIONS):
        return
    makers = [*node.decorator_list]
    if isinstance(node, ast.ClassDef):
        makers += [item.value for item in node.keywords if item.arg == "metaclass"]
    for maker in makers:
        steps = scopes.steps_of(maker.func if isinstance(maker, ast.Call) else maker)
        if steps and steps[0] in defined and _last(maker) not in _OTHER_VERSIONS:
            is_class = isinstance(node, ast.ClassDef)
            yield Change(path=(node.name,), line=maker.lineno, below=is_class)


def _altered_by(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.AugAssign() | ast.For() | ast.AsyncFor():
            return [node.target]
        case ast.withitem(optional_vars=ast.expr() as target):
            return [target]
        case ast.Delete():
            return node.targets
        case _:
            return []


def _single(targets: Iterable[ast.expr]) -> Iterator[ast.expr]:
    for target in targets:
        match target:
            case ast.Tuple(elts=items) | ast.List(elts=items):
                yield from _single(items)
            case ast.Starred(value=item):
                yield from _single([item])
            case _:
                yield target


def _set(target: ast.expr, value: ast.expr, functions: set[str]) -> Iterator[Change]:
    """What an assignment makes untrue: all that was set at the same place elsewhere."""
    steps = scopes.steps_of(target)
    if not steps:
        yield from _altered([target])
        return
    is_name = isinstance(target, ast.Name)
    yield Change(
        path=steps,
        line=target.lineno,
        own=not is_name or steps[0] in functions,
        is_name=is_name,
        first=min(target.lineno, value.lineno),
        last=value.end_lineno or value.lineno,
    )


def _altered(targets: Iterable[ast.expr]) -> Iterator[Change]:
    for target in _single(targets):
        steps = scopes.steps_of(target)
        if steps:
            yield Change(path=steps, line=target.lineno, own=not isinstance(target, ast.Name))
        elif isinstance(target, ast.Subscript | ast.Attribute):
            yield from _somewhere(target.value, target.lineno)


def _somewhere(node: ast.expr, line: int) -> Iterator[Change]:
    """A change of something in what an expression gives."""
    while isinstance(node, ast.Subscript | ast.Attribute) and not scopes.steps_of(node):
        if isinstance(node, ast.Attribute) and node.attr in _OF_MODULES:
            yield Change(path=(), line=line)
            return
        node = node.value
    if isinstance(node, ast.Attribute) and node.attr in _OF_MODULES:
        yield Change(path=(), line=line)
    elif steps := scopes.steps_of(node):
        yield Change(path=steps, line=line, own=False)
    elif isinstance(node, ast.Call) and _last(node) in NAMESPACES:
        yield Change(path=(), line=line)


def _called(node: ast.Call) -> Iterator[Change]:
    match node:
        case ast.Call(
            func=ast.Name(id="setattr"), args=[holder, ast.Constant(value=str(name)), _]
        ) if steps := scopes.steps_of(holder):
            yield Change(path=(*steps, name), line=node.lineno)
        case ast.Call(func=ast.Name(id="setattr"), args=[holder, *_]):
            yield from _somewhere(holder, node.lineno)
        case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=[holder, *_]) if (
            attr in _CHANGING_FIRST and scopes.dotted(owner) in _OWNERS
        ):
            yield from _somewhere(holder, node.lineno)
        case ast.Call(func=ast.Attribute(value=holder, attr="update")):
            steps, names = scopes.steps_of(holder), updated_keys(node)
            if not steps or None in names:
                yield from _somewhere(holder, node.lineno)
            else:
                for name in filter(None, names):
                    yield Change(path=(*steps, name), line=node.lineno)
        case ast.Call(func=ast.Attribute(value=holder, attr=attr)) if attr in _CHANGING:
            yield from _somewhere(holder, node.lineno)
        case ast.Call(func=ast.Attribute(value=holder, attr=attr)) if attr in _ADDING:
            if steps := scopes.steps_of(holder):
                yield Change(path=steps, line=node.lineno, own=False, below=False)


def _unsure(path: Steps, value: ast.expr) -> Iterator[Change]:
    """The entries of a value that is written out which a later entry of it may replace."""
    match value:
        case ast.Dict(keys=keys, values=values):
            later: set[str] = set()
            is_open = False
            for key, item in reversed(list(zip(keys, values, strict=True))):
                if not isinstance(key, ast.Constant):
                    is_open = True
                elif isinstance(key.value, str):
                    if is_open or key.value in later:
                        yield Change(path=(*path, key.value), line=item.lineno, above=False)
                    later.add(key.value)
                    yield from _unsure((*path, key.value), item)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            is_shifted = False
            for position, item in enumerate(items):
                if is_shifted:
                    yield Change(path=(*path, str(position)), line=item.lineno, above=False)
                is_shifted = is_shifted or isinstance(item, ast.Starred)
                yield from _unsure((*path, str(position)), item)


def _last(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return scopes.dotted(node).rpartition(".")[2]
