"""The annotations of a review: what it marks, and on which lines."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.github.workflow_commands import MAX_ANNOTATIONS, Annotation, Level
from reviewbot.outputs import explaining, wording
from reviewbot.outputs.shared_findings import SharedFinding, SharedFindings, folded_workflows
from reviewbot.report import Report, Verdict, WorkflowReview


def annotations(
    report: Report, first_lines: Callable[[str], tuple[int, int] | None]
) -> tuple[Annotation, ...]:
    """The costliest first: at most what GitHub shows of one job, the last says how many more.

    Changed lines are marked with what they add, settings with how they loosen. `first_lines` gives
    the first and the last line of the first hunk of a file that is not told apart by hunks.
    """
    shared = SharedFindings(report)
    folded = folded_workflows(shared, report.workflows)
    told = {item.name for item in folded.workflows} if folded else set()
    to_mark: list[SharedFinding | WorkflowReview] = [
        *(item for item in shared.several if item.finding.verdict is not Verdict.PASS),
        *(item for item in wording.by_severity(report) if item.name not in told),
    ]
    found: list[Annotation] = []
    for item in sorted(to_mark, key=_severity):
        if isinstance(item, SharedFinding):
            found.append(_beside(item))
        else:
            found += _of_workflow(item, first_lines, max(0, 1 + MAX_ANNOTATIONS - len(found)))
        if len(found) > MAX_ANNOTATIONS:
            break
    found += (
        _beside(item)
        for item in shared.everything(report)
        if item.finding.place is not None and item not in shared.several
    )
    if len(found) <= MAX_ANNOTATIONS:
        return tuple(found)
    more = Annotation(
        level=Level.NOTICE,
        title="reviewbot",
        message="there is more to mark than GitHub shows; the report lists all of it",
    )
    return (*found[: MAX_ANNOTATIONS - 1], more)


def _severity(item: SharedFinding | WorkflowReview) -> int:
    verdict = item.finding.verdict if isinstance(item, SharedFinding) else item.verdict
    return -list(Verdict).index(verdict)


def _beside(item: SharedFinding) -> Annotation:
    """The annotation of a setting, or of what several workflows have in common."""
    place = item.finding.place
    is_warned = item.finding.verdict is Verdict.WARN and item.workflows
    return Annotation(
        level=Level.WARNING if is_warned else Level.ERROR,
        title="reviewbot: several workflows" if item.workflows else "reviewbot: configuration",
        message=f"{wording.limit_text(item.finding)}{item.whose}",
        file=place.file if place else None,
        line=place.line if place else None,
    )


def annotation_of(problem: Problem, title: str) -> Annotation:
    """The annotation of a problem, at its place."""
    place = problem.place
    return Annotation(
        level=Level.ERROR,
        title=title,
        message=f"{problem.what}; {problem.mend}",
        file=place.file if place else None,
        line=place.line if place else None,
    )


def _of_workflow(
    workflow: WorkflowReview, first_lines: Callable[[str], tuple[int, int] | None], left: int
) -> Iterator[Annotation]:
    """The problems of a workflow, and its findings at `left` of the lines that cost most."""
    level = Level.WARNING if workflow.verdict is Verdict.WARN else Level.ERROR
    title = f"reviewbot: {wording.plain(workflow.name)}"
    yield from (annotation_of(problem, title) for problem in workflow.problems)
    if not workflow.findings:
        return
    message = "; ".join(
        [wording.months(workflow), *(wording.limit_text(item) for item in workflow.findings)]
    )

    def mark(text: str, file: str | None, lines: tuple[int, int] | None) -> Annotation:
        first, last = lines or (None, None)
        return Annotation(
            level=level, title=title, message=text, file=file, line=first, last_line=last
        )

    by_cost = sorted(workflow.hunks, key=lambda item: -(item.usd_per_month or Decimal(0)))
    for hunk in by_cost[:left]:
        text = message
        if hunk.usd_per_month is not None and hunk.input_tokens is not None:
            amount = explaining.hunk_amount(hunk.input_tokens, hunk.usd_per_month)
            text = f"these lines add {amount}; {message}"
        yield mark(text, hunk.file, (hunk.first_line, hunk.last_line))
    told = {item.file for item in workflow.hunks}
    others = [file for file in workflow.files if file not in told]
    for file in others[: max(0, left - len(by_cost))]:
        yield mark(message, file, first_lines(file))
    if not told and not others:
        yield mark(message, None, None)


def settled(marks: tuple[Annotation, ...], report: Report) -> tuple[Annotation, ...]:
    """The annotations of a review that was approved since: what was approved is no error."""
    errors = {
        f"reviewbot: {wording.plain(item.name)}"
        for item in report.workflows
        if item.verdict in (Verdict.UNMEASURED, Verdict.FAIL)
    }
    return tuple(
        item if item.title in errors else replace(item, level=Level.NOTICE) for item in marks
    )
