"""Files that are not read, and why: links, submodules, LFS pointers, size."""

import posixpath

from reviewbot.errors import Place, Problem
from reviewbot.repository import reading_limits
from reviewbot.repository.ignore_rules import FORCED
from reviewbot.repository.reading_limits import FILE_BYTES_LIMIT
from reviewbot.repository.trees import Entry

_SYMLINK, _SUBMODULE = "120000", "160000"


_LFS_POINTER = b"version https://git-lfs"


def checked(path: str, data: bytes) -> bytes | Problem:
    """`data`, unless it only points at the text."""
    if data.startswith(_LFS_POINTER):
        return Problem(
            what="the file is a Git LFS pointer, its text is not in the repository",
            mend="keep prompts out of LFS: `git lfs untrack` and commit the text",
            place=Place(file=path, line=1),
        )
    return data


def not_a_file(path: str, mode: str) -> Problem | None:
    """Why an entry of git's is no ordinary file; None where it is one."""
    if mode == _SYMLINK:
        return symlink(path)
    if mode == _SUBMODULE:
        return submodule(path)
    return None


def is_link(entry: Entry) -> bool:
    """Whether an entry is a symbolic link."""
    return entry.mode == _SYMLINK


def written_link(path: str, data: bytes) -> str | None:
    """Where a file leads that git wrote in place of a link (`core.symlinks` off); None for others.

    Such a file holds the target and nothing else; the caller knows whether a folder is there.
    """
    if len(data) > LONGEST_TARGET or b"\n" in data or b"\0" in data:
        return None
    target = posixpath.join(posixpath.dirname(path), data.decode("utf-8", "surrogateescape"))
    return posixpath.normpath(target)


LONGEST_TARGET = 4_096
"""Linux's PATH_MAX."""


def link_meant(path: str, link: str, target: str) -> str:
    """The path that `path` stands for by a link on its way, whose text is `target`."""
    led = posixpath.normpath(posixpath.join(posixpath.dirname(link), target))
    return f"{led}{path[len(link) :]}"


class LinkProblem(Problem, frozen=True, kw_only=True):
    """The problem of a path through a link; `meant` is the file of the repository behind it."""

    meant: str | None


def symlink(path: str, meant: str | None = None) -> LinkProblem:
    """The path goes through a link, and stands for the file `meant` of the repository, if any."""
    return LinkProblem(
        meant=meant,
        what="the path is, or goes through, a symbolic link, which is never followed",
        mend=f"name the file itself: {meant!r}" if meant else "name the file itself",
        place=Place(file=path),
    )


def submodule(path: str) -> Problem:
    """The path lies in another repository."""
    return Problem(
        what="the path lies in a submodule, whose files are not part of this repository",
        mend="run reviewbot in the submodule's own repository, or copy the prompt into this one",
        place=Place(file=path),
    )


def missing(path: str) -> Problem:
    """Nothing is there."""
    return Problem(
        what="there is no such file",
        mend="correct the path; it is counted from the repository's root",
        place=Place(file=path),
    )


def uncommitted(path: str, *, is_staged: bool = False) -> Problem:
    """The file lies in the work tree, and what is read lacks it: a commit, or what `is_staged`."""
    if is_staged:
        what = "the file is there, but not staged"
        return Problem(what=what, mend="`git add` it", place=Place(file=path))
    return Problem(
        what="the file is there, but not committed",
        mend="`git add` and commit it, or add `--worktree`",
        place=Place(file=path),
    )


class IgnoredProblem(Problem, frozen=True):
    """The problem of a file of the work tree that git ignores."""


def ignored(path: str, line: str | None) -> IgnoredProblem:
    """Nobody would commit the file; `line` is the one that git ignores it by, if that is known."""
    by = f": {line} keeps git from adding it" if line else ""
    return IgnoredProblem(
        what=f"the file is there, but git ignores it, so it is not read{by}",
        mend=FORCED if line else "`git add --force` it",
        place=Place(file=path),
    )


def unreadable(path: str, error: OSError) -> Problem:
    """The system refuses the file."""
    return Problem(
        what=f"the file cannot be read: {error.strerror}",
        mend="correct its permissions, or its name",
        place=Place(file=path),
    )


def why_not_read(path: str, size: int | None) -> Problem:
    """Why a file of `size` bytes is not read; None is an object that the repository lacks."""
    if size is None:
        return _absent_object(path)
    return _too_large(path, size) if size > FILE_BYTES_LIMIT else _too_much(path)


def _absent_object(path: str) -> Problem:
    return Problem(
        what="git lacks the file's content (a partial clone)",
        mend="fetch it: `git fetch --refetch --no-filter origin`",
        place=Place(file=path),
    )


def _too_much(path: str) -> Problem:
    return Problem(
        what=f"with this file there are more than {reading_limits.ALL_BYTES_LIMIT:,} bytes to read",
        mend="keep data out of prompts and samples; `{tokens: 1200}` stands for a text that long",
        place=Place(file=path),
    )


def _too_large(path: str, size: int) -> Problem:
    return Problem(
        what=f"the file has {size:,} bytes, more than the {FILE_BYTES_LIMIT:,} that are read",
        mend="split it, or keep data out of the prompts",
        place=Place(file=path),
    )
