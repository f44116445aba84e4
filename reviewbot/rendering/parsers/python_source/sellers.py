"""Who sells the models that a call asks for, by its class or by the client that it is one of."""

import ast
from collections.abc import Iterator, Sequence

from reviewbot.rendering.parsers._common.sellers import BASE_URLS, reseller_of, seller_at
from reviewbot.rendering.parsers.python_source.default_texts import default_text
from reviewbot.rendering.parsers.python_source.made_objects import Found, made
from reviewbot.rendering.parsers.python_source.scopes import Scope

_MOST = 20
"""Names, attributes and calls that are looked behind for one client."""


def reseller_behind(
    node: ast.Call, given: Sequence[tuple[str, ast.expr, Scope]], scope: Scope
) -> str | None:
    """Who sells other makers' models: by what is called and `given`, or by its client."""
    for key, value, where in given:
        text = default_text(value, where) if key in BASE_URLS else None
        if text is not None and (seller := seller_at(text)) is not None:
            return seller
        if key == "provider" and isinstance(value, ast.Call):
            return _first((value, where))
    return _first((node, scope))


def _first(found: Found) -> str | None:
    waiting = [found]
    for _ in range(_MOST):
        if not waiting:
            break
        node, scope = waiting.pop()
        if (seller := _said(node, scope)) is not None:
            return seller
        waiting += reversed([*_behind(node, scope)])
    return None


def _said(node: ast.expr, scope: Scope) -> str | None:
    """What one expression says itself."""
    if not isinstance(node, ast.Call):
        return None
    for item in node.keywords:
        text = default_text(item.value, scope) if item.arg in BASE_URLS else None
        if text is not None and (seller := seller_at(text)) is not None:
            return seller
    func = node.func
    name = func.attr if isinstance(func, ast.Attribute) else ""
    return reseller_of(func.id if isinstance(func, ast.Name) else name)


def _behind(node: ast.expr, scope: Scope) -> Iterator[Found]:
    """What stands one step behind an expression."""
    match node:
        case ast.Attribute() | ast.Name() | ast.Await():
            found = made(node, scope)
            if found[0] is not node:
                yield found
            elif isinstance(node, ast.Attribute):
                yield node.value, scope
        case ast.Call(func=func, args=args):
            yield func, scope
            yield from ((item, scope) for item in args[:1] if isinstance(item, ast.Call))
        case ast.IfExp(body=body, orelse=orelse):
            yield body, scope
            yield orelse, scope
        case ast.BoolOp(values=values):
            yield values[0], scope
