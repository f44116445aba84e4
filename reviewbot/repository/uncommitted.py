"""git for what is not committed: whether there is any, a hook's own index, no filter drivers."""

import os
import re
import threading
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import Place, Problem, RevisionError
from reviewbot.repository.git import Git, GitFailedError

_DRIVER = re.compile(rb"(filter\..*)\.(?:clean|smudge|process|required)\Z", re.DOTALL)

_GLANCE_SECONDS = 2.0
"""A note is not worth a longer wait."""


class Edits(Struct, frozen=True, kw_only=True):
    """What lies in the work tree: whether tracked files differ from HEAD, and untracked files."""

    are_tracked: bool
    untracked: tuple[str, ...]


def uncommitted_edits(git: Git) -> Edits:
    """The edits, staged or not; none where git cannot soon tell."""
    brief = replace(git, seconds=_GLANCE_SECONDS)
    try:
        are_tracked = bool(without_filters(brief).run(*_EDITED))
        listed = brief.run("ls-files", "--others", "--exclude-standard", "--full-name", "-z")
    except RevisionError:
        return Edits(are_tracked=False, untracked=())
    return Edits(
        are_tracked=are_tracked, untracked=tuple(map(os.fsdecode, listed.split(b"\0")[:-1]))
    )


def uncommitted_paths(git: Git) -> frozenset[str]:
    """The files of the work tree that `HEAD` lacks or has otherwise, by their contents.

    Raises:
        RevisionError: git cannot tell, as in a bare repository.

    """
    listed = without_filters(git).run(*_STATUS, "--untracked-files=all").split(b"\0")
    return frozenset(
        os.fsdecode(item[_STATES + 1 :])
        for item in listed
        if item and b"D" not in item[1:_STATES] and item[:_STATES] != b"D "
    )


def uncommitted_beside(git: Git) -> frozenset[str]:
    """`uncommitted_paths`; none where git cannot tell."""
    try:
        return uncommitted_paths(git)
    except RevisionError:
        return frozenset()


def ignoring_line(git: Git, path: str) -> str | None:
    """What git ignores a file of the work tree by, as `FILE:LINE (RULE)`.

    None where it does not ignore it, or there is no such file (git-check-ignore, "Output").
    """
    try:
        top = os.fsdecode(git.run("rev-parse", "--show-toplevel").removesuffix(b"\n"))
        place = os.path.join(top, path)
        if not os.path.lexists(place):
            return None
        said = replace(git, directory=top).run(*_IGNORE, place)
    except (RevisionError, ValueError):
        return None
    found = _IGNORED_BY.match(os.fsdecode(said).rpartition("\t")[0])
    if found is None or found[3].startswith("!"):
        return None
    return f"{found[1]}:{found[2]} (`{found[3]}`)"


_IGNORE = ("--no-literal-pathspecs", "check-ignore", "--verbose", "--")
"""This command refuses paths that are to be taken literally, and takes them so anyway."""
_IGNORED_BY = re.compile(r"(.+?):([0-9]+):(.*)")


_STATES = 2
"""Letters before a path, of the index and of the work tree (git-status, "Short Format")."""


def look_for_edits(git: Git) -> Callable[[], Edits]:
    """Begin to look for uncommitted edits beside other work; what is returned waits for the answer.

    git's commands take some 10 ms, which a review that concerns no prompt would feel.
    """
    found: list[Edits] = []
    thread = threading.Thread(target=lambda: found.append(uncommitted_edits(git)))
    thread.start()

    def answer() -> Edits:
        thread.join()
        return found[0] if found else Edits(are_tracked=False, untracked=())

    return answer


_STATUS = ("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=dirty")
_EDITED = (*_STATUS, "--untracked-files=no")
"""It reads the files whose time or size changed, so that a touched one is none.

To know whether a submodule is dirty, git would run itself there, with that one's settings.
"""


def with_named_index(git: Git) -> Git:
    """`git` with the index that `GIT_INDEX_FILE` names.

    So git tells its hooks of the index that it is about to commit: with `git commit -a` and
    `git commit FILE` that is not the repository's own.

    Raises:
        RevisionError: It is no index of this repository.

    """
    named = git.environment.get("GIT_INDEX_FILE")
    if not named:
        return git
    folder = os.fsdecode(git.run("rev-parse", "--absolute-git-dir").removesuffix(b"\n"))
    place = os.path.realpath(os.path.join(git.directory, named))
    if not place.startswith(os.path.realpath(folder) + os.sep):
        what = "GIT_INDEX_FILE names an index that is not of this repository"
        mend = "leave it out: `env -u GIT_INDEX_FILE reviewbot check --staged`"
        raise RevisionError([Problem(what=what, mend=mend, place=Place(file=named))])
    return replace(git, index_file=place)


def without_filters(git: Git) -> Git:
    """`git` with every filter driver of the configuration switched off (gitattributes, "filter").

    Comparing the work tree, git would run those of files that may have changed.
    """
    try:
        listed = git.run("config", "--null", "--name-only", "--get-regexp", r"^filter\..*\..*$")
    except GitFailedError:
        return git
    drivers = {found[1] for name in listed.split(b"\0") if (found := _DRIVER.match(name))}
    off = {"clean": "", "smudge": "", "process": "", "required": "false"}
    settings = {
        f"{os.fsdecode(driver)}.{key}": value
        for driver in sorted(drivers)
        for key, value in off.items()
    }
    return replace(git, settings={**git.settings, **settings})
