"""What is staged and what lies in the work tree: hooks, filters, sparse checkouts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, review, tokens, workflow

LIMITED = configuration({"w": workflow(envelope="{input_tokens: {hard: 20}}")})


@pytest.fixture
def hooked(repository: Repository) -> Repository:
    """A repository whose hook reviews what is about to be committed, on a branch of its own."""
    repository.commit({CONFIGURATION: LIMITED, PROMPT: tokens(10), "other.txt": "text"})
    hook = repository.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} -I -m reviewbot check --staged\n")
    hook.chmod(0o755)
    repository.branch("work")
    return repository


def commit(repository: Repository, *arguments: str, where: str = ".") -> tuple[int, str]:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", *arguments],
        cwd=repository.path / where,
        capture_output=True,
        check=False,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


WAYS = [
    ("-am", "all"),
    (PROMPT, "-m", "one file"),
    ("--only", "-m", "one file", PROMPT),
    ("--include", "-m", "with a file", PROMPT),
    ("--all", "--amend", "--no-edit"),
]


@pytest.mark.parametrize("arguments", WAYS)
def test_a_hook_reviews_what_git_is_about_to_commit(
    hooked: Repository, arguments: tuple[str, ...]
) -> None:
    hooked.write({PROMPT: tokens(30)})
    before = hooked.git("rev-parse", "HEAD")
    code, said = commit(hooked, *arguments)
    assert code == 1, said
    assert hooked.git("rev-parse", "HEAD") == before


def test_a_hook_leaves_alone_what_is_not_committed(hooked: Repository) -> None:
    hooked.write({PROMPT: tokens(30)})
    hooked.git("add", PROMPT)
    hooked.write({"other.txt": "changed"})
    assert commit(hooked, "-m", "one file", "other.txt")[0] == 0


def test_a_hook_in_another_work_tree_reviews_its_index(hooked: Repository, tmp_path: Path) -> None:
    place = tmp_path / "linked"
    hooked.git("worktree", "add", "--quiet", "-b", "linked", str(place), "main")
    linked = Repository(place)
    linked.write({PROMPT: tokens(30)})
    assert commit(linked, "-am", "all")[0] == 1
    assert commit(linked, "-am", "all", where="prompts")[0] == 1


def test_an_index_of_another_repository_is_refused(
    hooked: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository.create(tmp_path / "other")
    other.commit({PROMPT: tokens(10)})
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    outcome = review(hooked, "--staged")
    assert outcome.code == 3
    assert "GIT_INDEX_FILE names an index that is not of this repository" in outcome.errors
    assert review(hooked).code == 0, "a review of commits reads no index"


DRIVERS = {
    "clean": ("x", "filter.x.clean"),
    "process": ("x", "filter.x.process"),
    "required": ("x", "filter.x.clean"),
    "a name with a dot": ("a.b", "filter.a.b.clean"),
    "capitals": ("Xy", "filter.Xy.clean"),
}


@pytest.mark.parametrize("kind", DRIVERS)
def test_the_work_tree_is_read_without_filters(
    repository: Repository, tmp_path: Path, kind: str
) -> None:
    name, key = DRIVERS[kind]
    files = {CONFIGURATION: LIMITED, PROMPT: tokens(10), ".gitattributes": f"* filter={name}\n"}
    repository.commit(files)
    repository.branch("work")
    repository.commit({PROMPT: tokens(12)})
    ran = tmp_path / "ran"
    repository.git("config", key, f"sh -c 'touch {ran}; cat'")
    if kind == "required":
        repository.git("config", f"filter.{name}.required", "true")
    index = repository.path / ".git" / "index"
    os.utime(index, (1_000_000_000, 1_000_000_000))  # older than its files: git compares contents
    outcome = review(repository, "--worktree")
    assert outcome.code == 0, outcome.errors
    assert [item["name"] for item in outcome.report["workflows"]] == ["w"]
    assert not ran.exists()


NOT_REVIEWED = "reviewbot: uncommitted changes are not reviewed: add --worktree\n"


@pytest.mark.parametrize("edit", ["edited", "staged", "removed"])
def test_edits_that_lie_about_are_said_to_be_left_out(repository: Repository, edit: str) -> None:
    repository.commit({CONFIGURATION: LIMITED, PROMPT: tokens(10), "other/a.txt": "a"})
    repository.branch("work")
    repository.write({"untracked.txt": "a"})
    os.utime(repository.path / PROMPT, (1_000_000_000, 1_000_000_000))
    same = "reviewbot: main and HEAD are the same commit: nothing to compare\n"
    last = same.replace("compare", "compare; `--base` names an earlier one, such as HEAD~1")
    assert review(repository).errors == last, "a touched file is no edit"
    if edit == "removed":
        (repository.path / PROMPT).unlink()
    else:
        repository.write({PROMPT: tokens(12)})
    if edit == "staged":
        repository.git("add", PROMPT)
    assert review(repository).errors == same + NOT_REVIEWED
    below = ("--repo", str(repository.path / "other"))
    assert review(repository, *below).errors == same + NOT_REVIEWED
    assert review(repository, "--quiet").errors == ""
    at_work = review(repository, "--head", "work").errors
    assert at_work == last.replace("and HEAD", "and work")
    assert review(repository, "--worktree").errors == ""


def test_the_verdict_says_that_nothing_was_compared(repository: Repository) -> None:
    repository.commit({CONFIGURATION: LIMITED, PROMPT: tokens(10)})
    for options in ((), ("--quiet",)):
        outcome = review(repository, *options, form="terminal")
        assert (outcome.code, outcome.errors) == (0, "")
        verdict = " ".join(outcome.out.split()).partition("reviewbot: ")[2]
        assert verdict == (
            "nothing compared: main and HEAD are the same commit; "
            "`reviewbot check --base HEAD~1` compares with the one before."
        )
    for form in ("markdown", "html", "junit", "sarif"):
        told = review(repository, form=form).out
        assert "nothing compared" in told.lower()
        assert "✅" not in told
        assert "pass: " not in told
    repository.branch("work")
    repository.commit({"other.txt": "a"})
    assert "concerns no workflow" in review(repository, form="terminal").out


def test_looking_for_edits_runs_no_filter(repository: Repository, tmp_path: Path) -> None:
    repository.commit(
        {CONFIGURATION: LIMITED, PROMPT: tokens(10), ".gitattributes": "* filter=x\n"}
    )
    ran = tmp_path / "ran"
    repository.git("config", "filter.x.clean", f"sh -c 'touch {ran}; cat'")
    repository.git("config", "core.fsmonitor", f"touch {ran}; false")
    (repository.path / PROMPT).write_text(tokens(12))
    assert NOT_REVIEWED in review(repository).errors
    assert not ran.exists()


def test_a_bare_repository_has_no_edits(repository: Repository, tmp_path: Path) -> None:
    repository.commit({CONFIGURATION: LIMITED, PROMPT: tokens(10)})
    bare = tmp_path / "bare.git"
    repository.git("clone", "--quiet", "--bare", ".", str(bare))
    outcome = review(repository, "--repo", str(bare))
    assert "main and HEAD are the same commit" in outcome.errors
    assert "uncommitted" not in outcome.errors


def test_a_submodule_is_not_looked_into(repository: Repository, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    other.commit({"a.txt": "a", ".gitattributes": "* filter=x\n"})
    repository.commit({CONFIGURATION: LIMITED, PROMPT: tokens(10)})
    repository.git("submodule", "--quiet", "add", str(other.path), "sub")
    repository.commit({})
    ran = tmp_path / "ran"
    repository.git("-C", "sub", "config", "filter.x.clean", f"sh -c 'touch {ran}; cat'")
    repository.git("-C", "sub", "config", "core.fsmonitor", f"touch {ran}; false")
    repository.write({"sub/a.txt": "b"})
    assert review(repository, "--worktree").code == 0
    assert not ran.exists()


SPARSE = "git tracks the file, but this sparse checkout leaves it out"


@pytest.mark.parametrize(
    ("kept", "settings"),
    [
        (".github", {}),
        ("prompts", {}),
        (".github prompts", {"samples": "samples/*.yaml"}),
        (".github samples", {"samples": "samples/*.yaml"}),
        (".github prompts samples", {"tools": "tools/t.json"}),
    ],
)
def test_a_sparse_checkout_says_what_it_leaves_out(
    repository: Repository, kept: str, settings: dict[str, str]
) -> None:
    repository.commit(
        {
            CONFIGURATION: configuration({"w": workflow(**settings)}),
            PROMPT: tokens(10),
            "samples/s.yaml": "a: b\n",
            "tools/t.json": "[]",
        }
    )
    repository.git("sparse-checkout", "set", *kept.split())
    outcome = review(repository, "--worktree")
    if kept == ".github prompts":
        assert SPARSE in outcome.out + outcome.errors
    if outcome.code == 0:
        assert outcome.report["workflows"] == []
    else:
        assert SPARSE in outcome.out + outcome.errors
    assert review(repository, "--staged").code == 0


@pytest.mark.parametrize(
    ("option", "kept", "command", "more"),
    [
        ("--cone", ".github src", "add prompts samples tools", ", and 3 more;"),
        ("--cone", ".github src samples", "add prompts tools", ", and 2 more;"),
        ("--no-cone", "/.github /src /tools/ /samples/ /prompts/x.md", "disable", ";"),
    ],
)
def test_one_command_brings_what_a_sparse_checkout_leaves_out(
    repository: Repository, option: str, kept: str, command: str, more: str
) -> None:
    settings = configuration({"w": workflow(samples="samples/*.yaml")})
    files = ("samples/s.yaml", "tools/t.json", "prompts/x.md", "src/a.py")
    repository.commit({CONFIGURATION: settings, PROMPT: tokens(10), **dict.fromkeys(files, "{}")})
    repository.git("sparse-checkout", "set", option, *kept.split())
    repository.write({CONFIGURATION: f"{settings}# x\n"})
    outcome = review(repository, "--worktree", form="terminal")
    said = " ".join((outcome.out + outcome.errors).split())
    assert f"{SPARSE}{more}" in said
    (found,) = set(re.findall(r"`git (sparse-checkout [^`]+)`", said))
    assert found == f"sparse-checkout {command}"
    repository.git(*found.split())
    assert review(repository, "--worktree").code == 0


@pytest.mark.parametrize("name", ["yaml", "msgspec", "jinja2", "argparse", "json"])
def test_a_module_in_the_folder_is_not_imported(
    hooked: Repository, tmp_path: Path, name: str
) -> None:
    ran = tmp_path / "ran"
    hooked.write({f"{name}.py": f"open({str(ran)!r}, 'w')\n"})
    done = subprocess.run(
        [sys.executable, "-m", "reviewbot", "check"],
        cwd=hooked.path,
        env={key: value for key, value in os.environ.items() if not key.startswith("COV_CORE")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not ran.exists()
