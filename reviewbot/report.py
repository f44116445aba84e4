"""The result of a review, as one value that every output is made from.

Its JSON form is versioned and published (`reviewbot schema report`). Money is in USD, increases
are fractions, dates are UTC; nothing is rounded beyond `reviewbot.costs.USD_STEP`.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from reviewbot.affected import State, Unowned
from reviewbot.configuration.settings import ServiceTier
from reviewbot.errors import Problem
from reviewbot.records import Record

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


class CauseName(StrEnum):
    """What moves the cost of a workflow, in the order in which the causes are told apart."""

    PROMPT_TEXT = "prompt text"
    MODEL = "model"
    PARAMETERS = "parameters"
    SAMPLES = "samples"
    TRAFFIC = "traffic"
    PRICES = "prices"


class Finding(Record):
    """One thing to know or to act on.

    For a limit, `actual`, `limit` and `excess` are in the unit of its rule (tokens, USD, or a
    fraction for `increase`), and `statistic` says what was held against it. `actual` and `excess`
    are None where growth from zero has no rate.
    """

    rule: Rule
    verdict: Verdict
    text: str
    statistic: str | None = None
    actual: Decimal | None = None
    limit: Decimal | None = None
    excess: Decimal | None = None


class SampleFigures(Record):
    """The input tokens of a call with one sample."""

    name: str
    weight: Decimal
    input_tokens: int
    content_tokens: int
    overhead_tokens: int
    tool_tokens: int


class StreamFigures(Record):
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
    price_source: str
    price_proposed: bool


class Figures(Record):
    """What a workflow takes in one state: tokens of a call, cost of a call and of a month.

    `exact` is False where any token figure is estimated; `notes` say which and why.
    """

    model: str
    encoding: str
    max_tokens: int | None
    samples: tuple[SampleFigures, ...]
    streams: tuple[StreamFigures, ...]
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


class Cause(Record):
    """A part of the change of a month's cost; the parts of a workflow add up to the whole."""

    name: CauseName
    usd_per_month: Decimal


class WorkflowReview(Record):
    """One workflow that the change concerns.

    `before` and `after` are judged under the governing terms. `proposed` is *after* under the
    reviewed change's own traffic, samples, prices and limits, None where these are the same.
    `causes` lead from `before` to `proposed`, or to `after` where that is None. `evidence` is the
    digest of what an approval of this workflow is bound to.
    """

    name: str
    state: State
    verdict: Verdict
    feature: str | None
    owner: str | None
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


class Revisions(Record):
    """The revisions that were compared; `head` is None where uncommitted files were."""

    base_name: str
    base: str
    merge_base: str
    head_name: str
    head: str | None


class Totals(Record):
    """A month of all measured workflows that the change concerns, in USD."""

    before_usd_per_month: Decimal
    after_usd_per_month: Decimal
    change_usd_per_month: Decimal
    unmeasured_workflows: int


class ApprovalKind(StrEnum):
    """How somebody approved."""

    REVIEW = "review"
    LABEL = "label"


class GivenApproval(Record):
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


class Report(Record):
    """The result of one review.

    `evidence` is the digest of everything that needs approval, None where nothing does.
    `approvals` are those that were given, whether they count or not; where `approved` is true they
    cover all that needs approval, and `verdict` is what remains. `approvers` may be asked.
    `pull_request` is the one that was reviewed.
    """

    reviewbot_version: str
    verdict: Verdict
    configuration: str
    advisory: str | None
    revisions: Revisions
    catalogue_version: str | None
    prices_as_of: date
    totals: Totals
    workflows: tuple[WorkflowReview, ...]
    unaffected_workflows: tuple[str, ...]
    unowned: tuple[Unowned, ...]
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
    schema_version: int = SCHEMA_VERSION
