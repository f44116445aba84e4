"""The statements and the expressions of a block of Python source, one after the other."""

import ast
from collections.abc import Iterable, Iterator

from reviewbot.rendering.parsers.python_forms.expressions import callee_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
Binding = ast.Assign | ast.For | ast.AsyncFor | ast.With | ast.AsyncWith
Loops = tuple[ast.expr, ...]
"""What the loops around something run over."""


def statements(body: Iterable[ast.stmt], loops: Loops = ()) -> Iterator[tuple[ast.stmt, Loops]]:
    """The statements of a block, with the loops that each stands in; not those of inner blocks."""
    waiting = [(node, loops) for node in reversed([*body])]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        if isinstance(node, ast.ClassDef | Function):
            continue
        match node:
            case ast.For(iter=over) | ast.AsyncFor(iter=over) | ast.While(test=over):
                inside = (*around, over)
            case _:
                inside = around
        inner = [one for name in ("body", "orelse", "finalbody") for one in getattr(node, name, ())]
        inner += [one for item in getattr(node, "handlers", ()) for one in item.body]
        inner += [one for item in getattr(node, "cases", ()) for one in item.body]
        waiting += [(one, inside) for one in reversed(inner)]


def expressions(node: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement by itself."""
    if isinstance(node, Function):
        yield from (*node.decorator_list, *node.args.defaults)
        yield from filter(None, node.args.kw_defaults)
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):  # people read what it says
        yield from (*node.exc.args, *(item.value for item in node.exc.keywords))
        return
    for item in ast.iter_child_nodes(node) if not isinstance(node, Function) else ():
        if isinstance(item, ast.expr):
            yield item
        elif isinstance(item, ast.withitem):
            yield item.context_expr
        elif isinstance(item, ast.keyword):
            yield item.value


def names_set(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The names that a block sets, so that they are not those of a block around it."""
    for node, _ in statements(body):
        match node:
            case ast.Assign(targets=targets):
                found = targets
            case (
                ast.AnnAssign(target=target) | ast.AugAssign(target=target) | ast.For(target=target)
            ):
                found = [target]
            case _:
                found = []
        for target in found:
            for item in ast.walk(target):
                if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
                    yield item.id


def named_by(node: Binding) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What a statement gives names: values, items, and files that it opens for some lines."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.For() | ast.AsyncFor():
            yield node.target, node.iter
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                call = item.context_expr
                if isinstance(call, ast.Call) and callee_of(call) == "open" and item.optional_vars:
                    yield item.optional_vars, call
