"""Which two states of the repository are compared, and whose configuration governs.

*before* is the merge base, *after* the head (a commit, the index or the work tree), and the tip of
the base branch holds the configuration, samples and prices that gate.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from reviewbot.errors import Problem, RevisionError, UsageError
from reviewbot.git import OLDEST_GIT, Git, GitFailedError, ObjectReader
from reviewbot.trees import Tree, committed_tree, staged_tree, work_tree


class Head(StrEnum):
    """What is compared with the base when it is not a commit."""

    STAGED = "index"
    WORK_TREE = "work tree"


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """A commit, and how it was named."""

    name: str
    object_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One file that differs; `before` or `after` is None where it was added or removed.

    A rename has both, and they differ.
    """

    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The revisions of one review and their files.

    `base_date` is the committer's date, in UTC, of the base branch's tip. `head` is None where
    uncommitted files are reviewed; `head_name` says what is.
    """

    base: Commit
    base_date: date
    merge_base: Commit
    head: Commit | None
    head_name: str
    governing_tree: Tree
    before_tree: Tree
    after_tree: Tree
    changes: tuple[Change, ...]


@contextmanager
def compare(git: Git, *, base: str, head: str | Head) -> Iterator[Comparison]:
    """The comparison of `head` with the branch `base`; its trees can be read inside the context.

    Raises:
        RevisionError: git cannot give one of the revisions; the problem says how to get it.
        UsageError: A revision's name is not one.
    """
    head_ref = "HEAD" if isinstance(head, Head) else head
    base_id, head_id, is_bare, hash_name = _resolve(git, base, head_ref)
    if isinstance(head, Head) and is_bare:
        raise RevisionError(
            [Problem(what=f"a bare repository has no {head}", mend="compare commits: `--head REVISION`")]
        )
    merge_base_id = _merge_base(git, base, base_id, head_ref, head_id)
    if isinstance(head, Head):
        git = replace(git, directory=_root(git))
    with git.objects() as objects:
        before = committed_tree(git, objects, merge_base_id)
        governing = before if base_id == merge_base_id else committed_tree(git, objects, base_id)
        after: Tree
        match head:
            case Head.STAGED:
                after = staged_tree(git, objects)
                changes = _changes(git.run("diff-index", "--cached", *_DIFF, merge_base_id))
            case Head.WORK_TREE:
                after = work_tree(git, git.directory, hash_name)
                changes = _work_tree_changes(git, merge_base_id)
            case _:
                after = committed_tree(git, objects, head_id)
                changes = _changes(git.run("diff-tree", "-r", *_DIFF, merge_base_id, head_id))
        yield Comparison(
            base=Commit(name=base, object_id=base_id),
            base_date=_date(objects, base_id),
            merge_base=Commit(name="merge base", object_id=merge_base_id),
            head=None if isinstance(head, Head) else Commit(name=head, object_id=head_id),
            head_name=str(head),
            governing_tree=governing,
            before_tree=before,
            after_tree=after,
            changes=changes,
        )


def _root(git: Git) -> Path:
    return Path(os.fsdecode(git.run("rev-parse", "--show-toplevel").removesuffix(b"\n")))


_DIFF = ("--raw", "-z", "--no-abbrev", "-M", "-l1000")
"""Renames are looked for among at most 1,000 files; above that git reports exact ones only."""


def _resolve(git: Git, base: str, head: str) -> tuple[str, str, bool, str]:
    for name in (base, head):
        if not name or name.startswith("-"):
            raise UsageError(
                [Problem(what=f"{name!r} is not a revision", mend="name a branch, a tag or a commit")]
            )
    try:
        answer = git.run(
            "rev-parse",
            "--is-bare-repository",
            "--show-object-format",
            f"{base}^{{commit}}",
            f"{head}^{{commit}}",
        )
    except GitFailedError as failure:
        raise RevisionError([_why_unresolved(git, base, head, failure)]) from failure
    is_bare, hash_name, base_id, head_id = answer.decode().split()
    return base_id, head_id, is_bare == "true", hash_name


def _why_unresolved(git: Git, base: str, head: str, failure: GitFailedError) -> Problem:
    said = failure.said.splitlines()[0] if failure.said else "git gave no reason"
    if "dubious ownership" in said:
        return Problem(
            what=f"git does not trust this repository: {said}",
            mend="add it: `git config --global --add safe.directory PATH`",
        )
    try:
        git.run("rev-parse", "--git-dir")
    except GitFailedError:
        return Problem(
            what="this is not a git repository",
            mend="run reviewbot inside one, or name it: `--repo PATH`",
        )
    for name in (head, base):
        try:
            git.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitFailedError:
            if name == "HEAD":
                return Problem(what="the current branch has no commit yet", mend="make its first commit")
            return Problem(
                what=f"the revision {name!r} is not in this repository",
                mend=f"fetch it (`git fetch origin {name}`), or name another with --base or --head",
            )
    return Problem(
        what=f"git failed: {said}",
        mend=f"check that git is {OLDEST_GIT[0]}.{OLDEST_GIT[1]} or newer",
    )


def _merge_base(git: Git, base: str, base_id: str, head: str, head_id: str) -> str:
    try:
        return git.run("merge-base", base_id, head_id).decode().split()[0]
    except GitFailedError as failure:
        is_shallow = git.run("rev-parse", "--is-shallow-repository").strip() == b"true"
        if is_shallow:
            problem = Problem(
                what=f"the history is cut off (a shallow clone), so where {head!r} left {base!r} is unknown",
                mend="fetch more: `git fetch --unshallow`, or `fetch-depth: 0` in actions/checkout",
            )
        else:
            problem = Problem(
                what=f"{base!r} and {head!r} have no common history",
                mend="name the branch that this work started from with --base",
            )
        raise RevisionError([problem]) from failure


def _date(objects: ObjectReader, commit: str) -> date:
    data = objects.contents([commit])[commit] or b""
    committer = re.search(rb"^committer .* ([0-9]+) [+-][0-9]{4}$", data, re.MULTILINE)
    if committer is not None:
        with suppress(OverflowError, ValueError, OSError):
            return datetime.fromtimestamp(int(committer[1]), tz=UTC).date()
    raise RevisionError(
        [
            Problem(
                what=f"the commit {commit} has no date that can be read",
                mend="check it with `git fsck`, or compare with another base",
            )
        ]
    )


def _work_tree_changes(git: Git, commit: str) -> tuple[Change, ...]:
    untracked = git.run("ls-files", "-z", "--others", "--exclude-standard")
    return _changes(git.run("diff-index", *_DIFF, commit)) + tuple(
        Change(before=None, after=_decoded(path)) for path in untracked.split(b"\0")[:-1]
    )


def _changes(raw: bytes) -> tuple[Change, ...]:
    fields = iter(raw.split(b"\0")[:-1])
    changes = []
    for about in fields:
        status = about.rsplit(b" ", 1)[1][:1]
        path = _decoded(next(fields))
        match status:
            case b"A":
                changes.append(Change(before=None, after=path))
            case b"D":
                changes.append(Change(before=path, after=None))
            case b"R" | b"C":
                changes.append(Change(before=path, after=_decoded(next(fields))))
            case _:
                changes.append(Change(before=path, after=path))
    return tuple(changes)


def _decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
