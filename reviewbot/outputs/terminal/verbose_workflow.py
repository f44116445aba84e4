"""What the terminal shows of one workflow: figures, findings, causes and suggestions."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat

from reviewbot.outputs import explaining, wording
from reviewbot.outputs.causes import cause_texts
from reviewbot.outputs.measured import measured_text
from reviewbot.outputs.terminal.layout import Layout
from reviewbot.report import Figures, Verdict, WorkflowReview
from reviewbot.scope.affected import State

_SHOWN_FILES = 6
_SHOWN_SUGGESTIONS = 5

MARKS = {
    Verdict.PASS: "ok",
    Verdict.WARN: "warn",
    Verdict.NEEDS_APPROVAL: "approve",
    Verdict.UNMEASURED: "unmeasured",
    Verdict.FAIL: "FAIL",
}


def workflow_lines(layout: Layout, workflow: WorkflowReview) -> Iterator[str]:
    """The lines of one workflow, its verdict and month first."""
    mark = MARKS[workflow.verdict]
    title = f"{wording.plain(workflow.name)}  {wording.months(workflow)}"
    lines = layout.entry(mark, title, indent="")
    yield layout.painted(next(lines), workflow.verdict)
    yield from lines
    for problem in workflow.problems:
        yield from layout.entry("unmeasured", wording.plain(str(problem)))
    for finding in workflow.findings:
        yield from layout.entry(MARKS[finding.verdict], wording.limit_text(finding))
    if workflow.files and workflow.state is not State.NEW:
        shown = [wording.plain(path) for path in workflow.files[:_SHOWN_FILES]]
        if len(workflow.files) > _SHOWN_FILES:
            shown.append(f"{len(workflow.files) - _SHOWN_FILES} more")
        yield from layout.entry("changed", ", ".join(shown))
    yield from _figures(layout, workflow)
    if (measured := measured_text(workflow)) is not None:
        yield from layout.entry("measured", measured)
    yield from _explained(layout, workflow)
    shown_figures = workflow.after or workflow.before
    if shown_figures is not None:
        for note in shown_figures.notes:
            yield from layout.entry("note", wording.plain(note))


def _explained(layout: Layout, workflow: WorkflowReview) -> Iterator[str]:
    """Why the cost changed, what the change's own configuration makes of it, and suggestions."""
    if len(workflow.causes) > 1 or (workflow.causes and workflow.proposed):
        yield from layout.entry("because", ", ".join(cause_texts(workflow)))
    costs = explaining.hunk_texts(workflow)
    for label, text in zip(chain(("cost by line",), repeat("")), costs, strict=False):
        yield from layout.entry(label, text)
    prefix = explaining.prefix_text(workflow.before, workflow.after)
    if prefix is not None:
        yield from layout.entry("prefix", prefix)
    ways = workflow.ways_back[:_SHOWN_SUGGESTIONS]
    for label, way in zip(chain(("ways back",), repeat("")), ways, strict=False):
        yield from layout.entry(label, explaining.suggestion_text(way))
    if workflow.proposed is not None:
        month = wording.usd(workflow.proposed.usd_per_month)
        yield from layout.entry("proposed", f"{month} a month with this change's own settings")
        for finding in workflow.proposed_findings:
            yield from layout.entry("", f"there too: {wording.limit_text(finding)}")


def _figures(layout: Layout, workflow: WorkflowReview) -> Iterator[str]:
    before, after = workflow.before, workflow.after
    if before is None and after is None:
        return
    models = [wording.plain(item.model) for item in (before, after) if item is not None]
    yield from layout.entry("model", " → ".join(dict.fromkeys(models)))
    yield from layout.entry(
        "input tokens",
        f"mean {_pair(before, after, lambda item: wording.tokens(item.mean_input_tokens))}, "
        f"largest {_pair(before, after, lambda item: wording.tokens(item.max_input_tokens))}",
    )
    worst = _pair(
        before,
        after,
        lambda item: (
            "unknown (no max_tokens)"
            if item.worst_usd_per_call is None
            else wording.usd_per_call(item.worst_usd_per_call)
        ),
    )
    call = _pair(before, after, lambda item: wording.usd_per_call(item.usd_per_call))
    yield from layout.entry("a call", f"{call}; at worst {worst}")


def _pair(before: Figures | None, after: Figures | None, show: Callable[[Figures], str]) -> str:
    return " → ".join(dict.fromkeys(show(item) for item in (before, after) if item is not None))
