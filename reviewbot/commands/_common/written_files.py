"""Files that commands write: as a whole or not at all, and through no symbolic link."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress

from reviewbot.errors import Place, Problem, RevisionError, UsageError
from reviewbot.repository.absent import why_absent
from reviewbot.repository.git import Git, GitFailedError


def inside(git: Git, path: str, *, mend: str) -> str:
    """The place of the repository's file `path` in the work tree; no link on the way is followed.

    Raises:
        RevisionError: There is no repository.
        UsageError: It has no work tree, or the path is, or goes through, a symbolic link.

    """
    try:
        top = git.run("rev-parse", "--show-toplevel").removesuffix(b"\n")
    except GitFailedError as error:
        if (absent := why_absent(git)) is not None:
            raise RevisionError([absent]) from error
        problem = Problem(
            what="a bare repository has no work tree to write to",
            mend="name a file with `--output PATH`, or print it with `--output -`",
        )
        raise UsageError([problem]) from error
    root = os.path.realpath(os.fsdecode(top))
    place = os.path.join(root, path)
    if os.path.realpath(place) != place:
        what = "the path is, or goes through, a symbolic link, which is never followed"
        raise UsageError([Problem(what=what, mend=mend, place=Place(file=path))])
    return place


def name_inside(git: Git, place: str) -> str | None:
    """The name that a place in the file system has in the repository; None where it has none."""
    try:
        top = os.fsdecode(git.run("rev-parse", "--show-toplevel").removesuffix(b"\n"))
    except GitFailedError:
        return None  # a bare repository has no files
    name = os.path.relpath(os.path.realpath(place), os.path.realpath(top))
    return None if name.startswith("..") else name.replace(os.sep, "/")


def write_file(
    place: str,
    text: str,
    *,
    may_replace: Callable[[str], bool] | None = None,
    mend: str = "name another file with `--output PATH`, or print it with `--output -`",
) -> None:
    """Write a file as a whole or not at all, and nothing into git's own folders.

    `may_replace` says of the text of the file that is there whether it may go; an empty one may.
    `mend` says how to name another file.

    Raises:
        UsageError: It cannot be written, or what is there may not be replaced.

    """
    if _is_gits(place):
        raise UsageError([_in_git_folder(place, mend)])
    if may_replace is not None:
        _refuse_another(place, may_replace)
    folder, name = os.path.split(place)
    beside = os.path.join(folder, f".{name}.{os.getpid()}.tmp")
    try:
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(os.lstat(place).st_mode):
                raise UsageError([_not_a_file(place, mend)])
        os.makedirs(folder or ".", exist_ok=True)
        with open(beside, "x", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, place)
    except OSError as error:
        with suppress(OSError):
            os.unlink(beside)
        what = f"{place} could not be written: {error.strerror}"
        raise UsageError([Problem(what=what, mend=mend)]) from error


def tracked_text(git: Git, path: str) -> str | None:
    """What git holds at `path` of the index; None where it tracks nothing there."""
    listed = git.run("ls-files", "--stage", "-z", "--", path).decode(errors="surrogateescape")
    for entry in listed.split("\0")[:-1]:
        object_id = entry.split(" ")[1]
        return git.run("cat-file", "blob", object_id).decode(errors="replace")
    return None


def _refuse_another(place: str, may_replace: Callable[[str], bool]) -> None:
    try:
        with open(place, encoding="utf-8", errors="replace") as file:
            there = file.read(_LOOKED_AT_CHARACTERS)
    except (OSError, ValueError):
        return
    if there and not may_replace(there):
        raise UsageError([another_file(place)])


_LOOKED_AT_CHARACTERS = 4_000_000


def another_file(place: str) -> Problem:
    """The problem of a file of another kind."""
    return Problem(
        what=f"{place} is there, and this command did not write it",
        mend="name another file with `--output PATH`, or delete this one",
    )


def _is_gits(place: str) -> bool:
    """Whether a place is, or lies in, a git folder, by whatever way it is reached."""
    folder, name = os.path.split(os.path.abspath(place))
    real = os.path.join(os.path.realpath(folder), name)
    names = {part.lower().rstrip(". ") for part in real.split(os.sep)}
    return bool(names & {".git", "git~1"}) or any(map(_is_git_folder, _folders(real)))


def _folders(place: str) -> Iterator[str]:
    while (folder := os.path.dirname(place)) != place:
        yield folder
        place = folder


def _is_git_folder(folder: str) -> bool:
    """By what git itself looks for (gitrepository-layout): HEAD, objects and refs."""
    return os.path.isfile(os.path.join(folder, "HEAD")) and all(
        os.path.isdir(os.path.join(folder, name)) for name in ("objects", "refs")
    )


def _in_git_folder(place: str, mend: str) -> Problem:
    return Problem(
        what=f"{place} lies in git's own folder, into which nothing is written",
        mend=mend,
    )


def _not_a_file(place: str, mend: str) -> Problem:
    return Problem(
        what=f"{place} is no ordinary file",
        mend=mend,
    )
