"""Delivers a finished review to GitHub, as far as the inputs ask for it and the event allows it.

Each part may fail without the others. What fails is a problem for the summary: the verdict and the
exit code stand before this begins.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from msgspec import Struct

from reviewbot.errors import Problem
from reviewbot.github import workflow_commands
from reviewbot.github.api import GitHub
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.api.pulls import Pull
from reviewbot.github.check_run import check_run
from reviewbot.github.comment import (
    Draft,
    Written,
    comment_body,
    has_something_to_say,
    remembered_stamp,
    write_comment,
)
from reviewbot.github.comment_stamp import Stamp, configuration_key, former_keys
from reviewbot.github.event_review import Reviewed
from reviewbot.github.inputs import CommentMode
from reviewbot.github.job import Job
from reviewbot.github.line_comments import write_line_comments
from reviewbot.github.live_event import LiveEvent
from reviewbot.github.site import site_of

_SETTLE_SECONDS = 15.0
"""How long after an event the write of a run of an older commit may still be under way."""


class Delivered(Struct, frozen=True, kw_only=True):
    """What became of the comment, None where there was none to write, and what failed."""

    comment: Written | None
    problems: tuple[Problem, ...] = ()


def deliver(live: LiveEvent, reviewed: Reviewed) -> Delivered:
    """Write whatever the inputs ask for."""
    report, inputs, github, pull = reviewed.report, live.job.inputs, live.github, live.pull
    site = site_of(live.job.environment, live.decision.repository)
    body = comment_body(report, site)
    delivered = deliver_comment(
        live, body, is_silent=not has_something_to_say(report), reviewed=reviewed
    )
    problems = delivered.problems
    if github is None or inputs.dry_run or live.is_of_fork:
        return delivered
    if inputs.check_run:
        data = check_run(report, reviewed.marks, site, head=live.decision.head)
        problems += _failed(lambda: github.check_runs.create(data))
    if inputs.line_comments and pull is not None:
        problems += _failed(
            lambda: write_line_comments(
                github, report, reviewed.marks, number=pull.number, author=inputs.comment_author
            )
        )
    return Delivered(comment=delivered.comment, problems=problems)


def deliver_comment(
    live: LiveEvent, body: str, *, is_silent: bool, reviewed: Reviewed | None = None
) -> Delivered:
    """Bring the comment up to date, where the event and the inputs want one."""
    job, github, pull = live.job, live.github, live.pull
    if live.decision.pull_request is None or job.inputs.comment is CommentMode.OFF:
        return Delivered(comment=None)
    if job.inputs.dry_run:
        job.say(f"reviewbot: a dry run; the comment would be:\n{workflow_commands.stopped(body)}")
        return Delivered(comment=None)
    if live.is_of_fork:
        job.say("reviewbot: from a fork: its comment is written by the workflow_run job\n")
        return Delivered(comment=None)
    if github is None or pull is None:
        return Delivered(comment=None)
    try:
        draft = Draft(
            body=body,
            stamp=_stamp(live, pull, github, reviewed),
            author=job.inputs.comment_author,
            is_silent=is_silent,
            stale_keys=former_keys(job.inputs.config),
        )
        seconds = _settle_seconds(job, pull)
        written = write_comment(github, pull.number, draft, settle_seconds=seconds)
    except GitHubError as error:
        return Delivered(comment=None, problems=error.problems)
    job.say(f"reviewbot: {written.what}\n")
    return Delivered(comment=written)


def _failed(write: Callable[[], tuple[Problem, ...] | None]) -> tuple[Problem, ...]:
    """The problems that one write ends in."""
    try:
        return write() or ()
    except GitHubError as error:
        return error.problems


def _stamp(live: LiveEvent, pull: Pull, github: GitHub, reviewed: Reviewed | None) -> Stamp:
    """The new comment's stamp; what the old one remembers of approvals stays remembered."""
    job = live.job
    old = remembered_stamp(github, pull.number, job.inputs)
    labelled = reviewed.labelled if reviewed else None
    counted = reviewed.counted if reviewed else {}
    return Stamp(
        key=configuration_key(job.inputs.config),
        head=live.decision.head,
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
