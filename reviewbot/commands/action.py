"""`reviewbot action`: the review inside GitHub Actions, for whatever event started the job.

The exit code is decided before anything is written to GitHub; what cannot be written is named in
the job's summary, and changes nothing else.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.console import write
from reviewbot.errors import Problem, ReviewbotError, UsageError
from reviewbot.exit_codes import ExitCode, exit_code, exit_code_of_error
from reviewbot.github import workflow_commands
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.api.retries import Policy
from reviewbot.github.comment import COMMENT_CHARACTERS
from reviewbot.github.delivery import deliver, deliver_comment
from reviewbot.github.event_review import review_event
from reviewbot.github.events import Compare, Decision, Nothing, Publish, decide
from reviewbot.github.inputs import Inputs, read_inputs
from reviewbot.github.job import Job
from reviewbot.github.live_event import LiveEvent
from reviewbot.github.site import site_of
from reviewbot.github.step_results import (
    name_problems,
    show_no_review,
    show_nothing_to_review,
    show_report,
)
from reviewbot.outputs.markdown import render_failure
from reviewbot.telemetry import SILENT, Counts, Telemetry, as_json

_MAX_EVENT_BYTES = 32 * 1024 * 1024


HELP = (
    "review the event of a GitHub Actions job, or hold its logs; inputs are REVIEWBOT_* variables"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: the inputs are variables of the environment."""
    del parser


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Review the event that the environment describes."""
    del chosen
    return run_action(edges.environment, out=edges.out)


def _now() -> datetime:
    return datetime.now(UTC)


def run_action(
    environment: Mapping[str, str],
    *,
    out: TextIO | None,
    policy: Policy | None = None,
    now: Callable[[], datetime] = _now,
) -> int:
    """Do what the event asks for, and give the exit code; `now` tells the time in UTC.

    Wrong inputs are told as every failure is: in an annotation and in the summary.
    """

    def job_of(inputs: Inputs, event: Mapping[str, Any]) -> Job:
        return Job(
            environment=environment,
            inputs=inputs,
            event=event,
            out=out,
            policy=policy or Policy(),
            telemetry=_telemetry(environment, out),
            now=now,
        )

    try:
        job = job_of(read_inputs(environment), _event(environment))
    except UsageError as error:
        code = exit_code_of_error(error)
        show_no_review(job_of(read_inputs({}), {}), error.problems, code)
        return code
    if job.inputs.drift:
        from reviewbot.commands._common.drift_job import run_drift

        return run_drift(job)
    try:
        decision = _decided(job)
        match decision:
            case Nothing():
                show_nothing_to_review(job, decision.why)
                return ExitCode.PASS
            case Publish():
                from reviewbot.github.uploaded_reports import publish_report

                return publish_report(job, decision)
            case Compare():
                with job.telemetry.review() as counts:
                    return _review(job, decision, counts)
    except ReviewbotError as error:
        code = exit_code_of_error(error)
        show_no_review(job, error.problems, code)
        return code


def _telemetry(environment: Mapping[str, str], out: TextIO | None) -> Telemetry:
    """Lines that the log shows in GitHub's debug mode; nothing without it."""
    if environment.get("RUNNER_DEBUG") != "1":
        return SILENT
    return Telemetry(lambda event: write(workflow_commands.debug_command(as_json(event)), out))


def _decided(job: Job) -> Decision:
    environment = job.environment
    return decide(
        environment.get("GITHUB_EVENT_NAME", ""),
        job.event,
        repository=environment.get("GITHUB_REPOSITORY", ""),
        commit=environment.get("GITHUB_SHA", ""),
        baseline=job.inputs.baseline,
    )


def _review(job: Job, decision: Compare, counts: Counts) -> int:
    live, problems = _live(job, decision)
    try:
        reviewed = review_event(live)
    except ReviewbotError as error:
        code = exit_code_of_error(error)
        counts.note(error=type(error).__name__, exit_code=code)
        show_no_review(job, error.problems, code)
        body = render_failure(error.problems, limit=COMMENT_CHARACTERS)
        delivered = deliver_comment(live, body, is_silent=False)
        name_problems(job, (*problems, *delivered.problems))
        return code
    report = reviewed.report
    code = exit_code(report, job.inputs.fail_on)
    site = site_of(job.environment, decision.repository)
    counts.note(verdict=report.verdict, exit_code=code, workflows=len(report.workflows))
    with job.telemetry.stage("report"):
        unstored = show_report(job, report, reviewed.marks, site)
    with job.telemetry.stage("write") as stage:
        delivered = deliver(live, reviewed)
        stage.note(problems=len(delivered.problems))
    if delivered.comment and delivered.comment.url:
        job.give({"comment-url": delivered.comment.url})
    name_problems(job, (*problems, *unstored, *delivered.problems))
    return code


def _live(job: Job, decision: Compare) -> tuple[LiveEvent, tuple[Problem, ...]]:
    """The event with GitHub as it is now, and why that cannot be asked; a review does without."""
    try:
        github = job.github(decision.repository)
        if decision.pull_request is None:
            return LiveEvent(job=job, decision=decision, pull=None, github=github), ()
        pull = github.pulls.one(decision.pull_request.number)
    except GitHubError as error:
        return LiveEvent(job=job, decision=decision, pull=None, github=None), error.problems
    decision = replace(decision, base=f"refs/heads/{pull.base_ref}")
    return LiveEvent(job=job, decision=decision, pull=pull, github=github), ()


def _event(environment: Mapping[str, str]) -> Mapping[str, Any]:
    place = environment.get("GITHUB_EVENT_PATH", "")
    try:
        with open(place, "rb") as file:
            found = json.loads(file.read(_MAX_EVENT_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError([_no_event()]) from error
    if not isinstance(found, dict):
        raise UsageError([_no_event()])
    return found


def _no_event() -> Problem:
    return Problem(
        what="GITHUB_EVENT_PATH names no event that can be read",
        mend="run this inside GitHub Actions; locally use `reviewbot check`",
    )
