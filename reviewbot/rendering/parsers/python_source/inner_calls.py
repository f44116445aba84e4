"""Calls of models inside of statements: in the heads of loops and blocks, and in expressions."""

import ast
from collections.abc import Iterator

from reviewbot.rendering.parsers.python_source.blocks import children
from reviewbot.rendering.parsers.python_source.calls import runs_a_model

_AROUND = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Compare, ast.UnaryOp)
"""Expressions whose parts no name stands for."""

_OF_THEIR_OWN = ast.stmt | ast.Lambda | ast.excepthandler | ast.match_case
"""What stands in a statement and is looked at by itself."""


def inner_calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls of models that stand in a statement, and not by themselves in it."""
    for head in _heads(statement):
        waiting: list[ast.AST] = [head]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Call) and runs_a_model(node):
                yield node
            elif not isinstance(node, ast.Lambda):
                waiting += reversed(children(node))


def set_within(statement: ast.stmt) -> Iterator[ast.NamedExpr]:
    """What expressions of a statement set: `if (prompt := "…"):`."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        for node in children(waiting.pop()):
            if isinstance(node, ast.NamedExpr):
                yield node
            if not isinstance(node, _OF_THEIR_OWN):
                waiting.append(node)


def _heads(statement: ast.stmt) -> Iterator[ast.expr]:
    match statement:
        case ast.For(iter=head) | ast.AsyncFor(iter=head):
            yield head
        case ast.While(test=head) | ast.If(test=head) | ast.Assert(test=head):
            yield head
        case ast.Match(subject=head) | ast.AugAssign(value=head):
            yield head
        case ast.With(items=items) | ast.AsyncWith(items=items):
            yield from (item.context_expr for item in items)
        case ast.Assign(value=value) | ast.Return(value=ast.expr() as value):
            if isinstance(value, _AROUND):
                yield value
