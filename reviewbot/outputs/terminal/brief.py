"""The review at a glance: the workflows, what is found beside them, and notes."""

from collections.abc import Iterator, Sequence

from reviewbot.outputs import approvals, explaining, wording
from reviewbot.outputs.broken_budgets import broken_budgets
from reviewbot.outputs.headline import worst_first
from reviewbot.outputs.new_prompts import new_prompt_text, uncovered_file_text
from reviewbot.outputs.proposed_limits import proposed_limits
from reviewbot.outputs.shared_findings import SharedFindings
from reviewbot.outputs.terminal.layout import Layout
from reviewbot.outputs.terminal.marks import GAP, MARKS, short_text
from reviewbot.report import Report, Verdict

_SHOWN_UNCOVERED = 5
_NAMED = 3


def brief_lines(layout: Layout, report: Report) -> Iterator[str]:
    """The lines of a review at a glance, above what was compared and the verdict."""
    shared = SharedFindings(report)
    first = [item for item in shared.several if item.finding.verdict is not Verdict.PASS]
    for item in first:
        text = f"{MARKS[item.finding.verdict]} {short_text(item.finding)}{item.whose}"
        yield from layout.wrapped(text, rest=GAP)
    if first and report.evidence is not None:
        yield from layout.wrapped(wording.plain(approvals.who_may(report)), rest=GAP)
    if first:
        yield ""
    if report.workflows:
        from reviewbot.outputs.terminal.brief_workflows import workflow_lines

        yield from workflow_lines(layout, report, shared)
    said = [item.finding for item in first]
    for broken in broken_budgets(report):
        from reviewbot.outputs.terminal.brief_budgets import budget_lines

        said += broken.findings
        yield from budget_lines(layout, broken)
    for finding in worst_first([item for item in report.findings if item not in said]):
        yield from layout.wrapped(f"{MARKS[finding.verdict]} {short_text(finding)}", rest=GAP)
    yield from _new_budgets(layout, report)
    for problem in report.unmeasured:
        yield from layout.wrapped(f"? {wording.plain(str(problem))}", rest=GAP)
    if report.evidence is not None and not first:
        yield from layout.wrapped(wording.plain(approvals.who_may(report)), rest=GAP)
    for note in _notes(report):
        yield from layout.wrapped(wording.plain(note), rest=GAP)


def _uncovered(names: Sequence[str]) -> Iterator[str]:
    """What no workflow covers: one in the line that says so, several in lines of their own."""
    if len(names) == 1:
        yield f"Not covered by any workflow: {names[0]}"
        return
    yield "Not covered by any workflow:"
    yield from (f"  {name}" for name in names[:_SHOWN_UNCOVERED])
    if left := len(names) - _SHOWN_UNCOVERED:
        yield from [f"  and {left:,} more"] if left > 0 else []


def _new_budgets(layout: Layout, report: Report) -> Iterator[str]:
    """The budgets that the change brings, and how they stand."""
    for budget in report.budgets:
        if budget.is_new:
            limits = "within" if budget.verdict is Verdict.PASS else "over"
            text = f"budget {wording.plain(budget.name)}, new, {limits} its limits"
            months = explaining.budget_text(budget)
            yield from layout.wrapped(f"{MARKS[budget.verdict]} {text}: {months}", rest=GAP)


def _notes(report: Report) -> Iterator[str]:
    """What to know once: who approved, what is not covered, what is estimated or assumed."""
    if report.evidence is not None:
        yield from approvals.given(report)
    changed = [uncovered_file_text(item) for item in report.unowned if item.changed]
    largest = sorted(report.new_prompts, key=lambda item: -item.tokens)
    if texts := [*map(new_prompt_text, largest), *changed]:
        yield from _uncovered(texts)
    if (own_limits := proposed_limits(report)) is not None:
        yield own_limits
    if report.advisory:
        yield f"Advisory: {_advice(report.advisory)}."
    yield from (f"Note: {note}." for note in report.notes)
    named = [
        wording.plain(item.name)
        for item in wording.by_severity(report)
        if (figures := item.after or item.before) is not None and not figures.exact
    ]
    if named:
        whose = "all" if 1 < len(named) == len(report.workflows) else wording.named(named, _NAMED)
        yield f"Estimated: the figures of {whose}; `--verbose` says why."


def _advice(text: str) -> str:
    """An advisory, or its first part where the whole takes more than two lines of 80 columns."""
    first, _, more = text.partition("; ")
    is_long = len(text) > _TWO_LINES and more
    return f"{first}; `--verbose` says the rest" if is_long else text


_TWO_LINES = 140
