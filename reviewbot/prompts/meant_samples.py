"""Which files a pattern of samples means that matches none."""

import posixpath
import re
from collections.abc import Iterable, Mapping

from reviewbot.configuration.settings import Configuration, SamplePattern
from reviewbot.repository.globs import Effort, TooMuchEffortError, matches, select

_WILD = re.compile(r"[*?\[]")
_MOST_COMPARED = 1_000
"""Folders that a wrong one is compared with."""


def moved_pattern(pattern: str, moved: Mapping[str, str], paths: Iterable[str]) -> str | None:
    """The pattern for the folder that the files of `pattern` went to, or their one new name.

    `moved` has new names by old ones, `paths` are those of now. None where the files went to
    several folders, took other names, or some of the pattern's are still there.
    """
    folder = _folder(pattern)
    effort = Effort()
    try:
        gone = [old for old, new in moved.items() if old != new and matches(old, pattern, effort)]
        if not gone or select(sorted(paths), pattern, effort):
            return None
    except TooMuchEffortError:
        return None
    if not _WILD.search(pattern):
        return moved[pattern]
    rests = {old: old.removeprefix(folder) for old in gone}
    folders = {moved[old].removesuffix(rest) for old, rest in rests.items()}
    if len(folders) != 1 or any(not moved[old].endswith(rest) for old, rest in rests.items()):
        return None
    return f"{folders.pop()}{pattern.removeprefix(folder)}"


def moved_patterns(
    configuration: Configuration, moved: Mapping[str, str], paths: Iterable[str]
) -> dict[str, dict[str, str]]:
    """The new patterns of samples, by workflow and by the old ones."""
    found: dict[str, dict[str, str]] = {}
    for name, workflow in configuration.workflows.items():
        for item in workflow.samples:
            if isinstance(item, SamplePattern) and (
                new := moved_pattern(item.pattern, moved, paths)
            ):
                found.setdefault(name, {})[item.pattern] = new
    return found


def near_pattern(pattern: str, paths: Iterable[str]) -> str | None:
    """The pattern with the name of a folder like its own, in which files match; None without."""
    import difflib

    folder = _folder(pattern)
    if not folder:
        return None
    parent = posixpath.dirname(folder.removesuffix("/"))
    beside = {
        f"{path.removeprefix(f'{parent}/' if parent else '').partition('/')[0]}"
        for path in paths
        if (not parent or path.startswith(f"{parent}/")) and path.count("/") > folder.count("/") - 1
    }
    name = posixpath.basename(folder.removesuffix("/"))
    for near in difflib.get_close_matches(name[:200], sorted(beside - {name})[:_MOST_COMPARED], 3):
        meant = posixpath.join(parent, near, pattern.removeprefix(folder))
        try:
            if select(sorted(paths), meant, Effort()):
                return meant
        except TooMuchEffortError:
            return None
    return None


def _folder(pattern: str) -> str:
    """The folders before the first part that is no plain name, with the slash behind them."""
    wild = _WILD.search(pattern)
    return pattern[: pattern.rfind("/", 0, wild.start() if wild else len(pattern)) + 1]
