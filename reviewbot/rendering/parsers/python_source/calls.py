"""What a call says of the prompt that it is given: its own name, the model, and the cap."""

import ast
import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import (
    MOST_CHARACTERS,
    READ_ELSEWHERE,
    sends_a_request,
    shown,
)
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted, steps_of

_CAPS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
_MODELS = ("model", "model_name", "llm")
_LONGEST = 100


class Call(Struct, frozen=True, kw_only=True):
    """What stands beside a prompt in a call; `callee` is the last name of what is called.

    `name` is what the call names what it makes, as `Agent(name="router")` does. `request` are the
    other arguments of a call that sends a request: `key`, `line`, and `value` where it is told, or
    else what is `said`.
    """

    callee: str = ""
    name: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    request: tuple[dict[str, Any], ...] = ()

    def said(self) -> dict[str, Any]:
        """It as the parser hands it out, as far as it says anything."""
        call = {"model": self.model, "max_tokens": self.max_tokens}
        known: dict[str, Any] = {key: value for key, value in call.items() if value is not None}
        if self.request:
            known["request"] = list(self.request)
        found: dict[str, Any] = {"call": known} if known else {}
        return found | ({"callee": self.callee} if self.callee else {})


NO_CALL = Call()


def call_in(node: ast.expr) -> ast.Call | None:
    """The call that an expression is, awaited or not."""
    while isinstance(node, ast.Await):
        node = node.value
    return node if isinstance(node, ast.Call) else None


def about(node: ast.Call, scope: Scope) -> Call:
    """What a call says, as far as the source tells it."""
    given = {item.arg: item.value for item in node.keywords if item.arg}
    model = next((_text(given[name], scope) for name in _MODELS if name in given), None)
    cap = next((_number(given[name], scope) for name in _CAPS if name in given), None)
    own = given.get("name")
    name = _text(own, scope) if isinstance(own, ast.Constant) else None
    callee = name_of(node)
    request = tuple(_request(node, scope)) if sends_a_request(callee, given) else ()
    return Call(callee=callee, name=name, model=model, max_tokens=cap, request=request)


def _request(node: ast.Call, scope: Scope) -> Iterator[dict[str, Any]]:
    for item in node.keywords:
        if item.arg in READ_ELSEWHERE or item.arg in _CAPS:
            continue
        told: dict[str, Any] = {"key": item.arg or "**", "line": item.value.lineno}
        try:
            value = _literal(item.value, scope)
            if len(json.dumps(value, allow_nan=False)) <= MOST_CHARACTERS:
                told["value"] = value
        except (ValueError, TypeError, RecursionError, TemplateError):
            pass
        if "value" not in told:
            told["said"] = _said(item.value, scope)
        yield told


def _said(node: ast.expr, scope: Scope) -> str:
    """An expression in words, with what is known of the names in it."""
    names = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
    known = {name: values for name in sorted(names) if (values := scope.held(name))}
    try:
        return shown(ast.unparse(node), known)
    except (ValueError, RecursionError):
        return shown("an expression", known)


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


def name_of(node: ast.Call) -> str:
    """The last name of what is called; empty where that is none."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return dotted(node.func).rpartition(".")[2]


def _text(node: ast.expr, scope: Scope) -> str | None:
    found = _constant(node, scope)
    return found if isinstance(found, str) and len(found) <= _LONGEST else None


def _number(node: ast.expr, scope: Scope) -> int | None:
    found = _constant(node, scope)
    is_number = isinstance(found, int) and not isinstance(found, bool) and found > 0
    return found if is_number else None


def _constant(node: ast.expr, scope: Scope) -> Any:
    found = node.value if isinstance(node, ast.Constant) else scope.text(steps_of(node))
    return found[1] if isinstance(found, list) and found[0] == "value" else found
