"""New files whose names some file systems take for that of a prompt: by case, or by accents."""

import unicodedata
from collections.abc import Set as AbstractSet

from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import Namesake


def find_namesakes(comparison: Comparison, covered: AbstractSet[str]) -> tuple[Namesake, ...]:
    """The files that the change brings beside such of `covered` that are called alike; sorted.

    macOS and Windows keep only one of them in a checkout.
    """
    new = [change for change in comparison.changes if change.before != change.after]
    paths = sorted(change.after for change in new if change.after is not None)
    names = {_folded(path): path for path in sorted(covered, reverse=True)} if paths else {}
    tree = comparison.after_tree
    found = []
    for path in paths:
        other, entry = names.get(_folded(path), path), tree.entry(path)
        if other != path and entry is not None and tree.entry(other) is not None:
            found.append(Namesake(path=path, other=other, content=entry.object_id))
    return tuple(found)


def _folded(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
