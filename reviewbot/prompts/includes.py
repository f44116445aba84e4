"""The files of one revision as texts, each read once, and what includes mean in them."""

import posixpath
from collections.abc import Iterable

from reviewbot.documents.conflict_marks import conflict_line
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import LoadedFile
from reviewbot.repository.refused_files import LinkProblem, is_link
from reviewbot.repository.trees import Tree, decode

LOOKUPS_LIMIT = 200_000
"""Places in which included files are looked for at one revision, each name from each folder once;
in folders of folders of folders a place takes 20 µs."""

_LONGEST_PATH = 4_096
"""Linux's PATH_MAX: no file of a checkout has a longer one."""


class TextReader:
    """Reads the files of one tree; each once, until it is forgotten.

    What `other`, a reader of nearly the same files, holds is not read again where it is the same.
    `conflicts` are the files in which git's marks of a merge conflict stand, and the first line.
    """

    def __init__(self, tree: Tree, other: "TextReader | None" = None) -> None:
        self.tree = tree
        self._other = other
        self._resolved: dict[tuple[str, str], str | None] = {}
        self._lookups_left = LOOKUPS_LIMIT
        self._data: dict[str, bytes | Problem] = {}
        self.conflicts: dict[str, int] = {}

    def object_id(self, path: str) -> str:
        """The id of a file's content; empty where there is none.

        Of a path that leads through a link or a submodule it is the id of that.
        """
        entry = self.tree.entry(path) or self.tree.entry(self.tree.obstacle(path) or "")
        return entry.object_id if entry else ""

    def is_linked(self, path: str) -> bool:
        """Whether a link is, or lies on the way to, `path`: what it stands for can change."""
        entry = self.tree.entry(self.tree.obstacle(path) or path)
        return entry is not None and is_link(entry)

    def text(self, path: str, named_at: Place | None = None) -> str:
        """The text of a file; `named_at` is where the configuration names it, if it does.

        Raises:
            MeasurementError: There is no such ordinary text file.

        """
        self.fetch([path])
        data = self._data[path]
        if isinstance(data, Problem):
            is_there = self.tree.entry(path) is not None and not isinstance(data, LinkProblem)
            if named_at is None or is_there:
                raise MeasurementError([data])
            missing = Problem(what=f"{path}: {data.what}", mend=data.mend, place=named_at)
            raise MeasurementError([missing])
        text = decode(data, path)
        if "<<<<<<<" in text and (line := conflict_line(text)) is not None:
            self.conflicts[path] = line
        return text

    def text_or_none(self, path: str) -> str | None:
        """The text of one file; None where there is no such ordinary text file."""
        try:
            return self.text(path)
        except MeasurementError:
            return None

    def fetch(self, paths: Iterable[str]) -> None:
        """Read files in one go."""
        wanted = [path for path in paths if path not in self._data]
        if wanted and self._other is not None:
            self._data |= self._other.data_of_same(wanted, self.tree)
            wanted = [path for path in wanted if path not in self._data]
        if wanted:
            self._data |= self.tree.read(wanted)

    def data_of_same(self, paths: Iterable[str], tree: Tree) -> dict[str, bytes]:
        """The bytes of files that are held here and are the same, by mode and id, in `tree`."""
        return {
            path: data
            for path in paths
            if isinstance(data := self._data.get(path), bytes) and self.has_same(path, tree)
        }

    def has_same(self, path: str, tree: Tree) -> bool:
        """Whether the same file is there and in `tree`, by its mode and the id of its content."""
        entry = self.tree.entry(path)
        return entry is not None and entry == tree.entry(path)

    def forget(self, path: str) -> None:
        """Let go of a file's bytes: of ten thousand prompts one copy is enough."""
        self._data.pop(path, None)

    def include(self, name: str, parent: str) -> LoadedFile | None:
        """The file that a template at `parent` means by `name`; None where there is none.

        It is looked for beside the including file, then in each folder above, up to the root.

        Raises:
            MeasurementError: There is one, but it is no ordinary text file, or its path leads
                through a link or a submodule.

        """
        path = self.resolve(name, parent)
        return None if path is None else LoadedFile(path=path, text=self.text(path))

    def resolve(self, name: str, parent: str) -> str | None:
        """The path that a template at `parent` means by `name`; None where there is none.

        A path that leads through a link or a submodule counts as there: it cannot be read, and no
        other file may stand for it.

        Raises:
            MeasurementError: Too many places were looked into.

        """
        folder = posixpath.dirname(parent)
        if name.startswith("/") or "\0" in name or len(name) > _LONGEST_PATH:
            return None
        way = [folder]
        while (name, folder) not in self._resolved:
            self._lookups_left -= 1
            if self._lookups_left < 0:
                raise MeasurementError([_too_many_includes(parent)])
            found = self._found(posixpath.join(folder, name))
            if found is not None or not folder:
                self._resolved[name, folder] = found
            else:
                folder = posixpath.dirname(folder)
                way.append(folder)
        found = self._resolved[name, folder]
        self._resolved |= {(name, passed): found for passed in way}
        return found

    def _found(self, joined: str) -> str | None:
        """The path, if something is there or an obstacle on the way hides what is there.

        `..` behind a link leads from where the link points, not back: that link counts.
        """
        names = joined.split("/")
        for position, name in enumerate(names):
            if name == "..":
                before = posixpath.normpath("/".join(names[:position]))
                if before == ".":
                    return None
                if self.tree.obstacle(f"{before}/") is not None:
                    return before
        candidate = posixpath.normpath(joined)
        if candidate.startswith(".."):
            return None
        is_there = self.tree.entry(candidate) is not None
        return candidate if is_there or self.tree.obstacle(candidate) is not None else None


def _too_many_includes(path: str) -> Problem:
    return Problem(
        what=f"up to this file includes are looked for in more than {LOOKUPS_LIMIT:,} places",
        mend="include fewer files, or keep them beside the prompt",
        place=Place(file=path),
    )
