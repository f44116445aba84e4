"""Check runs, which only an app's token may create."""

from typing import Any

from reviewbot.github.api.client import Client


class CheckRuns:
    """The check runs of one repository."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, data: dict[str, Any]) -> None:
        """Create a check run from the body that GitHub documents."""
        self._client.write(
            "creating the check run", lambda: self._client.send("POST", "/check-runs", data)
        )
