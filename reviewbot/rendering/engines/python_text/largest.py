"""The longest text that a Python expression spells out: `'long' if vip else ''` may be `long`."""

import ast
from functools import lru_cache


@lru_cache(maxsize=256)
def largest_literal(source: str) -> str:
    """The longest of the texts between which the expression chooses; empty where it has none."""
    if "'" not in source and '"' not in source:
        return ""
    try:
        return _largest(ast.parse(source, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError):
        return ""


def _largest(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(map(_largest, parts))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _largest(left) + _largest(right)
        case ast.IfExp(body=one, orelse=other):
            choices = [one, other]
        case ast.BoolOp(values=values):
            choices = values
        case ast.Subscript(value=ast.Dict(values=values)):
            choices = [item for item in values if item is not None]
        case ast.Subscript(value=ast.List(elts=values) | ast.Tuple(elts=values)):
            choices = values
        case ast.FormattedValue(value=inner):
            choices = [inner]
        case _:
            choices = []
    return max(map(_largest, choices), key=len, default="")
