"""The files of one revision: of a commit, of the index, or of the work tree.

Everything that reviewbot reads of a repository comes through a `Tree`; none follows a path out of
the repository, and what is not an ordinary UTF-8 file is a named problem.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Protocol

from msgspec import Struct

from reviewbot.errors import MeasurementError, Place, Problem


class Entry(Struct, frozen=True, kw_only=True):
    """One file: git's mode (`100644`, `120000`, …) and the id of its content as a git blob."""

    mode: str
    object_id: str


class Tree(Protocol):
    """The files of one revision, by their path from the repository's root.

    Paths are decoded as UTF-8 with `surrogateescape`, so any path can be named and shown.
    """

    @property
    def paths(self) -> Iterable[str]:
        """Every path, sorted."""
        ...

    @property
    def uncommitted(self) -> frozenset[str]:
        """The files of the work tree that this revision lacks or has otherwise, ignored ones aside.

        None where the revision is not the one that is checked out.
        """
        ...

    @property
    def is_staged(self) -> bool:
        """Whether these are the files of the index."""
        ...

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; None where nothing is."""
        ...

    def obstacle(self, path: str) -> str | None:
        """The first link or submodule on the way to `path`; None where none lies there.

        What is at `path` itself is no obstacle: `entry` tells it.
        """
        ...

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        ...


_WAYS_KEPT = 10_000


class Ways:
    """The first obstacle on the way to each path; what is known of a folder is kept."""

    def __init__(self, is_obstacle: Callable[[str], bool]) -> None:
        self._is_obstacle = is_obstacle
        self._known: dict[str, str | None] = {"": None}

    def obstacle(self, path: str) -> str | None:
        """The outermost folder of `path` that is an obstacle; None where none is."""
        folder = path.rpartition("/")[0]
        unknown = []
        while folder not in self._known:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        found = self._known[folder]
        if len(self._known) > _WAYS_KEPT:
            self._known = {"": None}
        for folder in reversed(unknown):
            if found is None and self._is_obstacle(folder):
                found = folder
            self._known[folder] = found
        return found


def read_text(tree: Tree, path: str) -> str:
    """The text of one file, without its byte order mark.

    Raises:
        MeasurementError: There is no such ordinary file, or it is not UTF-8 text.

    """
    data = tree.read([path])[path]
    if isinstance(data, Problem):
        raise MeasurementError([data])
    return decode(data, path)


def read_texts(tree: Tree, paths: Iterable[str]) -> dict[str, str]:
    """The texts of files, read in one go; those that cannot be read are left out."""
    found: dict[str, str] = {}
    for path, data in tree.read(paths).items():
        if not isinstance(data, Problem):
            with suppress(MeasurementError):
                found[path] = decode(data, path)
    return found


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""Its byte order marks."""


def decode(data: bytes, path: str) -> str:
    """`data` as UTF-8 text, without a byte order mark.

    Raises:
        MeasurementError: It is not UTF-8; the problem names the line of the first wrong byte.

    """
    if b"\0" in data and not data.startswith(_UTF_16):
        what = "a NUL byte stands in the file, as in a binary one"
        place = Place(file=path, line=data.count(b"\n", 0, data.index(b"\0")) + 1)
        raise MeasurementError([Problem(what=what, mend="save it as UTF-8 text", place=place)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        utf16 = data.startswith(_UTF_16)
        what = "the file is UTF-16" if utf16 else f"byte 0x{data[error.start]:02x} is not UTF-8"
        place = Place(file=path, line=line)
        raise MeasurementError(
            [Problem(what=what, mend="save the file as UTF-8", place=place)]
        ) from error
