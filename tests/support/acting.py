"""Runs of `reviewbot action` in this process, as GitHub Actions would start them."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from reviewbot.commands.action import run_action
from reviewbot.errors import ReviewbotError
from reviewbot.exit_codes import exit_code_of_error
from reviewbot.github.api.retries import Policy
from tests.support.github_server import GitHubServer
from tests.support.repository import Repository

PATIENT = Policy(total_seconds=60.0, request_seconds=10.0, first_wait_seconds=0.05)
QUICK = Policy(total_seconds=4.0, request_seconds=1.0, attempts=3, first_wait_seconds=0.05)


@dataclass(frozen=True)
class Run:
    """What a run left behind."""

    code: int
    log: str
    summary: str
    outputs: Mapping[str, str]
    folder: Path

    @property
    def report(self) -> Any:
        return json.loads((self.folder / "reviewbot-report.json").read_text())


@dataclass
class Site:
    """A repository, its server, and where the runs' files go."""

    repository: Repository
    server: GitHubServer
    folder: Path
    runs: list[Run] = field(default_factory=list)

    def act(
        self,
        name: str,
        payload: Mapping[str, Any],
        *,
        checkout: Path | None = None,
        policy: Policy = QUICK,
        days_later: int = 0,
        run_id: int = 1,
        api: str = "",
        environment: Mapping[str, str] | None = None,
        **inputs: str,
    ) -> Run:
        folder = self.folder / f"run-{run_id}-{len(self.runs)}"
        folder.mkdir(parents=True)
        (folder / "event.json").write_text(json.dumps(payload))
        variables = {
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_REPOSITORY": "acme/prompts",
            "GITHUB_SHA": "0" * 39 + "1",
            "GITHUB_API_URL": f"{self.server.url}{api}",
            "GITHUB_SERVER_URL": self.server.url,
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "GITHUB_WORKSPACE": str(checkout or self.repository.path),
            "GITHUB_RUN_ID": str(run_id),
            "GITHUB_RUN_ATTEMPT": "1",
            "RUNNER_TEMP": str(folder),
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "REVIEWBOT_TOKEN": "ghs_token",
        } | {f"REVIEWBOT_{key.upper()}": value for key, value in inputs.items()}
        variables |= environment or {}
        out = io.StringIO()
        try:
            code = run_action(
                variables,
                out=out,
                policy=policy,
                now=lambda: self.server.now() + timedelta(days=days_later),
            )
        except ReviewbotError as error:
            code = exit_code_of_error(error)
            out.write(str(error))
        run = Run(
            code=int(code),
            log=out.getvalue(),
            summary=_text(folder / "summary.md"),
            outputs=read_outputs(_text(folder / "output")),
            folder=folder,
        )
        self.runs.append(run)
        return run


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def read_outputs(text: str) -> dict[str, str]:
    """The file GITHUB_OUTPUT as the runner reads it."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        key, _, delimiter = line.partition("<<")
        value = []
        for part in lines:
            if part == delimiter:
                break
            value.append(part)
        found[key] = "\n".join(value)
    return found


def pull_request(
    head: str,
    *,
    number: int = 1,
    action: str = "synchronize",
    repository: str = "acme/prompts",
    **more: Any,
) -> dict[str, Any]:
    """The part of the event's payload that is read."""
    return {
        "action": action,
        "pull_request": {
            "number": number,
            "head": {"sha": head, "ref": "work", "repo": {"full_name": repository}},
            "base": {"ref": "main"},
            "user": {"login": "author"},
        },
    } | more
