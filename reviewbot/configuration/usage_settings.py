"""What the configuration says of usage logs: where they are, how they are read, and tolerances."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.errors import Place


class LogFormat(StrEnum):
    """The formats of usage logs; `usage.readers` has one file for each."""

    ANTHROPIC_COST = "anthropic-cost"
    ANTHROPIC_USAGE = "anthropic-usage"
    BEDROCK = "bedrock"
    COLUMNS = "columns"
    FOCUS = "focus"
    LANGFUSE = "langfuse"
    LITELLM = "litellm"
    OPENAI_USAGE = "openai-usage"
    OPENROUTER = "openrouter"
    OTLP = "otlp"
    SUMMED = "summed"


class CostUnit(StrEnum):
    """The unit of a log's own cost."""

    USD = "usd"
    CENTS = "cents"
    MICRO_USD = "micro_usd"
    NANO_USD = "nano_usd"


class Origin(Struct, frozen=True, kw_only=True):
    """Where a log says whose a call is.

    `field` is a column, a dotted path or an attribute; `tag` the beginning of a tag, whose rest is
    the value. The first group of `pattern` is what counts, and `names` translates it. Where neither
    `field` nor `tag` is given, the format's own place is read.
    """

    field: str | None = None
    tag: str | None = None
    pattern: str | None = None
    names: tuple[tuple[str, str], ...] = ()


class LogColumns(Struct, frozen=True, kw_only=True):
    """Which column of a log of any kind holds what; `succeeded` are the states of good calls."""

    time: str
    model: str
    input: str
    output: str
    id: str | None = None
    provider: str | None = None
    service_tier: str | None = None
    calls: str | None = None
    cached: str | None = None
    written: str | None = None
    reasoning: str | None = None
    cost: str | None = None
    status: str | None = None
    succeeded: tuple[str, ...] = ()


class LogPath(Struct, frozen=True, kw_only=True):
    """Files of the repository, by a name or a pattern, and where the configuration says so."""

    pattern: str
    place: Place


class LogSource(Struct, frozen=True, kw_only=True):
    """One kind of log, and how it is mapped to workflows, tenants and environments.

    `input_includes_cached` says that input tokens count what is read from and written to the cache.
    """

    format: LogFormat
    place: Place
    paths: tuple[LogPath, ...] = ()
    workflow: Origin | None = None
    tenant: Origin | None = None
    environment: Origin | None = None
    columns: LogColumns | None = None
    input_includes_cached: bool | None = None
    cost_unit: CostUnit = CostUnit.USD


class Tolerance(Struct, frozen=True, kw_only=True):
    """How far measured may be from configured: fractions, and for the hit rate a difference."""

    calls: Decimal = Decimal("0.2")
    output_tokens: Decimal = Decimal("0.15")
    input_tokens: Decimal = Decimal("0.1")
    cache_hit_rate: Decimal = Decimal("0.1")


class UsageSettings(Struct, frozen=True, kw_only=True):
    """What is known of usage logs.

    `file` is the committed aggregate. `content` is git's id of what it holds at the revision that
    the configuration was read at, None where it is not there.
    """

    sources: tuple[LogSource, ...] = ()
    file: str = ".github/reviewbot-usage.json"
    tolerance: Tolerance = Tolerance()
    stale_after_days: int = 45
    content: str | None = None
