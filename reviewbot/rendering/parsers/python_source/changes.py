"""Where Python source changes what stands under a name already, in ways that are not followed.

No code is run. What other modules change is not seen.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from reviewbot.rendering.parsers._common.setting_magics import said_of
from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.blocks import Blocks
from reviewbot.rendering.parsers.python_source.changing_calls import (
    Change,
    by_method,
    called,
    changes_nothing,
    is_followed,
    last_name,
    somewhere,
)
from reviewbot.rendering.parsers.python_source.notebook_shell import Shell
from reviewbot.rendering.parsers.python_source.other_names import (
    other_names,
    runs_source,
)
from reviewbot.rendering.parsers.python_source.parts import behind_parts, parts
from reviewbot.rendering.parsers.python_source.scopes import Steps
from reviewbot.rendering.parsers.python_source.second_names import SecondNames

_OTHER_VERSIONS = {"setter", "deleter", "getter", "overload", "register"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

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
    shell = Shell(nodes)
    while waiting:
        body, path, seen, around = waiting.pop()
        own = blocks.own(body)
        own_nodes = [node for node in own if type(node) in _SAYING]
        is_plain = not shell.is_used
        functions = {node.name for node in own_nodes if isinstance(node, _DEFINITIONS)}
        others = SecondNames(other_names(own_nodes))
        known_parts = parts(own)
        callees = {id(node.func) for node in own_nodes if isinstance(node, ast.Call)}
        followed = {id(node.value) for node in own if isinstance(node, ast.Expr)}
        inside = [*_inside_lambdas(own)]
        own_arguments = {id(call): given for call, given in inside}
        for node in (*own_nodes, *(call for call, _ in inside)):
            if id(node) in callees or (is_plain and changes_nothing(node)):
                continue
            is_definition = isinstance(node, _DEFINITIONS)
            said = [*_of_statement(node, functions), *_decorated(node, defined)]
            if id(node) in followed and isinstance(node, ast.Call) and is_followed(node):
                said = [replace(found, followed=True) for found in said]
            behind = [*others.behind(said)]
            of_parts = [*behind_parts([*said, *behind], known_parts)]
            behind += [*of_parts, *others.behind(of_parts)]
            hidden = own_arguments.get(id(node), frozenset())
            said = [found for found in said if not hidden.intersection(found.path[:1])]
            is_later = bool(path) or id(node) not in followed
            by_shell = _by_shell(node, shell, is_later=is_later)
            for found in (*said, *behind, *_run(node, path, blocks), *by_shell):
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
                visible = (*around, (inner, blocks.bound(node)))
                waiting.append((node.body, inner, visible, around))
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = (*path, node.name)
                visible = (*around, (inner, blocks.bound(node)))
                waiting.append((node.body, inner, visible, visible))


def _inside_lambdas(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Call, frozenset[str]]]:
    """The calls in functions without a name, and what these are given.

    They are run wherever such a function is given to.
    """
    for node in nodes:
        if isinstance(node, ast.Lambda):
            given = frozenset(item.arg for item in (*node.args.args, *node.args.kwonlyargs))
            for inner in ast.walk(node.body):
                if isinstance(inner, ast.Call):
                    yield inner, given


def _run(node: ast.AST, path: Steps, blocks: Blocks) -> Iterator[Change]:
    if isinstance(node, ast.Call) and runs_source(node, in_module=not path, texts=blocks.texts()):
        yield Change(path=(), line=node.lineno)


def _by_shell(node: ast.AST, shell: Shell, *, is_later: bool) -> Iterator[Change]:
    """What IPython is told to change; `is_later` says that it may do so further down."""
    found = shell.run_by(node)
    line = getattr(node, "lineno", 0)
    runs_any = any(
        isinstance(item, ast.Call) and runs_source(item, in_module=True) for item in found or ()
    )
    if found is None or runs_any or (found and is_later):
        yield Change(path=(), line=line, by="`get_ipython()`")
        return
    for inner in found:
        for change in _of_statement(inner, set()):
            last = change.last if change.by else 0
            yield Change(path=change.path, line=line, first=line, last=last, by=change.by)


_SAYING = {
    *(
        ast.Attribute,
        ast.NamedExpr,
        ast.Assign,
        ast.AnnAssign,
        ast.AugAssign,
        ast.Delete,
        ast.Call,
        ast.ImportFrom,
    ),
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
            if not any(last_name(item) in _OTHER_VERSIONS for item in node.decorator_list):
                first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
                last = node.end_lineno or first
                yield Change(path=(node.name,), line=node.lineno, first=first, last=last)
        case ast.ImportFrom(module=module, names=[ast.alias(name="*")], lineno=line):
            by = said_of(module or "")
            yield Change(path=(), line=line, first=line, last=1 << 60, by=by)
        case ast.Call() | ast.Attribute():
            yield from called(node) if isinstance(node, ast.Call) else by_method(node)
        case _:
            yield from _altered_in(node)


def _altered_in(node: ast.AST) -> Iterator[Change]:
    """What a statement alters; what `NAME += …` adds stands behind the entries that are there."""
    match node:
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
            yield Change(
                path=(name,), line=node.lineno, own=False, below=False, in_place=True, followed=True
            )
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
        if steps and steps[0] in defined and last_name(maker) not in _OTHER_VERSIONS:
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
            yield from somewhere(target.value, target.lineno)


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
