"""The tree before a change, told from the tree after it and what differs."""

import os

import pytest

from reviewbot.errors import RevisionError
from reviewbot.repository.git_tree import LIST_COMMIT, committed_tree
from reviewbot.repository.revisions import compare
from reviewbot.repository.trees import Entry
from tests.support.repository import Repository

GITLINK = "160000,1111111111111111111111111111111111111111,{}"


def listed(repository: Repository, commit: str) -> dict[str, Entry | None]:
    """What git itself lists, in its order."""
    with repository.edge.objects() as objects:
        output = repository.edge.run(*LIST_COMMIT, commit)
        tree = committed_tree(lambda: output, objects)
        return {path: tree.entry(path) for path in tree.paths}


def test_the_tree_before_has_what_git_lists_in_its_order(repository: Repository) -> None:
    odd = os.fsdecode(b"odd \xff")
    repository.commit(
        {
            "a/kept.txt": "a",
            "a-b.txt": "between",
            "a/gone.txt": "b",
            "é gone": "c",
            odd: "d",
            "\U0001f600": "e",
            "was a file": "f",
            "was a folder/x": "g",
            "linked": "h",
            "program": "i",
            ".gitmodules": '[submodule "s"]\n\tpath = s\n\turl = x\n\tignore = all\n',
        }
    )
    repository.git("update-index", "--add", "--cacheinfo", GITLINK.format("s"))
    repository.git("commit", "--quiet", "--message", "a submodule")
    repository.branch("work")
    gone = ("a/gone.txt", "é gone", odd, "was a file", "was a folder/x", "linked")
    repository.write(dict.fromkeys(gone))
    (repository.path / "was a folder").rmdir()
    (repository.path / "linked").symlink_to("program")
    (repository.path / "program").chmod(0o755)
    repository.git("rm", "--cached", "--quiet", "s")
    repository.commit({"was a file/x": "f", "was a folder": "g", "new": "n"})
    repository.git("update-index", "--add", "--cacheinfo", GITLINK.format("t"))
    repository.git("commit", "--quiet", "--message", "another submodule")
    with compare(repository.edge, base="main", head="HEAD") as comparison:
        tree = comparison.before_tree
        told = {path: tree.entry(path) for path in tree.paths}
    wanted = listed(repository, "main")
    assert told == wanted
    assert list(told) == list(wanted)


def forged(repository: Repository, *entries: tuple[str, str]) -> None:
    """A commit on `work` whose tree is written byte for byte: names and texts, in this order."""
    tree = b""
    for name, text in entries:
        blob = repository.piped("hash-object", "-w", "--stdin", given=text.encode())
        tree += f"100644 {name}\0".encode() + bytes.fromhex(blob)
    options = ("hash-object", "-w", "-t", "tree", "--literally", "--stdin")
    written = repository.piped(*options, given=tree)
    commit = repository.git("commit-tree", written, "-p", "main", "-m", "forged")
    repository.git("update-ref", "refs/heads/work", commit)


def test_a_commit_with_two_files_of_one_path_is_refused(repository: Repository) -> None:
    """The first is as it was, the second new: what differs alone would say that it was added."""
    repository.commit({"a": "as it was", "b": "b"})
    forged(repository, ("a", "as it was"), ("a", "another"), ("b", "b"))
    with (
        pytest.raises(RevisionError) as caught,
        compare(repository.edge, base="main", head="work"),
    ):
        pass
    (problem,) = caught.value.problems
    assert problem.what == "a commit has two files of one path"


def test_a_commit_that_is_out_of_order_takes_nothing_from_what_was_before(
    repository: Repository,
) -> None:
    repository.commit({"a": "a", "b": "b", "c": "c"})
    forged(repository, ("c", "c"), ("a", "a"), ("b", "new"))
    with compare(repository.edge, base="main", head="work") as comparison:
        tree = comparison.before_tree
        told = {path: tree.entry(path) for path in tree.paths}
    assert told == listed(repository, "main")
