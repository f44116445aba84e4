"""One run of the action: its inputs, its event, and the places that it speaks to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TextIO

from msgspec import Struct

from reviewbot.console import write
from reviewbot.github import workflow_commands
from reviewbot.github.api import GitHub
from reviewbot.github.api.client import Account
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.api.retries import Policy
from reviewbot.github.inputs import Inputs
from reviewbot.telemetry import SILENT, Telemetry


class Job(Struct, frozen=True, kw_only=True):
    """The edges of one run, and what the environment says of it; `now` is in UTC."""

    environment: Mapping[str, str]
    inputs: Inputs
    event: Mapping[str, Any]
    out: TextIO | None
    policy: Policy
    now: Callable[[], datetime]
    telemetry: Telemetry = SILENT

    def github(self, repository: str) -> GitHub:
        """The API, where there is a token.

        Raises:
            GitHubError: There is none.

        """
        if not self.inputs.token:
            raise GitHubError("asking GitHub", "there is no token", status=401)
        account = Account(
            url=self.environment.get("GITHUB_API_URL", "https://api.github.com"),
            repository=repository,
            token=self.inputs.token,
        )
        return GitHub(account, self.policy, self.telemetry)

    def say(self, text: str) -> None:
        """Print to the job's log."""
        write(text, self.out)

    def summarize(self, markdown: str) -> None:
        """Append to the job's summary."""
        self._append("GITHUB_STEP_SUMMARY", markdown)

    def give(self, outputs: Mapping[str, str]) -> None:
        """Set outputs of the step."""
        self._append("GITHUB_OUTPUT", workflow_commands.outputs(outputs))

    def number(self, variable: str) -> int:
        """A number from the environment, 0 where there is none."""
        text = self.environment.get(variable, "")
        return int(text) if text.isdecimal() else 0

    def _append(self, variable: str, text: str) -> None:
        if place := self.environment.get(variable):
            try:
                with open(place, "a", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(text)
            except OSError as error:
                self.say(f"reviewbot: {variable} could not be written: {error.strerror}\n")
