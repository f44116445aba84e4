"""Applies the rules: what a call's messages, tools, schemas and settings cost beside its texts."""

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.prompt import CallParameters, Image, Tool
from reviewbot.tokens.compact import compact_json
from reviewbot.tokens.json_schemas import NAMING
from reviewbot.tokens.model_names import Model
from reviewbot.tokens.rules import ChoiceRule, MessageRule, Schema, SchemaRule, Shown, ToolRule
from reviewbot.tokens.tools_as_text import properties_of, shown_texts
from reviewbot.tokens.tools_as_typescript import NOT_SHOWN

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


THOUGHTS: Final = "earlier thinking"
_FEATURES: Final = {
    "assistant": "an earlier answer",
    "assistants": "several earlier answers",
    "developer": "a developer's message",
    "empty": "an empty message",
    "function": "the result of a call",
    _CALL: "a call of a function",
    "json_object": "a JSON answer",
    "name": "a name",
    "parts": "a content of several parts",
    "system": "a system message",
    "systems": "several system messages",
    THOUGHTS: "earlier thinking",
    "tool": "the result of a call",
}


def unconfirmed(
    rule: MessageRule, of_messages: frozenset[str], parameters: CallParameters, model: Model
) -> str | None:
    """How well `rule` is known for a call whose messages have these `features`.

    None where bills confirm it to the token.
    """
    if not rule.exact:
        return rule.seen
    if model.is_fine_tune:
        return f"{rule.seen}, none of them of a fine-tuned model"
    if model.provider not in rule.exact_at:
        return f"{rule.seen}, all of them at {' and '.join(rule.exact_at)}"
    found = {*parameters.features, *of_messages} - rule.exact
    missing = sorted({_FEATURES.get(feature, f"`{feature}`") for feature in found})
    return f"{rule.seen}, hardly any with {' or '.join(missing)}" if missing else None


def features(messages: Sequence[Message]) -> frozenset[str]:
    """What bills tell calls apart by (`MessageRule`)."""
    roles = [message.role for message in messages]
    found = {*roles, *(f"{role}s" for role in _SEVERAL if roles.count(role) > 1)}
    if any(message.name is not None for message in messages):
        found.add("name")
    if any(not message.text and not message.images for message in messages):
        found.add("empty")
    return frozenset(found)


_SEVERAL: Final = ("assistant", "system")


def as_shown(rule: MessageRule, messages: Sequence[Message]) -> Sequence[Message]:
    """The messages as the model's template shows them: without thoughts where it drops them."""
    if rule.thoughts:
        return messages
    shown = []
    for message in messages:
        if message.role != "assistant" or _THOUGHT not in message.text:
            shown.append(message)
        elif (text := message.text.rpartition(_THOUGHT)[2]).strip():
            shown.append(replace(message, text=text.lstrip()))
    return shown


_THOUGHT: Final = "</think>"


def message_tokens(rule: MessageRule, messages: Sequence[Message], count: Count) -> int:
    """Tokens of a call's messages beside their texts, with what begins the answer."""
    has_system = any(message.role in SYSTEM_ROLES for message in messages)
    return (
        rule.once
        + (0 if has_system else rule.unless_system)
        + framing_tokens(rule, messages, count)
    )


def framing_tokens(rule: MessageRule, messages: Sequence[Message], count: Count) -> int:
    """Tokens of the messages' roles, names and framing."""
    if len(messages) == 1:  # as of most prompts
        return _framing(rule, messages[0], count)
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


def shown_tools(
    rule: ChoiceRule, tools: Sequence[Tool], parameters: CallParameters
) -> Sequence[Tool]:
    """The tools that the model is shown under the choice of a call."""
    if rule.hides and parameters.tool_choice == "none":
        return ()
    if rule.only_named and parameters.named_tool is not None:
        return [tool for tool in tools if tool.name == parameters.named_tool]
    return tools


def tool_tokens(rule: ToolRule, tools: Sequence[Tool], count: Count, *, has_system: bool) -> int:
    """Tokens of tool definitions, and of what the provider puts around them."""
    if not tools or rule.shown is Shown.NOTHING:
        return 0
    tokens = sum(count(text) for text in shown_texts(rule.shown, tools))
    tokens += rule.once + rule.each * len(tools)
    if has_system:
        tokens += rule.with_system
    described = [bool(tool.description.strip()) for tool in tools]
    tokens += rule.further * sum(described[1:])
    for tool, is_described in zip(tools, described, strict=True):
        if not tool.parameters.get("properties"):
            tokens += rule.bare
        elif not is_described:
            tokens += rule.undescribed
        tokens += rule.property * sum(1 for _ in properties_of(tool.parameters))
    return tokens


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
        if key in NAMING and isinstance(value, dict)
        else _shown(value)
        for key, value in schema.items()
        if key not in NOT_SHOWN
    }
