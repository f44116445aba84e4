"""The review in full: every workflow with its figures, then months, budgets and approval."""

from collections.abc import Iterator

from reviewbot.outputs import approvals, explaining, wording
from reviewbot.outputs.broken_budgets import broken_budgets
from reviewbot.outputs.new_prompts import new_prompt_text, uncovered_file_text
from reviewbot.outputs.terminal.layout import Layout
from reviewbot.outputs.terminal.verbose_workflow import MARKS, workflow_lines
from reviewbot.report import Dimension, Report

_SHOWN_UNOWNED = 5
_SHOWN_MONTHS = 4


def verbose_lines(layout: Layout, report: Report) -> Iterator[str]:
    """The lines of a review in full, below what was compared."""
    yield from _head(layout, report)
    yield from _workflows(layout, report)
    yield from _foot(layout, report)
    yield from _approval(layout, report)
    yield ""


def _head(layout: Layout, report: Report) -> Iterator[str]:
    if report.advisory:
        yield from layout.wrapped(f"Advisory: {wording.plain(report.advisory)}.")
    for note in report.notes:
        yield from layout.wrapped(f"Note: {wording.plain(note)}.")


def _workflows(layout: Layout, report: Report) -> Iterator[str]:
    for workflow in wording.by_severity(report):
        yield ""
        yield from workflow_lines(layout, workflow)


def _foot(layout: Layout, report: Report) -> Iterator[str]:
    yield from _months(layout, report)
    for finding in report.findings:
        yield ""
        yield from layout.entry(MARKS[finding.verdict], wording.limit_text(finding), indent="")
    for broken in broken_budgets(report):
        yield from layout.entry("try", f"{broken.title}: {broken.ways}")
    for problem in report.unmeasured:
        yield ""
        yield from layout.entry("unmeasured", wording.plain(str(problem)), indent="")
    yield from _new_prompts(layout, report)
    yield from _unowned(layout, report)
    if report.unaffected_workflows and report.workflows:
        yield ""
        count = len(report.unaffected_workflows)
        yield f"{count} other workflow{'s' if count > 1 else ''} unaffected."


def _new_prompts(layout: Layout, report: Report) -> Iterator[str]:
    """New and grown prompts in source code that no workflow covers, the largest first."""
    ordered = sorted(report.new_prompts, key=lambda item: -item.tokens)
    for item in ordered[:_SHOWN_UNOWNED]:
        yield ""
        text = f"in no workflow, so not measured: {new_prompt_text(item)}"
        yield from layout.entry("uncovered", wording.plain(text), indent="")
    if len(ordered) > _SHOWN_UNOWNED:
        rest = ordered[_SHOWN_UNOWNED:]
        tokens = sum(item.tokens for item in rest)
        yield from layout.entry("uncovered", f"{len(rest)} more, {tokens:,} tokens", indent="")


def _unowned(layout: Layout, report: Report) -> Iterator[str]:
    """The prompts of no workflow: those that the change touches by name, the others counted."""
    if not report.unowned:
        return
    changed = [uncovered_file_text(item) for item in report.unowned if item.changed]
    others = len(report.unowned) - len(changed)
    yield ""
    shown = [wording.plain(path) for path in changed[:_SHOWN_UNOWNED]]
    if len(changed) > _SHOWN_UNOWNED:
        shown.append(f"{len(changed) - _SHOWN_UNOWNED} more")
    if others:
        shown.append(f"{others} that this change does not touch")
    text = f"in no workflow, so not measured: {', '.join(shown)}"
    yield from layout.entry("unowned", text)


def _months(layout: Layout, report: Report) -> Iterator[str]:
    """The month of all workflows by what the change touches, and the budgets."""
    if report.month is None or not report.workflows:
        return
    yield ""
    count = len(report.workflows) + len(report.unaffected_workflows)
    title = f"{count} workflow{'s' if count > 1 else ''}  {explaining.month_text(report.month)}"
    yield from layout.entry("a month of", title, indent="")
    for dimension in Dimension:
        slices = [
            item for item in explaining.shown_breakdown(report) if item.dimension is dimension
        ]
        if not slices:
            continue
        touched = [item for item in slices if item.touched][:_SHOWN_MONTHS]
        shown = [
            f"{explaining.breakdown_name(item)} {explaining.month_text(item.month)}"
            for item in touched
        ]
        others = len(slices) - len(touched)
        more = [f"{others} other{'s' if others > 1 else ''}"] if others else []
        yield from layout.entry(str(dimension), "; ".join(shown + more))
    if (note := explaining.breakdown_note(report)) is not None:
        yield from layout.entry("", note)
    for budget in report.budgets:
        text = f"{wording.plain(budget.name)}: {explaining.budget_text(budget)}"
        yield from layout.entry("budget", text)


def _approval(layout: Layout, report: Report) -> Iterator[str]:
    """What has to be approved, by its digests, who may be asked, and who did."""
    if report.evidence is None:
        return
    yield ""
    yield from layout.entry("approval", wording.plain(approvals.who_may(report)), indent="")
    for item in approvals.items(report):
        by = f", approved by {', '.join(item.by)}" if item.by else ""
        months = f"  {item.months}" if item.months else ""
        yield from layout.entry(item.evidence, wording.plain(f"{item.name}{months}{by}"))
    for line in approvals.given(report):
        yield from layout.entry("", wording.plain(line))
