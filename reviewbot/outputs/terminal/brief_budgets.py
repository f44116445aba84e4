"""What to say of a budget that the change breaks: the limits, the cause, and what to do."""

from collections.abc import Iterator

from reviewbot.outputs import explaining, wording
from reviewbot.outputs.broken_budgets import BrokenBudget
from reviewbot.outputs.grouped_workflows import largest_cause
from reviewbot.outputs.terminal.layout import Layout
from reviewbot.outputs.terminal.marks import GAP, HANGING, MARKS, short_text
from reviewbot.report import WorkflowReview


def budget_lines(layout: Layout, broken: BrokenBudget) -> Iterator[str]:
    """The limits that are broken, then the cause and the suggestion of what adds most."""
    for finding in broken.findings:
        yield from layout.wrapped(f"{MARKS[finding.verdict]} {short_text(finding)}", rest=GAP)
    label = "try    "
    if broken.workflows and not _is_told(broken.workflows[0]):
        workflow = broken.workflows[0]
        name, cause = wording.plain(workflow.name), largest_cause(workflow)
        if cause is not None:
            text = f"{name}, {cause.text}"
            yield from layout.wrapped(text, first=f"{GAP}cause  ", rest=HANGING)
        if workflow.ways_back:
            way = explaining.first_suggestion(workflow.ways_back)
            text = f"{name}, {explaining.suggestion_text(way)}"
            yield from layout.wrapped(text, first=f"{GAP}{label}", rest=HANGING)
            label = "or     "
    if text := str(broken.ways):
        yield from layout.wrapped(text, first=f"{GAP}{label}", rest=HANGING)


def _is_told(workflow: WorkflowReview) -> bool:
    """Whether the cause and the suggestion stand with a finding of the workflow's own."""
    return any(wording.limit_parts(item) is not None for item in workflow.findings)
