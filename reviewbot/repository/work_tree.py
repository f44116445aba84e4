"""The files of the work tree, no link followed."""

import os
import stat
from collections.abc import Callable, Iterable, Mapping

from reviewbot.errors import Problem
from reviewbot.repository.reading_limits import FILE_BYTES_LIMIT, Allowance
from reviewbot.repository.refused_files import (
    checked,
    ignored,
    link_meant,
    missing,
    submodule,
    symlink,
    unreadable,
    why_not_read,
    written_link,
)
from reviewbot.repository.sparse_checkouts import SparseCheckout
from reviewbot.repository.trees import Entry, Ways

LIST_WORK_TREE = ("ls-files", "-t", "-z", "--cached", "--others", "--exclude-standard")
"""The git commands whose output the functions below read, the first with a commit behind it."""


class WorkTree:
    """The files in the work tree: what git tracks, and what it neither tracks nor ignores.

    No other file is read, whoever names it: git's own and ignored ones may hold credentials.
    `left_out` are tracked files, which may not be there; `ignoring_line` says what git ignores a
    file by.
    """

    def __init__(
        self,
        root: str,
        paths: Iterable[str],
        hash_name: str,
        left_out: SparseCheckout,
        ignoring_line: Callable[[str], str | None],
    ) -> None:
        self._root = root
        self._ignoring_line = ignoring_line
        self._left_out = left_out
        self._paths = dict.fromkeys(sorted(path for path in paths if not path.endswith("/")))
        self._hash_name = hash_name
        self._allowance = Allowance()
        self._obstacles: dict[str, bool] = {}
        self._ways = Ways(self._is_obstacle)
        self._read: dict[str, tuple[str, bytes] | Problem] = {}

    @property
    def paths(self) -> Iterable[str]:
        """Every path, sorted; one that was deleted but is still tracked is left out."""
        return (path for path in self._paths if self._is_there(path) or path in self._left_out)

    @property
    def uncommitted(self) -> frozenset[str]:
        """None: what is not committed is read here."""
        return frozenset()

    @property
    def is_staged(self) -> bool:
        """They are those of the work tree."""
        return False

    def _is_there(self, path: str) -> bool:
        return os.path.lexists(os.path.join(self._root, path))

    def entry(self, path: str) -> Entry | None:
        """What is at `path`, its id computed as git would."""
        if path not in self._paths or not (self._is_there(path) or path in self._left_out):
            return None
        found = self._load(path)
        if isinstance(found, Problem):
            return Entry(mode="000000", object_id="")
        mode, data = found
        import hashlib

        blob = b"blob %d\0" % len(data) + data
        return Entry(mode=mode, object_id=hashlib.new(self._hash_name, blob).hexdigest())

    def obstacle(self, path: str) -> str | None:
        """The first link or submodule on the way to `path`; None where none lies there."""
        return self._ways.obstacle(path)

    def _is_obstacle(self, folder: str) -> bool:
        if folder not in self._obstacles:
            place = os.path.join(self._root, folder)
            is_other = os.path.lexists(os.path.join(place, ".git"))
            is_link = os.path.islink(place) or self._is_written_link(folder)
            self._obstacles[folder] = is_link or is_other
        return self._obstacles[folder]

    def _is_written_link(self, folder: str) -> bool:
        """Whether git wrote a file there in place of a link to a folder."""
        if folder not in self._paths or not os.path.isfile(os.path.join(self._root, folder)):
            return False
        found = self._load(folder)
        target = None if isinstance(found, Problem) else written_link(folder, found[1])
        return target is not None and os.path.isdir(os.path.join(self._root, target))

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
                return self._why_missing(path)
            except OSError as error:
                return unreadable(path, error)
            if stat.S_ISLNK(mode):
                return self._link(path, os.path.relpath(place, self._root))
            if os.path.lexists(os.path.join(place, ".git")):
                return submodule(path)
        if not stat.S_ISREG(mode):
            return missing(path)
        return None if path in self._paths else ignored(path, self._ignoring_line(path))

    def _link(self, path: str, link: str) -> Problem:
        """The problem of a path with a link on its way, with the file git knows it leads to."""
        try:
            target = os.readlink(os.path.join(self._root, link))
        except OSError:
            return symlink(path)
        meant = link_meant(path, link.replace(os.sep, "/"), target)
        return symlink(path, meant if meant in self._paths else None)

    def _why_missing(self, path: str) -> Problem:
        if path in self._left_out:
            return self._left_out.problem(path)
        return symlink(path) if self.obstacle(path) is not None else missing(path)

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
            return unreadable(path, error)
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                return missing(path)
            if about.st_size > FILE_BYTES_LIMIT or not self._allowance.covers(path, about.st_size):
                return why_not_read(path, about.st_size)
            data = file.read(about.st_size)
        text = checked(path, data)
        if isinstance(text, Problem):
            return text
        return ("100755" if about.st_mode & stat.S_IXUSR else "100644"), text


def work_tree(
    output: Callable[[], bytes],
    root: str,
    hash_name: str,
    ignoring_line: Callable[[str], str | None],
) -> WorkTree:
    """The files of the work tree at `root`, as `LIST_WORK_TREE` lists them."""
    listed = [(item[:1], _decoded(item[2:])) for item in output().split(b"\0")[:-1]]
    paths = [path for _, path in listed]
    left_out = SparseCheckout((path for tag, path in listed if tag == _SKIPPED), paths)
    return WorkTree(root, paths, hash_name, left_out, ignoring_line)


_SKIPPED = b"S"
"""git-ls-files, `-t`: not to be checked out (the skip-worktree bit)."""


def _decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
