"""Pull requests as GitHub knows them now."""

from email.utils import parsedate_to_datetime
from typing import Any

from msgspec import Struct

from reviewbot.github.api.checked import checked_commit, checked_reference
from reviewbot.github.api.client import Client


class Pull(Struct, frozen=True, kw_only=True):
    """A pull request as it is now; `at` is GitHub's time of the answer, in ISO 8601."""

    number: int
    head: str
    base_ref: str
    author: str
    is_open: bool
    labels: tuple[str, ...]
    head_repository: str | None
    base_repository: str
    at: str


class Pulls:
    """The pull requests of one repository."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def one(self, number: int) -> Pull:
        """The pull request of that number."""
        from github.PullRequest import PullRequest

        def get() -> Pull:
            headers, data = self._client.get(f"/pulls/{number}")
            requester = self._client.repository.requester
            found = PullRequest(requester, headers, data, completed=True)
            return _pull(found, str(headers.get("date", "")))

        return self._client.read(f"reading pull request {number}", get)

    def open_of(self, head: str) -> tuple[Pull, ...]:
        """The open pull requests of a branch, given as `owner:branch`."""
        return self._client.read(
            "looking for the pull request of the branch",
            lambda: tuple(
                _pull(item, "")
                for item in self._client.repository.get_pulls(state="open", head=head)
            ),
        )

    def of_commit(self, commit: str) -> tuple[Pull, ...]:
        """The pull requests that brought a commit, or that it is the head of."""
        return self._client.read(
            f"looking for the pull requests of {commit[:9]}",
            lambda: tuple(
                _pull(item, "") for item in self._client.repository.get_commit(commit).get_pulls()
            ),
        )


def _pull(item: Any, http_date: str) -> Pull:
    return Pull(
        number=item.number,
        head=checked_commit(item.head.sha),
        base_ref=checked_reference(item.base.ref),
        author=item.user.login if item.user else "",
        is_open=item.state == "open",
        labels=tuple(label.name for label in item.labels),
        head_repository=item.head.repo.full_name if item.head.repo else None,
        base_repository=item.base.repo.full_name,
        at=_iso(http_date),
    )


def _iso(http_date: str) -> str:
    try:
        return parsedate_to_datetime(http_date).isoformat()
    except ValueError:
        return ""
