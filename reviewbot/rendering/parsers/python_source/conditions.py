"""Conditions of Python source, and texts that they choose between."""

import ast

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import Operation, Text
from reviewbot.rendering.parsers.python_source.scopes import Scope
from reviewbot.rendering.parsers.python_source.values import hole, known, value_of

_LONGEST_CHAIN = 20


def text_of_whole(node: ast.expr, scope: Scope) -> Text | None:
    """The text that a whole value gives; None where it is evidently none."""
    found = whole(node, scope)
    return None if isinstance(found, list) and found[0] == "value" else found


def whole(node: ast.expr, scope: Scope) -> Text | None:
    """What is `known` of a whole value, which may be one of two texts by a condition."""
    if not isinstance(node, ast.IfExp):
        return known(node, scope)
    sides = [(side, text_of_whole(side, scope)) for side in (node.body, node.orelse)]
    if all(text is None for _, text in sides):
        return None
    texts = [value_of(side, scope) if text is None else text for side, text in sides]
    return Operation("if", condition(node.test, scope), *texts)


def condition(node: ast.expr, scope: Scope, depth: int = 0) -> Text:
    """`["not", …]`, `["and", …]`, `["or", …]`, `["same", one, other]` or a value that decides.

    What is none of these is a variable called by its source text.
    """
    found = hole(node, scope)
    match node:
        case _ if depth > _LONGEST_CHAIN:
            pass
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            found = Operation("not", condition(inner, scope, depth + 1))
        case ast.BoolOp(op=operator, values=values):
            name = "and" if isinstance(operator, ast.And) else "or"
            found = Operation(name, *(condition(item, scope, depth + 1) for item in values))
        case ast.Compare(left=left, ops=[operation], comparators=[ast.Constant() as right]):
            same = Operation("same", _decisive(left, scope), _constant(right))
            if isinstance(operation, ast.Eq | ast.Is):
                found = same
            elif isinstance(operation, ast.NotEq | ast.IsNot):
                found = Operation("not", same)
        case ast.Name() | ast.Attribute() | ast.Subscript():
            found = _decisive(node, scope)
    return found


def _decisive(node: ast.expr, scope: Scope) -> Text:
    """What a value is that decides; one from a file that cannot be read is a variable."""
    try:
        return value_of(node, scope)
    except TemplateError:
        return hole(node, scope)


def _constant(node: ast.Constant) -> Text:
    value = node.value
    return (
        value
        if isinstance(value, str)
        else Operation("value", value if _is_plain(value) else repr(value))
    )


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float)
