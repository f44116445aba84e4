"""What a call says of the prompt that it is given: its own name, the model, and the cap."""

import ast
import json
from collections.abc import Container, Iterator
from typing import Any

from msgspec import Struct

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import (
    CAPS,
    MODELS,
    MOST_CHARACTERS,
    NAMED_FIRST,
    PROVIDERS,
    READ_ELSEWHERE,
    RUNS,
    SETTINGS,
    sends_a_request,
    sold_by,
)
from reviewbot.rendering.parsers._common.told_requests import shown
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted, resolved, steps_of

_LONGEST = 100
_DEEPEST = 8
"""Models that stand in calls and behind methods: `ChatOpenAI(…).bind(…).with_retry()`."""

Given = list[tuple[str, ast.expr, Scope]]
"""Named arguments, each with the scope of its own names."""


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


def behind_result(node: ast.expr) -> ast.expr:
    """The call of whose result an expression is a part, as `f().choices[0]`; else itself."""
    made = node
    while isinstance(made, ast.Attribute | ast.Subscript | ast.Await):
        made = made.value
    return made if isinstance(made, ast.Call) else node


def with_name(node: ast.expr, *, shown_by: Container[str]) -> Iterator[ast.Call]:
    """The call that a statement is; of what is `shown_by` another one, those that run a model."""
    call = call_in(node)
    if call is None or name_of(call) not in shown_by:
        yield from [call] if call is not None and name_of(call) else []
        return
    for argument in (*call.args, *(item.value for item in call.keywords)):
        made = call_in(behind_result(argument))
        if made is not None and _runs_a_model(made):
            yield made


def _runs_a_model(node: ast.Call) -> bool:
    name = name_of(node)
    return name in RUNS or sends_a_request(name, {item.arg for item in node.keywords if item.arg})


def about(node: ast.Call, scope: Scope) -> Call:
    """What a call says, as far as the source tells it."""
    given = arguments(node, scope)
    own = next((value for key, value, _ in given if key == "name"), None)
    name = _text(own, scope) if isinstance(own, ast.Constant) else None
    callee = name_of(node)
    keys = {key for key, _, _ in given}
    request = tuple(_request(node, given, scope)) if sends_a_request(callee, keys) else ()
    model, cap = _settings(node, scope)
    return Call(callee=callee, name=name, model=model, max_tokens=cap, request=request)


def arguments(node: ast.Call, scope: Scope) -> Given:
    """The named arguments of a call, and those in the mappings of settings that it is given."""
    found: Given = []
    for item in node.keywords:
        inner = _mapping(item.value, scope) if item.arg in SETTINGS else None
        if inner is not None:
            found += inner
        elif item.arg:
            found.append((item.arg, item.value, scope))
    return found


def settings_within(node: ast.expr, scope: Scope) -> Call:
    """Model and cap of an expression that stands for a model, also of a chain of such."""
    model, cap = _of_model(node, scope, 0)
    return Call(model=model, max_tokens=cap) if model or cap else NO_CALL


def _mapping(node: ast.expr, scope: Scope) -> Given | None:
    """The entries of `{…}` or `GenerateContentConfig(…)`; None where the source does not tell."""
    node, scope = _resolved(node, scope)
    match node:
        case ast.Dict(keys=keys, values=values):
            named = [key.value for key in keys if isinstance(key, ast.Constant)]
            if len(named) == len(keys):
                return [(str(key), value, scope) for key, value in zip(named, values, strict=True)]
        case ast.Call(keywords=keywords, args=[]):
            if all(item.arg for item in keywords):
                return [(item.arg or "", item.value, scope) for item in keywords]
    return None


def _settings(node: ast.Call, scope: Scope, depth: int = 0) -> tuple[str | None, int | None]:
    """Model and cap of a call: its own, else those of the model that it is given or runs."""
    given = arguments(node, scope)
    models = [(value, where) for key, value, where in given if key in MODELS][:1]
    if not models and name_of(node) in NAMED_FIRST and node.args:
        models = [(node.args[0], scope)]
    provider = next((_text(value, at) for key, value, at in given if key in PROVIDERS), None)
    said = next((text for value, at in models if (text := _text(value, at))), None)
    model = sold_by(provider, said) if said else None
    cap = next((_number(value, at) for key, value, at in given if key in CAPS), None)
    behind = [*models, *_run_on(node, scope)]
    for value, at in behind if depth < _DEEPEST and not (model and cap) else ():
        inner = _of_model(value, at, depth + 1)
        model, cap = model or inner[0], cap or inner[1]
    return model, cap


def _resolved(node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
    """What a name stands for; itself where that file cannot be read."""
    try:
        return resolved(node, scope)
    except TemplateError:
        return node, scope


def _run_on(node: ast.Call, scope: Scope) -> list[tuple[ast.expr, Scope]]:
    """The object whose method a call is, where it runs a model."""
    is_run = isinstance(node.func, ast.Attribute) and node.func.attr in RUNS
    return [(node.func.value, scope)] if is_run and isinstance(node.func, ast.Attribute) else []


def _of_model(node: ast.expr, scope: Scope, depth: int) -> tuple[str | None, int | None]:
    """Model and cap of what stands for a model: a call that makes it, or a chain with one."""
    node, scope = _resolved(node, scope)
    match node:
        case ast.Call():
            return _settings(node, scope, depth + 1)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right) if depth < _DEEPEST:
            sides = [_of_model(side, scope, depth + 1) for side in (right, left)]
            return next((side for side in sides if any(side)), (None, None))
        case _:
            return None, None


def _request(node: ast.Call, given: Given, scope: Scope) -> Iterator[dict[str, Any]]:
    """The arguments that are read nowhere else; settings that the source does not tell, too."""
    hidden = [item for item in node.keywords if not item.arg]
    hidden += [
        item
        for item in node.keywords
        if item.arg in SETTINGS and _mapping(item.value, scope) is None
    ]
    for item in hidden:
        yield _told(item.arg or "**", item.value, scope)
    for key, value, where in given:
        if key not in READ_ELSEWHERE:
            yield _told(key, value, where)


def _told(key: str, value: ast.expr, scope: Scope) -> dict[str, Any]:
    told: dict[str, Any] = {"key": key, "line": value.lineno}
    try:
        literal = _literal(value, scope)
        if len(json.dumps(literal, allow_nan=False)) <= MOST_CHARACTERS:
            told["value"] = literal
    except (ValueError, TypeError, RecursionError, TemplateError):
        pass
    return told if "value" in told else told | {"said": _said(value, scope)}


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
    if isinstance(node, ast.Constant):
        return node.value
    try:
        found = scope.text(steps_of(node))
    except TemplateError:
        return None
    return found[1] if isinstance(found, list) and found[0] == "value" else found
