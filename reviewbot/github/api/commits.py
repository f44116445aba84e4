"""Commits, by GitHub's whole history."""

from reviewbot.github.api.checked import checked_commit
from reviewbot.github.api.client import Client


class Commits:
    """The commits of one repository."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def merge_base(self, base: str, head: str) -> str:
        """The merge base of two commits."""
        return self._client.read(
            "asking for the merge base",
            lambda: checked_commit(
                self._client.repository.compare(base, head).merge_base_commit.sha
            ),
        )
