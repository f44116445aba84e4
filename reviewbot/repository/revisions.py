"""Which two states of the repository are compared, and whose configuration governs.

*before* is the merge base, *after* the head (a commit, the index or the work tree), and the tip of
the base branch holds the configuration, samples and prices that gate.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from enum import StrEnum
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import Problem, RevisionError
from reviewbot.repository.changed_files import LIST_DIFFERENCES, Change, changes, differences
from reviewbot.repository.commit_days import newest_day
from reviewbot.repository.git import Git
from reviewbot.repository.git_tree import (
    LIST_COMMIT,
    LIST_INDEX,
    NOTHING_BESIDE,
    Beside,
    GitTree,
    committed_tree,
    staged_tree,
)
from reviewbot.repository.merge_base import known, resolve
from reviewbot.repository.trees import Tree
from reviewbot.repository.uncommitted import (
    ignoring_line,
    uncommitted_beside,
    with_named_index,
    without_filters,
)
from reviewbot.repository.work_tree import LIST_WORK_TREE, work_tree
from reviewbot.telemetry import SILENT, Telemetry


class Head(StrEnum):
    """What is compared with the base when it is not a commit."""

    STAGED = "index"
    WORK_TREE = "work tree"


class Commit(Struct, frozen=True, kw_only=True):
    """A commit, and how it was named."""

    name: str
    object_id: str


class Comparison(Struct, frozen=True, kw_only=True):
    """The revisions of one review and their files.

    `head` is None where uncommitted files are reviewed; `head_name` says what is. `newest_day`
    asks git for the day of the newer of base and head, below uncommitted files; None if unknown.
    """

    base: Commit
    merge_base: Commit
    head: Commit | None
    head_name: str
    governing_tree: Tree
    before_tree: Tree
    after_tree: Tree
    changes: tuple[Change, ...]
    newest_day: Callable[[], date | None]

    def has(self, path: str) -> bool:
        """Whether one of the revisions has something at `path`."""
        trees = (self.governing_tree, self.before_tree, self.after_tree)
        return any(tree.entry(path) is not None for tree in trees)


@contextmanager
def compare(
    git: Git,
    *,
    base: str,
    head: str | Head,
    merge_base: str | None = None,
    names: tuple[str, str] | None = None,
    telemetry: Telemetry = SILENT,
) -> Iterator[Comparison]:
    """The comparison of `head` with the branch `base`; its trees can be read inside the context.

    `merge_base` is given where the repository is too shallow to know it. `names` are what base and
    head are called where they are given as ids.

    Raises:
        RevisionError: git cannot give one of the revisions; the problem says how to get it.
        UsageError: A revision's name is not one.

    """
    with ExitStack() as stack:
        with telemetry.stage("revisions") as counts:
            comparison = stack.enter_context(_compared(git, base, head, merge_base, names))
            counts.note(changes=len(comparison.changes))
        yield comparison


@contextmanager
def _compared(
    git: Git,
    base: str,
    head: str | Head,
    merge_base: str | None,
    names: tuple[str, str] | None,
) -> Iterator[Comparison]:
    head_ref = "HEAD" if isinstance(head, Head) else head
    if merge_base is None:
        ids = resolve(git, base, head_ref)
    else:
        ids = known(git, base, head_ref, merge_base)
    base_name, head_name = names or (base, str(head))
    if isinstance(head, Head):
        if ids.is_bare:
            what = f"a bare repository has no {head}"
            raise RevisionError([Problem(what=what, mend="compare commits: `--head REVISION`")])
        git = replace(git, directory=_root(git))
        git = with_named_index(git) if head is Head.STAGED else without_filters(git)
    with ExitStack() as stack:
        objects = stack.enter_context(git.objects())

        def running(*arguments: str) -> Callable[[], bytes]:
            return stack.enter_context(git.running(*arguments))

        def committed(commit: str, beside: Beside = NOTHING_BESIDE) -> GitTree:
            listing = running(*LIST_COMMIT, commit)
            is_alone = ids.base == ids.merge_base
            return committed_tree(listing, objects, beside, is_alone=is_alone)

        beside = _beside(git, head)

        before: Tree
        after: Tree
        compared: tuple[tuple[str, ...], tuple[str, ...]]
        match head:
            case Head.STAGED:
                before = committed(ids.merge_base)
                after = staged_tree(running(*LIST_INDEX), objects, beside)
                listed = running(*_STAGED, *LIST_DIFFERENCES, ids.merge_base)
                compared = _STAGED, (ids.merge_base,)
            case Head.WORK_TREE:
                before = committed(ids.merge_base)
                listing = running(*LIST_WORK_TREE)
                after = work_tree(listing, git.directory, ids.hash_name, beside.ignoring_line)
                listed = running(*_IN_WORK_TREE, *LIST_DIFFERENCES, ids.merge_base)
                compared = _STAGED, (ids.merge_base,)
            case _:
                after = committed(ids.head, beside)
                commits = (ids.merge_base, ids.head)
                listed = running(*_COMMITTED, *LIST_DIFFERENCES, *commits)
                # of a tree that names billions of files the list soon shows it, while `git
                # diff-tree` fills the memory before it prints anything
                after.entry("")
                before = after.before(lambda: found)
                compared = _COMMITTED, commits
        governing = before
        if ids.base != ids.merge_base:
            governing = committed(ids.base)
        command, revisions = compared
        found = differences(listed())
        differing = changes(found, git=git, objects=objects, command=command, revisions=revisions)
        if head is Head.WORK_TREE:
            differing += _untracked(git)
        yield Comparison(
            base=Commit(name=base_name, object_id=ids.base),
            merge_base=Commit(name="merge base", object_id=ids.merge_base),
            head=None if isinstance(head, Head) else Commit(name=head_name, object_id=ids.head),
            head_name=head_name,
            governing_tree=governing,
            before_tree=before,
            after_tree=after,
            changes=differing,
            newest_day=lambda: newest_day((ids.base, ids.head), objects),
        )


def _beside(git: Git, head: str | Head) -> Beside:
    """What a review of `head` can say of files of the work tree that it does not read."""
    if head != "HEAD" and not isinstance(head, Head):
        return NOTHING_BESIDE
    return Beside(
        uncommitted=partial(uncommitted_beside, git), ignoring_line=partial(ignoring_line, git)
    )


def _root(git: Git) -> str:
    return os.fsdecode(git.run("rev-parse", "--show-toplevel").removesuffix(b"\n"))


_STAGED = ("diff-index", "--cached")

_IN_WORK_TREE = ("diff-index", "--ignore-submodules=dirty")
"""To know whether a submodule is dirty, git would run itself there, with that one's settings."""


_COMMITTED = ("diff-tree", "-r", "--ignore-submodules=none")
"""Else the repository's `.gitmodules` could leave out submodules that changed."""


def _untracked(git: Git) -> tuple[Change, ...]:
    paths = git.run("ls-files", "-z", "--others", "--exclude-standard").split(b"\0")[:-1]
    return tuple(Change(before=None, after=_decoded(path)) for path in paths)


def _decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
