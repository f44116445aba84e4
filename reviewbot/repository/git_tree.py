"""The files of a commit or of the index, read from git objects."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Self

from msgspec import Struct

from reviewbot.errors import Problem, RevisionError
from reviewbot.repository.changed_files import Difference
from reviewbot.repository.ignore_rules import why_ignored
from reviewbot.repository.objects import ObjectReader
from reviewbot.repository.reading_limits import FILE_BYTES_LIMIT, Allowance
from reviewbot.repository.refused_files import (
    LONGEST_TARGET,
    checked,
    ignored,
    is_link,
    link_meant,
    missing,
    not_a_file,
    symlink,
    uncommitted,
    why_not_read,
    written_link,
)
from reviewbot.repository.trees import Entry, Ways

LIST_COMMIT = ("ls-tree", "-r", "-z", "--full-tree")


LIST_INDEX = ("ls-files", "--stage", "-z")


_MOST_LINKS = 20
"""So many links are followed to say where they lead; each takes git a moment."""

_STAGED = re.compile(
    r"(?:([0-9]{6} )([0-9a-f]{40,64}) [02]|[0-9]{6} [0-9a-f]{40,64} [13])\t([^\0]*)\0?"
)
"""It takes the whole of an entry, so that no part of it is looked at twice."""


class Beside(Struct, frozen=True, kw_only=True):
    """What of the work tree a revision lacks that is checked out there.

    `uncommitted` gives the files that it lacks or has otherwise, ignored ones aside, and
    `ignoring_line` what git ignores a file by, if it is there.
    """

    uncommitted: Callable[[], frozenset[str]]
    ignoring_line: Callable[[str], str | None]


NOTHING_BESIDE = Beside(uncommitted=frozenset, ignoring_line=lambda _: None)
"""That of other revisions."""


class GitTree:
    """The files of a commit or of the index, read from git objects.

    `listing` gives what is in it, and is asked when the tree is first looked at. `beside` is asked
    for a missing file. `is_staged` says that it is the index.
    """

    def __init__(
        self,
        listing: Callable[[], Mapping[str, str]],
        objects: ObjectReader,
        beside: Beside = NOTHING_BESIDE,
        *,
        is_staged: bool = False,
    ) -> None:
        self._is_staged = is_staged
        self._links_left = _MOST_LINKS
        self._listing = listing
        self._beside = beside
        self._objects = objects
        self._allowance = Allowance()
        self._written_links: dict[str, bool] = {}
        self._ways = Ways(self._is_obstacle)

    @cached_property
    def _entries(self) -> Mapping[str, str]:
        """Each path's mode and object id as git writes them; records would take twice as much.

        A type may stand between the two, and the path behind them.
        """
        return self._listing()

    @property
    def paths(self) -> Iterable[str]:
        """Every path, in git's order (by bytes)."""
        return self._entries.keys()

    @cached_property
    def uncommitted(self) -> frozenset[str]:
        """The files of the work tree that this revision lacks or has otherwise."""
        return self._beside.uncommitted()

    @property
    def is_staged(self) -> bool:
        """Whether these are the files of the index."""
        return self._is_staged

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; None where nothing is."""
        if (about := self._entries.get(path)) is None:
            return None
        mode, *_, object_id = about.partition("\t")[0].split(" ")
        return Entry(mode=mode, object_id=object_id)

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        found: dict[str, bytes | Problem] = {}
        ids: dict[str, str] = {}
        for path in paths:
            entry = self.entry(path)
            if entry is None:
                found[path] = self._missing(path)
            elif (problem := not_a_file(path, entry.mode)) is not None:
                found[path] = self._link(path, path) if is_link(entry) else problem
            else:
                ids[path] = entry.object_id
        sizes = self._objects.sizes(ids.values())
        small = [
            object_id
            for object_id, size in sizes.items()
            if size is not None
            and size <= FILE_BYTES_LIMIT
            and self._allowance.covers(object_id, size)
        ]
        contents = self._objects.contents(small)
        for path, object_id in ids.items():
            data = contents.get(object_id)
            if data is not None:
                found[path] = checked(path, data)
            else:
                found[path] = why_not_read(path, sizes[object_id])
        return found

    def obstacle(self, path: str) -> str | None:
        """The first link or submodule on the way to `path`; None where none lies there."""
        return self._ways.obstacle(path)

    def _is_obstacle(self, folder: str) -> bool:
        if folder in self._obstacles:
            return True
        if folder not in self._entries:
            return False
        if folder not in self._written_links:
            data = self.read([folder])[folder]
            target = None if isinstance(data, Problem) else written_link(folder, data)
            self._written_links[folder] = target is not None and any(
                item.startswith(f"{target}/") for item in self._entries
            )
        return self._written_links[folder]

    @cached_property
    def _obstacles(self) -> frozenset[str]:
        return frozenset(
            path
            for path, about in self._entries.items()
            if not_a_file(path, about.partition(" ")[0]) is not None
        )

    def before(self, changes: Callable[[], Iterable[Difference]]) -> Self:
        """The tree from which this one differs by `changes`; they are asked for when it is needed.

        So the files of a repository are listed once for both revisions.
        """

        def listing() -> dict[str, str]:
            entries = dict(self._entries)
            found = list(changes())
            for item in found:
                if item.status == "A":
                    entries.pop(item.path, None)
            for item in found:  # a tree that is out of order has paths both removed and added
                if item.status != "A":
                    entries[item.path] = f"{item.before_mode} {item.before_id}"
            if entries.keys() <= self._entries.keys():
                return entries
            return {path: entries[path] for path in sorted(entries, key=_encoded)}

        return type(self)(listing, self._objects)

    def _missing(self, path: str) -> Problem:
        obstacle = self.obstacle(path)
        entry = self.entry(obstacle) if obstacle else None
        if entry is not None and obstacle is not None:
            is_other = not is_link(entry) and not_a_file(path, entry.mode)
            return is_other or self._link(path, obstacle)
        if path in self.uncommitted:
            return uncommitted(path, is_staged=self.is_staged)
        if (line := self._beside.ignoring_line(path)) is not None:
            return ignored(path, line)
        return why_ignored(self, path) or missing(path)

    def _link(self, path: str, link: str) -> Problem:
        """The problem of a path with a link on its way, with the file of this tree it leads to."""
        if not self._links_left:
            return symlink(path)
        self._links_left -= 1
        target = _small_text(self._objects, self._entries[link])
        meant = None if target is None else link_meant(path, link, target)
        return symlink(path, meant if meant in self._entries else None)


def _small_text(objects: ObjectReader, about: str) -> str | None:
    """The text of an entry that may be a link's; None of a longer one."""
    object_id = about.partition("\t")[0].split(" ")[-1]
    size = objects.sizes([object_id]).get(object_id)
    if size is None or size > LONGEST_TARGET:
        return None
    data = objects.contents([object_id]).get(object_id)
    return None if data is None else _decoded(data)


def committed_tree(
    output: Callable[[], bytes],
    objects: ObjectReader,
    beside: Beside = NOTHING_BESIDE,
    *,
    is_alone: bool = True,
) -> GitTree:
    """The files of a commit, as `LIST_COMMIT` lists them.

    Two trees of which neither `is_alone` have paths and ids in common.

    Raises:
        RevisionError: When it is first looked at: a path is there twice, as only a damaged or a
            forged commit has it.

    """

    def listing() -> dict[str, str]:
        listed = _decoded(output()).split("\0")[:-1]
        if is_alone:  # to take nothing else apart takes half the time
            entries = {item[item.index("\t") + 1 :]: item for item in listed}
        else:
            found = (item.partition("\t") for item in listed)
            entries = {intern(path): intern(about) for about, _, path in found}
        if len(entries) != len(listed):
            what = "a commit has two files of one path"
            raise RevisionError([Problem(what=what, mend="look for it: `git fsck`")])
        return entries

    return GitTree(listing, objects, beside)


def staged_tree(
    output: Callable[[], bytes],
    objects: ObjectReader,
    beside: Beside,
) -> GitTree:
    """The files of the index, as `LIST_INDEX` lists them; of a file in conflict, our side."""

    def listing() -> dict[str, str]:
        found = map(_groups, _STAGED.finditer(_decoded(output())))
        return {intern(path): intern(mode + id_) for mode, id_, path in found if mode}

    return GitTree(listing, objects, beside, is_staged=True)


_groups = re.Match[str].groups

intern = sys.intern
"""Two revisions have most paths and ids in common; so they are here but once."""


def _decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
