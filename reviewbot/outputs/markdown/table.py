"""The table that a comment begins with: what each workflow and budget costs, and its limit."""

from collections.abc import Sequence
from decimal import Decimal

from reviewbot.outputs import wording
from reviewbot.outputs.amounts import totals_add_up
from reviewbot.outputs.headline import own_terms_usd
from reviewbot.outputs.markdown.inert import Verbatim, unbroken, within_line
from reviewbot.outputs.markdown.links import Links
from reviewbot.policy.limits import increase
from reviewbot.report import BudgetReview, Finding, Month, Report, Verdict, WorkflowReview
from reviewbot.scope.affected import State

MARKS = {
    Verdict.PASS: "✅",
    Verdict.WARN: "⚠️",
    Verdict.NEEDS_APPROVAL: "✋",
    Verdict.UNMEASURED: "❓",
    Verdict.FAIL: "❌",
}
_OWN_TERMS = Verbatim("↳ *with its own settings*")
Row = dict[str, str]


def workflow_rows(workflows: Sequence[WorkflowReview], links: Links) -> list[Row]:
    """A row for each workflow, and one below it where its own settings give another month."""
    rows = []
    for item in workflows:
        rows.append(_workflow(item, links))
        own = item.proposed
        if own is not None and (
            item.after is None or own.usd_per_month != item.after.usd_per_month
        ):
            before = item.before.usd_per_month if item.before else None
            broken = limit_text(item.proposed_findings)
            row = _row("", _OWN_TERMS, before, own.usd_per_month, broken)
            rows.append(row)
    return rows


def budget_rows(report: Report) -> list[Row]:
    """A row for each budget with a finding."""
    rows = []
    for budget in report.budgets:
        own = tuple(item for item in report.findings if item.statistic == budget.name)
        if budget.verdict is not Verdict.PASS and own:
            rows.append(_budget(budget, own))
    return rows


def total_rows(report: Report, *, is_folded: bool) -> list[Row]:
    """The month of the changed workflows together, and of all where others are left as they are.

    Where rows are folded, nobody can add them up to the cent.
    """
    rows = []
    totals = report.totals
    if len(report.workflows) > 1 and totals.unmeasured_workflows < len(report.workflows):
        before, after = totals.before_usd_per_month, totals.after_usd_per_month
        is_exact = is_folded or totals_add_up(report)
        rounded = "" if is_exact else ", rounded"
        rows.append(_total(f"{len(report.workflows):,} changed{rounded}", before, after))
        if (own := own_terms_usd(report)) is not None:
            rows.append(_row("", _OWN_TERMS, before, own, ""))
    others = len(report.unaffected_workflows)
    if report.month is not None and report.workflows and others:
        rows.append(_whole(report.month, others))
    return rows


def limit_text(findings: Sequence[Finding]) -> Verbatim:
    """The limits that are broken, the worst first, one a line."""
    ordered = sorted(findings, key=lambda item: -list(Verdict).index(item.verdict))
    texts = []
    for finding in ordered:
        parts = wording.limit_parts(finding)
        if parts is not None:
            text = f"{parts['excess']} over {parts['limit']}"
            texts.append(Verbatim(f"{within_line(parts['limit_name'])}: {unbroken(text)}"))
    return Verbatim("<br>".join(dict.fromkeys(texts)))


def change_text(before_usd: Decimal | None, after_usd: Decimal | None) -> str:
    """The change of a month, with its rate where it has one."""
    if before_usd is None or after_usd is None:
        return "?"
    if before_usd == after_usd:
        return "none"
    rate = increase(before_usd, after_usd)
    shown = f" ({wording.percent_change(rate)})" if rate is not None else ""
    return f"{wording.usd_between(before_usd, after_usd)}{shown}"


def _workflow(workflow: WorkflowReview, links: Links) -> Row:
    before = workflow.before.usd_per_month if workflow.before else None
    after = workflow.after.usd_per_month if workflow.after else None
    hunk = next(iter(workflow.hunks), None)
    name = within_line(workflow.name)
    if hunk is not None:
        name = links.titled(name, hunk.file, hunk.first_line)
    within = "within" if workflow.limited else "none set"
    limit = limit_text(workflow.findings) or within
    row = _row(MARKS[workflow.verdict], name, before, after, limit)
    match workflow.state:
        case State.NEW:
            row |= {"before": "new", "change": change_text(Decimal(0), after)}
        case State.REMOVED:
            row |= {"after": "removed", "change": change_text(before, Decimal(0))}
        case State.CHANGED:
            pass
    return row | {"change": unbroken(row["change"])}


def _budget(budget: BudgetReview, findings: Sequence[Finding]) -> Row:
    name = within_line(f"budget {budget.name}")
    month, mark = budget.month, MARKS[budget.verdict]
    return _row(mark, name, month.before_usd, month.after_usd, limit_text(findings))


def _whole(month: Month, others: int) -> Row:
    unknown = month.unmeasured_workflows
    unmeasured = f", {unknown:,} not measured" if unknown else ""
    name = f"with {others:,} unaffected{unmeasured}"
    return _total(name, month.before_usd, month.after_usd)


def _total(name: str, before: Decimal, after: Decimal) -> Row:
    return _row("", Verbatim(f"**{name}**"), before, after, "")


def _row(
    mark: str, name: Verbatim, before: Decimal | None, after: Decimal | None, limit: str
) -> Row:
    return {
        "name": Verbatim(f"{mark}&nbsp;{name}" if mark else name),
        "before": "?" if before is None else wording.usd(before),
        "after": "?" if after is None else wording.usd(after),
        "change": unbroken(change_text(before, after)),
        "limit": limit,
    }
