"""Judges approvals: which of them count, and what they cover.

An approval counts when it is given by somebody whom the governing configuration lists, other than
the author, and when it covers the evidence (`policy.fingerprint`) of everything that needs it: the
commit that it was given on is reviewed again, and what needed approval there must have the digests
that it has now. Main may have moved meanwhile, and with it limits, traffic or prices: what an
approval covered when it first counted is remembered, and must be the same still. With `strict` it
must have been given on the very commit under review, and with `expires_after` not long ago.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Approval
from reviewbot.github.api.reviews import Review
from reviewbot.github.approvals.given import Given
from reviewbot.policy.fingerprint import digest, report_items
from reviewbot.report import ApprovalKind, GivenApproval, Report, Verdict, worst

_REMEMBERED_CHARACTERS = 16
_REVIEWED_COMMITS = 5
"""So many earlier commits are reviewed again, the newest approvals first."""


class Terms(Struct, frozen=True, kw_only=True):
    """What an approval has to meet: the governing settings, the commit under review, the time.

    `is_member` says whether a login is in a team, None where that cannot be known. `now` has a time
    zone.
    """

    approval: Approval
    head: str
    now: datetime
    is_member: Callable[[str, str], bool | None]


class EarlierCommits:
    """What needed approval at the commits that approvals were given on, each reviewed once.

    `items_at` gives it, None where the commit cannot be reviewed; `head` and `items` are what is
    known from the review itself.
    """

    def __init__(
        self, head: str, items: frozenset[str], items_at: Callable[[str], frozenset[str] | None]
    ) -> None:
        self._known: dict[str, frozenset[str] | None] = {head: items}
        self._items_at = items_at

    def items(self, commit: str | None) -> tuple[frozenset[str], str | None]:
        """What needed approval at `commit`, or why that is not known."""
        if commit is None:
            return frozenset(), "on which commit it was set is not known; set the label again"
        if commit not in self._known:
            if len(self._known) > _REVIEWED_COMMITS:
                return frozenset(), "too many approvals of earlier commits; approve this one"
            self._known[commit] = self._items_at(commit)
        items = self._known[commit]
        if items is None:
            return frozenset(), "the commit that it was given on cannot be reviewed any more"
        return items, None


class Judged(Struct, frozen=True, kw_only=True):
    """Approvals with their worth, what they cover, and what later runs must remember of them."""

    approvals: tuple[GivenApproval, ...]
    covered: frozenset[str]
    counted: Mapping[int, str]


def judge_approvals(
    needed: frozenset[str],
    given: Given,
    terms: Terms,
    earlier: EarlierCommits,
    remembered: Mapping[int, str],
) -> Judged:
    """All approvals with their worth, and the digests that the valid ones cover.

    `needed` is what needs approval now. `remembered` has, for approvals that counted once, the
    digest of what they covered then.
    """
    covered: set[str] = set()
    counted: dict[int, str] = {}
    judged = []
    for number, candidate in _candidates(given):
        covers: frozenset[str] = frozenset()
        refusal = _refusal(candidate, given, terms)
        if refusal is None and number not in remembered and _is_before(candidate, given):
            refusal = "it was given before the pull request was turned to this branch"
        if refusal is None:
            items, refusal = earlier.items(candidate.commit)
            then = digest(sorted(items))[:_REMEMBERED_CHARACTERS]
            if refusal is None and (not items & needed or remembered.get(number, then) != then):
                refusal = "the figures, texts or limits have changed since"
            if refusal is None:
                covers = items & needed
                covered |= covers
                counted[number] = then
        judged.append(replace(candidate, refusal=refusal, covers=tuple(sorted(covers))))
    return Judged(approvals=tuple(judged), covered=frozenset(covered), counted=counted)


def approve(report: Report, judged: tuple[GivenApproval, ...], covered: frozenset[str]) -> Report:
    """`report` with its approvals; where they cover all, the verdict is what remains."""
    needed = report_items(report)
    if not needed or not needed <= covered:
        return replace(report, approvals=judged)
    workflows = tuple(
        replace(item, verdict=_remaining([found.verdict for found in item.findings], item.verdict))
        for item in report.workflows
    )
    rest = [item.verdict for item in report.findings if item.verdict is not Verdict.NEEDS_APPROVAL]
    return replace(
        report,
        verdict=worst([*(item.verdict for item in workflows), *rest]),
        workflows=workflows,
        approved=True,
        approvals=judged,
    )


def _remaining(findings: list[Verdict], verdict: Verdict) -> Verdict:
    """A workflow's verdict without what was approved; what was not measured stays so."""
    if verdict is not Verdict.NEEDS_APPROVAL:
        return verdict
    return worst([item for item in findings if item is not Verdict.NEEDS_APPROVAL])


def _candidates(given: Given) -> list[tuple[int, GivenApproval]]:
    """Each person's last review that says yes or no, if yes, and the label; the newest first."""
    last: dict[str, Review] = {}
    for item in given.reviews:
        if item.state in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED"):
            last[item.by.lower()] = item
    found = [
        (
            item.number,
            GivenApproval(
                by=item.by, kind=ApprovalKind.REVIEW, at=item.at, commit=item.commit, refusal=None
            ),
        )
        for item in last.values()
        if item.state == "APPROVED"
    ]
    if given.labelling is not None:
        label = GivenApproval(
            by=given.labelling.by,
            kind=ApprovalKind.LABEL,
            at=given.labelling.at,
            commit=given.labelled_commit,
            refusal=None,
        )
        found.append((given.labelling.event, label))
    return sorted(found, key=lambda item: (item[1].at, item[1].by), reverse=True)


def _refusal(candidate: GivenApproval, given: Given, terms: Terms) -> str | None:
    """Why an approval does not count, whatever it covers."""
    approval = terms.approval
    refusal = _who(candidate.by, given.author, approval, terms.is_member)
    if refusal is None and approval.strict and candidate.commit != terms.head:
        refusal = "it was given on another commit, and `strict` binds it to one"
    if refusal is None and approval.expires_after_days is not None:
        refusal = _expired(candidate.at, approval.expires_after_days, terms.now)
    return refusal


def _who(
    login: str, author: str, approval: Approval, is_member: Callable[[str, str], bool | None]
) -> str | None:
    """Why `login` may not approve; logins are compared without regard to case, as GitHub does."""
    if not login or login.lower() == author.lower():
        return "authors cannot approve their own change"
    people = {item.removeprefix("@").lower() for item in approval.approvers if "/" not in item}
    if login.lower() in people:
        return None
    unknown = []
    for team in (item.removeprefix("@") for item in approval.approvers if "/" in item):
        member = is_member(team, login)
        if member:
            return None
        if member is None:
            unknown.append(f"@{team}")
    if unknown:
        return (
            f"not listed by name, and the token may not read who is in {', '.join(unknown)} "
            "(docs/github.md, Approvals)"
        )
    return "not listed in the governing configuration's `approval.approvers`"


def _is_before(candidate: GivenApproval, given: Given) -> bool:
    """Whether it was given for another base branch; GitHub's times have one form."""
    return given.retargeted_at is not None and candidate.at <= given.retargeted_at


def _expired(at: str, days: int, now: datetime) -> str | None:
    """Why an approval of the time `at` counts no more; a time without a zone is none."""
    try:
        end = datetime.fromisoformat(at) + timedelta(days=days)
        if now <= end:
            return None
    except (OverflowError, TypeError, ValueError):
        return "when it was given cannot be read, and `expires_after` asks for it"
    since = end.isoformat(sep=" ", timespec="minutes")
    return f"it expired at {since}, after {days} day{'s' if days > 1 else ''}"
