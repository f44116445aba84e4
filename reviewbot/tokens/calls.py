"""The input tokens of one call as its provider bills them, and how well each figure is known."""

import json
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from typing import Final

from msgspec import Struct

from reviewbot.prompt import Image, Tool
from reviewbot.tokens.compact import compact_json
from reviewbot.tokens.counting import Counter
from reviewbot.tokens.families import Framing
from reviewbot.tokens.images import image_tokens
from reviewbot.tokens.model_names import Model
from reviewbot.tokens.overhead import (
    CONFIRMED_ROLES,
    Message,
    ToolTokens,
    framing_tokens,
    message_tokens,
    tool_tokens,
)
from reviewbot.tokens.tool_prompts import SOURCE as TOOL_PROMPTS
from reviewbot.tokens.tool_prompts import tool_prompt_tokens

_COOKBOOK: Final = "OpenAI's cookbook, How_to_count_tokens_with_tiktoken"
_SYSTEM_ROLES: Final = frozenset({"developer", "system"})


class CallTokens(Struct, frozen=True, kw_only=True):
    """The input tokens of one call.

    `content_tokens` are those of the messages' texts and images, `overhead_tokens` those of their
    framing, `tool_tokens` those of tool definitions and of answers' schemas. `notes` say of each
    part that is estimated how, and by whose figure; where there are none, all of them are exact.
    """

    content_tokens: int
    overhead_tokens: int
    tool_tokens: int
    notes: tuple[str, ...] = ()

    @property
    def input_tokens(self) -> int:
        """All that is billed as input."""
        return self.content_tokens + self.overhead_tokens + self.tool_tokens

    @property
    def exact(self) -> bool:
        """True where every part is counted by the model's own encoding and a confirmed rule."""
        return not self.notes


def count_call(
    model: Model,
    messages: Sequence[Message],
    *,
    tools: Sequence[Tool] = (),
    response_schemas: Sequence[str] = (),
    counter: Counter,
) -> CallTokens:
    """Count a call's input; `response_schemas` are JSON texts.

    Each part of an estimated model is the encoding's count times the model's ratio, rounded up.

    Raises:
        MeasurementError: A text or an image cannot be counted.

    """
    count = partial(counter.count, encoding=model.encoding)
    content = sum(count(message.text) for message in messages)
    images = image_tokens(model, _images(messages))
    overhead = 0 if model.framing is Framing.NONE else message_tokens(messages, count)
    has_system = any(message.role in _SYSTEM_ROLES for message in messages)
    defined = tool_tokens(tools, count, model.encoding, has_system=has_system)
    schemas = sum(count(_compact(schema)) for schema in response_schemas)
    prompt = tool_prompt_tokens(model) if tools else 0
    return CallTokens(
        content_tokens=_scaled(content, model.ratio) + images.tokens,
        overhead_tokens=_scaled(overhead, model.ratio),
        tool_tokens=_scaled(defined.tokens + schemas, model.ratio) + prompt,
        notes=(
            *_notes(model, messages, tools, defined, response_schemas),
            *((images.note,) if images.note is not None else ()),
        ),
    )


def count_beginning(
    model: Model,
    messages: Sequence[Message],
    *,
    tools: Sequence[Tool] = (),
    response_schemas: Sequence[str] = (),
    counter: Counter,
) -> int:
    """Tokens that a call begins with: tools and schemas, which go first, and `messages`.

    The last message may be a part of one (`stable_beginning`). Estimates are rounded down.

    Raises:
        MeasurementError: A text or an image cannot be counted.

    """
    count = partial(counter.count, encoding=model.encoding)
    tokens = sum(count(message.text) for message in messages)
    if model.framing is not Framing.NONE:
        tokens += framing_tokens(messages, count)
    tokens += tool_tokens(tools, count, model.encoding, has_system=True).tokens
    tokens += sum(count(_compact(schema)) for schema in response_schemas)
    added = image_tokens(model, _images(messages)).tokens
    added += tool_prompt_tokens(model) if tools else 0
    return int((tokens * model.ratio).to_integral_value(ROUND_FLOOR)) + added


def _images(messages: Sequence[Message]) -> list[Image]:
    return [image for message in messages for image in message.images]


def _notes(
    model: Model,
    messages: Sequence[Message],
    tools: Sequence[Tool],
    defined: ToolTokens,
    response_schemas: Sequence[str],
) -> Iterator[str]:
    if not model.exact:
        yield f"tokens are estimated as {model.ratio} times {model.encoding} ({model.source})"
    unconfirmed = f"not confirmed for {model.base_name}"
    if model.framing is Framing.ASSUMED:
        yield f"message overhead is estimated by {_COOKBOOK} section 6, {unconfirmed}"
    roles = sorted({message.role for message in messages} - CONFIRMED_ROLES)
    if model.framing is Framing.CONFIRMED and roles:
        yield f"message overhead is estimated for the role {', '.join(roles)}"
    if tools and defined.exact and model.framing is not Framing.CONFIRMED:
        yield f"tool definitions are estimated by {_COOKBOOK} section 7, {unconfirmed}"
    if not defined.exact:
        yield (
            "tool definitions are estimated, since some are nested or incomplete: as the "
            "TypeScript that models are shown (openai/harmony, docs/format.md)"
        )
    if tools and (prompt := tool_prompt_tokens(model)):
        yield f"tools add a system prompt of {prompt:,} tokens ({TOOL_PROMPTS})"
    if response_schemas:
        yield "response schemas are estimated as compact JSON"


def _compact(schema: str) -> str:
    """The schema without its layout; as it stands where it is no JSON."""
    try:
        return compact_json(json.loads(schema))
    except (ValueError, RecursionError):
        return schema


def _scaled(tokens: int, ratio: Decimal) -> int:
    return int((tokens * ratio).to_integral_value(ROUND_CEILING))
