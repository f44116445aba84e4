"""Edits of files as a patch that `git apply` takes: a unified diff with three lines of context."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from reviewbot.repository.hunks import Hunk, find_hunks, split_lines

_CONTEXT = 3
_MOST_CHARACTERS = 20_000
_PLAIN_PATH = re.compile(r"[\w./+@=-]{1,1000}", re.ASCII)
"""Other paths need quotes that depend on git's settings."""


def patch_of(before: Mapping[str, str], after: Mapping[str, str]) -> str | None:
    """The patch that makes the texts of `after` from those of `before`, by path.

    None where a path or the patch's size is unusual: the edit is then told in words only.
    """
    texts = [_of_file(path, before[path], text) for path, text in sorted(after.items())]
    patch = "".join(texts)
    is_plain = all(_PLAIN_PATH.fullmatch(path) for path in after)
    return patch if patch and is_plain and len(patch) <= _MOST_CHARACTERS else None


def _of_file(path: str, before: str, after: str) -> str:
    hunks = find_hunks(path, before, after)
    if not hunks:
        return ""
    old, new = split_lines(before), split_lines(after)
    lines = [f"--- a/{path}\n", f"+++ b/{path}\n"]
    shift = 0
    for group in _near(hunks):
        lines += _section(group, old, new, shift)
        shift += sum(hunk.end - hunk.start - len(hunk.before) for hunk in group)
    return "".join(lines)


def _near(hunks: list[Hunk]) -> Iterator[list[Hunk]]:
    """The hunks, those together whose contexts touch."""
    group = [hunks[0]]
    for one, other in pairwise(hunks):
        if other.start - one.end > 2 * _CONTEXT:
            yield group
            group = []
        group.append(other)
    yield group


def _section(group: list[Hunk], old: list[str], new: list[str], shift: int) -> Iterator[str]:
    """One section; `shift` is how many lines the sections above it add."""
    first = max(0, group[0].start - _CONTEXT)
    last = min(len(new), group[-1].end + _CONTEXT)
    more = sum(hunk.end - hunk.start - len(hunk.before) for hunk in group)
    old_first, old_count = first - shift, last - first - more
    yield f"@@ -{_range(old_first, old_count)} +{_range(first, last - first)} @@\n"
    position = first
    for hunk in group:
        yield from (_line(" ", new, number) for number in range(position, hunk.start))
        begin = hunk.start - shift
        yield from (_line("-", old, number) for number in range(begin, begin + len(hunk.before)))
        yield from (_line("+", new, number) for number in range(hunk.start, hunk.end))
        shift += hunk.end - hunk.start - len(hunk.before)
        position = hunk.end
    yield from (_line(" ", new, number) for number in range(position, last))


def _range(first: int, count: int) -> str:
    """Where lines stand, as diffs say it: from 1, and of no line the one before."""
    return f"{first + 1 if count else first},{count}"


def _line(kind: str, lines: list[str], number: int) -> str:
    line = lines[number]
    return (
        f"{kind}{line}" if line.endswith("\n") else f"{kind}{line}\n\\ No newline at end of file\n"
    )
