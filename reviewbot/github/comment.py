"""The one comment of a pull request: found again, never doubled, never put back in time.

A comment is ours when it begins with our marker *and* was written by the account that we write as.
The marker says of which head commit and of which moment the review is. Only a review of the pull
request's current head is written; of two of the same head the one that read GitHub later stands.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

from msgspec import Struct

from reviewbot.github.api import Comment, GitHub, GitHubError, oldest_first

MAX_CHARACTERS = 65_536
"""GitHub refuses a longer body (status 422)."""

_ROUNDS = 8
_REMEMBERED = 20
_MARKER = re.compile(
    r"<!-- reviewbot (?P<key>[0-9a-f]{12}) head=(?P<head>[0-9a-f]{40,64}) at=(?P<at>[0-9T:+.-]*)"
    r" run=(?P<run>[0-9]{1,19})\.(?P<attempt>[0-9]{1,19})"
    r"(?: label=(?P<event>[0-9]{1,19})@(?P<commit>[0-9a-f]{40,64}))?"
    r"(?: approvals=(?P<approvals>[0-9]{1,19}:[0-9a-f]{16}(?:,[0-9]{1,19}:[0-9a-f]{16})*))? -->\n"
)


class Stamp(Struct, frozen=True, kw_only=True):
    """Which review a comment shows.

    `at` is GitHub's time when the pull request was read, `run` and `attempt` are the workflow
    run's. `labelled` is the id of the event that set the approving label, and the head it was on.
    `approvals` are the ids of approvals that counted once, each with the digest of what for.
    """

    key: str
    head: str
    at: str
    run: int
    attempt: int
    labelled: tuple[int, str] | None = None
    approvals: Mapping[int, str] = {}

    @property
    def order(self) -> tuple[str, int, int]:
        """The later of two reviews of one commit has the greater."""
        return self.at, self.run, self.attempt

    @property
    def marker(self) -> str:
        """The comment's first line; all of it is ours: digits, digests and dates."""
        label = f" label={self.labelled[0]}@{self.labelled[1]}" if self.labelled else ""
        run = f"{self.run}.{self.attempt}"
        newest = sorted(self.approvals.items())[-_REMEMBERED:]
        listed = ",".join(f"{number}:{found}" for number, found in newest)
        approvals = f" approvals={listed}" if listed else ""
        return (
            f"<!-- reviewbot {self.key} head={self.head} at={self.at} run={run}{label}{approvals}"
            " -->\n"
        )


class Written(Struct, frozen=True, kw_only=True):
    """What became of the comment: its address, None where there is none, and why."""

    url: str | None
    what: str


def configuration_key(path: str) -> str:
    """A short digest of the configuration's path: one comment for each."""
    return sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def stamp_of(body: str) -> Stamp | None:
    """The stamp of a comment, None where its text does not begin with one."""
    found = _MARKER.match(body.replace("\r\n", "\n"))
    if found is None:
        return None
    labelled = (int(found["event"]), found["commit"]) if found["event"] else None
    return Stamp(
        key=found["key"],
        head=found["head"],
        at=found["at"],
        run=int(found["run"]),
        attempt=int(found["attempt"]),
        labelled=labelled,
        approvals={
            int(number): digest
            for number, _, digest in (
                item.partition(":") for item in (found["approvals"] or "").split(",") if item
            )
        },
    )


def own_comments(comments: tuple[Comment, ...], key: str, author: str) -> list[Comment]:
    """Our comments for one configuration, the oldest first."""
    return [
        item
        for item in oldest_first(comments)
        if item.author == author and (found := stamp_of(item.body)) and found.key == key
    ]


def write_comment(
    github: GitHub,
    number: int,
    body: str,
    stamp: Stamp,
    *,
    author: str,
    silent: bool,
    settle_seconds: float = 0.0,
) -> Written:
    """Bring the comment up to date; `silent` creates none where there is none yet.

    After each write the comments are read again: duplicates of ours go, the oldest stays, and what
    a slower and older run wrote meanwhile is replaced. `settle_seconds` is how long such a write
    may still be under way.

    Raises:
        GitHubError: It could not be brought up to date, or nobody knows whether it was.

    """
    text = stamp.marker + body
    settled = settle_seconds <= 0
    failure: GitHubError | None = None
    for _ in range(_ROUNDS):
        if github.pull(number).head != stamp.head:
            return Written(url=None, what="the pull request has a newer commit, whose run reports")
        own = own_comments(github.comments(number), stamp.key, author)
        done = _done(own, text, stamp, silent=silent)
        if done is None:
            failure, wrote_as = _try(github, number, own, text, earlier=failure)
            author = wrote_as or author
        elif settled or not own or _newer(own, stamp):
            for item in own[1:]:
                github.delete_comment(item.number)
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
) -> tuple[GitHubError | None, str | None]:
    """Write once: the failure that leaves open whether it was done, and the account it is by.

    The second such failure ends it, and so does any other; a comment that somebody deleted
    meanwhile is looked for again.
    """
    try:
        if own:
            github.edit_comment(own[0].number, text)
            return None, None
        return None, github.create_comment(number, text).author
    except GitHubError as error:
        was_deleted = bool(own) and error.status == 404  # noqa: PLR2004 - not found
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
    return body.replace("\r\n", "\n").partition("\n")[2].strip() == text.partition("\n")[2].strip()
