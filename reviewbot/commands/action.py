"""`reviewbot action`: the review inside GitHub Actions, for whatever event started the job.

The exit code is decided before anything is written to GitHub; what cannot be written is named in
the job's summary, and changes nothing else.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.console import write
from reviewbot.errors import Problem, ReviewbotError, RevisionError, UsageError
from reviewbot.exit_codes import ExitCode, exit_code, exit_code_of_error
from reviewbot.github import publishing, workflow_commands
from reviewbot.github.api import GitHub, GitHubError, Policy, Pull
from reviewbot.github.commits import Commits, Fetcher, open_fetcher, remote_url
from reviewbot.github.events import Compare, Decision, Nothing, Publish, decide
from reviewbot.github.gathering import gather_approvals
from reviewbot.github.inputs import read_inputs
from reviewbot.github.job import Job
from reviewbot.github.workflow_commands import Annotation, Level
from reviewbot.github.writing import Reviewed, comment, write_all
from reviewbot.policy.fingerprint import report_items
from reviewbot.report import ApprovalKind, GivenApproval, Report, Verdict
from reviewbot.reports.json_report import render_json
from reviewbot.reports.markdown import render_failure, render_markdown
from reviewbot.reports.terminal import Style, render_terminal
from reviewbot.repository.changed_lines import first_changed_lines
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import compare
from reviewbot.review import review
from reviewbot.telemetry import SILENT, Counts, Telemetry, as_json

_LOG_COLUMNS = 120
_MAX_EVENT_BYTES = 32 * 1024 * 1024


HELP = "review the event of a GitHub Actions job; inputs are REVIEWBOT_* variables"


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

    Raises:
        UsageError: The inputs or the environment are wrong.

    """
    inputs = read_inputs(environment)
    job = Job(
        environment=environment,
        inputs=inputs,
        event=_event(environment),
        out=out,
        policy=policy or Policy(),
        telemetry=_telemetry(environment, out),
        now=now,
    )
    try:
        decision = _decided(job)
        match decision:
            case Nothing():
                return _nothing(job, decision)
            case Publish():
                from reviewbot.github.uploaded_reports import publish

                return publish(job, decision)
            case Compare():
                with job.telemetry.review() as counts:
                    return _review(job, decision, counts)
    except ReviewbotError as error:
        return _failed(job, error.problems, exit_code_of_error(error))


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


def _nothing(job: Job, decision: Nothing) -> int:
    job.say(f"reviewbot: pass: {decision.why}.\n")
    job.summarize(f"## reviewbot: pass: {decision.why}.\n")
    job.give({"verdict": Verdict.PASS})
    return ExitCode.PASS


def _failed(job: Job, problems: tuple[Problem, ...], code: ExitCode) -> int:
    """Say in every place why there is no report."""
    marks = [
        Annotation(
            level=Level.ERROR,
            title="reviewbot",
            message=f"{item.what}; {item.mend}",
            file=item.place.file if item.place else None,
            line=item.place.line if item.place else None,
        )
        for item in problems[: workflow_commands.MAX_ANNOTATIONS]
    ]
    job.say(workflow_commands.annotation_commands(marks))
    job.summarize(render_failure(problems, limit=workflow_commands.SUMMARY_CHARACTERS))
    job.give({"verdict": Verdict.UNMEASURED})
    return code


def _review(job: Job, decision: Compare, counts: Counts) -> int:
    pull, github, problems = _current(job, decision)
    if pull is not None:
        decision = replace(decision, base=f"refs/heads/{pull.base_ref}")
    try:
        reviewed = _measured(job, decision, pull, github)
    except ReviewbotError as error:
        code = exit_code_of_error(error)
        counts.note(error=type(error).__name__, exit_code=code)
        _failed(job, error.problems, code)
        body = render_failure(error.problems, limit=publishing.COMMENT_CHARACTERS)
        more = comment(job, decision, pull, github, body, silent=False)[1]
        _name(job, (*problems, *more))
        return code
    report, code = reviewed.report, exit_code(reviewed.report.verdict, job.inputs.fail_on)
    counts.note(verdict=report.verdict, exit_code=code, workflows=len(report.workflows))
    with job.telemetry.stage("report"):
        page = render_terminal(report, Style(columns=_LOG_COLUMNS, colour=False))
        job.say(workflow_commands.stopped(page))
        job.say(workflow_commands.annotation_commands(reviewed.marks))
        job.summarize(render_markdown(report, limit=workflow_commands.SUMMARY_CHARACTERS))
        place, more = _stored(job, report)
    job.give(
        {
            "verdict": report.verdict,
            "monthly-usd-before": f"{report.totals.before_usd_per_month:f}",
            "monthly-usd-after": f"{report.totals.after_usd_per_month:f}",
            "monthly-usd-delta": f"{report.totals.change_usd_per_month:f}",
            "report": place,
        }
    )
    with job.telemetry.stage("write") as stage:
        written, failed = write_all(job, decision, pull, github, reviewed)
        stage.note(problems=len(failed))
    if written and written.url:
        job.give({"comment-url": written.url})
    _name(job, (*problems, *more, *failed))
    return code


def _current(job: Job, decision: Compare) -> tuple[Pull | None, GitHub | None, tuple[Problem, ...]]:
    """The pull request as it is now, and the API; a review needs neither."""
    try:
        github = job.github(decision.repository)
        if decision.pull_request is None:
            return None, github, ()
        return github.pull(decision.pull_request.number), github, ()
    except GitHubError as error:
        return None, None, error.problems


@contextmanager
def _commits(
    job: Job, decision: Compare, github: GitHub | None
) -> Iterator[tuple[Fetcher, Commits]]:
    def merge_base(base: str, head: str) -> str:
        if github is None:
            raise RevisionError(
                [
                    Problem(
                        what="this checkout is shallow, and GitHub cannot be asked for the base",
                        mend="set `fetch-depth: 0` in actions/checkout, or the input `token`",
                    )
                ]
            )
        return github.merge_base(base, head)

    checkout = Git(
        directory=os.path.join(
            job.environment.get("GITHUB_WORKSPACE", "."), job.inputs.working_directory
        ),
        environment=job.environment,
    )
    remote = remote_url(job.environment, decision.repository)
    with open_fetcher(
        checkout, remote=remote, token=job.inputs.token, merge_base=merge_base
    ) as fetcher:
        with job.telemetry.stage("fetch"):
            commits = fetcher.commits(decision.base, decision.head)
        yield fetcher, commits


def _measured(job: Job, decision: Compare, pull: Pull | None, github: GitHub | None) -> Reviewed:
    with _commits(job, decision, github) as (fetcher, commits):
        names = (decision.base.removeprefix("refs/heads/"), "HEAD")

        def reviewed_at(found: Commits) -> tuple[Report, tuple[Annotation, ...]]:
            with compare(
                found.git,
                base=found.base,
                head=found.head,
                merge_base=found.merge_base,
                names=names,
                telemetry=job.telemetry,
            ) as comparison:
                report = review(
                    comparison,
                    configuration_file=job.inputs.config,
                    progress=_quiet,
                    telemetry=job.telemetry,
                )
                if found.head != decision.head:
                    return report, ()
                marks = publishing.annotations(
                    report, lambda path: first_changed_lines(found.git, comparison, path)
                )
                return report, marks

        report, marks = reviewed_at(commits)
        if decision.pull_request:
            report = replace(report, pull_request=decision.pull_request.number)
        if report.evidence is None or not report.approvers:
            return Reviewed(report=report, marks=marks)

        def items_at(commit: str) -> frozenset[str] | None:
            try:
                return report_items(reviewed_at(fetcher.at(commits, commit))[0])
            except ReviewbotError:
                return None

        try:
            with job.telemetry.stage("approvals") as counts:
                gathered = gather_approvals(
                    job,
                    decision,
                    pull=pull,
                    github=github,
                    report=report,
                    commits=commits,
                    items_at=items_at,
                )
                counts.note(approvals=len(gathered.report.approvals))
        except GitHubError as error:
            return Reviewed(report=_unread(report, error), marks=marks)
        if gathered.report.approved:
            marks = publishing.settled(marks, gathered.report)
        return Reviewed(
            report=gathered.report,
            marks=marks,
            labelled=gathered.labelled,
            counted=gathered.counted,
        )


def _unread(report: Report, error: GitHubError) -> Report:
    """The report where approvals could not be read: none counts."""
    unread = GivenApproval(
        by="?", kind=ApprovalKind.REVIEW, at="?", commit=None, refusal=error.problems[0].what
    )
    return replace(report, approvals=(unread,))


def _stored(job: Job, report: Report) -> tuple[str, tuple[Problem, ...]]:
    place = os.path.join(job.environment.get("RUNNER_TEMP", "."), "reviewbot-report.json")
    try:
        with open(place, "w", encoding="ascii") as file:
            file.write(render_json(report))
    except OSError as error:
        mend = "make room there, or set RUNNER_TEMP"
        return "", (Problem(what=f"{place} could not be written: {error.strerror}", mend=mend),)
    return place, ()


def _name(job: Job, problems: tuple[Problem, ...]) -> None:
    """Name what could not be done, in the summary and in the log."""
    if not problems:
        return
    marks = [
        Annotation(level=Level.WARNING, title="reviewbot", message=str(item))
        for item in dict.fromkeys(problems)
    ]
    job.say(workflow_commands.annotation_commands(marks))
    job.summarize(render_failure(tuple(dict.fromkeys(problems)), limit=10_000, is_beside=True))


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


def _quiet(_done: int, _of: int) -> None:
    """No progress bar in a log."""
