"""The files of one revision: of a commit, of the index, or of the work tree.

Everything that reviewbot reads of a repository comes through a `Tree`; none follows a path out of
the repository, and what is not an ordinary UTF-8 file is a named problem.
"""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Protocol

from msgspec import Struct

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.repository.git import ObjectReader

FILE_BYTES_LIMIT = 4 * 1024 * 1024
"""Larger files are refused: no model in the catalogue takes 4 MiB of text in one call."""

ALL_BYTES_LIMIT = 40 * 1024 * 1024
"""What is read of one revision, each content once; 10,000 prompts of 3,000 characters fit.

To render and count twice as much, before and after, takes some 20 seconds.
"""

_SYMLINK, _SUBMODULE = "120000", "160000"
_LFS_POINTER = b"version https://git-lfs"


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

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; None where nothing is."""
        ...

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        ...


class GitTree:
    """The files of a commit or of the index, read from git objects.

    `listing` gives what is in it, and is asked when the tree is first looked at.
    """

    def __init__(self, listing: Callable[[], Mapping[str, str]], objects: ObjectReader) -> None:
        self._listing = listing
        self._objects = objects
        self._allowance = _Allowance()

    @cached_property
    def _entries(self) -> Mapping[str, str]:
        """Each path's mode and object id as git writes them; records would take twice as much."""
        return self._listing()

    @property
    def paths(self) -> Iterable[str]:
        """Every path, in git's order (by bytes)."""
        return self._entries.keys()

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; None where nothing is."""
        if (about := self._entries.get(path)) is None:
            return None
        mode, object_id = about.split(" ")
        return Entry(mode=mode, object_id=object_id)

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        found: dict[str, bytes | Problem] = {}
        ids: dict[str, str] = {}
        for path in paths:
            entry = self.entry(path)
            if entry is None:
                found[path] = self._missing(path)
            elif (problem := _not_a_file(path, entry.mode)) is not None:
                found[path] = problem
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
                found[path] = _checked(path, data)
            else:
                found[path] = _why_not_read(path, sizes[object_id])
        return found

    def _missing(self, path: str) -> Problem:
        names = path.split("/")
        for depth in range(1, len(names)):
            parent = "/".join(names[:depth])
            if (entry := self.entry(parent)) and (problem := _not_a_file(path, entry.mode)):
                return problem
        return _missing(path)


class _Allowance:
    """What may still be read of one tree, so that many files cannot fill the memory either."""

    def __init__(self) -> None:
        self._left = ALL_BYTES_LIMIT
        self._read: set[str] = set()

    def covers(self, name: str, size: int) -> bool:
        """Whether a content of `size` bytes may be read; one that was read before always may."""
        if name not in self._read:
            if size > self._left:
                return False
            self._left -= size
            self._read.add(name)
        return True


class WorkTree:
    """The files in the work tree: what git tracks, and what it neither tracks nor ignores.

    No other file is read, whoever names it: git's own and ignored ones may hold credentials.
    """

    def __init__(self, root: str, paths: Iterable[str], hash_name: str) -> None:
        self._root = root
        self._paths = dict.fromkeys(sorted(path for path in paths if not path.endswith("/")))
        self._hash_name = hash_name
        self._allowance = _Allowance()
        self._read: dict[str, tuple[str, bytes] | Problem] = {}

    @property
    def paths(self) -> Iterable[str]:
        """Every path, sorted; one that was deleted but is still tracked is left out."""
        return (path for path in self._paths if os.path.lexists(os.path.join(self._root, path)))

    def entry(self, path: str) -> Entry | None:
        """What is at `path`, its id computed as git would."""
        if path not in self._paths or not os.path.lexists(os.path.join(self._root, path)):
            return None
        found = self._load(path)
        if isinstance(found, Problem):
            return Entry(mode="000000", object_id="")
        mode, data = found
        import hashlib

        blob = b"blob %d\0" % len(data) + data
        return Entry(mode=mode, object_id=hashlib.new(self._hash_name, blob).hexdigest())

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        found = {path: self._load(path) for path in paths}
        return {
            path: item if isinstance(item, Problem) else item[1] for path, item in found.items()
        }

    def _why_no_file(self, path: str) -> Problem | None:
        """Why there is no ordinary file at `path`; no link on the way is followed."""
        place = self._root
        mode = 0
        for name in path.split("/") if self._is_inside(path) else ():
            place = os.path.join(place, name)
            try:
                mode = os.lstat(place).st_mode
            except (FileNotFoundError, NotADirectoryError):
                return _missing(path)
            except OSError as error:
                return _unreadable(path, error)
            if stat.S_ISLNK(mode):
                return _symlink(path)
            if os.path.lexists(os.path.join(place, ".git")):
                return _submodule(path)
        if not stat.S_ISREG(mode):
            return _missing(path)
        return None if path in self._paths else _ignored(path)

    @staticmethod
    def _is_inside(path: str) -> bool:
        """Whether a path stays below the root; git's own paths do, a command line's may not."""
        return "\0" not in path and not {"", ".", ".."} & set(path.split("/"))

    def _load(self, path: str) -> tuple[str, bytes] | Problem:
        if path not in self._read:
            self._read[path] = self._load_now(path)
        return self._read[path]

    def _load_now(self, path: str) -> tuple[str, bytes] | Problem:
        place = os.path.join(self._root, path)
        if (problem := self._why_no_file(path)) is not None:
            return problem
        try:
            descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            return _unreadable(path, error)
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                return _missing(path)
            if about.st_size > FILE_BYTES_LIMIT or not self._allowance.covers(path, about.st_size):
                return _why_not_read(path, about.st_size)
            data = file.read(about.st_size)
        checked = _checked(path, data)
        if isinstance(checked, Problem):
            return checked
        return ("100755" if about.st_mode & stat.S_IXUSR else "100644"), checked


class EditedTree:
    """A tree in which some texts, by path, take the place of files that are there."""

    def __init__(self, tree: Tree, texts: Mapping[str, str]) -> None:
        self._tree = tree
        self._texts = texts

    @property
    def paths(self) -> Iterable[str]:
        """Every path, sorted."""
        return self._tree.paths

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; an edited file has an id that no git object has."""
        entry = self._tree.entry(path)
        if entry is None or path not in self._texts:
            return entry
        return Entry(mode=entry.mode, object_id=f"edited {hash(self._texts[path])}")

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        wanted = list(paths)
        edited = {path: self._texts[path].encode() for path in wanted if path in self._texts}
        return {**self._tree.read(path for path in wanted if path not in edited), **edited}


class AddedFile:
    """A tree in which one text stands at a path, whatever is there; with None nothing does."""

    def __init__(self, tree: Tree, path: str, text: str | None) -> None:
        self._tree = tree
        self._path = path
        self._text = text

    @property
    def paths(self) -> Iterable[str]:
        """Every path, the added one last."""
        yield from (path for path in self._tree.paths if path != self._path)
        if self._text is not None:
            yield self._path

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; the added file has an id that no git object has."""
        if path != self._path:
            return self._tree.entry(path)
        return None if self._text is None else Entry(mode="100644", object_id="added")

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        wanted = list(paths)
        found = dict(self._tree.read(path for path in wanted if path != self._path))
        if self._path in wanted:
            text = self._text
            found[self._path] = _missing(self._path) if text is None else text.encode()
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


def decode(data: bytes, path: str) -> str:
    """`data` as UTF-8 text, without a byte order mark.

    Raises:
        MeasurementError: It is not UTF-8; the problem names the line of the first wrong byte.

    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        what = "the file is UTF-16" if utf16 else f"byte 0x{data[error.start]:02x} is not UTF-8"
        place = Place(file=path, line=line)
        raise MeasurementError(
            [Problem(what=what, mend="save the file as UTF-8", place=place)]
        ) from error


LIST_COMMIT = ("ls-tree", "-r", "-z", "--full-tree")
LIST_INDEX = ("ls-files", "--stage", "-z")
LIST_WORK_TREE = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
"""The git commands whose output the functions below read, the first with a commit behind it."""


_COMMITTED = re.compile(rb"(\d{6} )\w{4,6} ([0-9a-f]{40,64})\t([^\0]*)\0?")
_STAGED = re.compile(rb"(?:(\d{6} )([0-9a-f]{40,64}) [02]|\d{6} [0-9a-f]{40,64} [13])\t([^\0]*)\0?")
"""Each takes the whole of an entry, so that no part of it is looked at twice."""


def committed_tree(output: Callable[[], bytes], objects: ObjectReader) -> GitTree:
    """The files of a commit, as `LIST_COMMIT` lists them."""

    def listing() -> dict[str, str]:
        found = _COMMITTED.finditer(output())
        return {_shared(path): _shared(mode + id_) for mode, id_, path in map(_groups, found)}

    return GitTree(listing, objects)


def staged_tree(output: Callable[[], bytes], objects: ObjectReader) -> GitTree:
    """The files of the index, as `LIST_INDEX` lists them; of a file in conflict, our side."""

    def listing() -> dict[str, str]:
        found = _STAGED.finditer(output())
        return {
            _shared(path): _shared(mode + id_) for mode, id_, path in map(_groups, found) if mode
        }

    return GitTree(listing, objects)


def work_tree(output: Callable[[], bytes], root: str, hash_name: str) -> WorkTree:
    """The files of the work tree at `root`, as `LIST_WORK_TREE` lists them."""
    return WorkTree(root, map(_decoded, output().split(b"\0")[:-1]), hash_name)


_groups = re.Match[bytes].groups


def _shared(text: bytes) -> str:
    """`text` decoded; two revisions have most paths and ids in common, and here each but once."""
    return sys.intern(_decoded(text))


def _decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _checked(path: str, data: bytes) -> bytes | Problem:
    if data.startswith(_LFS_POINTER):
        return Problem(
            what="the file is a Git LFS pointer, its text is not in the repository",
            mend="keep prompts out of LFS: `git lfs untrack` and commit the text",
            place=Place(file=path, line=1),
        )
    return data


def _not_a_file(path: str, mode: str) -> Problem | None:
    if mode == _SYMLINK:
        return _symlink(path)
    if mode == _SUBMODULE:
        return _submodule(path)
    return None


def _symlink(path: str) -> Problem:
    return Problem(
        what="the path is, or goes through, a symbolic link, which is never followed",
        mend="name the file itself",
        place=Place(file=path),
    )


def _submodule(path: str) -> Problem:
    return Problem(
        what="the path lies in a submodule, whose files are not part of this repository",
        mend="run reviewbot in the submodule's own repository, or copy the prompt into this one",
        place=Place(file=path),
    )


def _missing(path: str) -> Problem:
    return Problem(
        what="there is no such file",
        mend="correct the path; it is counted from the repository's root",
        place=Place(file=path),
    )


def _ignored(path: str) -> Problem:
    return Problem(
        what="git neither tracks this file nor would add it, so it is not read",
        mend="add it (`git add --force`), or name another",
        place=Place(file=path),
    )


def _unreadable(path: str, error: OSError) -> Problem:
    return Problem(
        what=f"the file cannot be read: {error.strerror}",
        mend="correct its permissions, or its name",
        place=Place(file=path),
    )


def _absent_object(path: str) -> Problem:
    return Problem(
        what="git lacks the file's content (a partial clone)",
        mend="fetch it: `git fetch --refetch --no-filter origin`",
        place=Place(file=path),
    )


def _why_not_read(path: str, size: int | None) -> Problem:
    if size is None:
        return _absent_object(path)
    return _too_large(path, size) if size > FILE_BYTES_LIMIT else _too_much(path)


def _too_much(path: str) -> Problem:
    return Problem(
        what=f"with this file there are more than {ALL_BYTES_LIMIT:,} bytes to read",
        mend="keep data out of prompts and samples; `{tokens: 1200}` stands for a text that long",
        place=Place(file=path),
    )


def _too_large(path: str, size: int) -> Problem:
    return Problem(
        what=f"the file has {size:,} bytes, more than the {FILE_BYTES_LIMIT:,} that are read",
        mend="split it, or keep data out of the prompts",
        place=Place(file=path),
    )
