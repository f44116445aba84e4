"""Real git repositories for tests."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reviewbot.repository.git import Git
from tests.support import written_commits

_WHO = "author <author@example.invalid>"
_DATE = "1793534400 +0000"
"""In seconds since 1970, as git's objects have it."""
_IDENTITY = {
    "GIT_AUTHOR_NAME": "author",
    "GIT_AUTHOR_EMAIL": "author@example.invalid",
    "GIT_AUTHOR_DATE": "2026-11-01T12:00:00Z",
    "GIT_COMMITTER_NAME": "author",
    "GIT_COMMITTER_EMAIL": "author@example.invalid",
    "GIT_COMMITTER_DATE": "2026-11-01T12:00:00Z",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}
_SETTINGS = ("protocol.file.allow=always", "maintenance.auto=false", "core.fsync=none")
"""What one test does needs no maintenance, which is a process more for each commit."""

_OPTIONS = tuple(word for setting in _SETTINGS for word in ("-c", setting))


@dataclass(frozen=True)
class Repository:
    """A repository in a temporary folder, with a branch called main."""

    path: Path

    @classmethod
    def create(cls, path: Path, *options: str) -> "Repository":
        path.mkdir(parents=True, exist_ok=True)
        repository = cls(path)
        if options or not written_commits.create(path):
            repository.git("init", "--quiet", "--template=", "--initial-branch", "main", *options)
        return repository

    @property
    def edge(self) -> Git:
        return Git(directory=str(self.path), environment=os.environ)

    def git(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.path), *_OPTIONS, *arguments],
            env=os.environ | _IDENTITY | environment,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode(errors="surrogateescape").strip()

    def piped(self, *arguments: str, given: bytes) -> str:
        """What a command prints that reads `given`."""
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            env=os.environ | _IDENTITY,
            input=given,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        for name, content in files.items():
            path = self.path / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "change") -> str:
        self.write(files)
        if commit := written_commits.commit_all(self.path, message, _WHO, _DATE):
            return commit
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self._head()

    def _head(self) -> str:
        """The commit of HEAD, which a file tells without a process where HEAD is a branch."""
        head = self.path / ".git" / "HEAD"
        branch = head.read_text().strip().removeprefix("ref: ") if head.is_file() else "HEAD"
        file = head.parent / branch
        return file.read_text().strip() if file.is_file() else self.git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        if not written_commits.branch(self.path, name):
            self.git("switch", "--quiet", "--create", name)
