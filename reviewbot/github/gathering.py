"""The approvals of an event: of its pull request, of the queue's, or of those that were pushed."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from reviewbot.configuration.settings import Approval
from reviewbot.github import publishing
from reviewbot.github.api import GitHub, GitHubError, Pull
from reviewbot.github.approvals import approve, judge_approvals, read_given
from reviewbot.github.commits import Commits
from reviewbot.github.events import Compare
from reviewbot.github.job import Job
from reviewbot.policy.fingerprint import report_items
from reviewbot.report import GivenApproval, Report
from reviewbot.repository.git import GitFailedError


class Gathered(Struct, frozen=True, kw_only=True):
    """The report with its approvals, and what the comment has to remember of them."""

    report: Report
    labelled: tuple[int, str] | None
    counted: Mapping[int, str]


def gather_approvals(
    job: Job,
    decision: Compare,
    *,
    pull: Pull | None,
    github: GitHub | None,
    report: Report,
    commits: Commits,
    items_at: Callable[[str], frozenset[str] | None],
) -> Gathered:
    """The report with the approvals of the event's pull requests, judged.

    Raises:
        GitHubError: GitHub cannot be read; then no approval counts.

    """
    if github is None:
        raise GitHubError("reading the approvals", "GitHub cannot be asked", status=None)
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
    known: dict[str, frozenset[str] | None] = {decision.head: report_items(report)}
    for item in _pulls(decision, pull, github, commits):
        memory = publishing.remembered(
            github, item.number, job.inputs.config, job.inputs.comment_author
        )
        given = read_given(
            github,
            item.number,
            author=item.author,
            label=approval.label,
            labels=item.labels,
            event_label=decision.label,
            remembered=memory.labelled if memory else None,
        )
        judged = judge_approvals(
            report_items(report),
            given,
            approval,
            head=decision.head if decision.pull_request else item.head,
            now=job.now(),
            remembered=memory.approvals if memory else {},
            is_member=github.is_member,
            known=known,
            items_at=items_at,
        )
        approvals += judged.approvals
        covered |= judged.covered
        counted |= judged.counted
        if given.labelling is not None and given.labelled_commit is not None:
            labelled = given.labelling.event, given.labelled_commit
    report = approve(report, tuple(approvals), covered)
    return Gathered(report=report, labelled=labelled, counted=counted)


def _pulls(
    decision: Compare, pull: Pull | None, github: GitHub, commits: Commits
) -> tuple[Pull, ...]:
    """The pull requests whose approvals count: the event's, the queue's, or the pushed ones'."""
    if decision.pull_request is not None:
        return (pull,) if pull else ()
    if decision.queue is None:
        return tuple(
            github.pull(item.number)
            for item in github.pulls_of_commit(decision.head)
            if item.base_ref == decision.branch
        )
    branch = decision.base.removeprefix("refs/heads/")
    return tuple(
        github.pull(number)
        for number, commit in github.queue_entries(branch)
        if commit == decision.head or _is_ancestor(commits, commit, github)
    )


def _is_ancestor(commits: Commits, commit: str, github: GitHub) -> bool:
    """Whether the queue's head holds `commit`; a shallow repository cannot tell, GitHub can."""
    try:
        commits.git.run("merge-base", "--is-ancestor", commit, commits.head)
    except GitFailedError:
        return github.merge_base(commit, commits.head) == commit
    return True
