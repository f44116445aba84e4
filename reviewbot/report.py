"""The result of a review, as one value that every output is made from.

Its JSON form is versioned and published (`reviewbot schema report`). Money is in USD, increases
are fractions, dates are UTC; nothing is rounded beyond `reviewbot.costs.forecast.USD_STEP`.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.settings import Complexity, Limit, ServiceTier, Slice
from reviewbot.errors import Place, Problem
from reviewbot.scope.affected import State, Uncovered

SCHEMA_VERSION = 1


class Verdict(StrEnum):
    """What the review comes to; the later, the more severe."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    NEEDS_APPROVAL = "needs-approval"
    UNMEASURED = "unmeasured"
    FAIL = "fail"


def worst(verdicts: "list[Verdict]") -> Verdict:
    """The most severe of `verdicts`; `pass` where there are none."""
    return max(verdicts, key=list(Verdict).index, default=Verdict.PASS)


class Rule(StrEnum):
    """What a finding is about."""

    INPUT_TOKENS = "input_tokens"
    COST_PER_CALL = "cost_per_call"
    MONTHLY_COST = "monthly_cost"
    INCREASE = "increase"
    HIGH_COST = "high_cost"
    REMOVED = "removed"
    LOOSENED = "loosened"
    BEFORE_UNMEASURED = "before_unmeasured"
    PRICE_PROPOSED = "price_proposed"
    DRIFT = "drift"
    COMPLEXITY = "complexity"
    BUDGET_COST = "budget_cost"
    BUDGET_TOKENS = "budget_tokens"
    BUDGET_UNMEASURED = "budget_unmeasured"


class CauseName(StrEnum):
    """What moves the cost of a workflow, in the order in which the causes are told apart."""

    PROMPT_TEXT = "prompt text"
    CACHEABLE_PREFIX = "cacheable prefix"
    TOKENIZER = "tokenizer"
    MODEL_PRICE = "model price"
    PARAMETERS = "parameters"
    SAMPLES = "samples"
    TRAFFIC = "traffic"
    PRICES = "prices"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to know or to act on.

    For a limit, `actual`, `limit` and `excess` are in the unit of its rule (tokens, USD, or a
    fraction for `increase` and `drift`), `bound` is `soft` or `hard`, and `statistic` says what was
    held against it: of a budget its name, of complexity the model that would do. `actual` and
    `excess` are None where growth from zero has no rate. `place` is the setting that it is about,
    in the reviewed change's own file.
    """

    rule: Rule
    verdict: Verdict
    text: str
    statistic: str | None = None
    bound: str | None = None
    actual: Decimal | None = None
    limit: Decimal | None = None
    excess: Decimal | None = None
    place: Place | None = None


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

    `price_source` says where its rates come from; `price_proposed` that they come from the
    reviewed change, because neither the base's configuration nor the catalogue has any.
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
    """What every call begins with, whatever its variables, and how much of it is cached.

    `cacheable_tokens` are what the provider's rule leaves of `tokens`: none below `minimum_tokens`,
    then whole steps. `explicit` says that requests have to mark the prefix's end, and are taken to.
    `ends` is where the first variable part stands; None where no message varies. `rule_source` says
    whose rule it is.
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


class Cause(Struct, frozen=True, kw_only=True):
    """A part of the change of a month's cost; the parts of a workflow add up to the whole."""

    name: CauseName
    usd_per_month: Decimal


class HunkFigures(Struct, frozen=True, kw_only=True):
    """What changed lines add by themselves: the month with them less the month without them.

    `first_line` and `last_line` are lines of `file` after the change. `hunks` is how many hunks of
    the diff were taken together. The figures are None where the prompt cannot be rendered without
    these lines; `input_tokens` is the mean over the samples.
    """

    file: str
    first_line: int
    last_line: int
    hunks: int
    input_tokens: Decimal | None
    usd_per_month: Decimal | None


class WayKind(StrEnum):
    """What a way back changes."""

    OUTPUT_CAP = "output cap"
    MODEL = "cheaper model"
    PREFIX = "cacheable prefix"
    HUNK = "changed lines"
    REPEATED = "repeated block"
    WHITE_SPACE = "white space"
    EXAMPLE = "example"
    SERVICE_TIER = "service tier"
    RESPONSE_CACHE = "response cache"


class WayBack(Struct, frozen=True, kw_only=True):
    """A change that would bring a month's cost down, forecast like any other.

    `usd_per_month` is the workflow's month with it, `saves_usd_per_month` what that is less than
    after the reviewed change. `fits` says that no limit that is broken now would be. `value` is the
    cap, model or service tier to set; `file`, `first_line` and `last_line` are the lines to edit.
    """

    kind: WayKind
    text: str
    usd_per_month: Decimal
    saves_usd_per_month: Decimal
    fits: bool
    value: str | None = None
    file: str | None = None
    first_line: int | None = None
    last_line: int | None = None


class WorkflowReview(Struct, frozen=True, kw_only=True):
    """One workflow that the change concerns.

    `feature`, `owner` and `complexity` are the governing ones; `tier` is the model's after the
    change, by the governing `tiers`.
    `before` and `after` are judged under the governing terms. `proposed` is *after* under the
    reviewed change's own traffic, samples, prices and limits, None where these are the same.
    `causes` lead from `before` to `proposed`, or to `after` where that is None. `evidence` is the
    digest of what an approval of this workflow is bound to. `hunks` and `remainder_usd_per_month`,
    which is what the hunks do not add each by itself, make up `change_usd_per_month`. `ways_back`
    are there where a limit is broken, those that save most first.
    """

    name: str
    state: State
    verdict: Verdict
    feature: str | None
    owner: str | None
    tier: str | None
    complexity: Complexity | None
    files: tuple[str, ...]
    before: Figures | None
    after: Figures | None
    proposed: Figures | None
    change_usd_per_month: Decimal | None
    increase: Decimal | None
    causes: tuple[Cause, ...]
    findings: tuple[Finding, ...]
    proposed_findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    evidence: str
    hunks: tuple[HunkFigures, ...] = ()
    remainder_usd_per_month: Decimal | None = None
    ways_back: tuple[WayBack, ...] = ()


class Revisions(Struct, frozen=True, kw_only=True):
    """The revisions that were compared; `head` is None where uncommitted files were."""

    base_name: str
    base: str
    merge_base: str
    head_name: str
    head: str | None


class Totals(Struct, frozen=True, kw_only=True):
    """A month of all measured workflows that the change concerns, in USD."""

    before_usd_per_month: Decimal
    after_usd_per_month: Decimal
    change_usd_per_month: Decimal
    unmeasured_workflows: int


class Dimension(StrEnum):
    """By what a month is told apart."""

    FEATURE = "feature"
    WORKFLOW = "workflow"
    TENANT = "tenant"
    TIER = "tier"
    ENVIRONMENT = "environment"
    OWNER = "owner"


class Month(Struct, frozen=True, kw_only=True):
    """A month before and after the change under the governing terms, and under the proposed ones.

    USD, and input and output tokens. `unmeasured_workflows` are those whose part is not in it.
    """

    before_usd: Decimal
    after_usd: Decimal
    proposed_usd: Decimal
    before_tokens: Decimal
    after_tokens: Decimal
    proposed_tokens: Decimal
    unmeasured_workflows: int


class SliceMonth(Struct, frozen=True, kw_only=True):
    """The month of one slice of all workflows.

    `value` is None for what has no such attribute. `touched` says that the change concerns it.
    """

    dimension: Dimension
    value: str | None
    touched: bool
    month: Month


class Crossing(Struct, frozen=True, kw_only=True):
    """The month (`2027-03`) in which growing traffic takes a budget over one of its limits."""

    limit: str
    month: str


class BudgetReview(Struct, frozen=True, kw_only=True):
    """A governing budget, held against the month of its slice over all workflows.

    The headrooms are what is left below the hard limits, or below the soft ones where there are no
    hard ones: negative over them, None without any. `crossings` reckon with the traffic's growth.
    """

    name: str
    match: Slice
    touched: bool
    verdict: Verdict
    month: Month
    monthly_cost: Limit | None
    monthly_tokens: Limit | None
    headroom_usd: Decimal | None
    headroom_tokens: Decimal | None
    crossings: tuple[Crossing, ...]


class Assessment(Struct, frozen=True, kw_only=True):
    """What is known once prompts are rendered, counted and priced.

    `unmeasured` says which workflows that the change does not concern cannot be measured.
    """

    workflows: tuple[WorkflowReview, ...] = ()
    month: Month | None = None
    slices: tuple[SliceMonth, ...] = ()
    budgets: tuple[BudgetReview, ...] = ()
    budget_findings: tuple[Finding, ...] = ()
    pin_findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    unmeasured: tuple[Problem, ...] = ()


class ApprovalKind(StrEnum):
    """How somebody approved."""

    REVIEW = "review"
    LABEL = "label"


class GivenApproval(Struct, frozen=True, kw_only=True):
    """An approval that somebody gave: when (as GitHub says it), on which commit, and its worth.

    `commit` is None where nobody can tell. `refusal` says why it does not count; None if it does.
    `covers` are the digests of what it counts for: `evidence` of workflows, and
    `configuration_evidence`.
    """

    by: str
    kind: ApprovalKind
    at: str
    commit: str | None
    refusal: str | None
    covers: tuple[str, ...] = ()


class Report(Struct, frozen=True, kw_only=True):
    """The result of one review.

    `evidence` is the digest of everything that needs approval, None where nothing does.
    `approvals` are those that were given, whether they count or not; where `approved` is true they
    cover all that needs approval, and `verdict` is what remains. `approvers` may be asked.
    `pull_request` is the one that was reviewed. `notes` are things to know that judge nothing.

    `month`, `slices` and `budgets` are over all workflows, `unmeasured` says which of those that
    the change does not concern cannot be measured; where it concerns none, nothing was measured.
    """

    reviewbot_version: str
    verdict: Verdict
    configuration: str
    advisory: str | None
    revisions: Revisions
    catalogue_version: str | None
    prices_as_of: date
    totals: Totals
    month: Month | None
    slices: tuple[SliceMonth, ...]
    budgets: tuple[BudgetReview, ...]
    workflows: tuple[WorkflowReview, ...]
    unaffected_workflows: tuple[str, ...]
    unmeasured: tuple[Problem, ...]
    unowned: tuple[Uncovered, ...]
    findings: tuple[Finding, ...]
    configuration_evidence: str | None
    evidence: str | None
    approvers: tuple[str, ...]
    approval_label: str | None
    approval_strict: bool
    approval_expires_after_days: int | None
    approved: bool = False
    approvals: tuple[GivenApproval, ...] = ()
    pull_request: int | None = None
    notes: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION
