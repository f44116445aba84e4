"""What a workflow takes in one state: tokens, cost of a call and of a month."""

from decimal import Decimal

from msgspec import Struct

from reviewbot.configuration.settings import ServiceTier
from reviewbot.errors import Place

STATIC_NOTE = (
    "no samples: counted is the largest reading of the template's own text, the longest arm of "
    "each branch and each loop once; what its variables hold is not counted"
)
"""What is said of figures of a prompt with variables and without a sample."""


class SampleFigures(Struct, frozen=True, kw_only=True):
    """The input tokens of a call with one sample."""

    name: str
    weight: Decimal
    input_tokens: int
    content_tokens: int
    overhead_tokens: int
    tool_tokens: int


class StreamFigures(Struct, frozen=True, kw_only=True):
    """A stream of calls as it was priced.

    `price_source` says where its rates come from. `price_proposed` says that the reviewed change
    brings them, because neither the base's configuration nor the catalogue has any.
    """

    tenant: str | None
    environment: str | None
    service_tier: ServiceTier
    calls_per_month: Decimal
    output_tokens: int
    cache_hit_rate: Decimal
    cache_write_rate: Decimal
    growth_per_month: Decimal
    price_source: str
    price_proposed: bool
    usd_per_month: Decimal
    tokens_per_month: Decimal


class PrefixFigures(Struct, frozen=True, kw_only=True):
    """The beginning that all calls share, and how much of it a provider caches.

    `cacheable_tokens` is the part of `tokens` that can be cached: none below `minimum_tokens`, then
    whole steps of `step_tokens`. `explicit` says that the provider wants requests to mark the end
    of the prefix; they are assumed to. `ends` is the place of the first variable part, None where
    no message varies. `rule_source` names the source of the rule.
    """

    tokens: int
    cacheable_tokens: int
    minimum_tokens: int
    step_tokens: int
    explicit: bool
    rule_source: str
    ends: Place | None


class Figures(Struct, frozen=True, kw_only=True):
    """What a workflow takes in one state: tokens of a call, cost of a call and of a month.

    `exact` is False where any token figure is estimated; `notes` say which and why.
    """

    model: str
    encoding: str
    max_tokens: int | None
    samples: tuple[SampleFigures, ...]
    streams: tuple[StreamFigures, ...]
    prefix: PrefixFigures
    mean_input_tokens: Decimal
    max_input_tokens: int
    calls_per_month: Decimal
    tokens_per_month: Decimal
    usd_per_call: Decimal
    usd_per_month: Decimal
    worst_usd_per_call: Decimal | None
    worst_usd_per_month: Decimal | None
    exact: bool
    notes: tuple[str, ...]
