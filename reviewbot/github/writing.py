"""Writes a finished review to GitHub, as far as the inputs ask for it and the event allows it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from msgspec import Struct

from reviewbot.errors import Problem
from reviewbot.github import publishing, workflow_commands
from reviewbot.github.api import GitHub, Pull
from reviewbot.github.comment import Stamp, Written, configuration_key, write_comment
from reviewbot.github.events import Compare
from reviewbot.github.inputs import CommentMode
from reviewbot.github.job import Job
from reviewbot.github.workflow_commands import Annotation
from reviewbot.report import Report

_SETTLE_SECONDS = 15.0
"""How long after an event the write of a run of an older commit may still be under way."""


class Reviewed(Struct, frozen=True, kw_only=True):
    """A finished review; `labelled` and `counted` are what the comment has to remember."""

    report: Report
    marks: tuple[Annotation, ...]
    labelled: tuple[int, str] | None = None
    counted: Mapping[int, str] = {}


def write_all(
    job: Job,
    decision: Compare,
    pull: Pull | None,
    github: GitHub | None,
    reviewed: Reviewed,
) -> tuple[Written | None, tuple[Problem, ...]]:
    """Write whatever the inputs ask for: what became of the comment, and what failed."""
    report = reviewed.report
    body = publishing.comment_body(report)
    silent = not publishing.has_something_to_say(report)
    written, problems = comment(job, decision, pull, github, body, silent=silent, reviewed=reviewed)
    if github is None or job.inputs.dry_run or _is_fork(decision):
        return written, problems
    if job.inputs.check_run:
        data = publishing.check_run(report, reviewed.marks, head=decision.head)
        problems += publishing.attempt(lambda: github.create_check_run(data))[1]
    if job.inputs.line_comments and pull is not None:
        problems += publishing.attempt(
            lambda: publishing.publish_inline(
                github,
                report,
                reviewed.marks,
                number=pull.number,
                author=job.inputs.comment_author,
            )
        )[1]
    return written, problems


def comment(
    job: Job,
    decision: Compare,
    pull: Pull | None,
    github: GitHub | None,
    body: str,
    *,
    silent: bool,
    reviewed: Reviewed | None = None,
) -> tuple[Written | None, tuple[Problem, ...]]:
    """Bring the comment up to date, where the event and the inputs want one."""
    if decision.pull_request is None or job.inputs.comment is CommentMode.OFF:
        return None, ()
    if job.inputs.dry_run:
        job.say(f"reviewbot: a dry run; the comment would be:\n{workflow_commands.stopped(body)}")
        return None, ()
    if _is_fork(decision):
        job.say("reviewbot: from a fork: its comment is written by the workflow_run job\n")
        return None, ()
    if github is None or pull is None:
        return None, ()
    written, problems = publishing.attempt(
        lambda: write_comment(
            github,
            pull.number,
            body,
            _stamp(job, decision, pull, github, reviewed),
            author=job.inputs.comment_author,
            silent=silent,
            settle_seconds=_settle_seconds(job, pull),
        )
    )
    if written:
        job.say(f"reviewbot: {written.what}\n")
    return written, problems


def _stamp(
    job: Job, decision: Compare, pull: Pull, github: GitHub, reviewed: Reviewed | None
) -> Stamp:
    """The new comment's stamp; what the old one remembers of approvals stays remembered."""
    old = publishing.remembered(github, pull.number, job.inputs.config, job.inputs.comment_author)
    labelled = reviewed.labelled if reviewed else None
    counted = reviewed.counted if reviewed else {}
    return Stamp(
        key=configuration_key(job.inputs.config),
        head=decision.head,
        at=pull.at,
        run=job.number("GITHUB_RUN_ID"),
        attempt=job.number("GITHUB_RUN_ATTEMPT"),
        labelled=labelled or (old.labelled if old else None),
        approvals={**counted, **(old.approvals if old else {})},
    )


def _settle_seconds(job: Job, pull: Pull) -> float:
    data = job.event.get("pull_request")
    updated = data.get("updated_at") if isinstance(data, Mapping) else None
    with suppress(TypeError, ValueError):
        age = datetime.fromisoformat(pull.at) - datetime.fromisoformat(str(updated))
        return min(_SETTLE_SECONDS, max(0.0, _SETTLE_SECONDS - age.total_seconds()))
    return 0.0


def _is_fork(decision: Compare) -> bool:
    pull = decision.pull_request
    return pull is not None and pull.head_repository != decision.repository
