"""The one comment of a pull request: found again, never doubled, never put back in time.

A comment is ours when it begins with our marker *and* was written by the account that we write as.
The marker says of which head commit and of which moment the review is. Only a review of the pull
request's current head is written; of two of the same head the one that read GitHub later stands.
"""

import re

from msgspec import Struct

from reviewbot.github.api import GitHub
from reviewbot.github.api.comments import Comment
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.comment_stamp import Stamp, configuration_key, stamp_of
from reviewbot.github.inputs import Inputs
from reviewbot.outputs.markdown import Site, render_markdown
from reviewbot.report import Report

MAX_CHARACTERS = 65_536
"""GitHub refuses a longer body (status 422)."""

COMMENT_CHARACTERS = MAX_CHARACTERS - 1_500
"""What is left beside the marker."""

_NOT_FOUND = 404
_ROUNDS = 8


class Draft(Struct, frozen=True, kw_only=True):
    """A comment to write as `author`; a silent one is not worth a first comment.

    Comments of ours with one of `stale_keys` are of the same configuration, and go.
    """

    body: str
    stamp: Stamp
    author: str
    is_silent: bool
    stale_keys: frozenset[str] = frozenset()


class Written(Struct, frozen=True, kw_only=True):
    """What became of the comment: its address, None where there is none, and why."""

    url: str | None
    what: str


def comment_body(report: Report, site: Site, *, note: str = "") -> str:
    """The comment without its marker, within GitHub's limit, with links into `site`."""
    problems = (note,) if note else ()
    return render_markdown(report, limit=COMMENT_CHARACTERS, problems=problems, site=site)


def has_something_to_say(report: Report) -> bool:
    """Whether a first comment is worth a reader's time: a changed figure or anything found."""
    return bool(report.findings) or any(
        item.findings or item.problems or item.change_usd_per_month != 0
        for item in report.workflows
    )


def remembered_stamp(github: GitHub, number: int, inputs: Inputs) -> Stamp | None:
    """The stamp of our comment, which holds what later runs need; None where there is none.

    Raises:
        GitHubError: GitHub cannot be read.

    """
    comments = github.comments.of_pull(number)
    own = own_comments(comments, configuration_key(inputs.config), inputs.comment_author)
    return stamp_of(own[0].body) if own else None


def own_comments(comments: tuple[Comment, ...], key: str, author: str) -> list[Comment]:
    """Our comments for one configuration, the oldest first."""
    return [
        item
        for item in comments
        if item.author == author and (found := stamp_of(item.body)) and found.key == key
    ]


def write_comment(
    github: GitHub, number: int, draft: Draft, *, settle_seconds: float = 0.0
) -> Written:
    """Bring the comment up to date; a silent one is not created where there is none yet.

    After each write the comments are read again: duplicates of ours go, the oldest stays, and what
    a slower and older run wrote meanwhile is replaced. What was created counts where GitHub lists
    no comment of ours yet. `settle_seconds` is how long such a write may still be under way.

    Raises:
        GitHubError: It could not be brought up to date, or nobody knows whether it was.

    """
    stamp, author = draft.stamp, draft.author
    text = stamp.marker + draft.body
    settled = settle_seconds <= 0
    failure: GitHubError | None = None
    created: Comment | None = None
    for _ in range(_ROUNDS):
        if github.pulls.one(number).head != stamp.head:
            return Written(url=None, what="the pull request has a newer commit, whose run reports")
        comments = github.comments.of_pull(number)
        own = own_comments(comments, stamp.key, author) or ([created] if created else [])
        stale = [old for key in draft.stale_keys for old in own_comments(comments, key, author)]
        done = _done(own, text, stamp, silent=draft.is_silent)
        if done is None:
            failure, written = _try(github, number, own, text, earlier=failure)
            if written is not None:
                created, author = written, written.author
        elif settled or not own or _newer(own, stamp):
            for item in (*own[1:], *stale):
                github.comments.delete(item.number)
            return done
        else:
            github.pause(settle_seconds)
            settled = True
    raise failure or GitHubError("updating the comment", "others keep changing it", status=None)


def _done(own: list[Comment], text: str, stamp: Stamp, *, silent: bool) -> Written | None:
    """What became of the comment, None where it has to be written."""
    newer = _newer(own, stamp)
    if newer is not None:
        return Written(url=newer.url, what="a later run of the same commit has reported")
    if not own:
        return Written(url=None, what="there is nothing to say") if silent else None
    if _is_same(own[0].body, text, stamp):
        return Written(url=own[0].url, what="the comment is up to date")
    return None


def _try(
    github: GitHub, number: int, own: list[Comment], text: str, *, earlier: GitHubError | None
) -> tuple[GitHubError | None, Comment | None]:
    """Write once: the failure that leaves open whether it was done, and the comment if it is new.

    The second such failure ends it, and so does any other; a comment that somebody deleted
    meanwhile is looked for again.
    """
    try:
        if own:
            github.comments.edit(own[0].number, text)
            return None, None
        return None, github.comments.create(number, text)
    except GitHubError as error:
        was_deleted = bool(own) and error.status == _NOT_FOUND
        if earlier is not None or not (error.is_uncertain or was_deleted):
            raise
        return error, None


def _newer(own: list[Comment], stamp: Stamp) -> Comment | None:
    for item in own:
        found = stamp_of(item.body)
        if found and found.head == stamp.head and found.order > stamp.order:
            return item
    return None


def _is_same(body: str, text: str, stamp: Stamp) -> bool:
    """Whether a comment shows this review already, whichever run of the same commit wrote it."""
    found = stamp_of(body)
    if found is None or found.head != stamp.head:
        return False
    if (found.labelled, found.approvals) != (stamp.labelled, stamp.approvals):
        return False
    return _without_run(body) == _without_run(text)


def _without_run(body: str) -> str:
    """What a comment says, whichever run wrote it: no marker, and no link to the run."""
    said = body.replace("\r\n", "\n").partition("\n")[2].strip()
    return re.sub(r"/actions/runs/\d+", "", said)
