"""Reviews of pull requests: who approved."""

from msgspec import Struct

from reviewbot.github.api.checked import checked_commit
from reviewbot.github.api.client import Client


class Review(Struct, frozen=True, kw_only=True):
    """A review of a pull request; `commit` is None where GitHub no longer knows it."""

    number: int
    by: str
    state: str
    at: str
    commit: str | None
    body: str


class Reviews:
    """The reviews of one repository's pull requests."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def of_pull(self, number: int) -> tuple[Review, ...]:
        """The reviews of a pull request, the oldest first."""
        return self._client.read(
            "reading the reviews",
            lambda: tuple(
                Review(
                    number=item.id,
                    by=item.user.login if item.user else "",
                    state=item.state,
                    at=item.submitted_at.isoformat() if item.submitted_at else "",
                    commit=checked_commit(item.commit_id) if item.commit_id else None,
                    body=item.body or "",
                )
                for item in self._client.repository.get_pull(number).get_reviews()
            ),
        )
