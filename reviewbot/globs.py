"""Globs over the repository's paths: `*` and `?` within a name, `**` for any number of folders."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from fnmatch import fnmatchcase


def matches(path: str, pattern: str) -> bool:
    """Whether `path` is meant by `pattern`; time is bounded by the product of their lengths."""
    names = path.split("/")
    reached = {0}
    for part in pattern.split("/"):
        if part == "**":
            reached = set(range(min(reached), len(names) + 1)) if reached else set()
        else:
            reached = {i + 1 for i in reached if i < len(names) and fnmatchcase(names[i], part)}
        if not reached:
            return False
    return len(names) in reached


def select(ordered: Sequence[str], pattern: str) -> list[str]:
    """Those of the sorted paths `ordered` that `pattern` means, searched from its literal start."""
    start = re.split(r"[*?\[]", pattern, maxsplit=1)[0].removesuffix("/")
    chosen = []
    for path in itertools.islice(ordered, bisect_left(ordered, start), None):
        if not path.startswith(start):
            break
        if matches(path, pattern):
            chosen.append(path)
    return chosen
