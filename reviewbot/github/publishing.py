"""Everything that a review writes to GitHub; each part may fail without the others.

What fails is a problem for the summary. The verdict and the exit code stand before this begins.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.github.api import GitHub, GitHubError
from reviewbot.github.comment import (
    MAX_CHARACTERS,
    Stamp,
    Written,
    configuration_key,
    own_comments,
    stamp_of,
)
from reviewbot.github.workflow_commands import MAX_ANNOTATIONS, Annotation, Level
from reviewbot.report import Report, Verdict, WorkflowReview
from reviewbot.reports import explaining, wording
from reviewbot.reports.markdown import inert, render_markdown

COMMENT_CHARACTERS = MAX_CHARACTERS - 1_500
"""What is left beside the marker."""

CHECK_RUN_CHARACTERS = 65_535
"""GitHub's limit for a check run's summary and text."""

_MESSAGE_CHARACTERS = 1_000
_INLINE_COMMENTS = 10
_CONCLUSIONS = {
    Verdict.PASS: "success",
    Verdict.WARN: "success",
    Verdict.NEEDS_APPROVAL: "action_required",
    Verdict.UNMEASURED: "failure",
    Verdict.FAIL: "failure",
}
_LEVELS = {Level.ERROR: "failure", Level.WARNING: "warning", Level.NOTICE: "notice"}


def attempt(call: Callable[[], Written | None]) -> tuple[Written | None, tuple[Problem, ...]]:
    """The result of one write, or the problem that it ended in."""
    try:
        return call(), ()
    except GitHubError as error:
        return None, error.problems


def has_something_to_say(report: Report) -> bool:
    """Whether a first comment is worth a reader's time: a changed figure or anything found."""
    return bool(report.findings) or any(
        item.findings or item.problems or item.change_usd_per_month != 0
        for item in report.workflows
    )


def comment_body(report: Report, *, note: str = "") -> str:
    """The comment without its marker, within GitHub's limit."""
    problems = (note,) if note else ()
    return render_markdown(report, limit=COMMENT_CHARACTERS, problems=problems)


def remembered(github: GitHub, number: int, configuration: str, author: str) -> Stamp | None:
    """The stamp of our comment, which holds what later runs need; None where there is none.

    Raises:
        GitHubError: GitHub cannot be read.

    """
    own = own_comments(github.comments(number), configuration_key(configuration), author)
    return stamp_of(own[0].body) if own else None


def annotations(
    report: Report, first_lines: Callable[[str], tuple[int, int] | None]
) -> tuple[Annotation, ...]:
    """The costliest first: at most what GitHub shows of one job, the last says how many more.

    Changed lines are marked with what they add, settings with how they loosen. `first_lines` gives
    the first and the last line of the first hunk of a file that is not told apart by hunks.
    """
    found: list[Annotation] = []
    for workflow in wording.by_severity(report):
        level = Level.WARNING if workflow.verdict is Verdict.WARN else Level.ERROR
        title = f"reviewbot: {wording.plain(workflow.name)}"
        found += (_of_problem(problem, title) for problem in workflow.problems)
        if workflow.findings:
            left = max(0, 1 + MAX_ANNOTATIONS - len(found))
            found += _of_workflow(workflow, level, title, first_lines, left)
        if len(found) > MAX_ANNOTATIONS:
            break
    found += (
        Annotation(
            level=Level.ERROR,
            title="reviewbot: configuration",
            message=wording.limit_text(item),
            file=item.place.file,
            line=item.place.line,
        )
        for item in report.findings
        if item.place is not None
    )
    if len(found) <= MAX_ANNOTATIONS:
        return tuple(found)
    more = Annotation(
        level=Level.NOTICE,
        title="reviewbot",
        message="there is more to mark than GitHub shows; the report lists all of it",
    )
    return (*found[: MAX_ANNOTATIONS - 1], more)


def _of_problem(problem: Problem, title: str) -> Annotation:
    place = problem.place
    return Annotation(
        level=Level.ERROR,
        title=title,
        message=f"{problem.what}; {problem.mend}",
        file=place.file if place else None,
        line=place.line if place else None,
    )


def _of_workflow(
    workflow: WorkflowReview,
    level: Level,
    title: str,
    first_lines: Callable[[str], tuple[int, int] | None],
    left: int,
) -> Iterator[Annotation]:
    """At most `left` annotations of one workflow's findings, on the lines that cost most."""
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


def check_run(report: Report, marked: tuple[Annotation, ...], *, head: str) -> dict[str, object]:
    """The body of a check run: https://docs.github.com/en/rest/checks/runs, at most 50 annotations.

    Texts in it are Markdown (summary) or plain (annotations).
    """
    shown = [item for item in marked if item.file is not None][:MAX_ANNOTATIONS]
    return {
        "name": "reviewbot report",
        "head_sha": head,
        "status": "completed",
        "conclusion": _CONCLUSIONS[report.verdict],
        "output": {
            "title": wording.headline(report)[:200],
            "summary": render_markdown(report, limit=CHECK_RUN_CHARACTERS),
            "annotations": [
                {
                    "path": (item.file or "").encode("utf-8", "backslashreplace").decode(),
                    "start_line": item.line or 1,
                    "end_line": item.last_line or item.line or 1,
                    "annotation_level": _LEVELS[item.level],
                    "title": item.title[:200],
                    "message": wording.plain(item.message)[:_MESSAGE_CHARACTERS],
                }
                for item in shown
            ],
        },
    }


def publish_inline(
    github: GitHub, report: Report, marked: tuple[Annotation, ...], *, number: int, author: str
) -> Written | None:
    """A review with comments on the costliest lines, once for the same figures.

    Raises:
        GitHubError: That failed.

    """
    lines = [item for item in marked if item.file and item.line][:_INLINE_COMMENTS]
    if not lines or report.revisions.head is None:
        return None
    body = wording.headline(report)
    for review in github.reviews(number):
        if review.by == author and _is_inline(review.body, body):
            return None
    github.create_review(
        number,
        {
            "commit_id": report.revisions.head,
            "event": "COMMENT",
            "body": f"{_INLINE_MARKER}\n{inert(body)}",
            "comments": [
                {
                    "path": item.file,
                    "line": item.last_line or item.line,
                    "side": "RIGHT",
                    "body": inert(wording.plain(item.message)[:_MESSAGE_CHARACTERS]),
                }
                for item in lines
            ],
        },
    )
    return None


_INLINE_MARKER = "<!-- reviewbot lines -->"


def _is_inline(text: str, body: str) -> bool:
    found = re.match(rf"{re.escape(_INLINE_MARKER)}\r?\n(.*)\Z", text, re.DOTALL)
    return found is not None and found[1].strip() == inert(body)
