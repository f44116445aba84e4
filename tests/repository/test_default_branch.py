"""The base of a check is the repository's own default branch; what is missing can be fetched."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, Outcome, configuration, review, workflow

FILES = {PROMPT: "Sort the mail.", CONFIGURATION: configuration({"w": workflow()})}


def named(path: Path, branch: str) -> Repository:
    """A repository whose default branch has that name, with work on another."""
    repository = Repository.create(path)
    repository.git("branch", "-m", branch)
    repository.commit({**FILES})
    repository.branch("work")
    repository.commit({PROMPT: "Sort the mail of today."})
    return repository


def cloned(origin: Repository, path: Path, *options: str) -> Repository:
    place = f"file://{origin.path}"
    subprocess.run(["git", "clone", "-q", *options, place, str(path)], check=True)
    return Repository(path)


def without_base(repository: Repository) -> Outcome:
    return review(repository)


@pytest.mark.parametrize("name", ["main", "master", "release/next"])
def test_the_remote_tells_the_default_branch(tmp_path: Path, name: str) -> None:
    origin = named(tmp_path / "origin", name)
    origin.git("switch", "-q", name)
    clone = cloned(origin, tmp_path / "clone")
    clone.git("switch", "-q", "work")
    assert without_base(clone).report["revisions"]["base_name"] == name
    clone.git("branch", "-q", "-D", name)
    outcome = without_base(clone)
    assert outcome.report["revisions"]["base_name"] == f"origin/{name}"
    assert outcome.workflow("w")["state"] == "changed"


@pytest.mark.parametrize(("name", "seen"), [("trunk", "trunk"), ("main", "main")])
def test_without_a_remote_the_usual_names_are_tried(tmp_path: Path, name: str, seen: str) -> None:
    assert without_base(named(tmp_path / "r", name)).report["revisions"]["base_name"] == seen


def test_where_it_is_not_known_the_branches_are_named(tmp_path: Path) -> None:
    outcome = without_base(named(tmp_path / "r", "stable"))
    assert outcome.code == 3
    assert "branches here: stable, work" in outcome.errors
    assert "`--base stable`" in outcome.errors


@pytest.mark.parametrize("base", ["main", "origin/main"])
@pytest.mark.parametrize("depth", [(), ("--depth", "1")])
def test_the_commands_that_messages_name_bring_a_missing_base(
    tmp_path: Path, base: str, depth: tuple[str, ...]
) -> None:
    origin = named(tmp_path / "origin", "main")
    clone = cloned(origin, tmp_path / "clone", "--single-branch", "-b", "work", *depth)
    for _ in range(3):
        outcome = review(clone, "--base", base)
        if outcome.code != 3:
            break
        command = re.search(r"`(git fetch [^`]+)`", outcome.errors)
        assert command is not None, outcome.errors
        subprocess.run(shlex.split(command[1]), cwd=clone.path, check=True, capture_output=True)
    assert outcome.workflow("w")["state"] == "changed"


def test_a_clone_of_one_branch_is_never_compared_with_itself(tmp_path: Path) -> None:
    origin = named(tmp_path / "origin", "main")
    clone = cloned(origin, tmp_path / "clone", "--depth", "1", "-b", "work")
    outcome = without_base(clone)
    assert outcome.code == 3
    assert "`git fetch --unshallow origin main:main`" in outcome.errors


def test_without_a_remote_a_missing_base_names_the_branches(tmp_path: Path) -> None:
    repository = named(tmp_path / "r", "main")
    outcome = review(repository, "--base", "mian")
    assert outcome.code == 3
    assert "name a branch that is here (main, work) with --base" in outcome.errors


def test_a_branch_whose_name_holds_a_line_separator_is_one_name(tmp_path: Path) -> None:
    repository = named(tmp_path / "r", "main")
    repository.branch("x\u2028y")
    assert without_base(repository).code == 0
