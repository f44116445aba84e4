"""Trees in which some texts take the place of files."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from reviewbot.errors import Problem
from reviewbot.repository.refused_files import missing
from reviewbot.repository.trees import Entry, Tree


@lru_cache(maxsize=64)
def _digest(text: str) -> str:
    from hashlib import blake2b

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


class EditedTree:
    """A tree in which some texts, by path, take the place of files that are there."""

    def __init__(self, tree: Tree, texts: Mapping[str, str]) -> None:
        self._tree = tree
        self._texts = texts

    @property
    def paths(self) -> Iterable[str]:
        """Every path, sorted."""
        return self._tree.paths

    @property
    def uncommitted(self) -> frozenset[str]:
        """The files of the work tree that the revision lacks or has otherwise."""
        return self._tree.uncommitted

    @property
    def is_staged(self) -> bool:
        """Whether these are the files of the index."""
        return self._tree.is_staged

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; an edited file has an id that no git object has."""
        entry = self._tree.entry(path)
        if entry is None or path not in self._texts:
            return entry
        return Entry(mode=entry.mode, object_id=f"edited {_digest(self._texts[path])}")

    def obstacle(self, path: str) -> str | None:
        """The first link or submodule on the way to `path`; None where none lies there."""
        return self._tree.obstacle(path)

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        wanted = list(paths)
        edited = {path: self._texts[path].encode() for path in wanted if path in self._texts}
        return {**self._tree.read(path for path in wanted if path not in edited), **edited}


class AddedFile:
    """A tree in which one text stands at a `path`, whatever is there; with None nothing does.

    `below` is the tree around it.
    """

    def __init__(self, tree: Tree, path: str, text: str | None) -> None:
        self.below = tree
        self.path = path
        self._text = text

    @property
    def paths(self) -> Iterable[str]:
        """Every path, the added one last."""
        yield from (path for path in self.below.paths if path != self.path)
        if self._text is not None:
            yield self.path

    @property
    def uncommitted(self) -> frozenset[str]:
        """The files of the work tree that the revision lacks or has otherwise."""
        return self.below.uncommitted

    @property
    def is_staged(self) -> bool:
        """Whether these are the files of the index."""
        return self.below.is_staged

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; the added file has an id that no git object has."""
        if path != self.path:
            return self.below.entry(path)
        if self._text is None:
            return None
        return Entry(mode="100644", object_id=f"added {_digest(self._text)}")

    def obstacle(self, path: str) -> str | None:
        """The first link or submodule on the way to `path`; None where none lies there."""
        return self.below.obstacle(path)

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of the files at `paths`, or why there are none."""
        wanted = list(paths)
        found = dict(self.below.read(path for path in wanted if path != self.path))
        if self.path in wanted:
            text = self._text
            found[self.path] = missing(self.path) if text is None else text.encode()
        return found


def with_the_same(tree: Tree, matters: Callable[[str], bool]) -> Tree:
    """The innermost tree that has the same files as this one, as far as their paths matter."""
    while isinstance(tree, AddedFile) and not matters(tree.path):
        tree = tree.below
    return tree
