"""Gathers the approvals of an event: of its pull request, of the queue's, or of the pushed ones."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from reviewbot.configuration.settings import Approval
from reviewbot.github.api import GitHub
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.api.pulls import Pull
from reviewbot.github.approvals.given import read_given
from reviewbot.github.approvals.judging import EarlierCommits, Terms, approve, judge_approvals
from reviewbot.github.comment import remembered_stamp
from reviewbot.github.fetching import FetchedCommits
from reviewbot.github.live_event import LiveEvent
from reviewbot.policy.fingerprint import report_items
from reviewbot.report import GivenApproval, Report
from reviewbot.repository.git import GitFailedError


class Gathered(Struct, frozen=True, kw_only=True):
    """The report with its approvals, and what the comment has to remember of them."""

    report: Report
    labelled: tuple[int, str] | None
    counted: Mapping[int, str]


def gather_approvals(
    live: LiveEvent,
    report: Report,
    commits: FetchedCommits,
    items_at: Callable[[str], frozenset[str] | None],
) -> Gathered:
    """The report with the approvals of the event's pull requests, judged.

    `items_at` gives what needed approval at an earlier commit, None where it cannot be reviewed.

    Raises:
        GitHubError: GitHub cannot be read; then no approval counts.

    """
    if live.github is None:
        raise GitHubError("reading the approvals", "GitHub cannot be asked", status=None)
    job, decision, github = live.job, live.decision, live.github
    approval = Approval(
        approvers=report.approvers,
        label=report.approval_label,
        strict=report.approval_strict,
        expires_after_days=report.approval_expires_after_days,
    )
    approvals: list[GivenApproval] = []
    covered: frozenset[str] = frozenset()
    counted: dict[int, str] = {}
    labelled = None
    needed = report_items(report)
    earlier = EarlierCommits(decision.head, needed, items_at)
    for pull in _pulls(live, github, commits):
        stamp = remembered_stamp(github, pull.number, job.inputs)
        given = read_given(
            github,
            pull,
            approval.label,
            event_label=decision.label,
            remembered=stamp.labelled if stamp else None,
        )
        terms = Terms(
            approval=approval,
            head=decision.head if decision.pull_request else pull.head,
            now=job.now(),
            is_member=github.teams.is_member,
        )
        judged = judge_approvals(needed, given, terms, earlier, stamp.approvals if stamp else {})
        approvals += judged.approvals
        covered |= judged.covered
        counted |= judged.counted
        if given.labelling is not None and given.labelled_commit is not None:
            labelled = given.labelling.event, given.labelled_commit
    report = approve(report, tuple(approvals), covered)
    return Gathered(report=report, labelled=labelled, counted=counted)


def _pulls(live: LiveEvent, github: GitHub, commits: FetchedCommits) -> tuple[Pull, ...]:
    """The pull requests whose approvals count: the event's, the queue's, or the pushed ones'."""
    decision = live.decision
    if decision.pull_request is not None:
        return (live.pull,) if live.pull else ()
    if decision.queue is None:
        return tuple(
            github.pulls.one(item.number)
            for item in github.pulls.of_commit(decision.head)
            if item.base_ref == decision.branch
        )
    branch = decision.base.removeprefix("refs/heads/")
    return tuple(
        github.pulls.one(entry.pull_request)
        for entry in github.merge_queue.entries(branch)
        if entry.commit == decision.head or _is_ancestor(commits, entry.commit, github)
    )


def _is_ancestor(commits: FetchedCommits, commit: str, github: GitHub) -> bool:
    """Whether the queue's head holds `commit`; a shallow repository cannot tell, GitHub can."""
    try:
        commits.git.run("merge-base", "--is-ancestor", commit, commits.head)
    except GitFailedError:
        return github.commits.merge_base(commit, commits.head) == commit
    return True
