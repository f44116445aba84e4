"""Which files differ between two revisions, and which of them were moved."""

from collections.abc import Iterable

from msgspec import Struct

from reviewbot.repository.git import Git
from reviewbot.repository.objects import ObjectReader

LIST_DIFFERENCES = ("--raw", "-z", "--no-abbrev", "--no-renames")
"""Options of `git diff-tree` and `git diff-index`, whose output the functions below read."""

_INEXACT = ("--raw", "-z", "--no-abbrev", "-M", "-l1000")
_EXACT = ("--raw", "-z", "--no-abbrev", "-M100%")

COMPARED_BYTES_LIMIT = 64 * 1024 * 1024
"""To find a file that was moved and altered, git reads the content of all that are gone and new.

Where these have more bytes together, only those that were moved as they are count as moved. Among
more than 1,000 files git itself looks for those, and for equal names, only.
"""


class Change(Struct, frozen=True, kw_only=True):
    """One file that differs; `before` or `after` is None where it was added or removed.

    A rename has both, and they differ.
    """

    before: str | None
    after: str | None


class Difference(Struct, frozen=True, kw_only=True):
    """One file that differs, with the ids of its content; a letter says how, as git does."""

    status: str
    path: str
    before_mode: str
    before_id: str
    after_id: str
    moved_to: str | None = None


def differences(raw: bytes) -> list[Difference]:
    """What git printed for `LIST_DIFFERENCES`."""
    fields = iter(raw.split(b"\0")[:-1])
    found = []
    for about in fields:
        before_mode, _, before_id, after_id, status = about.decode().split(" ")
        path = _decoded(next(fields))
        found.append(
            Difference(
                status=status[:1],
                path=path,
                before_mode=before_mode.removeprefix(":"),
                before_id=before_id,
                after_id=after_id,
                moved_to=_decoded(next(fields)) if status[:1] in {"R", "C"} else None,
            )
        )
    return found


def changes(
    found: Iterable[Difference],
    *,
    git: Git,
    objects: ObjectReader,
    command: tuple[str, ...],
    revisions: tuple[str, ...],
) -> tuple[Change, ...]:
    """The files that differ, a moved one as one change.

    `command` and `revisions` compare what is committed or staged: no file of the work tree is read.
    """
    found = list(found)
    gone = {item.path for item in found if item.status == "D"}
    new = {item.path for item in found if item.status == "A"}
    old_names = {}
    if gone and new:
        staged = differences(git.run(*command, *LIST_DIFFERENCES, *revisions))
        options = _INEXACT if _is_small(staged, objects) else _EXACT
        old_names = {
            item.moved_to: item.path
            for item in differences(git.run(*command, *options, *revisions))
            if item.moved_to in new and item.path in gone
        }
    moved = set(old_names.values())
    return tuple(
        Change(
            before=old_names.get(item.path) if item.status == "A" else item.path,
            after=None if item.status == "D" else item.path,
        )
        for item in found
        if item.status != "D" or item.path not in moved
    )


def _is_small(found: Iterable[Difference], objects: ObjectReader) -> bool:
    """Whether git may read what is gone and what is new."""
    ids = [item.before_id for item in found if item.status == "D"]
    ids += [item.after_id for item in found if item.status == "A"]
    sizes = objects.sizes(ids)
    return sum(sizes[object_id] or 0 for object_id in ids) <= COMPARED_BYTES_LIMIT


def _decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
