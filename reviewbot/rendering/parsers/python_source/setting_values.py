"""Values of settings in Python source, as far as the file tells them."""

import ast
import json
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.asked import Item
from reviewbot.rendering.parsers._common.requests import MOST_CHARACTERS
from reviewbot.rendering.parsers._common.told_requests import said
from reviewbot.rendering.parsers.python_source.made_objects import made
from reviewbot.rendering.parsers.python_source.meant_expressions import digest_of_meant
from reviewbot.rendering.parsers.python_source.scopes import Scope, steps_of

_LONGEST = 100


def told(key: str, value: ast.expr, scope: Scope) -> Item:
    """A setting, with its value where the source tells it."""
    found: Item = {"key": key, "line": value.lineno}
    try:
        literal = _literal(value, scope)
        if len(json.dumps(literal, allow_nan=False)) <= MOST_CHARACTERS:
            found["value"] = literal
    except (ValueError, TypeError, RecursionError, TemplateError):
        pass
    if "value" in found:
        return found
    words = f"{key if key == '**' else ''}{_words(value)}"
    return found | said(words, digest_of_meant(value, scope))


def _words(node: ast.expr) -> str:
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError):
        return "an expression"


def _literal(node: ast.expr, scope: Scope) -> Any:
    """The value of an expression; a ValueError where the source does not tell it."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        found = _constant(node, scope)
    if isinstance(found, str | int | float):
        return found
    held = scope.expression(node.id) if isinstance(node, ast.Name) else None
    if held is None:
        raise ValueError("the value is computed")
    return ast.literal_eval(held[0])


def text_at(node: ast.expr, scope: Scope) -> str | None:
    """The text of an expression, if it may be a name."""
    found = _constant(node, scope)
    return found if isinstance(found, str) and len(found) <= _LONGEST else None


def number_at(node: ast.expr, scope: Scope) -> int | None:
    """The number of an expression, if it may be a cap."""
    found = _constant(node, scope)
    is_number = isinstance(found, int) and not isinstance(found, bool) and found > 0
    return found if is_number else None


def _constant(node: ast.expr, scope: Scope) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        match node.values:
            case [ast.FormattedValue(value=inner, conversion=-1, format_spec=None)]:
                return _constant(inner, scope)
    try:
        found = scope.text(steps_of(node))
    except TemplateError:
        return None
    if found is None and isinstance(node, _STANDING):
        inner, _ = made(node, scope)
        return inner.value if isinstance(inner, ast.Constant) else None
    return found[1] if isinstance(found, list) and found[0] == "value" else found


_STANDING = ast.Attribute | ast.Subscript | ast.Name | ast.Call | ast.Await


def is_none(node: ast.expr) -> bool:
    """Whether an expression is written as `None`."""
    return isinstance(node, ast.Constant) and node.value is None
