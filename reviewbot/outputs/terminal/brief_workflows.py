"""The workflows of a review at a glance: one table, then what to do about each finding.

rich lays the table out, and is imported only here and for other tables.
"""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from reviewbot.outputs import wording
from reviewbot.outputs.accepting import WaysOut
from reviewbot.outputs.amounts import is_rounded, totals_add_up, without_unmeasured
from reviewbot.outputs.excess import increase_text
from reviewbot.outputs.grouped_workflows import WorkflowGroup, cause_of_change, grouped_workflows
from reviewbot.outputs.headline import worst_first
from reviewbot.outputs.measured import measured_text
from reviewbot.outputs.over_before import over_before
from reviewbot.outputs.shared_findings import (
    FoldedWorkflows,
    SharedFindings,
    folded_workflows,
    same_workflows,
)
from reviewbot.outputs.terminal.layout import Layout
from reviewbot.outputs.terminal.marks import GAP, HANGING, MARKS
from reviewbot.outputs.unmeasured import Unmeasured, grouped
from reviewbot.outputs.wrapping import column_of
from reviewbot.report import Finding, Report, Verdict, WorkflowReview
from reviewbot.scope.affected import State

if TYPE_CHECKING:
    from rich.table import Table

_UNLIMITED = "·"
_SHOWN_PASSING = 10
_SHOWN_ROWS = 25
_SHOWN_ACTED = 10
_SHOWN_FINDINGS = 3
_SHOWN_MEASURED = 5
_SHOWN_CAUSES = 3


def workflow_lines(layout: Layout, report: Report, shared: SharedFindings) -> Iterator[str]:
    """The table of the workflows, and the findings of each beside what they share."""
    alike = folded_workflows(shared, report.workflows)
    folded = [item for item in (same_workflows(report.workflows), alike) if item is not None]
    shown = _shown(report, folded)
    yield from _table_lines(layout, _table(shown, folded, report, layout.columns))
    yield ""
    yield from _measured_lines(layout, shown)
    ordered = wording.by_severity(report)
    unmeasured = grouped((item.name, why) for item in ordered for why in item.problems)
    first = {item.names[0] for item in unmeasured}
    own = [(item, _own(shared, item)) for item in ordered]
    groups = grouped_workflows(
        report, [(item, found) for item, found in own if found or item.name in first]
    )
    raised: set[str] = set()
    for group in groups[:_SHOWN_ACTED]:
        name = group.workflows[0].name
        yield from _not_measured(layout, [one for one in unmeasured if one.names[0] == name])
        yield from _acted(layout, report, group)
        yield from _ways(layout, group, raised)
    yield from _causes(
        layout, [item for item in shown if not item.limited and not _own(shared, item)]
    )
    left = sum(len(group.workflows) for group in groups[_SHOWN_ACTED:])
    if left > 0:
        workflows = "workflow" if left == 1 else "workflows"
        yield f"{GAP}and {left:,} more {workflows} with a finding; `--verbose` shows them"


def _shown(report: Report, folded: list[FoldedWorkflows]) -> list[WorkflowReview]:
    """The workflows to show, the worst first; the table says how many it leaves out."""
    names = {item.name for one in folded for item in one.workflows}
    ordered = [item for item in wording.by_severity(report) if item.name not in names]
    passing = sum(item.verdict is Verdict.PASS for item in ordered)
    return ordered[: min(_SHOWN_ROWS, len(ordered) - max(0, passing - _SHOWN_PASSING))]


def _table_lines(layout: Layout, table: "Table") -> Iterator[str]:
    from rich.console import Console

    console = Console(
        file=io.StringIO(),
        width=layout.columns,
        force_terminal=layout.has_colour,
        color_system="standard" if layout.has_colour else None,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as capture:
        console.print(table)
    yield from (line.rstrip() for line in capture.get().splitlines())


def _table(
    shown: list[WorkflowReview], folded: list[FoldedWorkflows], report: Report, columns: int
) -> "Table":
    from rich.table import Table
    from rich.text import Text

    rows = [_row(workflow) for workflow in shown]
    limits = [_limit(workflow) for workflow in shown]
    together = sum(len(item.workflows) for item in folded)
    if left := len(report.workflows) - len(shown) - together:
        is_passing = sum(item.verdict is Verdict.PASS for item in report.workflows) >= left
        rest = "that pass" if is_passing else "workflows"
        rows.append(("", f"and {left:,} more {rest}", *[""] * 4))
    rows += [_folded(item) for item in folded]
    limits += [""] * (len(rows) - len(limits) - len(folded))
    limits += [_limit_of_each(item) for item in folded]
    has_several = report.totals.unmeasured_workflows < len(report.workflows) > 1
    has_total = has_several and bool(shown or not folded)
    if has_total:
        rows.append(_total(report))
        limits.append("")
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    months = [_ends(workflow) for workflow in shown]
    adds_up = not has_total or totals_add_up(report, *(item.workflows for item in folded))
    are_rounded = not adds_up or any(is_rounded(*ends) for ends in months)
    titles = ("a month, rounded" if are_rounded else "a month of", *_FIGURES)
    names = column_of([row[1] for row in rows], titles[0], columns - _beside_names(rows, limits))
    table.add_column(titles[0], no_wrap=True)
    for number, title in enumerate(_FIGURES, start=2):
        width = max(map(len, (title, *(row[number] for row in rows))))
        table.add_column(title, justify="right", no_wrap=True, min_width=width)
    if any(limits):
        table.add_column("over limit", overflow="fold")
    for row, name, limit in zip(rows, names, limits, strict=True):
        shown_row = (row[0], name, *row[2:])
        cells = [Text(cell) for cell in (*shown_row, *([limit] if any(limits) else []))]
        if row[4].startswith(("+", "-")):
            for cell in cells[4:6]:
                cell.stylize("red" if row[4].startswith("+") else "green")
        table.add_row(*cells)
    return table


def _beside_names(rows: list[tuple[str, ...]], limits: list[str]) -> int:
    """The columns that the table takes beside the names, its gaps included."""
    figures = [
        max(map(len, (title, *(row[number] for row in rows))))
        for number, title in enumerate(_FIGURES, start=2)
    ]
    over = [max(map(len, ("over limit", *limits)))] if any(limits) else []
    return _MARK + sum(figures) + sum(over) + 2 * (2 + len(figures) + len(over))


_FIGURES = ("before", "after", "change", "")
_MARK = 2
"""Columns of the widest mark."""


def _row(workflow: WorkflowReview) -> tuple[str, ...]:
    absent = {State.NEW: "new", State.REMOVED: "?", State.CHANGED: "?"}[workflow.state]
    before = wording.usd(workflow.before.usd_per_month) if workflow.before else absent
    gone = "removed" if workflow.state is State.REMOVED else "?"
    after = wording.usd(workflow.after.usd_per_month) if workflow.after else gone
    rate = increase_text(workflow) if workflow.increase else ""
    return (
        _mark(workflow.verdict, is_limited=workflow.limited),
        wording.plain(workflow.name),
        before,
        after,
        _change(workflow),
        rate,
    )


def _folded(folded: FoldedWorkflows) -> tuple[str, ...]:
    """The row of workflows that are told together."""
    before, after = folded.before_usd, folded.after_usd
    rate = increase_text(folded.workflows[0]) if before != after else ""
    months = (wording.usd(before), wording.usd(after), _difference(before, after))
    mark = _mark(folded.verdict, is_limited=any(item.limited for item in folded.workflows))
    return (mark, folded.name, *months, rate)


def _mark(verdict: Verdict, *, is_limited: bool) -> str:
    """The mark of a row; where no limit is set, nothing was held."""
    return MARKS[verdict] if is_limited or verdict is not Verdict.PASS else _UNLIMITED


def _change(workflow: WorkflowReview) -> str:
    if workflow.change_usd_per_month is None:
        return "?"
    return _difference(*_ends(workflow))


def _ends(workflow: WorkflowReview) -> tuple[Decimal, Decimal]:
    """The months before and after; zero for what is not there."""
    before, after = workflow.before, workflow.after
    return (
        before.usd_per_month if before else Decimal(0),
        after.usd_per_month if after else Decimal(0),
    )


def _difference(before: Decimal, after: Decimal) -> str:
    return wording.usd_between(before, after) if before != after else "same"


def _total(report: Report) -> tuple[str, ...]:
    totals = report.totals
    return (
        "",
        f"total{without_unmeasured(totals.unmeasured_workflows)}",
        wording.usd(totals.before_usd_per_month),
        wording.usd(totals.after_usd_per_month),
        _difference(totals.before_usd_per_month, totals.after_usd_per_month),
        "",
    )


def _limit(workflow: WorkflowReview) -> str:
    """The limit that the worst finding is over, in a few words."""
    over = [item for item in worst_first(workflow.findings) if wording.limit_parts(item)]
    return wording.short_limit(over[0]) if over else ""


def _limit_of_each(folded: FoldedWorkflows) -> str:
    """The limit of a row of several workflows: an amount is that of each, not of their sum."""
    limit = _limit(folded.workflows[0])
    return f"{limit} each" if limit and not limit.endswith("%") else limit


def _measured_lines(layout: Layout, shown: list[WorkflowReview]) -> Iterator[str]:
    """What was measured of the workflows that are shown."""
    texts = [(item.name, text) for item in shown if (text := measured_text(item)) is not None]
    for name, text in texts[:_SHOWN_MEASURED]:
        yield from layout.wrapped(f"measured {wording.plain(name)}: {text}", rest=GAP)
    left = len(texts) - _SHOWN_MEASURED
    if left > 0:
        yield f"{GAP}and {left:,} more were measured; `--verbose` shows them"


def _own(shared: SharedFindings, workflow: WorkflowReview) -> list[Finding]:
    """What is wrong with a workflow beside what others share with it, the worst first."""
    found = worst_first(shared.beside(workflow))
    return [item for item in found if item.verdict is not Verdict.PASS]


def _not_measured(layout: Layout, problems: list[Unmeasured]) -> Iterator[str]:
    for item in problems:
        text = wording.plain(f"{item.whose}: {item.problem}")
        yield from layout.wrapped(f"{MARKS[Verdict.UNMEASURED]} {text}", rest=GAP * 2)


def _acted(layout: Layout, report: Report, group: WorkflowGroup) -> Iterator[str]:
    """The findings of a group, and the line that causes them."""
    for number, (verdict, text) in enumerate(group.texts[:_SHOWN_FINDINGS]):
        name, gap = ("", GAP) if number else (f"{group.name}: ", "")
        yield from layout.wrapped(f"{MARKS[verdict]} {name}{text}", first=gap, rest=GAP * 2)
    left = len(group.texts) - _SHOWN_FINDINGS
    if left > 0:
        yield f"{GAP}and {left:,} more finding{'s' if left > 1 else ''}"
    if (before := over_before(report, group.workflows[0])) is not None:
        yield from layout.wrapped(before, first=f"{GAP}before ", rest=HANGING)
    elif group.cause is not None:
        yield from layout.wrapped(group.cause, first=f"{GAP}cause  ", rest=HANGING)


def _causes(layout: Layout, passing: list[WorkflowReview]) -> Iterator[str]:
    """What causes the largest changes of workflows that no limit is set for."""
    changed = [
        (item, cause)
        for item in passing
        if item.state is State.CHANGED and (cause := cause_of_change(item)) is not None
    ]
    changed.sort(key=lambda each: -abs(each[0].change_usd_per_month or Decimal(0)))
    for workflow, cause in changed[:_SHOWN_CAUSES]:
        text = f"cause  {wording.plain(workflow.name)}: {cause.text}"
        yield from layout.wrapped(text, rest=HANGING)


def _ways(layout: Layout, group: WorkflowGroup, raised: set[str]) -> Iterator[str]:
    """A suggestion, and what else a person can do; a limit of those `raised` is named once."""
    if group.suggestion is not None:
        yield from layout.wrapped(group.suggestion, first=f"{GAP}try    ", rest=HANGING)
    ways = group.ways
    if ways.raised in raised and ways.cut is not None:
        ways = WaysOut(cut=ways.cut)
    if text := str(ways):
        label = "or     " if group.suggestion is not None else "try    "
        yield from layout.wrapped(text, first=f"{GAP}{label}", rest=HANGING)
    if ways.raised is not None:
        raised.add(ways.raised)
