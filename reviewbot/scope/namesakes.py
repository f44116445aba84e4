"""New files whose names some file systems take for that of a prompt: by case, or by accents."""

import unicodedata
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import Namesake


def find_namesakes(comparison: Comparison, covered: AbstractSet[str]) -> tuple[Namesake, ...]:
    """The files that the change brings beside such of `covered` that are called alike; sorted.

    macOS and Windows keep only one of them in a checkout.
    """
    new = sorted(
        change.after
        for change in comparison.changes
        if change.after is not None and change.before != change.after
    )
    wanted = {_folded(path) for path in new}
    names = _by_folded(path for path in covered if _folded(path) in wanted) if new else {}
    found = []
    for path in new:
        other = names.get(_folded(path), path)
        entry = comparison.after_tree.entry(path)
        if other != path and entry is not None and comparison.after_tree.entry(other) is not None:
            found.append(Namesake(path=path, other=other, content=entry.object_id))
    return tuple(found)


def _by_folded(paths: Iterable[str]) -> dict[str, str]:
    return {_folded(path): path for path in sorted(paths, reverse=True)}


def _folded(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFKC", path).casefold()
