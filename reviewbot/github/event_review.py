"""Reviews the commits of an event, with the approvals that GitHub knows."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.any_repository import review_any
from reviewbot.errors import ReviewbotError
from reviewbot.github.annotations import annotations, settled
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.api.retries import Retries
from reviewbot.github.approvals.gathering import gather_approvals
from reviewbot.github.fetching import FetchedCommits, Fetcher, Remote, open_fetcher, remote_url
from reviewbot.github.live_event import LiveEvent
from reviewbot.github.workflow_commands import Annotation
from reviewbot.policy.fingerprint import report_items
from reviewbot.report import ApprovalKind, GivenApproval, Report
from reviewbot.repository.changed_lines import first_changed_lines
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import compare


class Reviewed(Struct, frozen=True, kw_only=True):
    """A finished review; `labelled` and `counted` are what the comment has to remember."""

    report: Report
    marks: tuple[Annotation, ...]
    labelled: tuple[int, str] | None = None
    counted: Mapping[int, str] = {}


def review_event(live: LiveEvent) -> Reviewed:
    """The review of the event's commits.

    Raises:
        ReviewbotError: There can be no report at all.

    """
    job, decision = live.job, live.decision
    with _commits(live) as (fetcher, commits):
        report, marks = _reviewed_at(commits, live)
        if decision.pull_request:
            report = replace(report, pull_request=decision.pull_request.number)
        if report.evidence is None or not report.approvers:
            return Reviewed(report=report, marks=marks)

        def items_at(commit: str) -> frozenset[str] | None:
            try:
                return report_items(_reviewed_at(fetcher.at(commits, commit), live)[0])
            except ReviewbotError:
                return None

        try:
            with job.telemetry.stage("approvals") as counts:
                gathered = gather_approvals(live, report, commits, items_at)
                counts.note(approvals=len(gathered.report.approvals))
        except GitHubError as error:
            return Reviewed(report=_unread(report, error), marks=marks)
        if gathered.report.approved:
            marks = settled(marks, gathered.report)
        return Reviewed(
            report=gathered.report,
            marks=marks,
            labelled=gathered.labelled,
            counted=gathered.counted,
        )


@contextmanager
def _commits(live: LiveEvent) -> Iterator[tuple[Fetcher, FetchedCommits]]:
    job, decision = live.job, live.decision

    checkout = Git(
        directory=os.path.join(
            job.environment.get("GITHUB_WORKSPACE", "."), job.inputs.working_directory
        ),
        environment=job.environment,
    )
    url = remote_url(job.environment, decision.repository)
    remote = Remote(url, job.inputs.token, Retries(job.policy))
    merge_base = live.github.commits.merge_base if live.github else None
    with open_fetcher(checkout, remote, merge_base) as fetcher:
        with job.telemetry.stage("fetch"):
            commits = fetcher.commits(decision.base, decision.head)
        yield fetcher, commits


def _reviewed_at(commits: FetchedCommits, live: LiveEvent) -> tuple[Report, tuple[Annotation, ...]]:
    """The report of one head commit, and the annotations where it is the event's own."""
    job, decision = live.job, live.decision
    with compare(
        commits.git,
        base=commits.base,
        head=commits.head,
        merge_base=commits.merge_base,
        names=(decision.base.removeprefix("refs/heads/"), "HEAD"),
        telemetry=job.telemetry,
    ) as comparison:
        report = review_any(
            comparison,
            configuration_file=job.inputs.config,
            today=job.now().date(),
            telemetry=job.telemetry,
        )
        if commits.head != decision.head:
            return report, ()
        return report, annotations(
            report, lambda path: first_changed_lines(commits.git, comparison, path)
        )


def _unread(report: Report, error: GitHubError) -> Report:
    """The report where approvals could not be read: none counts."""
    unread = GivenApproval(
        by="?", kind=ApprovalKind.REVIEW, at="?", commit=None, refusal=error.problems[0].what
    )
    return replace(report, approvals=(unread,))
