"""What a path that names nothing was probably meant to be."""

import posixpath
from collections.abc import Iterable

from reviewbot.repository.globs import Effort, TooMuchEffortError, select

_MOST_COMPARED = 1_000
"""Paths of one folder that a wrong one is compared with."""

_LONGEST = 200
_MOST_LIKE = 3
_ALIKE = 0.6
"""How alike names without their endings have to be, as difflib has it: `rules.j2`, `user.j2`."""


def meant_path(path: str, paths: Iterable[str]) -> str | None:
    """The one of `paths` that `path` may be a slip of: like it, or of the same name elsewhere."""
    import difflib

    folder, name = posixpath.split(path)
    paths = sorted(paths)
    in_other_case = [item for item in paths if item.lower() == path.lower()]
    if len(in_other_case) == 1:
        return in_other_case[0]
    beside = [item for item in paths if posixpath.dirname(item) == folder][:_MOST_COMPARED]
    names = [posixpath.basename(item) for item in beside]
    stem = name.partition(".")[0]
    if len(alike := [item for item in names if item.partition(".")[0] == stem]) == 1:
        return posixpath.join(folder, alike[0])
    for near in difflib.get_close_matches(name[:_LONGEST], names, _MOST_LIKE):
        own = difflib.SequenceMatcher(None, stem[:_LONGEST], near.partition(".")[0][:_LONGEST])
        if own.ratio() >= _ALIKE:
            return posixpath.join(folder, near)
    elsewhere = [item for item in paths if posixpath.basename(item) == name]
    return elsewhere[0] if len(elsewhere) == 1 else None


def files_in(folder: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of `paths` that lie below `folder`, sorted; none where it is no folder."""
    return tuple(sorted(item for item in paths if item.startswith(f"{folder}/")))


def matching_paths(pattern: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of `paths` that a pattern means, sorted; none where it is no pattern, or a slow one."""
    if not set("*?[") & set(pattern):
        return ()
    try:
        return tuple(select(sorted(paths), pattern, Effort()))
    except TooMuchEffortError:
        return ()
