"""Which commits are compared: base, head and their merge base, as git resolves them.

The merge base is the first that git prints for `BASE...HEAD`.
"""

import os
import re
import shlex

from msgspec import Struct

from reviewbot.errors import Problem, RevisionError, UsageError
from reviewbot.repository.absent import why_absent
from reviewbot.repository.git import Git, GitFailedError
from reviewbot.repository.objects import OLDEST_GIT


class Ids(Struct, frozen=True, kw_only=True):
    """What git says of the repository and of the revisions, by their commits' ids."""

    base: str
    head: str
    merge_base: str
    is_bare: bool
    hash_name: str


def resolve(git: Git, base: str, head: str) -> Ids:
    """The commits that `base` and `head` name, and their merge base.

    Raises:
        RevisionError: git cannot give one of them; the problem says how to get it.
        UsageError: A name is no revision.
    """
    for name in (base, head):
        if not name or name.startswith("-"):
            raise UsageError(
                [
                    Problem(
                        what=f"{name!r} is not a revision", mend="name a branch, a tag or a commit"
                    )
                ]
            )
    try:
        answer = git.run(
            "rev-parse",
            "--is-bare-repository",
            "--show-object-format",
            f"{base}^{{commit}}...{head}^{{commit}}",
        )
    except GitFailedError as failure:
        raise RevisionError([why_unresolved(git, base, head, failure)]) from failure
    is_bare, hash_name, head_id, base_id, *merge_bases = answer.decode().split()
    if not merge_bases:
        raise RevisionError([_why_unrelated(git, base, head)])
    return Ids(
        base=base_id,
        head=head_id,
        merge_base=merge_bases[0].removeprefix("^"),
        is_bare=is_bare == "true",
        hash_name=hash_name,
    )


def known(git: Git, base: str, head: str, merge_base: str) -> Ids:
    """Commits that are known by their ids."""
    hash_name = git.run("rev-parse", "--show-object-format").decode().strip()
    return Ids(base=base, head=head, merge_base=merge_base, is_bare=True, hash_name=hash_name)


def why_unresolved(git: Git, base: str, head: str, failure: GitFailedError) -> Problem:
    """Why git does not know a revision: no repository, no commit, another name."""
    said = failure.said.splitlines()[0] if failure.said else "git gave no reason"
    if absent := why_absent(git):
        return absent
    for name, option in ((head, "--head"), (base, "--base")):
        if git.has_commit(name):
            continue
        if name == "HEAD":
            return Problem(
                what="the current branch has no commit yet", mend="make its first commit"
            )
        return _mistaken(git, name, option) or Problem(
            what=f"the revision {name!r} is not in this repository",
            mend=f"{_near_branch(git, name, option)}{_other_revision(git, name)} with {option}",
        )
    return Problem(
        what=f"git failed: {said}",
        mend=f"check that git is {OLDEST_GIT[0]}.{OLDEST_GIT[1]} or newer",
    )


def _mistaken(git: Git, name: str, option: str) -> Problem | None:
    """The problem that `name` is a file, a range, or beyond the history; None where it is none."""
    if os.path.isfile(os.path.join(git.directory, name)):
        return Problem(what=f"{name!r} is a file", mend=f"{option} takes a branch, such as main")
    if re.fullmatch(r"[\w./-]+?\.\.+[\w./-]+", name):
        one, other = re.split(r"\.\.+", name, maxsplit=1)
        what = f"{name!r} is a range, and no revision"
        return Problem(what=what, mend=f"write `--base {one} --head {other}`")
    return _too_far_back(git, name, option)


def _too_far_back(git: Git, name: str, option: str) -> Problem | None:
    """The problem that `name`, such as `HEAD~9`, counts more commits back than there are."""
    counted = _COUNTED.fullmatch(name)
    if counted is None:
        return None
    begins = counted["begins"] or "HEAD"
    try:
        number = int(git.run("rev-list", "--count", "--first-parent", begins, "--"))
    except GitFailedError:
        return None
    what = f"{name!r} lies before the first commit of {begins!r} that is here"
    if _is_shallow(git):
        what = f"{what}: this clone is shallow"
        return Problem(what=what, mend="fetch more: `git fetch --unshallow`")
    if number == 1:
        return Problem(what=what, mend="it is the only commit: nothing before it can be compared")
    mend = f"name a nearer one: `{option} {begins}~{number - 1}` is the first"
    return Problem(what=what, mend=mend)


_COUNTED = re.compile(r"(?P<begins>[\w./-]{0,200})(?:[~^][0-9]{0,9}){1,20}")


def _is_shallow(git: Git) -> bool:
    return git.run("rev-parse", "--is-shallow-repository").strip() == b"true"


def _near_branch(git: Git, name: str, option: str) -> str:
    """The question whether a branch of a name that is near was meant; empty where none is."""
    import difflib

    listed = git.run("for-each-ref", f"--count={_COMPARED}", _SHORT, "refs/heads", "refs/remotes")
    branches = listed.decode(errors="replace").split()
    behind_remotes = {item.partition("/")[2]: item for item in branches}
    named = behind_remotes | {item: item for item in branches}
    remote, _, rest = name[:_COMPARED].partition("/")
    if rest and remote in git.run("remote").decode().split():
        named = {rest: item for rest, item in behind_remotes.items() if item == f"{remote}/{rest}"}
    else:
        rest = name[:_COMPARED]
    near = [named[item] for item in difflib.get_close_matches(rest, named, 1)]
    return f"did you mean `{option} {near[0]}`? Else " if near else ""


_COMPARED = 200
"""Branches, and characters of a name, that are looked at."""


def _other_revision(git: Git, name: str) -> str:
    """The command that brings a revision of that name where a remote may have it, or another."""
    remotes = git.run("remote").decode().split()
    if not remotes:
        listed = git.run("for-each-ref", f"--count={_COMPARED}", _SHORT, "refs/heads")
        names = listed.decode(errors="replace").split()
        left = len(names) - _NAMED
        branches = ", ".join(names[:_NAMED]) + (f" and {left} more" if left > 0 else "")
        return f"name a branch that is here ({branches})" if branches else _AN_EARLIER_ONE
    remote = "origin" if "origin" in remotes else remotes[0]
    first, _, rest = name.partition("/")
    if first in remotes and rest:
        target = f"{rest}:refs/remotes/{name}"
        remote = first
    else:
        target = name if _ID.fullmatch(name) else f"{name}:{name}"
    deep = "--unshallow " if _is_shallow(git) else ""
    return f"fetch it (`git fetch {deep}{remote} {shlex.quote(target)}`), or name another"


_AN_EARLIER_ONE = "name an earlier commit, such as HEAD~1,"
_NAMED = 6
_SHORT = "--format=%(refname:short)"
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def _why_unrelated(git: Git, base: str, head: str) -> Problem:
    if _is_shallow(git):
        fetch = f"git fetch --unshallow{_fetched(git) if base == 'FETCH_HEAD' else ''}"
        return Problem(
            what=f"in this shallow clone the history is cut off where {head!r} left {base!r}",
            mend=f"fetch more: `{fetch}`, or `fetch-depth: 0` in actions/checkout",
        )
    return Problem(
        what=f"{base!r} and {head!r} have no common history",
        mend="name the branch that this work started from with --base",
    )


def _fetched(git: Git) -> str:
    """The remote's branch that was fetched last, as `git fetch` takes it; it stays FETCH_HEAD."""
    place = os.fsdecode(git.run("rev-parse", "--git-path", "FETCH_HEAD").removesuffix(b"\n"))
    try:
        with open(os.path.join(git.directory, place), encoding="utf-8", errors="replace") as file:
            line = file.readline(_LONGEST_LINE)
    except OSError:
        return ""
    found = re.search(r"\tbranch '([\w./-]{1,200})' of ", line)
    return f" origin {found[1]}" if found else ""


_LONGEST_LINE = 2_000
