"""The files of one revision as texts, each read once, and what includes mean in them."""

import posixpath
from collections.abc import Iterable

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import LoadedFile
from reviewbot.repository.trees import Tree, decode

LOOKUPS_LIMIT = 200_000
"""Places in which included files are looked for at one revision, each name from each folder once;
in folders of folders of folders a place takes 20 µs."""

_LONGEST_PATH = 4_096
"""Linux's PATH_MAX: no file of a checkout has a longer one."""


class TextReader:
    """Reads the files of one tree; each once, until it is forgotten."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._resolved: dict[tuple[str, str], str | None] = {}
        self._lookups_left = LOOKUPS_LIMIT
        self._data: dict[str, bytes | Problem] = {}

    def object_id(self, path: str) -> str:
        """The id of a file's content; empty where there is none."""
        entry = self.tree.entry(path)
        return entry.object_id if entry else ""

    def text(self, path: str, named_at: Place | None = None) -> str:
        """The text of a file; `named_at` is where the configuration names it, if it does.

        Raises:
            MeasurementError: There is no such ordinary text file.

        """
        self.fetch([path])
        data = self._data[path]
        if isinstance(data, Problem):
            if named_at is None or self.tree.entry(path) is not None:
                raise MeasurementError([data])
            missing = Problem(what=f"{path}: {data.what}", mend=data.mend, place=named_at)
            raise MeasurementError([missing])
        return decode(data, path)

    def fetch(self, paths: Iterable[str]) -> None:
        """Read files in one go."""
        wanted = [path for path in paths if path not in self._data]
        if wanted:
            self._data |= self.tree.read(wanted)

    def forget(self, path: str) -> None:
        """Let go of a file's bytes: of ten thousand prompts one copy is enough."""
        del self._data[path]

    def include(self, name: str, parent: str) -> LoadedFile | None:
        """The file that a template at `parent` means by `name`; None where there is none.

        It is looked for beside the including file, then in each folder above, up to the root.

        Raises:
            MeasurementError: There is one, but it is no ordinary text file.

        """
        path = self.resolve(name, parent)
        return None if path is None else LoadedFile(path=path, text=self.text(path))

    def resolve(self, name: str, parent: str) -> str | None:
        """The path that a template at `parent` means by `name`; None where there is none.

        Raises:
            MeasurementError: Too many places were looked into.

        """
        folder = posixpath.dirname(parent)
        if name.startswith("/") or "\0" in name or len(name) > _LONGEST_PATH:
            return None
        if (name, folder) not in self._resolved:
            self._resolved[name, folder] = self._looked_up(name, folder, parent)
        return self._resolved[name, folder]

    def _looked_up(self, name: str, folder: str, parent: str) -> str | None:
        while True:
            self._lookups_left -= 1
            if self._lookups_left < 0:
                raise MeasurementError([_too_many_includes(parent)])
            candidate = posixpath.normpath(posixpath.join(folder, name))
            if not candidate.startswith("..") and self.tree.entry(candidate) is not None:
                return candidate
            if not folder:
                return None
            folder = posixpath.dirname(folder)


def _too_many_includes(path: str) -> Problem:
    return Problem(
        what=f"up to this file includes are looked for in more than {LOOKUPS_LIMIT:,} places",
        mend="include fewer files, or keep them beside the prompt",
        place=Place(file=path),
    )
