"""What `support/written_commits.py` writes is what git would."""

from pathlib import Path
from unittest.mock import patch

from tests.support import written_commits
from tests.support.repository import Repository

STEPS: tuple[dict[str, str | bytes | None], ...] = (
    {"a.txt": "a", "a/b.txt": "", "a-b/c/d.txt": b"\xff\0", ".github/reviewbot.yml": "version: 1"},
    {"a.txt": None, "a/b.txt": "longer\r\n", "line\nbreak": "x"},
    {},
)


def history(place: Path) -> list[str]:
    repository = Repository.create(place)
    (place / "link").symlink_to("a/b.txt")
    (place / "run.sh").touch(mode=0o755)
    commits = [repository.commit(STEPS[0], "the first")]
    repository.branch("work/on")
    commits += [repository.commit(step) for step in STEPS[1:]]
    assert repository.git("status", "--porcelain", "--branch") == "## work/on"
    repository.git("fsck", "--strict")
    assert repository.git("rev-list", "--reverse", "work/on").split() == commits
    assert repository.git("rev-parse", "main") == commits[0]
    return commits


def test_commits_are_those_of_git(tmp_path: Path) -> None:
    with (
        patch.object(written_commits, "create", return_value=False),
        patch.object(written_commits, "branch", return_value=False),
        patch.object(written_commits, "commit_all", return_value=None),
    ):
        of_git = history(tmp_path / "git")
    with patch.object(Repository, "git", side_effect=AssertionError("git has been asked")):
        repository = Repository.create(tmp_path / "asked")
        repository.commit(STEPS[0])
        repository.branch("work")
    assert history(tmp_path / "written") == of_git


def test_what_only_git_knows_how_to_add_is_left_to_it(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "r")
    repository.commit(
        {".gitattributes": "*.txt text eol=lf", ".gitignore": "no", "no": "", "a.txt": "a\r\n"}
    )
    assert repository.git("ls-files").split() == [".gitattributes", ".gitignore", "a.txt"]
    assert repository.git("cat-file", "-s", "HEAD:a.txt") == "2"
    repository.git("config", "core.fileMode", "false")
    repository.commit({".gitattributes": None, ".gitignore": None})
    (tmp_path / "r" / "a.txt").chmod(0o755)
    repository.commit({})
    assert repository.git("ls-tree", "HEAD").startswith("100644")
