"""What a call's messages and tools cost beside their texts, by the rules of OpenAI's cookbook.

Source: openai/openai-cookbook, How_to_count_tokens_with_tiktoken, sections 6 and 7, which compare
these rules with the API's own figures for gpt-3.5-turbo, gpt-4, gpt-4o and gpt-4o-mini.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from reviewbot.prompt import Image, Tool
from reviewbot.tokens.typed_tools import as_types

CONFIRMED_ROLES: Final = frozenset({"assistant", "system", "user"})
"""The roles in the messages that the cookbook compares."""

_REPLY_TOKENS: Final = 3
_MESSAGE_TOKENS: Final = 3
_NAME_TOKENS: Final = 1
_TOOLS_TOKENS: Final = 12
_PROPERTIES_TOKENS: Final = 3
_PROPERTY_TOKENS: Final = 3
_ENUM_TOKENS: Final = -3
_ENUM_ITEM_TOKENS: Final = 3
_TYPES_TOKENS: Final = 9
_SYSTEM_TOKENS: Final = 4
"""Around definitions as types, and saved by a system message: as billed, see `as_types`."""


class Message(Struct, frozen=True, kw_only=True):
    """One message of a call, as it is sent."""

    role: str
    text: str
    name: str | None = None
    images: tuple[Image, ...] = ()


class ToolTokens(Struct, frozen=True, kw_only=True):
    """The tokens of tool definitions; `exact` is True where the cookbook's rule says all of them.

    It does not for nested schemas, keywords other than `type`, `description` and `enum`, and
    missing types or descriptions: all definitions are then counted as the types that models see.
    """

    tokens: int
    exact: bool


def message_tokens(messages: Sequence[Message], count: Callable[[str], int]) -> int:
    """Tokens of a call's messages beside their texts: framing, and what primes the answer."""
    return _REPLY_TOKENS + framing_tokens(messages, count)


def framing_tokens(messages: Sequence[Message], count: Callable[[str], int]) -> int:
    """Tokens of the messages' roles, names and framing."""
    tokens = 0
    for message in messages:
        tokens += _MESSAGE_TOKENS + count(message.role)
        if message.name is not None:
            tokens += _NAME_TOKENS + count(message.name)
    return tokens


def tool_tokens(
    tools: Sequence[Tool], count: Callable[[str], int], encoding: str, *, has_system: bool
) -> ToolTokens:
    """Tokens of tool definitions, for a model that is counted with `encoding`.

    `has_system` says whether the call has a system message, which tools otherwise add.
    """
    if not tools:
        return ToolTokens(tokens=0, exact=True)
    per_function = 7 if encoding.startswith("o200k") else 10
    flat = [_flat(tool, count) for tool in tools]
    known = [tokens for tokens in flat if tokens is not None]
    if len(known) == len(tools):
        tokens = _TOOLS_TOKENS + sum(per_function + tokens for tokens in known)
        return ToolTokens(tokens=tokens, exact=True)
    around = _TYPES_TOKENS - (_SYSTEM_TOKENS if has_system else 0)
    return ToolTokens(tokens=around + count(as_types(tools)), exact=False)


def _flat(tool: Tool, count: Callable[[str], int]) -> int | None:
    """Tokens of a function by the cookbook's rule; None where the rule does not say them."""
    parameters = tool.parameters
    properties = parameters.get("properties")
    if (
        not tool.description
        or not parameters.keys() <= {"type", "properties", "required"}
        or parameters.get("type") != "object"
        or not isinstance(properties, Mapping)
        or not _is_texts(parameters.get("required", []))
    ):
        return None
    found = [_property(str(key), schema, count) for key, schema in properties.items()]
    known = [tokens for tokens in found if tokens is not None]
    if len(known) < len(found):
        return None
    line = count(f"{tool.name}:{tool.description.removesuffix('.')}")
    return line + (_PROPERTIES_TOKENS if found else 0) + sum(known)


def _property(key: str, schema: Any, count: Callable[[str], int]) -> int | None:
    if not isinstance(schema, Mapping) or not schema.keys() <= {"type", "description", "enum"}:
        return None
    kind, description = schema.get("type"), schema.get("description")
    if not (isinstance(kind, str) and isinstance(description, str) and kind and description):
        return None
    tokens = _PROPERTY_TOKENS + count(f"{key}:{kind}:{description.removesuffix('.')}")
    if "enum" in schema:
        items = schema["enum"]
        if not _is_texts(items) or not items:
            return None
        tokens += _ENUM_TOKENS + sum(_ENUM_ITEM_TOKENS + count(item) for item in items)
    return tokens


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
