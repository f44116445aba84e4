"""The state of a GitHub with one repository, and the objects that several resources show."""

import os
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.github_server.answers import Call, kind_of_account
from tests.support.github_server.description import description
from tests.support.github_server.faults import Faults
from tests.support.github_server.state import (
    CheckRunState,
    CommentState,
    IssueEventState,
    IssueState,
    LineCommentState,
    PullState,
    Recorded,
    ReviewState,
)


class Store:
    """The state of one repository; git knows its commits."""

    def __init__(
        self,
        repository_path: Path,
        *,
        url: str,
        full_name: str,
        page_size: int,
        token_login: str,
    ) -> None:
        self.url = url
        self.repository_path = repository_path
        self.full_name = full_name
        self.page_size = page_size
        self.token_login = token_login
        self.private = True  # of a public repository everything can be read
        self.default_branch = "main"
        self.actions_may_approve = True
        self.lock = threading.RLock()
        self.pulls: dict[int, PullState] = {}
        self.comments: list[CommentState] = []
        self.reviews: list[ReviewState] = []
        self.issues: list[IssueState] = []
        self.labels: set[str] = set()
        self.hidden_from_diff: set[str] = set()
        self.line_comments: list[LineCommentState] = []
        self.issue_events: list[IssueEventState] = []
        self.check_runs: list[CheckRunState] = []
        self.teams: dict[str, set[str]] = {}
        self.permissions = {"contents:read", "pull-requests:write", "checks:write", "members:read"}
        self.requests: list[Recorded] = []
        self.git_requests: list[Recorded] = []
        self.violations: list[str] = []
        self.faults: Faults = lambda _request: None
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.git_faults: Faults = lambda _request: None
        self.release = threading.Event()
        self._last_id = 1000

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def git(self, *arguments: str) -> str | None:
        """What git prints in the repository; nothing if it fails."""
        done = subprocess.run(
            ["git", "-C", str(self.repository_path), *arguments],
            env=git_environment(),
            capture_output=True,
            check=False,
        )
        return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None

    def _resolve(self, name: str) -> str | None:
        return self.git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )

    def _user(self, login: str, kind: str | None = None) -> dict[str, Any]:
        number = int.from_bytes(login.encode()[:4])
        values = {"login": login, "id": number, "type": kind or kind_of_account(login)}
        sample: dict[str, Any] = description().sample("simple-user")
        return sample | values

    def _app(self, login: str) -> dict[str, Any]:
        slug = login.removesuffix("[bot]")
        sample: dict[str, Any] = description().sample("integration")
        return sample | {"id": 15368, "slug": slug, "name": slug, "owner": self._user("github")}

    def _repository(self, call: Call, full_name: str, schema: str = "repository") -> dict[str, Any]:
        owner, _, name = full_name.partition("/")
        sample: dict[str, Any] = description().sample(schema)
        return sample | {
            "id": int.from_bytes(full_name.encode()[-4:]),
            "name": name,
            "full_name": full_name,
            "owner": self._user(owner, "Organization"),
            "private": self.private,
            "fork": full_name != self.full_name,
            "default_branch": self.default_branch,
            "url": f"{call.url}/repos/{full_name}",
            "html_url": f"{self.url}/{full_name}",
            "clone_url": f"{self.url}/{full_name}.git",
        }


def git_environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_CONFIG_KEY_1": "uploadpack.allowAnySHA1InWant",
        "GIT_CONFIG_VALUE_1": "true",
        "GIT_CONFIG_KEY_2": "uploadpack.allowFilter",
        "GIT_CONFIG_VALUE_2": "true",
    }
