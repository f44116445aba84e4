"""Globs over the repository's paths: `*` and `?` within a name, `**` for any number of folders.

Paths and patterns are both the author's, and thousands of each make a billion comparisons: an
`Effort` says how many there may be. The standard library matches each name (`fnmatch`); whole globs
of libraries are regular expressions whose time nothing bounds.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fnmatch import fnmatchcase

STEPS_LIMIT = 4_000_000
"""Some three seconds; `**/samples/*.yaml` among 100,000 files takes 3% of them, or less."""

_SEEN_PATHS_A_STEP = 8
"""So many paths are passed over, by how they begin and end, in the time of one step."""


_STEPS_A_PART = 50
"""Each part of a pattern is compiled, which takes the time of so many steps."""


class TooMuchEffortError(Exception):
    """The patterns ask for more comparisons than are made."""


class Effort:
    """How many steps patterns may still take over the paths of one tree."""

    def __init__(self) -> None:
        self._left = STEPS_LIMIT

    def spend(self, steps: int) -> None:
        """Take so many steps.

        Raises:
            TooMuchEffortError: There are none left.

        """
        self._left -= steps
        if self._left < 0:
            raise TooMuchEffortError


def matches(path: str, pattern: str, effort: Effort | None = None) -> bool:
    """Whether `path` is meant by `pattern`; time is bounded by the product of their lengths."""
    names = path.split("/")
    reached = {0}
    for part in pattern.split("/"):
        if effort is not None:
            effort.spend(len(reached))
        if part == "**":
            reached = set(range(min(reached), len(names) + 1)) if reached else set()
        else:
            reached = {i + 1 for i in reached if i < len(names) and fnmatchcase(names[i], part)}
        if not reached:
            return False
    return len(names) in reached


def select(ordered: Sequence[str], pattern: str, effort: Effort) -> list[str]:
    """Those of the sorted paths `ordered` that `pattern` means, searched from its literal start.

    Raises:
        TooMuchEffortError: `effort` does not suffice.

    """
    start = re.split(r"[*?\[]", pattern, maxsplit=1)[0].removesuffix("/")
    end = re.split(r"[*?\]]", pattern)[-1].removeprefix("/")
    first = bisect_left(ordered, start)
    last = bisect_right(ordered, start, lo=first, key=lambda path: path[: len(start)])
    parts = pattern.count("/") + 1
    effort.spend(parts * _STEPS_A_PART + (last - first) // _SEEN_PATHS_A_STEP)
    near = (path for path in ordered[first:last] if path.endswith(end))
    return [path for path in near if matches(path, pattern, effort)]
