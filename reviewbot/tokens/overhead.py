"""What a call's messages and tools cost beside their texts, by the rules of OpenAI's cookbook.

Source: openai/openai-cookbook, How_to_count_tokens_with_tiktoken, sections 6 and 7, which compare
these rules with the API's own figures for gpt-3.5-turbo, gpt-4, gpt-4o and gpt-4o-mini.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from reviewbot.prompts import Image, Tool
from reviewbot.records import Record

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


class Message(Record):
    """One message of a call, as it is sent."""

    role: str
    text: str
    name: str | None = None
    images: tuple[Image, ...] = ()


class ToolTokens(Record):
    """The tokens of tool definitions; `exact` is True where the cookbook's rule says all of them.

    It does not for nested schemas, keywords other than `type`, `description` and `enum`, and
    missing types or descriptions: such parts are counted as their compact JSON text.
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


def tool_tokens(tools: Sequence[Tool], count: Callable[[str], int], encoding: str) -> ToolTokens:
    """Tokens of tool definitions, for a model that is counted with `encoding`."""
    if not tools:
        return ToolTokens(tokens=0, exact=True)
    per_function = 7 if encoding.startswith("o200k") else 10
    functions = [_function(tool, count) for tool in tools]
    return ToolTokens(
        tokens=_TOOLS_TOKENS + sum(per_function + function.tokens for function in functions),
        exact=all(function.exact for function in functions),
    )


def compact_json(value: Any) -> str:
    """`value` as JSON without blanks; what JSON does not have is written as text."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _function(tool: Tool, count: Callable[[str], int]) -> ToolTokens:
    tokens = count(f"{tool.name}:{tool.description.removesuffix('.')}")
    parameters = dict(tool.parameters)
    properties = parameters.pop("properties", None)
    required = parameters.pop("required", None)
    exact = bool(tool.description) and isinstance(properties, Mapping)
    if parameters.get("type") == "object":
        del parameters["type"]
    else:
        exact = False
    if isinstance(properties, Mapping):
        if properties:
            tokens += _PROPERTIES_TOKENS
        for key, schema in properties.items():
            found = _property(str(key), schema, count)
            tokens += found.tokens
            exact = exact and found.exact
    elif properties is not None:
        parameters["properties"] = properties
    if required is not None and not _is_texts(required):
        parameters["required"] = required
    if parameters:
        tokens += count(compact_json(parameters))
        exact = False
    return ToolTokens(tokens=tokens, exact=exact)


def _property(key: str, schema: Any, count: Callable[[str], int]) -> ToolTokens:
    if not isinstance(schema, Mapping):
        line = f"{key}:{compact_json(schema)}"
        return ToolTokens(tokens=_PROPERTY_TOKENS + count(line), exact=False)
    rest = dict(schema)
    kind = rest.pop("type") if isinstance(rest.get("type"), str) else ""
    description = rest.pop("description") if isinstance(rest.get("description"), str) else ""
    tokens = _PROPERTY_TOKENS + count(f"{key}:{kind}:{description.removesuffix('.')}")
    if _is_texts(rest.get("enum")) and rest["enum"]:
        items = rest.pop("enum")
        tokens += _ENUM_TOKENS + sum(_ENUM_ITEM_TOKENS + count(item) for item in items)
    if rest:
        tokens += count(compact_json(rest))
    return ToolTokens(tokens=tokens, exact=bool(kind and description) and not rest)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)
