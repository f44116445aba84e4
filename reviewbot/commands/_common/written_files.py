"""Files that commands write: as a whole or not at all, and through no symbolic link."""

import os
import stat
from contextlib import suppress

from reviewbot.errors import Place, Problem, UsageError
from reviewbot.repository.git import Git, GitFailedError


def inside(git: Git, path: str, *, mend: str) -> str:
    """The place of the repository's file `path` in the work tree; no link on the way is followed.

    Raises:
        UsageError: There is no work tree, or the path is, or goes through, a symbolic link.

    """
    try:
        top = git.run("rev-parse", "--show-toplevel").removesuffix(b"\n")
    except GitFailedError as error:
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


def write_file(place: str, text: str) -> None:
    """Write a file as a whole or not at all.

    Raises:
        UsageError: It cannot be written, or something else than a file is there.

    """
    folder, name = os.path.split(place)
    beside = os.path.join(folder, f".{name}.{os.getpid()}.tmp")
    try:
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(os.lstat(place).st_mode):
                raise UsageError([_not_a_file(place)])
        os.makedirs(folder or ".", exist_ok=True)
        with open(beside, "x", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, place)
    except OSError as error:
        with suppress(OSError):
            os.unlink(beside)
        what = f"{place} could not be written: {error.strerror}"
        raise UsageError([Problem(what=what, mend="name another file: `--output PATH`")]) from error


def _not_a_file(place: str) -> Problem:
    return Problem(
        what=f"{place} is no ordinary file",
        mend="name another with `--output PATH`, or print it with `--output -`",
    )
