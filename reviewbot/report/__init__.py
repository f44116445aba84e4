"""The result of a review, as one value that every output is made from.

Its JSON form is versioned and published (`reviewbot schema report`). Money is in USD, increases
are fractions, dates are UTC; nothing is rounded beyond `reviewbot.costs.forecast.USD_STEP`.
"""

from datetime import date

from msgspec import Struct

from reviewbot.errors import Problem
from reviewbot.report.approvals import ApprovalKind, GivenApproval
from reviewbot.report.figures import (
    STATIC_NOTE,
    Figures,
    PrefixFigures,
    SampleFigures,
    StreamFigures,
)
from reviewbot.report.findings import Finding, Rule, Verdict, worst
from reviewbot.report.measured import MeasuredTraffic, TrafficFigure
from reviewbot.report.months import BreakdownMonth, BudgetReview, Crossing, Dimension, Month, Totals
from reviewbot.report.workflow import (
    Cause,
    CauseName,
    HunkFigures,
    Suggestion,
    SuggestionKind,
    WorkflowReview,
)
from reviewbot.scope.not_covered import NewPrompt, PromptCoverage, Uncovered

__all__ = [
    "SCHEMA_VERSION",
    "STATIC_NOTE",
    "ApprovalKind",
    "Assessment",
    "BreakdownMonth",
    "BudgetReview",
    "Cause",
    "CauseName",
    "Crossing",
    "Dimension",
    "Figures",
    "Finding",
    "GivenApproval",
    "HunkFigures",
    "MeasuredTraffic",
    "Month",
    "PrefixFigures",
    "Report",
    "Revisions",
    "Rule",
    "SampleFigures",
    "StreamFigures",
    "Suggestion",
    "SuggestionKind",
    "Totals",
    "TrafficFigure",
    "Verdict",
    "WorkflowReview",
    "worst",
]

SCHEMA_VERSION = 1


class Revisions(Struct, frozen=True, kw_only=True):
    """The revisions that were compared; `head` is None where uncommitted files were."""

    base_name: str
    base: str
    merge_base: str
    head_name: str
    head: str | None


class Assessment(Struct, frozen=True, kw_only=True):
    """What is known once prompts are rendered, counted and priced.

    `unmeasured` names workflows outside of the change that cannot be measured. `hidden` are files
    with text that templates have still, and that renderings showed before the change only.
    `catalogue_version` is that of the prices, None where nothing was priced.
    """

    catalogue_version: str | None = None
    workflows: tuple[WorkflowReview, ...] = ()
    month: Month | None = None
    slices: tuple[BreakdownMonth, ...] = ()
    budgets: tuple[BudgetReview, ...] = ()
    budget_findings: tuple[Finding, ...] = ()
    pin_findings: tuple[Finding, ...] = ()
    usage_findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    unmeasured: tuple[Problem, ...] = ()
    hidden: frozenset[str] = frozenset()


class Report(Struct, frozen=True, kw_only=True):
    """The result of one review.

    `evidence` is the fingerprint of everything that needs approval, None where nothing does.
    `approvals` holds every approval that was given, also those that do not count. `approved` says
    that they cover all that needs approval; `verdict` is then the verdict without that.
    `approvers` may be asked. `notes` are things to know that judge nothing.

    `month`, `slices` and `budgets` cover all workflows; `unmeasured` names those outside of the
    change that cannot be measured. Where the change concerns no workflow, nothing is measured.
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
    slices: tuple[BreakdownMonth, ...]
    budgets: tuple[BudgetReview, ...]
    workflows: tuple[WorkflowReview, ...]
    unaffected_workflows: tuple[str, ...]
    unmeasured: tuple[Problem, ...]
    unowned: tuple[Uncovered, ...]
    new_prompts: tuple[NewPrompt, ...] = ()
    coverage: PromptCoverage | None = None
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
