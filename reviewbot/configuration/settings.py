"""What the configuration says, validated and in base units.

Money is in USD, shares and increases are fractions (20% is 0.2), traffic is in calls a month.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.usage_settings import UsageSettings
from reviewbot.errors import Place
from reviewbot.prompt import Sample


class ServiceTier(StrEnum):
    """How fast, and at which price, a provider answers."""

    STANDARD = "standard"
    FLEX = "flex"
    PRIORITY = "priority"
    FAST = "fast"
    BATCH = "batch"


class CacheLifetime(StrEnum):
    """How long a written prefix stays in the cache; Claude's one hour costs more to write."""

    MINUTES = "5m"
    HOUR = "1h"


class Complexity(StrEnum):
    """How much model a workflow deserves."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Override(Struct, frozen=True, kw_only=True):
    """Rates that replace the catalogue's, in USD per million tokens.

    Where `cached_input` or `cache_write` is None, such tokens cost what uncached input costs.
    `counts_as` is the model behind a name that does not tell; without `input` and `output` that
    model's price holds.
    """

    input: Decimal | None = None
    output: Decimal | None = None
    cached_input: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None
    counts_as: str | None = None


class PriceFile(Struct, frozen=True, kw_only=True):
    """A file of prices in LiteLLM's format, as it stands at one revision."""

    path: str
    text: str


class Prices(Struct, frozen=True, kw_only=True):
    """Where prices come from: the catalogue's date, and the rates that replace its own.

    `catalogue` is the path of a price file that comes before genai-prices; `catalogue_file` is what
    stands in it.
    """

    as_of: date | None = None
    catalogue: str | None = None
    catalogue_file: PriceFile | None = None
    overrides: Mapping[str, Override] = {}


class Limit(Struct, frozen=True, kw_only=True):
    """A soft and a hard limit; None where there is none. USD, tokens or a fraction, by its key."""

    soft: Decimal | None = None
    hard: Decimal | None = None


class TokenLimit(Limit, frozen=True, kw_only=True):
    """A limit on the input tokens of a call.

    `over` is the statistic over the samples that is held against it: `max`, `mean` or a
    percentile such as `p95`.
    """

    over: str = "max"


class Envelope(Struct, frozen=True, kw_only=True):
    """A workflow's limits; `approvable` lets an approval replace a failed hard limit."""

    input_tokens: TokenLimit | None = None
    cost_per_call: Limit | None = None
    monthly_cost: Limit | None = None
    increase: Limit | None = None
    approvable: bool | None = None


class Stream(Struct, frozen=True, kw_only=True):
    """Calls of one kind: who makes them, how many a month, and what prices them.

    `output_tokens` is the expected answer. `cache_hit_rate` and `cache_write_rate` are the shares
    of the calls whose cacheable prefix is read from the cache, and is written to it; where the
    latter is None, as the provider does it. `region` is where the calls are served, None for what
    the model's name says. `growth` is the monthly growth of the calls, as a fraction. `can_wait`
    says that nobody waits for the answers, so that batch or flex may serve them. `repeat_rate` is
    the share of calls that repeat an earlier one to the letter. `sample_weights` says how often
    each sample occurs in these calls, by name; None where the samples' own weights hold.
    """

    calls_per_month: Decimal
    output_tokens: int
    tenant: str | None = None
    environment: str | None = None
    cache_hit_rate: Decimal = Decimal(0)
    cache_write_rate: Decimal | None = None
    cache_lifetime: CacheLifetime = CacheLifetime.MINUTES
    service_tier: ServiceTier = ServiceTier.STANDARD
    region: str | None = None
    growth_per_month: Decimal = Decimal(0)
    can_wait: bool = False
    repeat_rate: Decimal = Decimal(0)
    sample_weights: tuple[tuple[str, Decimal], ...] | None = None


class Guess(StrEnum):
    """What a configuration may call a guess, so that a change may correct it without approval."""

    MODEL = "model"
    TRAFFIC = "traffic"
    SAMPLES = "samples"


class PromptReference(Struct, frozen=True, kw_only=True):
    """A prompt of a workflow: its file, and where its name does not tell, its format and role.

    `selector` says which of the prompts in the file is meant, where it holds several;
    `format_place` is the key `format`, where it is written.
    """

    path: str
    format: str
    format_place: Place | None = None
    role: str | None = None
    selector: str | None = None
    place: Place

    @property
    def name(self) -> str:
        """The file and what is selected in it, as the configuration writes them."""
        return self.path if self.selector is None else f"{self.path}#{self.selector}"


class SamplePattern(Struct, frozen=True, kw_only=True):
    """Sample files, by a glob over the repository's paths."""

    pattern: str
    place: Place


class Workflow(Struct, frozen=True, kw_only=True):
    """One use of a model, as configured; defaults are already filled in.

    `templates` is the JSON text of how templates are read (`configuration.shape.templates`), or
    empty. `assumed` are its settings that are guesses, those that it takes from the defaults too.
    """

    name: str
    prompts: tuple[PromptReference, ...]
    traffic: tuple[Stream, ...]
    place: Place
    model: str | None = None
    encoding: str | None = None
    counts_as: str | None = None
    max_tokens: int | None = None
    tools: tuple[PromptReference, ...] = ()
    samples: tuple[Sample | SamplePattern, ...] = ()
    envelope: Envelope = Envelope()
    feature: str | None = None
    owner: str | None = None
    complexity: Complexity | None = None
    templates: str = ""
    assumed: tuple[Guess, ...] = ()

    @property
    def takes_first_samples(self) -> bool:
        """Whether `init --update` looks for first samples: not where templates are read otherwise.

        What stubs give there is no guess of a sample.
        """
        return not (self.samples or self.templates)


class BudgetMatch(Struct, frozen=True, kw_only=True):
    """The traffic that a budget covers. Every given attribute must match; None matches all."""

    feature: str | None = None
    workflow: str | None = None
    tenant: str | None = None
    tier: str | None = None
    environment: str | None = None
    owner: str | None = None


class Budget(Struct, frozen=True, kw_only=True):
    """Limits on a month of traffic; `approvable` lets an approval replace a failed hard limit."""

    name: str
    match: BudgetMatch
    place: Place
    monthly_cost: Limit | None = None
    monthly_tokens: Limit | None = None
    approvable: bool = False


class Approval(Struct, frozen=True, kw_only=True):
    """Who may approve a change that leaves its limits, and how.

    `strict` binds an approval to the commit. Approvals older than `expires_after_days` do not
    count; None means that they never grow too old.
    """

    approvers: tuple[str, ...] = ()
    label: str | None = None
    strict: bool = False
    expires_after_days: int | None = None


class Defaults(Struct, frozen=True, kw_only=True):
    """The settings of workflows that have none of their own."""

    model: str | None = None
    max_tokens: int | None = None
    traffic: tuple[Stream, ...] = ()
    envelope: Envelope = Envelope()
    templates: str = ""
    assumed: tuple[Guess, ...] = ()


class NewPrompts(StrEnum):
    """What a new or grown prompt in source code is that no workflow covers, mildest first."""

    LIST = "list"
    WARN = "warn"
    FAIL = "fail"


class Coverage(Struct, frozen=True, kw_only=True):
    """Globs of files that are prompts whatever their names say, and of files that are none.

    A change may add `unseen_tokens` of text that no sample shows before somebody has to approve it.
    """

    prompts: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    new_prompts: NewPrompts = NewPrompts.LIST
    unseen_tokens: int = 50


class Configuration(Struct, frozen=True, kw_only=True):
    """One configuration file."""

    file: str
    workflows: Mapping[str, Workflow]
    prices: Prices = Prices()
    tiers: Mapping[str, tuple[str, ...]] = {}
    defaults: Defaults = Defaults()
    high_cost_usd_per_month: Decimal | None = None
    approval: Approval = Approval()
    budgets: tuple[Budget, ...] = ()
    coverage: Coverage = Coverage()
    baseline: str | None = None
    usage: UsageSettings = UsageSettings()
