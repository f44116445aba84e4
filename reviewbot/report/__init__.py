"""The result of a review, as one value that every output is made from.

Its JSON form is versioned and published (`reviewbot schema report`). Money is in USD, increases
are fractions, dates are UTC; nothing is rounded beyond `reviewbot.costs.forecast.USD_STEP`.
"""

from datetime import date

from msgspec import Struct

from reviewbot.errors import Problem
from reviewbot.report.approvals import ApprovalKind, GivenApproval
from reviewbot.report.figures import Figures, PrefixFigures, SampleFigures, StreamFigures
from reviewbot.report.findings import Finding, Rule, Verdict, worst
from reviewbot.report.months import BudgetReview, Crossing, Dimension, Month, SliceMonth, Totals
from reviewbot.report.workflow import (
    Cause,
    CauseName,
    HunkFigures,
    WayBack,
    WayKind,
    WorkflowReview,
)
from reviewbot.scope.affected import Uncovered

__all__ = [
    "SCHEMA_VERSION",
    "ApprovalKind",
    "Assessment",
    "BudgetReview",
    "Cause",
    "CauseName",
    "Crossing",
    "Dimension",
    "Figures",
    "Finding",
    "GivenApproval",
    "HunkFigures",
    "Month",
    "PrefixFigures",
    "Report",
    "Revisions",
    "Rule",
    "SampleFigures",
    "SliceMonth",
    "StreamFigures",
    "Totals",
    "Verdict",
    "WayBack",
    "WayKind",
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
