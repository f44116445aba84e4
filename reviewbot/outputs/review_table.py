"""The rows of the table that a review is shown by: months before and after, and broken limits."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.outputs import wording
from reviewbot.outputs.amounts import (
    changes_add_up,
    is_rounded,
    totals_add_up,
    without_unmeasured,
)
from reviewbot.outputs.changed_month import own_terms_usd
from reviewbot.outputs.headline import worst_first
from reviewbot.policy.limits import increase
from reviewbot.report import BudgetReview, Finding, Report, Verdict, WorkflowReview
from reviewbot.scope.affected import State


class RowKind(StrEnum):
    """What a row is about; `OWN_SETTINGS` belongs to the row above it."""

    WORKFLOW = "workflow"
    OWN_SETTINGS = "own settings"
    BUDGET = "budget"
    TOTAL = "total"


class BrokenLimit(Struct, frozen=True, kw_only=True):
    """A limit that is broken: its name, and by how much."""

    name: str
    excess: str


class MonthRow(Struct, frozen=True, kw_only=True):
    """A month before and after, in USD and in words; None is unknown, or not there at all.

    `name` is the repository's own. `limit` says how the workflow stands where no limit is broken.
    Where a workflow has no limit at all, `is_limited` is false: it was held to nothing.
    A row that `is_rounded` has a change that does not lead from one month to the other to the cent,
    or is a total that the rows above do not reach.
    """

    kind: RowKind
    name: str
    verdict: Verdict | None
    before_usd: Decimal | None
    after_usd: Decimal | None
    before: str
    after: str
    change: str
    broken: tuple[BrokenLimit, ...] = ()
    limit: str = ""
    is_limited: bool = True
    is_rounded: bool = False
    file: str | None = None
    line: int | None = None


def workflow_rows(workflows: Sequence[WorkflowReview]) -> Iterator[MonthRow]:
    """A row for each workflow, and one below it where its own settings give another month."""
    for item in workflows:
        yield _workflow(item)
        own = item.proposed.usd_per_month if item.proposed else None
        if own is not None and (item.after is None or own != item.after.usd_per_month):
            before = item.before.usd_per_month if item.before else None
            yield _row(RowKind.OWN_SETTINGS, "", before, own, broken_limits(item.proposed_findings))


def budget_rows(report: Report) -> Iterator[MonthRow]:
    """A row for each budget with a finding, and for each that the change brings."""
    for budget in report.budgets:
        own = tuple(item for item in report.findings if item.statistic == budget.name)
        if budget.is_new:
            stands = "within" if budget.verdict is Verdict.PASS else "over"
            yield replace(_budget(budget, ()), limit=f"new, {stands} its limits")
        elif budget.verdict is not Verdict.PASS and own:
            yield _budget(budget, own)


def total_rows(report: Report) -> Iterator[MonthRow]:
    """The month of the workflows together, and of all where others are left as they are.

    Those of which any costs the same are concerned by the change, not changed.
    """
    totals, count = report.totals, len(report.workflows)
    if count > 1 and totals.unmeasured_workflows < count:
        before, after = totals.before_usd_per_month, totals.after_usd_per_month
        are_changed = all(item.change_usd_per_month for item in report.workflows)
        name = f"{count:,} {'changed' if are_changed else 'concerned'}"
        name += without_unmeasured(totals.unmeasured_workflows)
        yield _total(name, before, after, adds_up=totals_add_up(report))
        if (own := own_terms_usd(report)) is not None:
            yield _row(RowKind.OWN_SETTINGS, "", before, own)
    others, month = len(report.unaffected_workflows), report.month
    if month is not None and count and others:
        unmeasured = without_unmeasured(month.unmeasured_workflows)
        name = f"with {others:,} unaffected{unmeasured}"
        adds_up = changes_add_up(report, month)
        yield _total(name, month.before_usd, month.after_usd, adds_up=adds_up)


def by_subject(rows: Iterable[MonthRow]) -> list[list[MonthRow]]:
    """The rows of each workflow or budget together; the first of them has the verdict."""
    found: list[list[MonthRow]] = []
    for row in rows:
        if row.verdict is not None or not found:
            found.append([])
        found[-1].append(row)
    return found


def is_within(rows: Sequence[MonthRow]) -> bool:
    """Whether a subject passes, and breaks no limit by the settings that a change brings either."""
    return rows[0].verdict is Verdict.PASS and not any(row.broken for row in rows)


def holds_nothing(row: MonthRow) -> bool:
    """Whether a workflow passes because no limit is set for it."""
    return row.verdict is Verdict.PASS and not row.is_limited


def broken_limits(findings: Sequence[Finding]) -> tuple[BrokenLimit, ...]:
    """The limits that are broken, the worst first, those in money before others."""
    found = []
    for finding in worst_first(findings):
        parts = wording.limit_parts(finding)
        if parts is not None:
            excess = f"{parts['excess']} over {parts['limit']}"
            found.append(BrokenLimit(name=parts["limit_name"], excess=excess))
    return tuple(dict.fromkeys(found))


def change_text(before_usd: Decimal | None, after_usd: Decimal | None) -> str:
    """The change of a month, with its rate where it has one."""
    if before_usd is None or after_usd is None:
        return "?"
    if before_usd == after_usd:
        return "none"
    rate = increase(before_usd, after_usd)
    shown = f" ({wording.percent_change(rate)})" if rate is not None else ""
    return f"{wording.usd_between(before_usd, after_usd)}{shown}"


def _workflow(workflow: WorkflowReview) -> MonthRow:
    before = workflow.before.usd_per_month if workflow.before else None
    after = workflow.after.usd_per_month if workflow.after else None
    hunk = next(iter(workflow.hunks), None)
    is_new, is_gone = workflow.state is State.NEW, workflow.state is State.REMOVED
    start = Decimal(0) if is_new else before
    return MonthRow(
        kind=RowKind.WORKFLOW,
        name=workflow.name,
        verdict=workflow.verdict,
        before_usd=before,
        after_usd=after,
        before="new" if is_new else _shown(before),
        after="removed" if is_gone else _shown(after),
        is_rounded=start is not None and after is not None and is_rounded(start, after),
        change=change_text(start, Decimal(0) if is_gone else after),
        broken=broken_limits(workflow.findings),
        limit=_standing(workflow),
        is_limited=workflow.limited,
        file=hunk.file if hunk else None,
        line=hunk.first_line if hunk else None,
    )


def _standing(workflow: WorkflowReview) -> str:
    """How a workflow stands that breaks no limit, as far as is known.

    One that is gone, or fails by other than a limit, is not within any.
    """
    if workflow.state is State.REMOVED or workflow.verdict is Verdict.FAIL:
        return "–"
    if not workflow.limited:
        return "none set"
    return "unknown" if workflow.verdict is Verdict.UNMEASURED else "within"


def _budget(budget: BudgetReview, findings: Sequence[Finding]) -> MonthRow:
    month, broken = budget.month, broken_limits(findings)
    row = _row(
        RowKind.BUDGET,
        f"budget {budget.name}",
        month.before_usd,
        month.after_usd,
        broken,
        verdict=budget.verdict,
    )
    if budget.monthly_cost is not None:
        return row
    before, after = month.before_tokens, month.after_tokens
    rate = increase(before, after)
    change = "none" if before == after else wording.tokens_per_month(after - before)
    return replace(
        row,
        before_usd=None,
        after_usd=None,
        before=wording.tokens_per_month(before),
        after=wording.tokens_per_month(after),
        change=change if rate is None or before == after else wording.percent_change(rate),
    )


def _total(name: str, before: Decimal, after: Decimal, *, adds_up: bool) -> MonthRow:
    row = _row(RowKind.TOTAL, name, before, after)
    return replace(row, is_rounded=row.is_rounded or not adds_up)


def _row(
    kind: RowKind,
    name: str,
    before: Decimal | None,
    after: Decimal | None,
    broken: tuple[BrokenLimit, ...] = (),
    *,
    verdict: Verdict | None = None,
) -> MonthRow:
    return MonthRow(
        kind=kind,
        name=name,
        verdict=verdict,
        before_usd=before,
        after_usd=after,
        before=_shown(before),
        after=_shown(after),
        is_rounded=before is not None and after is not None and is_rounded(before, after),
        change=change_text(before, after),
        broken=broken,
    )


def _shown(amount: Decimal | None) -> str:
    return "?" if amount is None else wording.usd(amount)
