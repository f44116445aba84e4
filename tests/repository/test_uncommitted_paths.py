"""What counts as not committed: the contents decide, not the times that git's index remembers."""

import os
import shutil
from pathlib import Path

from msgspec.structs import replace

from reviewbot.repository.uncommitted import uncommitted_paths
from tests.support.repository import Repository


def test_a_copied_repository_has_nothing_uncommitted(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit(
        {"prompts/a b.md": "Sort the mail.", "image.png": b"\0\1", "wide.md": "a\r\n"}
    )
    copied = Repository(
        Path(shutil.copytree(repository.path, tmp_path / "copy", copy_function=shutil.copy))
    )
    for path in ("prompts/a b.md", "image.png", "wide.md"):
        os.utime(copied.path / path, (1, 1))
    assert uncommitted_paths(copied.edge) == frozenset()
    inside = replace(copied.edge, directory=str(copied.path / "prompts"))
    assert uncommitted_paths(inside) == frozenset()


def test_new_edited_and_staged_files_count_and_deleted_ones_do_not(repository: Repository) -> None:
    names = ("a.md", "b.md", "gone.md", "taken.md", "é.md")
    repository.commit({name: name for name in names})
    repository.write(
        {"a.md": "edited", "b.md": "staged", "new/x y.md": "new", "é.md": "x", "gone.md": None}
    )
    repository.git("add", "b.md")
    repository.git("rm", "--quiet", "taken.md")
    expected = {"a.md", "b.md", "new/x y.md", "é.md"}
    assert uncommitted_paths(repository.edge) == expected
