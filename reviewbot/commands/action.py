"""`reviewbot action`: the review inside GitHub Actions, for whatever event started the job.

The exit code is decided before anything is written to GitHub; what cannot be written is named in
the job's summary, and changes nothing else.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, TextIO

from reviewbot.changed_lines import first_changed_lines
from reviewbot.commands.output import write
from reviewbot.configuration.settings import Approval
from reviewbot.errors import Problem, ReviewbotError, RevisionError, UsageError
from reviewbot.evidence import report_items
from reviewbot.exit_codes import ExitCode, exit_code, exit_code_of_error
from reviewbot.git import Git, GitFailedError
from reviewbot.github import publishing, workflow_commands
from reviewbot.github.api import GitHub, GitHubError, Policy, Pull
from reviewbot.github.approvals import Given, approve, judge_approvals, read_given
from reviewbot.github.comment import Stamp, Written, configuration_key, write_comment
from reviewbot.github.commits import Commits, Fetcher, open_fetcher, remote_url
from reviewbot.github.events import Compare, Decision, Nothing, Publish, decide
from reviewbot.github.inputs import CommentMode, Inputs, read_inputs
from reviewbot.github.workflow_commands import Annotation, Level
from reviewbot.records import Record, replace
from reviewbot.report import ApprovalKind, GivenApproval, Report, Verdict
from reviewbot.reports.json_report import render_json
from reviewbot.reports.markdown import render_failure, render_markdown
from reviewbot.reports.terminal import Style, render_terminal
from reviewbot.review import review
from reviewbot.revisions import compare

_LOG_COLUMNS = 120
_SETTLE_SECONDS = 15.0
"""How long after an event the write of a run of an older commit may still be under way."""

_MAX_EVENT_BYTES = 32 * 1024 * 1024


class Job(Record):
    """The edges of one run, and what the environment says of it."""

    environment: Mapping[str, str]
    inputs: Inputs
    event: Mapping[str, Any]
    out: TextIO | None
    policy: Policy

    def github(self, repository: str) -> GitHub:
        """The API, where there is a token.

        Raises:
            GitHubError: There is none.

        """
        if not self.inputs.token:
            raise GitHubError("asking GitHub", "there is no token", status=401)
        return GitHub(
            token=self.inputs.token,
            url=self.environment.get("GITHUB_API_URL", "https://api.github.com"),
            repository=repository,
            policy=self.policy,
        )

    def say(self, text: str) -> None:
        """Print to the job's log."""
        write(text, self.out)

    def summarize(self, markdown: str) -> None:
        """Append to the job's summary."""
        self._append("GITHUB_STEP_SUMMARY", markdown)

    def give(self, outputs: Mapping[str, str]) -> None:
        """Set outputs of the step."""
        self._append("GITHUB_OUTPUT", workflow_commands.outputs(outputs))

    def number(self, variable: str) -> int:
        """A number from the environment, 0 where there is none."""
        text = self.environment.get(variable, "")
        return int(text) if text.isdecimal() else 0

    def _append(self, variable: str, text: str) -> None:
        if place := self.environment.get(variable):
            try:
                with open(place, "a", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(text)
            except OSError as error:
                self.say(f"reviewbot: {variable} could not be written: {error.strerror}\n")


def run_action(
    environment: Mapping[str, str], *, out: TextIO | None, policy: Policy | None = None
) -> int:
    """Do what the event asks for, and give the exit code.

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
    )
    try:
        decision = _decided(job)
        match decision:
            case Nothing():
                return _nothing(job, decision)
            case Publish():
                from reviewbot.commands.publish import publish

                return publish(job, decision)
            case Compare():
                return _review(job, decision)
    except ReviewbotError as error:
        return _failed(job, error.problems, exit_code_of_error(error))


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


class _Reviewed(Record):
    report: Report
    marks: tuple[Annotation, ...]


def _review(job: Job, decision: Compare) -> int:
    pull, github, problems = _current(job, decision)
    try:
        reviewed = _measured(job, decision, pull, github)
    except ReviewbotError as error:
        code = exit_code_of_error(error)
        _failed(job, error.problems, code)
        body = render_failure(error.problems, limit=publishing.COMMENT_CHARACTERS)
        more = _comment(job, decision, pull, github, body, silent=False)[1]
        _name(job, (*problems, *more))
        return code
    report, code = reviewed.report, exit_code(reviewed.report.verdict, job.inputs.fail_on)
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
    written, failed = _written(job, decision, pull, github, reviewed)
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
        yield fetcher, fetcher.commits(decision.base, decision.head)


def _measured(job: Job, decision: Compare, pull: Pull | None, github: GitHub | None) -> _Reviewed:
    with _commits(job, decision, github) as (fetcher, commits):
        names = (decision.base.removeprefix("refs/heads/"), "HEAD")

        def reviewed_at(found: Commits) -> tuple[Report, tuple[Annotation, ...]]:
            with compare(
                found.git,
                base=found.base,
                head=found.head,
                merge_base=found.merge_base,
                names=names,
            ) as comparison:
                report = review(comparison, configuration_file=job.inputs.config, progress=_quiet)
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
            return _Reviewed(report=report, marks=marks)

        def items_at(commit: str) -> frozenset[str] | None:
            try:
                return report_items(reviewed_at(fetcher.at(commits, commit))[0])
            except ReviewbotError:
                return None

        try:
            approved = _approved(
                job,
                decision,
                pull=pull,
                github=github,
                report=report,
                commits=commits,
                items_at=items_at,
            )
        except GitHubError as error:
            job.say(f"reviewbot: no approval counts: {error.problems[0]}\n")
            unread = GivenApproval(
                by="?",
                kind=ApprovalKind.REVIEW,
                at="?",
                commit=None,
                refusal=error.problems[0].what,
            )
            return _Reviewed(report=replace(report, approvals=(unread,)), marks=marks)
        if approved.approved:
            with compare(
                commits.git,
                base=commits.base,
                head=commits.head,
                merge_base=commits.merge_base,
                names=names,
            ) as comparison:
                marks = publishing.annotations(
                    approved, lambda path: first_changed_lines(commits.git, comparison, path)
                )
        return _Reviewed(report=approved, marks=marks)


def _approved(
    job: Job,
    decision: Compare,
    *,
    pull: Pull | None,
    github: GitHub | None,
    report: Report,
    commits: Commits,
    items_at: Callable[[str], frozenset[str] | None],
) -> Report:
    if github is None:
        raise GitHubError("reading the approvals", "GitHub cannot be asked", status=None)
    approval = Approval(
        approvers=report.approvers, label=report.approval_label, strict=report.approval_strict
    )
    judged: list[GivenApproval] = []
    covered: frozenset[str] = frozenset()
    known: dict[str, frozenset[str] | None] = {decision.head: report_items(report)}
    for item in _pulls(decision, pull, github, commits):
        found, more = judge_approvals(
            report_items(report),
            _given(job, decision, item, github, approval),
            approval,
            head=item.head,
            is_member=github.is_member,
            known=known,
            items_at=items_at,
        )
        judged += found
        covered |= more
    return approve(report, tuple(judged), covered)


def _pulls(
    decision: Compare, pull: Pull | None, github: GitHub, commits: Commits
) -> tuple[Pull, ...]:
    """The pull requests whose approvals count: the event's, the queue's, or the pushed ones'."""
    if decision.pull_request is not None:
        return (pull,) if pull else ()
    if decision.queue is None:
        return tuple(github.pull(item.number) for item in github.pulls_of_commit(decision.head))
    branch = decision.base.removeprefix("refs/heads/")
    return tuple(
        github.pull(number)
        for number, commit in github.queue_entries(branch)
        if commit == decision.head or _is_ancestor(commits, commit)
    )


def _is_ancestor(commits: Commits, commit: str) -> bool:
    try:
        commits.git.run("merge-base", "--is-ancestor", commit, commits.head)
    except GitFailedError:
        return False
    return True


def _given(job: Job, decision: Compare, pull: Pull, github: GitHub, approval: Approval) -> Given:
    is_set = approval.label is not None and approval.label in pull.labels
    remembered = (
        publishing.remembered_label(
            github, pull.number, job.inputs.config, job.inputs.comment_author
        )
        if is_set and decision.label is None
        else None
    )
    return read_given(
        github,
        pull.number,
        author=pull.author,
        label=approval.label,
        labels=pull.labels,
        event_label=decision.label,
        remembered=remembered,
    )


def _stored(job: Job, report: Report) -> tuple[str, tuple[Problem, ...]]:
    place = os.path.join(job.environment.get("RUNNER_TEMP", "."), "reviewbot-report.json")
    try:
        with open(place, "w", encoding="ascii") as file:
            file.write(render_json(report))
    except OSError as error:
        mend = "make room there, or set RUNNER_TEMP"
        return "", (Problem(what=f"{place} could not be written: {error.strerror}", mend=mend),)
    return place, ()


def _written(
    job: Job,
    decision: Compare,
    pull: Pull | None,
    github: GitHub | None,
    reviewed: _Reviewed,
) -> tuple[Written | None, tuple[Problem, ...]]:
    report = reviewed.report
    body = publishing.comment_body(report)
    silent = not publishing.has_something_to_say(report)
    written, problems = _comment(job, decision, pull, github, body, silent=silent)
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


def _comment(
    job: Job,
    decision: Compare,
    pull: Pull | None,
    github: GitHub | None,
    body: str,
    *,
    silent: bool,
) -> tuple[Written | None, tuple[Problem, ...]]:
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
    stamp = Stamp(
        key=configuration_key(job.inputs.config),
        head=decision.head,
        at=pull.at,
        run=job.number("GITHUB_RUN_ID"),
        attempt=job.number("GITHUB_RUN_ATTEMPT"),
        labelled=_labelled(job, decision, pull, github),
    )
    written, problems = publishing.attempt(
        lambda: write_comment(
            github,
            pull.number,
            body,
            stamp,
            author=job.inputs.comment_author,
            silent=silent,
            settle_seconds=_settle_seconds(job, pull),
        )
    )
    if written:
        job.say(f"reviewbot: {written.what}\n")
    return written, problems


def _labelled(job: Job, decision: Compare, pull: Pull, github: GitHub) -> tuple[int, str] | None:
    """Which setting of a label the comment is to remember, and on which head it was."""
    with suppress(GitHubError):
        if decision.label is None:
            return publishing.remembered_label(
                github, pull.number, job.inputs.config, job.inputs.comment_author
            )
        found = github.labelling(pull.number, decision.label.name)
        if found is not None and found.by == decision.label.by:
            return found.event, decision.label.commit
    return None


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
