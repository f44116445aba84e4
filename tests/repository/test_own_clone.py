"""The clone that the program runs from names the action to put into a workflow."""

from pathlib import Path

import pytest

from reviewbot.repository.git import Git
from reviewbot.repository.own_clone import own_action
from tests.support.repository import Repository

REMOTES = {
    "https://github.com/acme/reviewbot": "acme/reviewbot",
    "https://github.com/acme/reviewbot.git": "acme/reviewbot",
    "git@github.example.com:acme/review.bot.git": "acme/review.bot",
    "ssh://git@github.com:22/acme/reviewbot/": "acme/reviewbot",
    "/srv/git/reviewbot": None,
    "https://example.com/a/b/c": None,
}


def action(path: Path) -> str | None:
    module = path / "reviewbot" / "repository" / "own_clone.py"
    return own_action(Git(directory="/", environment={}), str(module))


@pytest.mark.parametrize("remote", REMOTES)
def test_the_remote_and_the_commit_are_the_action(repository: Repository, remote: str) -> None:
    repository.commit({"a.txt": "a"})
    repository.git("remote", "add", "origin", remote)
    commit = repository.git("rev-parse", "HEAD").strip()
    name = REMOTES[remote]
    assert action(repository.path) == (f"{name}@{commit}" if name else None)


def test_what_is_no_clone_names_none(repository: Repository, tmp_path: Path) -> None:
    assert action(repository.path) is None, "no commit and no remote"
    assert action(tmp_path) is None
