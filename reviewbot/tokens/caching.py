"""The cacheable prefix of a call: how far it never varies, and how much of that a provider caches.

A provider caches what a call begins with, in the order tools, schemas, messages. Rules are those of
the provider's own documentation, row by row below.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from reviewbot.tokens.model_names import Model
from reviewbot.tokens.overhead import Message

_BOUNDARY: Final = re.compile(r"(?<=[^\s])(?= \w)|(?<=\S\n)(?=\w)")
"""Every encoding here splits a text before a blank that a letter follows, and between lines."""

_TAILS_CHARACTERS: Final = (200, 2_000)
"""Of a text: there is nearly always a boundary in them."""


class Writes(StrEnum):
    """What a provider bills as written to its cache."""

    NOTHING = "nothing"
    """Writing is free."""

    MISSES = "misses"
    """The marked prefix of every call that does not read it."""

    UNREAD = "unread"
    """Every token of a call that is not read, the varying ones too."""


class CachingRule(Struct, frozen=True, kw_only=True):
    """How much of a prefix is cached: nothing below `minimum_tokens`, then whole steps.

    `names` is a regular expression for a plain model name; `provider` is None where the rule holds
    wherever the model is offered. `explicit` says that the request has to mark the end of the
    prefix; it is taken to do so. `writes` is what is billed as written, all but
    `unwritten_tokens` of a call. `source` says whose rule it is.
    """

    names: str
    minimum_tokens: int
    source: str
    step_tokens: int = 1
    explicit: bool = False
    provider: str | None = None
    writes: Writes = Writes.NOTHING
    unwritten_tokens: int = 0

    def cacheable(self, tokens: int) -> int:
        """The tokens of a prefix of `tokens` that the provider caches."""
        if tokens < self.minimum_tokens:
            return 0
        return tokens - (tokens - self.minimum_tokens) % self.step_tokens

    def write_rate(self, hit_rate: Decimal, stated: Decimal | None) -> Decimal:
        """The share of calls that write the prefix; `stated` is what the configuration says.

        Where it says nothing, every call that does not read writes, as far as writing is billed;
        a prefix that has to be marked is not marked where nothing is ever read.
        """
        match self.writes:
            case Writes.UNREAD:
                return 1 - hit_rate
            case Writes.MISSES if stated is None and hit_rate:
                return 1 - hit_rate
            case _:
                return stated or Decimal(0)

    def read_and_written(
        self, input_tokens: int, cacheable_tokens: int, *, hit_rate: Decimal, write_rate: Decimal
    ) -> tuple[Decimal, Decimal]:
        """Mean tokens of a call that are read from the cache, and that are written to it."""
        read = cacheable_tokens * hit_rate
        if self.writes is not Writes.UNREAD:
            return read, cacheable_tokens * write_rate
        if input_tokens < self.minimum_tokens:
            return Decimal(0), Decimal(0)
        return read, max(Decimal(0), input_tokens - self.unwritten_tokens - read)


_OPENAI: Final = "developers.openai.com/api/docs/guides/prompt-caching, read in autumn 2026"
_CLAUDE: Final = "platform.claude.com/docs/en/build-with-claude/prompt-caching, 2026-10-08"
_BEDROCK: Final = "docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html"
_GEMINI: Final = "ai.google.dev/gemini-api/docs/caching, 2026-10-13"


def _claude(
    names: str, minimum_tokens: int, *, source: str = _CLAUDE, provider: str | None = None
) -> CachingRule:
    return CachingRule(
        names=names,
        minimum_tokens=minimum_tokens,
        explicit=True,
        source=source,
        provider=provider,
        writes=Writes.MISSES,
    )


RULES: Final = (
    CachingRule(
        names=r"gpt-5\.([6-9]|\d\d)(-.+)?|gpt-[6-9](\.\d+)?(-.+)?",
        minimum_tokens=1024,
        source=f"{_OPENAI}: exact from 1,024 tokens for GPT-5.6 and later",
        writes=Writes.UNREAD,
        unwritten_tokens=3,  # in logs of 3 calls, of 1,892 and 7,540 tokens: BerriAI/litellm#37628
    ),
    CachingRule(
        names=r"(chat)?gpt-.+|o[134](-.+)?|codex-.+",
        minimum_tokens=1024,
        step_tokens=128,
        source="openai/openai-cookbook, Prompt_Caching_201: from 1,024 tokens in steps of 128 "
        "before GPT-5.6",
    ),
    _claude(
        r"claude-opus-4[.-][567](-.+)?|claude-haiku-4[.-]5(-.+)?",
        4096,
        source=_BEDROCK,
        provider="aws",
    ),
    _claude(r"claude-(fable|mythos|opus)-5([.-]\d)?(-.+)?", 512),
    _claude(r"claude-(sonnet|haiku)-5[.-]5(-.+)?", 512),
    _claude(r"claude-opus-4[.-][56](-.+)?|claude-haiku-4[.-]5(-.+)?", 4096),
    _claude(r"claude-opus-4[.-]7(-.+)?|claude-3([.-]5)?-haiku(-.+)?", 2048),
    _claude(r"claude-.+", 1024),
    CachingRule(names=r"gemini-2\.5-(flash|pro)(-.+)?", minimum_tokens=2048, source=_GEMINI),
    CachingRule(names=r"gemini-.+", minimum_tokens=4096, source=_GEMINI),
    CachingRule(
        names=r"deepseek-.+",
        minimum_tokens=64,
        step_tokens=64,
        source="api-docs.deepseek.com/news/news0802: units of 64 tokens",
    ),
    CachingRule(
        names=r"(open-)?(mistral|ministral|magistral|devstral|codestral|pixtral)-.+",
        minimum_tokens=64,
        step_tokens=64,
        source="mistralai/platform-docs-public, prompt-caching.md: blocks of 64 tokens",
    ),
)
UNKNOWN: Final = CachingRule(
    names=".+", minimum_tokens=0, source="the provider publishes no rule, so every token counts"
)


@lru_cache(maxsize=256)
def caching_rule(model: Model) -> CachingRule:
    """The first rule that holds for `model`; `UNKNOWN` where none is published."""
    return next(
        (
            rule
            for rule in RULES
            if rule.provider in {None, model.provider} and re.fullmatch(rule.names, model.base_name)
        ),
        UNKNOWN,
    )


def stable_beginning(
    messages: Sequence[Message], characters: Sequence[int | None]
) -> list[Message]:
    """The beginning of `messages` whose tokens no variable can change.

    `characters` says of each message how much of its text is constant, None where it never varies:
    a text may well end where its constant part does, with a value that is empty just here. Of the
    first message that varies a part is left, which ends where the encodings always split a text, so
    that what follows cannot melt into its last token. Its images are left out, and where one of
    them varies its text too: where they stand in it is not known.
    """
    beginning = []
    for message, constant in zip(messages, characters, strict=True):
        varies = any(image.varies for image in message.images)
        if varies or constant is not None:
            text = "" if varies else stable_part(message.text[:constant])
            beginning.append(Message(role=message.role, text=text, name=message.name))
            break
        beginning.append(message)
    return beginning


def stable_part(text: str) -> str:
    """`text` up to the last place where it is always split, whatever comes behind it."""
    for start in (*(max(0, len(text) - tail) for tail in _TAILS_CHARACTERS), 0):
        found = [boundary.start() for boundary in _BOUNDARY.finditer(text, start)]
        if found:
            return text[: found[-1]]
    return ""
