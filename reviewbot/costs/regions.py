"""What a region adds to a price that the catalogue lists for calls from anywhere."""

import re
from decimal import Decimal
from typing import Final

from msgspec import Struct

from reviewbot.tokens import Model


class Region(Struct, frozen=True, kw_only=True):
    """A factor on all rates of `provider`, for plain names and regions (regular expressions)."""

    provider: str
    names: str
    regions: str
    factor: Decimal
    source: str


_GLOBAL: Final = re.compile(r"global|regional")
_SINCE_OPUS_4_6: Final = (
    r"claude-(opus-4[.-][6-9]|sonnet-4[.-][6-9]|(opus|sonnet|haiku|fable|mythos)-5).*"
)
_SINCE_CLAUDE_4_5: Final = (
    r"claude-((opus|sonnet|haiku)-4[.-][5-9]|(opus|sonnet|haiku|fable|mythos)-5).*"
)
_SINCE_GPT_5_4: Final = r"gpt-(5\.[4-9]|5\.\d\d|[6-9])(\.\d+)?(-.+)?"
_LITELLM: Final = "LiteLLM 1.110's list"

REGIONS: Final = (
    Region(
        provider="anthropic",
        names=_SINCE_OPUS_4_6,
        regions="us",
        factor=Decimal("1.1"),
        source="Claude's documentation, data residency",
    ),
    Region(
        provider="openai",
        names=_SINCE_GPT_5_4,
        regions=".+",
        factor=Decimal("1.1"),
        source="OpenAI's guide, data residency: models since 5 March 2026",
    ),
    Region(
        provider="azure",
        names=r"gpt-6(\.\d+)?(-.+)?",
        regions="eu|apac",
        factor=Decimal("1.2"),
        source=f"{_LITELLM}: 7 of 8 models",
    ),
    Region(
        provider="azure",
        names=r"(?!text-embedding-).+",
        regions="us|eu",
        factor=Decimal("1.1"),
        source=f"{_LITELLM}: 122 of 122 models",
    ),
    Region(
        provider="google",
        names=rf"{_SINCE_CLAUDE_4_5}|gemini-(3\.[5-9]|3\.1-flash-lite|4)(-.+)?",
        regions=".+",
        factor=Decimal("1.1"),
        source=f"{_LITELLM}: regional_endpoint_uplift_multiplier; Vertex AI's pricing page",
    ),
    Region(
        provider="aws",
        names=r"nova-(lite|micro|pro)-.+",
        regions="eu|eu-.+",
        factor=Decimal("1.3"),
        source=f"{_LITELLM}: 3 of 3 models",
    ),
)
_UNPRICED: Final = {
    "aws": r"(?!us$|us-(east|west)-\d$|us-east-\d$).+",
    "azure": r"(?!us$|eu$|global.*$).+",
}
"""Regions for which the factor is not known, by provider."""


def factor_of(model: Model, region: str | None) -> Region | None:
    """The factor on the price of `model` there; None where there is none."""
    if region is None or _GLOBAL.fullmatch(region):
        return None
    return next(
        (
            row
            for row in REGIONS
            if row.provider == model.provider
            and re.fullmatch(row.names, model.base_name)
            and re.fullmatch(row.regions, region)
        ),
        None,
    )


def is_unpriced(model: Model, region: str | None) -> bool:
    """Whether a price of that region differs from the catalogue's by an unknown factor."""
    unpriced = _UNPRICED.get(model.provider)
    return region is not None and unpriced is not None and bool(re.fullmatch(unpriced, region))
