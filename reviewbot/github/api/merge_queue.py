"""The merge queue, which GitHub shows as branches of its own."""

from urllib.parse import quote

from msgspec import Struct

from reviewbot.github.api.checked import checked_commit
from reviewbot.github.api.client import Client


class QueueEntry(Struct, frozen=True, kw_only=True):
    """A pull request in the queue, and the commit that merges it there."""

    pull_request: int
    commit: str


class MergeQueue:
    """The merge queues of one repository."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def entries(self, branch: str) -> tuple[QueueEntry, ...]:
        """What waits to be merged into `branch`."""
        prefix = f"heads/gh-readonly-queue/{branch}/pr-"

        def get() -> tuple[QueueEntry, ...]:
            _, data = self._client.get(f"/git/matching-refs/{quote(prefix)}")
            found = []
            for item in data:
                number = item["ref"].removeprefix(f"refs/{prefix}").partition("-")[0]
                if number.isdecimal():
                    commit = checked_commit(item["object"]["sha"])
                    found.append(QueueEntry(pull_request=int(number), commit=commit))
            return tuple(found)

        return self._client.read("reading the merge queue", get)
