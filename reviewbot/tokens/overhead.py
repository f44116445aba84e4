"""Applies the rules: what a call's messages, tools, schemas and settings cost beside its texts."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec import Struct

from reviewbot.prompt import CallParameters, Image, Tool
from reviewbot.tokens.compact import compact_json
from reviewbot.tokens.rules import ChoiceRule, MessageRule, SchemaRule, Shown, ToolRule
from reviewbot.tokens.rules.settings import Schema
from reviewbot.tokens.typed_tools import NOT_SHOWN, as_types

SYSTEM_ROLES: Final = frozenset({"developer", "system"})
_CALL: Final = "function_call"
_RESULTS: Final = frozenset({"function", "tool"})

Count = Callable[[str], int]


class Message(Struct, frozen=True, kw_only=True):
    """One message of a call, as it is sent."""

    role: str
    text: str
    name: str | None = None
    images: tuple[Image, ...] = ()
    documents: int = 0


def is_exact(rule: MessageRule, messages: Iterable[Message]) -> bool:
    """Whether the rule gives just these messages to the token."""
    estimated = {_CALL, *_RESULTS} | (set() if rule.assistant is None else {"assistant"})
    return rule.exact and not any(message.role in estimated for message in messages)


def message_tokens(rule: MessageRule, messages: Sequence[Message], count: Count) -> int:
    """Tokens of a call's messages beside their texts, with what begins the answer."""
    return rule.once + framing_tokens(rule, messages, count)


def framing_tokens(rule: MessageRule, messages: Sequence[Message], count: Count) -> int:
    """Tokens of the messages' roles, names and framing."""
    tokens = 0
    for role, group in groupby(messages, key=lambda message: message.role):
        of_role = list(group)
        tokens += sum(_framing(rule, message, count) for message in of_role)
        if role == _CALL and len(of_role) > 1:
            tokens += rule.parallel
    return tokens


def _framing(rule: MessageRule, message: Message, count: Count) -> int:
    documents = rule.document * message.documents
    if message.role == _CALL:
        name = rule.call_names * count(message.name or "")
        return rule.call + name + rule.argument * _arguments(message.text)
    if message.role in _RESULTS:
        return rule.result + documents
    of_role = rule.system if message.role in SYSTEM_ROLES else None
    of_role = rule.assistant if message.role == "assistant" else of_role
    tokens = documents + (rule.message if of_role is None else of_role)
    if rule.name is not None and message.name is not None:
        tokens += rule.name + (count(message.name) if message.name != message.role else 0)
    return tokens


def _arguments(text: str) -> int:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return 1
    return len(given) if isinstance(given, dict) else 1


def tool_tokens(rule: ToolRule, tools: Sequence[Tool], count: Count, *, has_system: bool) -> int:
    """Tokens of tool definitions, and of what the provider puts around them."""
    if not tools:
        return 0
    shown = {
        Shown.TYPES: lambda: count(as_types(tools)),
        Shown.CLAUDE: lambda: sum(count(_claude(tool)) for tool in tools),
        Shown.WORDS: lambda: sum(_words(tool, rule.property, count) for tool in tools),
        Shown.JSON: lambda: count(json.dumps([_sent(tool) for tool in tools], ensure_ascii=False)),
    }[rule.shown]()
    tokens = shown + rule.once + rule.each * len(tools)
    if has_system:
        tokens += rule.with_system
    described = [bool(tool.description.strip()) for tool in tools]
    tokens += rule.further * sum(described[1:])
    for tool, is_described in zip(tools, described, strict=True):
        if not is_described and tool.parameters.get("properties"):
            tokens += rule.undescribed
    return tokens


def _claude(tool: Tool) -> str:
    said = {
        "name": tool.name,
        "description": tool.description,
        "input_schema": json.loads(compact_json(tool.parameters)),
    }
    return json.dumps(said, ensure_ascii=False)


def _sent(tool: Tool) -> dict[str, Any]:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": json.loads(compact_json(tool.parameters)),
    }
    return {"type": "function", "function": function}


def _words(tool: Tool, each_property: int, count: Count) -> int:
    tokens = count(tool.name) + count(tool.description)
    for schema in _properties(tool.parameters):
        tokens += each_property
        if isinstance(schema.get("description"), str) and each_property:
            tokens += count(schema["description"])
    return tokens


def _properties(schema: Any) -> Iterable[Mapping[str, Any]]:
    """The schemas of all properties, inner ones too."""
    if isinstance(schema, Mapping):
        found = schema.get("properties")
        if isinstance(found, Mapping):
            yield from (inner for inner in found.values() if isinstance(inner, Mapping))
        for inner in schema.values():
            yield from _properties(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from _properties(inner)


def choice_tokens(rule: ChoiceRule, parameters: CallParameters, count: Count) -> int:
    """Tokens that the tool choice adds."""
    found = {"none": rule.none, "required": rule.required, "named": rule.named}
    tokens = found.get(parameters.tool_choice or "auto", 0)
    if rule.with_name and parameters.named_tool is not None:
        tokens += count(parameters.named_tool)
    return tokens


def schema_tokens(rule: SchemaRule, text: str, count: Count) -> int:
    """Tokens of an answer's schema, given as JSON text, with its description."""
    if rule.shown is Schema.NOTHING:
        return 0
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return rule.once + count(text)
    schema, description = said, None
    if isinstance(said, dict) and isinstance(said.get("schema"), dict | bool):
        schema, description = said["schema"], said.get("description")
    tokens = rule.once + (count(description) if isinstance(description, str) else 0)
    if rule.shown is Schema.SPACED:
        return tokens + count(json.dumps(schema, ensure_ascii=False))
    if rule.shown is Schema.SHOWN:
        schema = _shown(schema)
    return tokens + count(compact_json(schema))


def _shown(schema: Any) -> Any:
    """The schema without the keywords that models are not shown; properties may be called so."""
    if isinstance(schema, list):
        return [_shown(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _shown(inner) for name, inner in value.items()}
        if key in {"$defs", "definitions", "properties"} and isinstance(value, dict)
        else _shown(value)
        for key, value in schema.items()
        if key not in NOT_SHOWN
    }
