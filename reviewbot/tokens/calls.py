"""The input tokens of one call as its provider bills them, and how well each figure is known."""

from collections.abc import Hashable, Iterator, Sequence
from decimal import ROUND_FLOOR
from typing import Final

from msgspec import Struct

from reviewbot.prompt import CallParameters, Image, Tool
from reviewbot.tokens.counting import Counter
from reviewbot.tokens.family_of_model import Framing
from reviewbot.tokens.images import image_tokens
from reviewbot.tokens.model_names import Model
from reviewbot.tokens.overhead import (
    SYSTEM_ROLES,
    THOUGHTS,
    Count,
    Message,
    as_shown,
    choice_tokens,
    features,
    framing_tokens,
    message_tokens,
    schema_tokens,
    shown_tools,
    tool_tokens,
    unconfirmed,
)
from reviewbot.tokens.rules import CallRules, SettingRule, rules_of_calls
from reviewbot.tokens.text_kinds import TextKind
from reviewbot.tokens.texts import TextCounter, ranges


class CallTokens(Struct, frozen=True, kw_only=True):
    """The input tokens of one call.

    `content_tokens` are those of the messages' texts and images, `overhead_tokens` those of their
    framing and of the request's settings, `tool_tokens` those of tool definitions and of answers'
    schemas. `notes` say of each part that is estimated how, and by whose figure; where there are
    none, all of them are exact.
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
        """True where every part is counted by the model's own encoding and a rule that is exact."""
        return not self.notes


def count_call(
    model: Model,
    messages: Sequence[Message],
    *,
    tools: Sequence[Tool] = (),
    response_schemas: Sequence[str] = (),
    parameters: CallParameters = CallParameters(),  # noqa: B008 - frozen
    counter: Counter,
) -> CallTokens:
    """Count a call's input; `response_schemas` are JSON texts.

    Texts of an estimated model are the encoding's count times the model's ratio, rounded up; what
    stands around them is not multiplied.

    Raises:
        MeasurementError: A text or an image cannot be counted.

    """
    offer = Offer(tools=tuple(tools), schemas=tuple(response_schemas), parameters=parameters)
    return CallCounter(model, offer, counter).count(messages)


def count_beginning(
    model: Model,
    messages: Sequence[Message],
    *,
    tools: Sequence[Tool] = (),
    response_schemas: Sequence[str] = (),
    parameters: CallParameters = CallParameters(),  # noqa: B008 - frozen
    counter: Counter,
) -> int:
    """Tokens that a call begins with: tools and schemas, which go first, and `messages`.

    The last message may be a part of one (`stable_beginning`). Estimates are rounded down.

    Raises:
        MeasurementError: A text or an image cannot be counted.

    """
    texts = TextCounter(model, counter, ROUND_FLOOR)
    offer = Offer(tools=tuple(tools), schemas=tuple(response_schemas), parameters=parameters)
    rules = rules_of_calls(model, parameters.api)
    tokens = 0
    if model.framing is not Framing.NONE:
        messages = as_shown(rules.messages, messages)
        tokens = framing_tokens(rules.messages, messages, texts.count)
    tokens += texts.count(*(message.text for message in messages))
    tokens += _offered(rules, offer, texts.count, has_system=True)
    return tokens + image_tokens(model, _images(messages)).tokens


class Offer(Struct, frozen=True, kw_only=True):
    """What a call offers beside its messages."""

    tools: tuple[Tool, ...]
    schemas: tuple[str, ...]
    parameters: CallParameters


class CallCounter:
    """Counts calls that offer the same: whatever the messages, that is counted once."""

    def __init__(self, model: Model, offer: Offer, counter: Counter) -> None:
        self._model = model
        self._offer = offer
        self._counter = counter
        self._rules = rules_of_calls(model, offer.parameters.api)
        self._settings = _settings(self._rules, offer.parameters)
        self._offered_tokens: dict[bool, tuple[int, set[TextKind]]] = {}
        self._notes: dict[Hashable, tuple[str, ...]] = {}

    def count(self, messages: Sequence[Message]) -> CallTokens:
        """The input tokens of a call with these messages.

        Raises:
            MeasurementError: A text or an image cannot be counted.

        """
        model, rules = self._model, self._rules
        texts = TextCounter(model, self._counter)
        images = image_tokens(model, _images(messages))
        overhead = sum(setting.tokens for setting in self._settings)
        if model.framing is not Framing.NONE:
            messages = as_shown(rules.messages, messages)
            overhead += message_tokens(rules.messages, messages, texts.count)
        has_system = _has_system(messages)
        if has_system not in self._offered_tokens:
            offered = TextCounter(model, self._counter)
            tokens = _offered(rules, self._offer, offered.count, has_system=has_system)
            self._offered_tokens[has_system] = tokens, offered.kinds
        tool_tokens, kinds = self._offered_tokens[has_system]
        content = texts.count(*(message.text for message in messages))
        notes = self._notes_of(messages, texts.kinds | kinds)
        return CallTokens(
            content_tokens=content + images.tokens,
            overhead_tokens=overhead,
            tool_tokens=tool_tokens,
            notes=notes if images.note is None else (*notes, images.note),
        )

    def _notes_of(self, messages: Sequence[Message], kinds: set[TextKind]) -> tuple[str, ...]:
        """What is estimated; samples of a prompt have the same messages but for their texts."""
        found = features(messages)
        key = found, frozenset(kinds)
        if key not in self._notes:
            self._notes[key] = tuple(self._told(found, kinds))
        return self._notes[key]

    def _told(self, found: frozenset[str], kinds: set[TextKind]) -> Iterator[str]:
        model, offer, rules = self._model, self._offer, self._rules
        if model.ratios is not None:
            times = ranges(model.ratios, [kind for kind in TextKind if kind in kinds])
            yield f"tokens are estimated as {model.encoding} times {times} ({model.source})"
        elif not model.exact:
            yield f"tokens are estimated by {model.encoding} ({model.source})"
        rule = rules.messages
        seen = (
            None
            if model.framing is Framing.NONE
            else unconfirmed(rule, found, offer.parameters, model)
        )
        if seen is not None:
            yield f"message overhead is estimated: {seen} ({rule.source})"
        if THOUGHTS in offer.parameters.features:
            yield _NOT_COUNTED_THOUGHTS
        if offer.tools:
            tool = rules.tools
            yield f"tool definitions are estimated, as {tool.shown}: {tool.seen} ({tool.source})"
        if offer.tools and offer.parameters.tool_choice not in {None, "auto"}:
            choice = rules.choice
            yield f"the tool choice is estimated: {choice.seen} ({choice.source})"
        if offer.schemas:
            schema = rules.schemas
            yield f"answer schemas are estimated, {schema.shown}: {schema.seen} ({schema.source})"
        for setting in self._settings:
            name = setting.setting.removeprefix("has_").replace("_", " ")
            yield f"the {name} is estimated as {setting.tokens:,} tokens: {setting.seen}"


def _offered(rules: CallRules, offer: Offer, count: Count, *, has_system: bool) -> int:
    tokens = sum(schema_tokens(rules.schemas, text, count) for text in offer.schemas)
    tools = shown_tools(rules.choice, offer.tools, offer.parameters)
    if tools:
        tokens += tool_tokens(rules.tools, tools, count, has_system=has_system)
        tokens += choice_tokens(rules.choice, offer.parameters, count)
    return tokens


def _settings(rules: CallRules, parameters: CallParameters) -> list[SettingRule]:
    return [rule for rule in rules.settings if getattr(parameters, rule.setting) == rule.value]


def _has_system(messages: Sequence[Message]) -> bool:
    return any(message.role in SYSTEM_ROLES for message in messages)


def _images(messages: Sequence[Message]) -> list[Image]:
    return [image for message in messages for image in message.images]


_NOT_COUNTED_THOUGHTS: Final = (
    "earlier thinking is not counted: Claude bills it since Opus 4.5, and older models while they "
    "call tools (platform.claude.com, Extended thinking)"
)
