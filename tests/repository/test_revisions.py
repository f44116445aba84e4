import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from reviewbot.errors import MeasurementError, Problem, RevisionError, UsageError
from reviewbot.repository.changed_files import Change
from reviewbot.repository.git import Git
from reviewbot.repository.reading_limits import FILE_BYTES_LIMIT
from reviewbot.repository.revisions import Head, compare
from reviewbot.repository.trees import read_text
from tests.support.repository import Repository


def problem_of(repository: Repository, base: str = "main", head: str | Head = "HEAD") -> Problem:
    with pytest.raises(RevisionError) as caught, compare(repository.edge, base=base, head=head):
        pass
    (problem,) = caught.value.problems
    return problem


def changed(
    repository: Repository, head: str | Head = "HEAD"
) -> set[tuple[str | None, str | None]]:
    with compare(repository.edge, base="main", head=head) as comparison:
        return {(change.before, change.after) for change in comparison.changes}


def why_unreadable(repository: Repository, path: str, head: str | Head = "HEAD") -> str:
    with compare(repository.edge, base="main", head=head) as comparison:
        found = comparison.after_tree.read([path])[path]
    assert isinstance(found, Problem)
    assert found.place is not None
    assert found.place.file == path
    return found.what


def test_before_is_the_merge_base_and_the_base_tip_governs(repository: Repository) -> None:
    merge_base = repository.commit({"a.txt": "old"})
    repository.branch("work")
    head = repository.commit({"a.txt": "new"})
    repository.git("switch", "--quiet", "main")
    tip = repository.commit({"b.txt": "of main"})
    repository.git("switch", "--quiet", "work")
    with compare(repository.edge, base="main", head="HEAD") as comparison:
        assert comparison.base.object_id == tip
        assert comparison.merge_base.object_id == merge_base
        assert comparison.head is not None
        assert comparison.head.object_id == head
        assert read_text(comparison.before_tree, "a.txt") == "old"
        assert read_text(comparison.after_tree, "a.txt") == "new"
        assert read_text(comparison.governing_tree, "b.txt") == "of main"
        assert comparison.after_tree.entry("b.txt") is None
        assert comparison.changes == (Change(before="a.txt", after="a.txt"),)


def test_additions_removals_and_renames_are_told_apart(repository: Repository) -> None:
    text = "\n".join(f"line {number}" for number in range(40))
    repository.commit({"kept.txt": "a", "gone.txt": "b", "old name.txt": text})
    repository.branch("work")
    repository.commit(
        {"gone.txt": None, "old name.txt": None, "new name.txt": text + "\nmore", "added.txt": "c"}
    )
    assert changed(repository) == {
        ("gone.txt", None),
        ("old name.txt", "new name.txt"),
        (None, "added.txt"),
    }


def test_the_index_and_the_work_tree_are_heads_too(repository: Repository) -> None:
    repository.commit({"a.txt": "old", ".gitignore": "*.log\n"})
    repository.write({"a.txt": "staged"})
    repository.git("add", "a.txt")
    repository.write({"a.txt": "lying there", "new.txt": "untracked", "noise.log": "ignored"})
    with compare(repository.edge, base="main", head=Head.STAGED) as comparison:
        assert read_text(comparison.after_tree, "a.txt") == "staged"
        assert list(comparison.after_tree.paths) == [".gitignore", "a.txt"]
        assert comparison.head is None
        assert comparison.head_name == "index"
    with compare(repository.edge, base="main", head=Head.WORK_TREE) as comparison:
        assert read_text(comparison.after_tree, "a.txt") == "lying there"
        assert list(comparison.after_tree.paths) == [".gitignore", "a.txt", "new.txt"]
    assert changed(repository, Head.STAGED) == {("a.txt", "a.txt")}
    assert changed(repository, Head.WORK_TREE) == {("a.txt", "a.txt"), (None, "new.txt")}


def test_an_unchanged_file_has_the_same_id_in_every_kind_of_tree(repository: Repository) -> None:
    repository.commit({"a.txt": "same\n", "run.sh": "x"})
    repository.git("update-index", "--chmod=+x", "run.sh")
    (repository.path / "run.sh").chmod(0o755)
    ids = set()
    for head in ("HEAD", Head.STAGED, Head.WORK_TREE):
        with compare(repository.edge, base="main", head=head) as comparison:
            ids.add(comparison.after_tree.entry("a.txt"))
            if head is Head.WORK_TREE:
                entry = comparison.after_tree.entry("run.sh")
                assert entry is not None
                assert entry.mode == "100755"
    assert len(ids) == 1


def test_paths_count_from_the_root_wherever_the_command_runs(repository: Repository) -> None:
    repository.commit({"deep/folder/a.txt": "a", "b.txt": "b"})
    repository.write({"deep/folder/c.txt": "c"})
    git = Git(directory=str(repository.path / "deep"), environment=os.environ)
    for head in (Head.WORK_TREE, Head.STAGED, "HEAD"):
        with compare(git, base="main", head=head) as comparison:
            assert {"deep/folder/a.txt", "b.txt"} <= set(comparison.after_tree.paths)


def test_a_sha256_repository_works(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "new", "--object-format", "sha256")
    commit = repository.commit({"a.txt": "a"})
    assert len(commit) == 64
    with compare(repository.edge, base="main", head="HEAD") as comparison:
        committed = comparison.after_tree.entry("a.txt")
    with compare(repository.edge, base="main", head=Head.WORK_TREE) as comparison:
        assert comparison.after_tree.entry("a.txt") == committed


@pytest.mark.parametrize(
    "name", [b"caf\xe9.txt", b"two\nlines.txt", b"tab\there.txt", b'quo"te.txt']
)
def test_any_path_that_git_holds_can_be_read(repository: Repository, name: bytes) -> None:
    path = os.fsdecode(name)
    repository.commit({"a.txt": "a"})
    repository.branch("work")
    repository.commit({path: "text"})
    for head in ("HEAD", Head.STAGED, Head.WORK_TREE):
        with compare(repository.edge, base="main", head=head) as comparison:
            assert comparison.after_tree.read([path]) == {path: b"text"}
            assert comparison.changes == (Change(before=None, after=path),)


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    problem = problem_of(Repository(tmp_path))
    assert problem.what == f"{tmp_path} is not a git repository"
    assert "--repo" in problem.mend


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert problem_of(Repository(tmp_path / "nowhere")).what == f"{tmp_path}/nowhere does not exist"


def test_a_folder_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    problem = problem_of(Repository(Path()))
    assert problem.what == "the current folder is not there any more"


def test_a_branch_without_commits(repository: Repository) -> None:
    assert problem_of(repository).what == "the current branch has no commit yet"


def test_an_unborn_branch_beside_a_base(repository: Repository) -> None:
    repository.commit({"a.txt": "a"})
    repository.git("switch", "--quiet", "--orphan", "unborn")
    assert problem_of(repository).what == "the current branch has no commit yet"


def test_a_base_that_was_not_fetched(repository: Repository) -> None:
    repository.commit({"a.txt": "a"})
    repository.git("remote", "add", "origin", "https://example.invalid/x.git")
    problem = problem_of(repository, base="release")
    assert problem.what == "the revision 'release' is not in this repository"
    assert "`git fetch origin release:release`), or name another with --base" in problem.mend


@pytest.mark.parametrize("name", ["", "--output=/tmp/x", "-h"])
def test_a_revision_is_never_taken_for_an_option(repository: Repository, name: str) -> None:
    repository.commit({"a.txt": "a"})
    with pytest.raises(UsageError), compare(repository.edge, base=name, head="HEAD"):
        pass


def test_a_shallow_clone_whose_merge_base_is_cut_off(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": "1"})
    repository.branch("work")
    repository.commit({"a.txt": "2"})
    repository.git("switch", "--quiet", "main")
    repository.commit({"b.txt": "3"})
    clone = Repository(tmp_path / "clone")
    source = f"file://{repository.path}"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", "--no-single-branch", source, str(clone.path)],
        check=True,
        capture_output=True,
    )
    problem = problem_of(clone, base="origin/main", head="origin/work")
    assert "shallow clone" in problem.what
    assert "fetch-depth: 0" in problem.mend


@pytest.mark.parametrize("base", ["main", "origin/main", "FETCH_HEAD", "HEAD~2"])
def test_what_is_said_of_a_shallow_clone_works_when_it_is_typed(
    repository: Repository, tmp_path: Path, base: str
) -> None:
    repository.commit({"a.txt": "1"})
    repository.branch("work")
    repository.commit({"a.txt": "2"})
    repository.commit({"a.txt": "3"})
    clone = Repository(tmp_path / "clone")
    source = f"file://{repository.path}"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", "--branch=work", source, str(clone.path)],
        check=True,
        capture_output=True,
    )
    if base == "FETCH_HEAD":
        clone.git("fetch", "--quiet", "--depth=1", "origin", "main")
    mend = re.search(r"`git (fetch [^`]*)`", problem_of(clone, base=base).mend)
    assert mend is not None
    clone.git(*shlex.split(mend[1]))
    with compare(clone.edge, base=base, head="HEAD") as comparison:
        assert comparison.base.object_id == repository.git("rev-parse", "main").strip()


@pytest.mark.parametrize(
    ("branches", "base", "mend"),
    [
        (["main"], "HEAD~5", "name a nearer one: `--base HEAD~1` is the first"),
        (["main"], "HEAD~1^", "name a nearer one: `--base HEAD~1` is the first"),
        ([], "release", "name an earlier commit, such as HEAD~1, with --base"),
    ],
)
def test_a_base_that_no_remote_can_have(
    repository: Repository, branches: list[str], base: str, mend: str
) -> None:
    repository.commit({"a.txt": "1"})
    repository.commit({"a.txt": "2"})
    if not branches:
        repository.git("switch", "--quiet", "--detach")
        repository.git("branch", "--delete", "--force", "main")
    assert problem_of(repository, base=base).mend == mend


def test_branches_without_common_history(repository: Repository) -> None:
    repository.commit({"a.txt": "1"})
    repository.git("switch", "--quiet", "--orphan", "other")
    repository.commit({"b.txt": "1"})
    assert "no common history" in problem_of(repository).what


def test_a_bare_repository_has_commits_but_no_work_tree(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": "1"})
    bare = Repository(tmp_path / "bare.git")
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(bare.path))
    with compare(bare.edge, base="main", head="main") as comparison:
        assert read_text(comparison.after_tree, "a.txt") == "1"
    assert "bare" in problem_of(bare, head=Head.WORK_TREE).what


def test_a_partial_clone_is_not_completed_behind_the_users_back(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": "content"})
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = Repository(tmp_path / "clone")
    source = f"file://{repository.path}"
    subprocess.run(
        ["git", "clone", "--quiet", "--bare", "--filter=blob:none", source, str(clone.path)],
        check=True,
        capture_output=True,
    )
    try:
        with compare(clone.edge, base="main", head="main") as comparison:
            found = comparison.after_tree.read(["a.txt"])["a.txt"]
    except RevisionError as error:  # git before 2.45 gives up where later ones say "missing"
        (found,) = error.problems
    assert isinstance(found, Problem)
    assert "partial clone" in str(found)


def test_git_variables_of_the_surroundings_are_ignored(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": "right"})
    other = Repository.create(tmp_path / "other")
    other.commit({"a.txt": "wrong"})
    surroundings = os.environ | {"GIT_DIR": str(other.path / ".git")}
    git = Git(directory=str(repository.path), environment=surroundings)
    with compare(git, base="main", head="HEAD") as comparison:
        assert read_text(comparison.after_tree, "a.txt") == "right"


def test_replaced_objects_are_not_followed(repository: Repository) -> None:
    first = repository.commit({"a.txt": "honest"})
    second = repository.commit({"a.txt": "forged"})
    repository.git("replace", first, second)
    with compare(repository.edge, base=first, head="HEAD") as comparison:
        assert read_text(comparison.before_tree, "a.txt") == "honest"


@pytest.mark.parametrize("head", ["HEAD", Head.STAGED, Head.WORK_TREE])
def test_links_are_never_followed(repository: Repository, tmp_path: Path, head: str | Head) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (repository.path / "link.txt").symlink_to(tmp_path / "secret.txt")
    (repository.path / "folder").symlink_to(tmp_path)
    repository.commit({})
    assert "symbolic link" in why_unreadable(repository, "link.txt", head)
    assert "symbolic link" in why_unreadable(repository, "folder/secret.txt", head)


@pytest.mark.parametrize("head", ["HEAD", Head.STAGED, Head.WORK_TREE])
def test_a_submodules_files_are_not_this_repositorys(
    repository: Repository, tmp_path: Path, head: str | Head
) -> None:
    other = Repository.create(tmp_path / "other")
    other.commit({"prompt.txt": "x"})
    repository.commit({"a.txt": "a"})
    repository.git("submodule", "--quiet", "add", str(other.path), "library")
    repository.commit({})
    assert "submodule" in why_unreadable(repository, "library", head)
    assert "submodule" in why_unreadable(repository, "library/prompt.txt", head)


@pytest.mark.parametrize("head", ["HEAD", Head.WORK_TREE])
def test_what_is_no_prompt_text_is_named(repository: Repository, head: str | Head) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    repository.commit({"lfs.txt": pointer, "large.txt": "x" * (FILE_BYTES_LIMIT + 1)})
    assert "LFS" in why_unreadable(repository, "lfs.txt", head)
    assert "bytes" in why_unreadable(repository, "large.txt", head)
    assert why_unreadable(repository, "nowhere.txt", head) == "there is no such file"
    assert why_unreadable(repository, "lfs.txt/below.txt", head) == "there is no such file"


@pytest.mark.parametrize(
    "path", ["../outside.txt", "a/../../outside.txt", "/etc/passwd", "", "./a.txt"]
)
def test_nothing_outside_the_work_tree_is_read(repository: Repository, path: str) -> None:
    (repository.path.parent / "outside.txt").write_text("secret")
    repository.commit({"a/b.txt": "b", "a.txt": "a"})
    with compare(repository.edge, base="main", head=Head.WORK_TREE) as comparison:
        assert comparison.after_tree.entry(path) is None
    assert why_unreadable(repository, path, Head.WORK_TREE) == "there is no such file"


def test_a_deleted_file_is_not_in_the_work_tree(repository: Repository) -> None:
    repository.commit({"a.txt": "a", "b.txt": "b"})
    repository.write({"a.txt": None})
    with compare(repository.edge, base="main", head=Head.WORK_TREE) as comparison:
        assert list(comparison.after_tree.paths) == ["b.txt"]
        assert comparison.after_tree.entry("a.txt") is None
        assert comparison.changes == (Change(before="a.txt", after=None),)


def test_something_that_is_no_file_in_the_work_tree(repository: Repository) -> None:
    repository.commit({"a.txt": "a"})
    repository.write({"a.txt": None})
    os.mkfifo(repository.path / "a.txt")
    assert why_unreadable(repository, "a.txt", Head.WORK_TREE) == "there is no such file"
    with compare(repository.edge, base="main", head=Head.WORK_TREE) as comparison:
        before = comparison.before_tree.entry("a.txt")
        assert comparison.after_tree.entry("a.txt") != before


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"one\ntwo \xff", "byte 0xff is not UTF-8"), ("x".encode("utf-16"), "the file is UTF-16")],
)
def test_text_must_be_utf_8(repository: Repository, data: bytes, said: str) -> None:
    repository.commit({"a.txt": data})
    with (
        compare(repository.edge, base="main", head="HEAD") as comparison,
        pytest.raises(MeasurementError) as caught,
    ):
        read_text(comparison.after_tree, "a.txt")
    (problem,) = caught.value.problems
    assert problem.what == said
    assert problem.place is not None
    assert problem.place.line == (2 if b"\n" in data[:4] else 1)


def test_a_byte_order_mark_is_dropped(repository: Repository) -> None:
    repository.commit({"a.txt": b"\xef\xbb\xbftext"})
    with compare(repository.edge, base="main", head="HEAD") as comparison:
        assert read_text(comparison.after_tree, "a.txt") == "text"


def test_more_files_than_one_batch(repository: Repository) -> None:
    files = {f"{number:04}.txt": f"text {number}" for number in range(1_203)}
    repository.commit(files)
    with compare(repository.edge, base="main", head="HEAD") as comparison:
        found = comparison.after_tree.read(files)
    assert found == {path: text.encode() for path, text in files.items()}


def test_of_a_conflict_our_side_is_staged(repository: Repository) -> None:
    repository.commit({"a.txt": "base\n"})
    repository.branch("theirs")
    repository.commit({"a.txt": "theirs\n"})
    repository.git("switch", "--quiet", "main")
    repository.commit({"a.txt": "ours\n"})
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "theirs")
    with compare(repository.edge, base="main", head=Head.STAGED) as comparison:
        assert read_text(comparison.after_tree, "a.txt") == "ours\n"


def test_git_is_not_installed(repository: Repository) -> None:
    git = Git(directory=str(repository.path), environment={"PATH": "/nowhere"})
    with pytest.raises(RevisionError) as caught, compare(git, base="main", head="HEAD"):
        pass
    assert "git is not installed" in caught.value.problems[0].what


def test_a_reader_that_dies_is_an_error_not_an_empty_answer(repository: Repository) -> None:
    repository.commit({"a.txt": "a"})
    with repository.edge.objects() as objects:
        assert objects.contents(["0" * 40]) == {"0" * 40: None}
        with pytest.raises(RevisionError) as caught:
            objects.sizes(["no id of an object at all"])
    assert "git stopped" in caught.value.problems[0].what
