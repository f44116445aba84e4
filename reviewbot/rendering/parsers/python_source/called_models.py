"""What a call asks for, itself or by what stands for its model: the model, the cap, settings."""

import ast
import re
from collections.abc import Iterator

from msgspec.structs import replace

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.asked import Asked, Item, over, sold_with
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.rendering.parsers._common.requests import (
    CAPS,
    GIVEN_FIRST,
    INPUT_FIRST,
    LISTS,
    MODELS,
    NAMED_FIRST,
    OF_MODELS,
    PROVIDERS,
    READ_ELSEWHERE,
    RUNS,
    SENDING,
    SETTINGS,
    SYSTEM,
    USER,
    is_setting,
    says_model,
    says_model_of_any,
    sends_a_request,
    sold_by,
)
from reviewbot.rendering.parsers.python_source.default_texts import default_text
from reviewbot.rendering.parsers.python_source.made_objects import function_at, made, sayings_of
from reviewbot.rendering.parsers.python_source.model_factories import settled
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted, resolved
from reviewbot.rendering.parsers.python_source.sellers import reseller_behind
from reviewbot.rendering.parsers.python_source.setting_values import (
    is_none,
    number_at,
    text_at,
    told,
)

_DEEPEST = 8
"""Models that stand in calls and behind methods: `ChatOpenAI(…).bind(…).with_retry()`."""

_MAKES_NAMED = re.compile(r"(?:Model|LLM|Llm)\Z")
"""Classes of agent frameworks whose first argument is a model's name: `OpenAIModel("gpt-4o")`."""

_SAYS_MODEL = re.compile(r"[\w.-]{1,40}[:/][\w.:/-]{1,60}\Z")
"""A first argument that is no name of an agent: `Agent("openai:gpt-4o")`."""

Given = list[tuple[str, ast.expr, Scope]]
"""Named arguments, each with the scope of its own names."""


def name_of(node: ast.Call) -> str:
    """The last name of what is called, `Agent` of `Agent[Context](…)`; empty where that is none."""
    func = node.func.value if isinstance(node.func, ast.Subscript) else node.func
    return func.attr if isinstance(func, ast.Attribute) else dotted(func)


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
    if model.model or model.default_model:
        model = sold_with(reseller_behind(node, given, scope), model)
    cap = next(((key, value, where) for key, value, where in given if key in CAPS), None)
    number = None if cap is None else number_at(*cap[1:])
    request = [*_settings(node, given, scope, is_model=is_model)]
    if cap is not None and number is None:
        request.append(told(*cap))
    found = over(Asked(max_tokens=number, request=tuple(request)), model)
    if isinstance(node.func, ast.Attribute) and node.func.attr in RUNS and depth < _DEEPEST:
        found = over(found, of_model(node.func.value, scope, depth + 1))
    if isinstance(node.func, ast.Name) and depth < _DEEPEST:
        found = over(found, _of_partial(*made(node.func, scope)))
    is_sending = sends_a_request(name_of(node), {key for key, _, _ in given})
    return over(found, Asked(request=tuple(_of_client(node, scope)))) if is_sending else found


def of_model(node: ast.expr, scope: Scope, depth: int = 0) -> Asked:
    """What is asked for by what stands for a model: a call that makes it, or a chain with one.

    Where code makes or changes it in several ways, the model is what code computes.
    """
    if depth >= _DEEPEST:
        return Asked()
    one = settled(node, scope, lambda way, where: of_model(way, where, depth + 1), "made")
    if one is not None:
        return one
    found, where = made(node, scope)
    match found:
        case ast.Call() if function_at(found.func, where) is None:
            return asked(found, where, depth + 1, is_model=True)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            sides = (of_model(side, where, depth + 1) for side in (right, left))
            return next((side for side in sides if side.names_model or side.names_cap), Asked())
        case _:
            is_several = _names_a_model(found, where)
            return Asked(request=(told("model", node, scope),)) if is_several else Asked()


def _names_a_model(node: ast.expr, scope: Scope) -> bool:
    """Whether a statement that sets or changes what an expression stands for names a model."""
    name = node.func if isinstance(node, ast.Call) else node
    return any(
        not said.keywords.isdisjoint((*MODELS, *NAMED_FIRST)) for said in sayings_of(name, scope)
    )


def _of_partial(node: ast.expr, scope: Scope) -> Asked:
    """What `partial(create, model=…)` gives to each call."""
    if not isinstance(node, ast.Call) or name_of(node) != "partial" or not node.args:
        return Asked()
    call = ast.copy_location(ast.Call(func=node.args[0], args=[], keywords=node.keywords), node)
    return asked(call, scope, _DEEPEST, is_model=True)


def _model(node: ast.Call, given: Given, scope: Scope, depth: int, *, is_model: bool) -> Asked:
    """What a call says of its model, and what that was made with; as a setting if computed."""
    item = _named_model(node, given, scope, is_model=is_model)
    if item is None:
        return _of_own_keyword(given) or _of_agent(node, given, scope, depth)
    one = settled(
        *item, lambda way, where: _of_argument((way, where), given, depth), f"{_provider(given)}"
    )
    return _of_argument(item, given, depth) if one is None else one


def _of_own_keyword(given: Given) -> Asked | None:
    """What a library of one's own is asked for: `query(model_str="gpt-4o", …)`; None of others.

    Where several arguments may name the model that answers, it is unknown, and all are told.
    """
    named = [
        (MODELS[0] if says_model(key) else key, value, where)
        for key, value, where in given
        if key not in READ_ELSEWHERE and says_model_of_any(key)
        if is_known_model(text_at(value, where) or "")
    ]
    meant = [text_at(value, where) for key, value, where in named if key in MODELS]
    is_settled = len(meant) == 1
    request = tuple(told(*item) for item in named if not (is_settled and item[0] in MODELS))
    model = sold_by(_provider(given), meant[0] or "") if is_settled else None
    return Asked(model=model, request=request) if named else None


def _of_argument(item: tuple[ast.expr, Scope], given: Given, depth: int) -> Asked:
    """What an argument that names a model, or stands for one, asks for."""
    text = text_at(*item)
    if text is not None:
        return Asked(model=sold_by(_provider(given), text))
    inner = of_model(*item, depth) if depth < _DEEPEST else Asked()
    if inner.model is not None:
        return inner
    if not inner.names_model:
        inner = over(Asked(request=(told("model", *item),)), inner)
    usual = default_text(*item)
    default = None if usual is None else sold_by(_provider(given), usual)
    return replace(inner, default_model=default or inner.default_model)


def _provider(given: Given) -> str | None:
    return next((text_at(value, at) for key, value, at in given if key in PROVIDERS), None)


def _named_model(
    node: ast.Call, given: Given, scope: Scope, *, is_model: bool
) -> tuple[ast.expr, Scope] | None:
    """The argument that names a model."""
    for key, value, where in given:
        if key in MODELS and not is_none(value):
            return value, where
    name = name_of(node)
    is_first = name in NAMED_FIRST or (is_model and _MAKES_NAMED.search(name))
    return (node.args[0], scope) if is_first and node.args else None


def _of_agent(node: ast.Call, given: Given, scope: Scope, depth: int) -> Asked:
    """The model that an agent is given first: `Agent("openai:gpt-4o", system_prompt=…)`."""
    is_agent = "agent" in name_of(node).lower() or any(key in SYSTEM for key, _, _ in given)
    if not node.args or depth or not is_agent:
        return Asked()
    text = text_at(node.args[0], scope)
    if text is not None:
        return Asked(model=sold_by(None, text)) if _SAYS_MODEL.match(text) else Asked()
    inner = of_model(node.args[0], scope, depth + 1)
    return inner if inner.names_model else Asked()


def _settings(node: ast.Call, given: Given, scope: Scope, *, is_model: bool) -> Iterator[Item]:
    """The arguments that are read nowhere else; settings that the source does not tell, too."""
    name, keys = name_of(node), {key for key, _, _ in given}
    is_asking = (
        is_model
        or not keys.isdisjoint(OF_MODELS)
        or (name in SENDING and not keys.isdisjoint((*LISTS, *USER)))
        or any(item.arg in OF_MODELS for item in node.keywords)
        or name in RUNS
        or bool(keys.intersection(SYSTEM))
        or any(k in keys for k in MODELS)
    )
    for item in node.keywords if is_asking else ():
        is_hidden = item.arg is None or item.arg in SETTINGS
        if is_hidden and not is_none(item.value) and _mapping(item.value, scope) is None:
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
            case ast.Call(func=inner, args=args, keywords=keywords):
                clients = [item for item in args[:1] if isinstance(item, ast.Call)]
                for item in (*keywords, *(one for client in clients for one in client.keywords)):
                    yield told(item.arg or "**", item.value, scope) | {"is_of_client": True}
                on = inner
            case _:
                on, scope = _resolved(on, scope)
                if isinstance(on, ast.Name):
                    return


def of_mapping(node: ast.Dict, scope: Scope) -> Asked:
    """What a request asks for that is written as a mapping: `{"model": …, "messages": […]}`."""
    given = [
        ast.keyword(arg=str(key.value) if isinstance(key, ast.Constant) else None, value=value)
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    if not any(item.arg in MODELS or item.arg in CAPS for item in given):
        return Asked()
    call = ast.Call(func=ast.Name(id="create", ctx=ast.Load()), args=[], keywords=given)
    return asked(ast.copy_location(call, node), scope)


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
