"""New files whose names some file systems take for that of a prompt: by case, or by accents."""

import unicodedata
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Namesake


def find_namesakes(comparison: Comparison, covered: AbstractSet[str]) -> tuple[Namesake, ...]:
    """The files that the change brings in the place of any of `covered`, or of its folders; sorted.

    macOS and Windows keep only one of two that are called alike in a checkout.
    """
    new = [change for change in comparison.changes if change.before != change.after]
    paths = sorted(change.after for change in new if change.after is not None)
    if not paths:
        return ()
    names = _Names(comparison.after_tree, covered)
    found = []
    for path in paths:
        other, entry = names.taken_by(path), comparison.after_tree.entry(path)
        if other is not None and entry is not None:
            found.append(Namesake(path=path, other=other, content=entry.object_id))
    return tuple(found)


class _Names:
    """The files of a tree that are covered, by the names that some file systems give them."""

    def __init__(self, tree: Tree, covered: AbstractSet[str]) -> None:
        self._files: dict[str, str] = {}
        self._below: dict[str, tuple[str, str]] = {}
        for path in sorted(covered, reverse=True):
            if tree.entry(path) is not None:
                self._files[_folded(path)] = path
                self._below.update({_folded(folder): (folder, path) for folder in _folders(path)})

    def taken_by(self, path: str) -> str | None:
        """The covered file that one at a path stands in for, by itself or by a folder."""
        folded = _folded(path)
        other = self._files.get(folded, path)
        if other != path:
            return other
        folder, file = self._below.get(folded, (path, path))
        if folder != path:
            return file
        above = (self._files.get(_folded(folder)) for folder in _folders(path))
        return next((file for file in above if file is not None), None)


def _folders(path: str) -> Iterator[str]:
    steps = path.split("/")
    return ("/".join(steps[:count]) for count in range(1, len(steps)))


def _folded(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
