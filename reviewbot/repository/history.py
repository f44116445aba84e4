"""The latest commits of a branch, or the latest tags."""

import os
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import RevisionError
from reviewbot.repository.git import Git, GitFailedError
from reviewbot.repository.merge_base import why_unresolved

_SUBJECT_CHARACTERS = 200


class Listed(Struct, frozen=True, kw_only=True):
    """A commit of the history: its id, the name to show it by, the day (UTC), and its subject."""

    commit: str
    name: str
    day: str
    subject: str


def latest_commits(git: Git, head: str, most: int) -> tuple[Listed, ...]:
    """The last `most` commits of the branch at `head`, the oldest first; merges as one commit.

    Raises:
        RevisionError: There is no such revision.

    """
    try:
        said = git.run(
            *("log", "--first-parent", "-z", f"--max-count={most}", "--date=format-local:%Y-%m-%d"),
            *("--format=%H%n%h%n%cd%n%s", "--end-of-options", head, "--"),
        )
    except GitFailedError as error:
        raise RevisionError([why_unresolved(git, head, head, error)]) from error
    return tuple(reversed(_recorded(said, "\0")))


def earlier_texts(git: Git, head: str, path: str) -> Iterator[str]:
    """A file as the last commits of `head` that changed it have it, the latest first.

    `path` is counted from the repository's root. Nothing where git cannot tell.
    """
    asked = ("log", f"--max-count={_MOST_TEXTS}", "--format=%H", "--end-of-options", head, "--")
    try:
        top = os.fsdecode(git.run("rev-parse", "--show-toplevel").removesuffix(b"\n"))
        commits = replace(git, directory=top).run(*asked, path).decode().split()
        for commit in commits:
            if has_file(git, commit, path):
                yield git.run("cat-file", "blob", f"{commit}:{path}").decode("utf-8", "replace")
    except GitFailedError:
        return


_MOST_TEXTS = 20


def latest_tags(git: Git, most: int) -> tuple[Listed, ...]:
    """The latest `most` tags by the day of their commits, the oldest first.

    Raises:
        RevisionError: git cannot list them.

    """
    said = git.run(
        *(
            "for-each-ref",
            f"--count={most}",
            "--sort=-version:refname",
            "--sort=-creatordate",
            "refs/tags",
        ),
        "--format=%(objectname)%0a%(refname:short)%0a%(creatordate:short)%0a%(subject)%00",
    )
    return tuple(reversed(_recorded(said, "\0\n")))


def has_file(git: Git, commit: str, path: str) -> bool:
    """Whether the commit has a file at `path`, counted from the repository's root."""
    return bool(git.run("ls-tree", "--full-tree", commit, "--", path))


def _recorded(said: bytes, end: str) -> list[Listed]:
    entries = said.decode("utf-8", "backslashreplace").split(end)
    found = []
    for entry in entries:
        if entry.strip("\0\n"):
            commit, name, day, subject = (entry + "\n\n\n").split("\n")[:4]
            found.append(
                Listed(commit=commit, name=name, day=day, subject=subject[:_SUBJECT_CHARACTERS])
            )
    return found
