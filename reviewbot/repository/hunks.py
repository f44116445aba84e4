"""The hunks of a text's change, and the text without some of them."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from msgspec import Struct

_COMPARED_LINES = 1_000_000
"""Changed lines before times after, up to which single hunks are told apart."""


class Hunk(Struct, frozen=True, kw_only=True):
    """One place where a file differs: lines `start` to `end` (from 0, exclusive) were `before`."""

    path: str
    start: int
    end: int
    before: tuple[str, ...]

    @property
    def first_line(self) -> int:
        """The first line after the change, from 1; of a removal the line before it."""
        return max(1, self.start + 1 if self.end > self.start else self.start)

    @property
    def last_line(self) -> int:
        """The last line after the change."""
        return max(self.first_line, self.end)


def split_lines(text: str) -> list[str]:
    r"""The lines of `text` with their `\n`, by which alone git tells lines apart."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def find_edit(path: str, before: str, after: str) -> Hunk | None:
    """All of what differs as one hunk, from the first line to the last; None where nothing does."""
    old, new = split_lines(before), split_lines(after)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if len(old) == len(new) == head:
        return None
    end = len(new) - tail
    return Hunk(path=path, start=head, end=end, before=tuple(old[head : len(old) - tail]))


def find_hunks(path: str, before: str, after: str) -> list[Hunk]:
    """Where `after` differs from `before`; one hunk where there is too much to compare.

    In long texts lines that stand everywhere start no match (difflib's `autojunk`): without that
    rule a thousand equal lines take 20 s.
    """
    edit = find_edit(path, before, after)
    if edit is None:
        return []
    old, head = edit.before, edit.start
    new = split_lines(after)[head : edit.end]
    if len(old) * len(new) > _COMPARED_LINES:
        return [edit]
    return [
        Hunk(path=path, start=head + start, end=head + end, before=tuple(old[first:last]))
        for kind, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes()
        if kind != "equal"
    ]


def without(after: str, hunks: Iterable[Hunk]) -> str:
    """`after` as if these hunks had not been made."""
    lines = split_lines(after)
    for hunk in sorted(hunks, key=lambda item: item.start, reverse=True):
        lines[hunk.start : hunk.end] = hunk.before
    return "".join(lines)


def grouped(hunks: Sequence[Hunk], most: int) -> list[Sequence[Hunk]]:
    """The hunks one by one; if there are more than `most`, neighbours together."""
    if len(hunks) <= most:
        return [[hunk] for hunk in hunks]
    bounds = [len(hunks) * number // most for number in range(most + 1)]
    return [hunks[start:end] for start, end in pairwise(bounds)]
