"""The branch that work in a repository is merged into, as git knows it."""

import os

from reviewbot.errors import Problem, RevisionError
from reviewbot.repository.git import Git, GitFailedError

_USUAL = ("main", "master", "trunk", "develop")
_NAMED = 6


def default_base(git: Git) -> str:
    """The default branch: the one that the remote names, else one of a usual name or the only one.

    A local branch of that name is preferred: it is what `git diff` would be given. In a clone of
    another branch alone it is `main`, which is not there, and the message says how to fetch it.

    Raises:
        RevisionError: None of the branches is it for certain; the problem names them.
    """
    try:
        listed = git.run("for-each-ref", "--format=%(refname)%00%(symref)", *_PLACES)
    except GitFailedError:
        return _USUAL[0]
    found = dict(line.split("\0", 1) for line in os.fsdecode(listed).split("\n") if line)
    heads = sorted(filter(None, found.values()), key=lambda head: not head.startswith(_ORIGIN))
    for head in heads[:1]:
        remote, _, name = head.removeprefix("refs/remotes/").partition("/")
        if name not in _USUAL and _is_alone(git, remote, name):
            return _USUAL[0]
        return name if f"refs/heads/{name}" in found else f"{remote}/{name}"
    for place, shown in _USUAL_PLACES:
        if place in found:
            return shown
    if git.run("remote").strip():
        return _USUAL[0]
    local = [item.removeprefix("refs/heads/") for item in found if item.startswith("refs/heads/")]
    if not local and git.has_commit("HEAD"):
        what = "no branch is here, so it is not known what to compare with"
        raise RevisionError([Problem(what=what, mend="name an earlier commit: `--base HEAD~1`")])
    if len(local) <= 1:
        return local[0] if local else _USUAL[0]
    names = ", ".join(sorted(local)[:_NAMED])
    what = f"no branch is known to be the default one; branches here: {names}"
    mend = f"name the branch that you merge into: `--base {min(local)}`"
    raise RevisionError([Problem(what=what, mend=mend)])


def branch_of(base: str, git: Git) -> str:
    """The branch that a base stands for, without the remote before it: as GitHub calls it."""
    remotes = os.fsdecode(git.run("remote")).split()
    own = next((name for name in remotes if base.startswith(f"{name}/")), None)
    return base if own is None else base.removeprefix(f"{own}/")


def _is_alone(git: Git, remote: str, name: str) -> bool:
    """Whether the clone fetches nothing but the branch that is checked out.

    The remote may have that one checked out too, and work must not be compared with itself.
    """
    try:
        fetched = os.fsdecode(git.run("config", "--get-all", f"remote.{remote}.fetch")).split()
        current = os.fsdecode(git.run("symbolic-ref", "--quiet", "HEAD")).strip()
    except GitFailedError:
        return False
    return fetched == [f"+{current}:refs/remotes/{remote}/{name}"]


_ORIGIN = "refs/remotes/origin/"
_USUAL_PLACES = (
    *((f"refs/heads/{name}", name) for name in _USUAL),
    *((f"{_ORIGIN}{name}", f"origin/{name}") for name in _USUAL),
)
_PLACES = (
    "refs/remotes/*/HEAD",
    *(place for place, _ in _USUAL_PLACES[len(_USUAL) :]),
    "refs/heads",
)
