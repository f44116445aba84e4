"""What a call asks for, itself or by what stands for its model: the model, the cap, settings."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.asked import Asked, Item, over
from reviewbot.rendering.parsers._common.requests import (
    CAPS,
    GIVEN_FIRST,
    INPUT_FIRST,
    MODELS,
    MOST_CHARACTERS,
    NAMED_FIRST,
    PROVIDERS,
    READ_ELSEWHERE,
    RUNS,
    SETTINGS,
    SYSTEM,
    is_setting,
    sends_a_request,
    sold_by,
)
from reviewbot.rendering.parsers._common.told_requests import shown
from reviewbot.rendering.parsers.python_source.known_names import known_names
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted, resolved, steps_of

_LONGEST = 100
_DEEPEST = 8
"""Models that stand in calls and behind methods: `ChatOpenAI(…).bind(…).with_retry()`."""

_MAKES_NAMED = re.compile(r"(?:Model|LLM|Llm)\Z")
"""Classes of agent frameworks whose first argument is a model's name: `OpenAIModel("gpt-4o")`."""

_SAYS_MODEL = re.compile(r"[\w.-]{1,40}[:/][\w.:/-]{1,60}\Z")
"""A first argument that is no name of an agent: `Agent("openai:gpt-4o")`."""

Given = list[tuple[str, ast.expr, Scope]]
"""Named arguments, each with the scope of its own names."""


def name_of(node: ast.Call) -> str:
    """The last name of what is called; empty where that is none."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return dotted(node.func).rpartition(".")[2]


def arguments(node: ast.Call, scope: Scope) -> Given:
    """The named arguments of a call, and those in the mappings of settings that it is given."""
    found: Given = []
    for item in node.keywords:
        is_open = item.arg is None or item.arg in SETTINGS
        inner = _mapping(item.value, scope) if is_open else None
        if inner is not None:
            found += inner
        elif item.arg:
            found.append((item.arg, item.value, scope))
    if name_of(node) in INPUT_FIRST and len(node.args) > 1:
        found += _mapping(node.args[1], scope) or []
    return found


def asked(node: ast.Call, scope: Scope, depth: int = 0, *, is_model: bool = False) -> Asked:
    """What a call asks for: its own settings, then those of the model that it is given or runs.

    `is_model` says that it gives what stands for a model.
    """
    given = arguments(node, scope)
    model = _model(node, given, scope, depth, is_model=is_model)
    cap = next(((key, value, where) for key, value, where in given if key in CAPS), None)
    number = None if cap is None else _number(*cap[1:])
    request = [*_settings(node, given, scope, is_model=is_model)]
    if cap is not None and number is None:
        request.append(told(*cap))
    found = over(Asked(max_tokens=number, request=tuple(request)), model)
    if isinstance(node.func, ast.Attribute) and node.func.attr in RUNS and depth < _DEEPEST:
        found = over(found, of_model(node.func.value, scope, depth + 1))
    is_sending = sends_a_request(name_of(node), {key for key, _, _ in given})
    return over(found, Asked(request=tuple(_of_client(node, scope)))) if is_sending else found


def of_model(node: ast.expr, scope: Scope, depth: int = 0) -> Asked:
    """What is asked for by what stands for a model: a call that makes it, or a chain with one."""
    node, scope = _resolved(node, scope)
    match node:
        case ast.Call() if depth < _DEEPEST:
            return asked(node, scope, depth + 1, is_model=True)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right) if depth < _DEEPEST:
            sides = (of_model(side, scope, depth + 1) for side in (right, left))
            return next((side for side in sides if side.names_model or side.names_cap), Asked())
        case _:
            return Asked()


def _model(node: ast.Call, given: Given, scope: Scope, depth: int, *, is_model: bool) -> Asked:
    """What a call says of its model, and what that was made with; as a setting if computed."""
    item = _named_model(node, given, scope, is_model=is_model)
    if item is None:
        return _of_agent(node, given, scope, depth)
    text = _text(*item)
    if text is not None:
        provider = next((_text(value, at) for key, value, at in given if key in PROVIDERS), None)
        return Asked(model=sold_by(provider, text))
    inner = of_model(*item, depth) if depth < _DEEPEST else Asked()
    return inner if inner.names_model else over(Asked(request=(told("model", *item),)), inner)


def _named_model(
    node: ast.Call, given: Given, scope: Scope, *, is_model: bool
) -> tuple[ast.expr, Scope] | None:
    """The argument that names a model."""
    for key, value, where in given:
        if key in MODELS and not _is_none(value):
            return value, where
    name = name_of(node)
    is_first = name in NAMED_FIRST or (is_model and _MAKES_NAMED.search(name))
    return (node.args[0], scope) if is_first and node.args else None


def _of_agent(node: ast.Call, given: Given, scope: Scope, depth: int) -> Asked:
    """The model that an agent is given first: `Agent("openai:gpt-4o", system_prompt=…)`."""
    if not node.args or depth or not any(key in SYSTEM for key, _, _ in given):
        return Asked()
    text = _text(node.args[0], scope)
    if text is not None:
        return Asked(model=sold_by(None, text)) if _SAYS_MODEL.match(text) else Asked()
    inner = of_model(node.args[0], scope, depth + 1)
    return inner if inner.names_model else Asked()


def _settings(node: ast.Call, given: Given, scope: Scope, *, is_model: bool) -> Iterator[Item]:
    """The arguments that are read nowhere else; settings that the source does not tell, too."""
    name, keys = name_of(node), {key for key, _, _ in given}
    is_asking = (
        is_model
        or name in RUNS
        or bool(keys.intersection(SYSTEM))
        or any(k in keys for k in MODELS)
    )
    for item in node.keywords if is_asking else ():
        is_hidden = item.arg is None or item.arg in SETTINGS
        if is_hidden and not _is_none(item.value) and _mapping(item.value, scope) is None:
            yield told(item.arg or "**", item.value, scope)
    if name in GIVEN_FIRST and node.args:
        yield told(GIVEN_FIRST[name], node.args[0], scope)
    if name in INPUT_FIRST and len(node.args) > 1 and _mapping(node.args[1], scope) is None:
        yield told("**", node.args[1], scope)
    direct = {item.arg for item in node.keywords}
    for key, value, where in given:
        is_in_settings = key not in direct and is_asking and key not in READ_ELSEWHERE
        if is_in_settings or is_setting(key, name, keys, is_model=is_model):
            yield told(key, value, where)


def _of_client(node: ast.Call, scope: Scope) -> Iterator[Item]:
    """What the client is made with whose method a call is: `OpenAI(base_url=…)`."""
    on: ast.expr = node.func
    for _ in range(_DEEPEST):
        match on:
            case ast.Attribute(value=inner):
                on = inner
            case ast.Call(func=inner, keywords=keywords):
                for item in keywords:
                    yield told(item.arg or "**", item.value, scope) | {"is_of_client": True}
                on = inner
            case _:
                on, scope = _resolved(on, scope)
                if isinstance(on, ast.Name):
                    return


def told(key: str, value: ast.expr, scope: Scope) -> Item:
    """A setting, with its value where the source tells it."""
    found: Item = {"key": key, "line": value.lineno}
    try:
        literal = _literal(value, scope)
        if len(json.dumps(literal, allow_nan=False)) <= MOST_CHARACTERS:
            found["value"] = literal
    except (ValueError, TypeError, RecursionError, TemplateError):
        pass
    return found if "value" in found else found | {"said": _said(value, scope)}


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


def _resolved(node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
    """What a name stands for; itself where that file cannot be read."""
    try:
        return resolved(node, scope)
    except TemplateError:
        return node, scope


def _said(node: ast.expr, scope: Scope) -> str:
    """An expression in words, with what is known of the names in it."""
    known = known_names(node, scope)
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


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
