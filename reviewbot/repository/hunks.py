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
    if before == after:
        return None
    begins = before.rfind("\n", 0, _common(before, after)) + 1
    old, new = before[begins:], after[begins:]
    same = _same_lines(old, new)
    start = before.count("\n", 0, begins)
    gone, come = (split_lines(text[: len(text) - same]) for text in (old, new))
    return Hunk(path=path, start=start, end=start + len(come), before=tuple(gone))


def _same_lines(old: str, new: str) -> int:
    """How many characters the lines have that two texts have in common at their ends."""
    size = _common(old[::-1], new[::-1])
    first = len(old) - size
    places = ((old, first), (new, len(new) - size))
    if all(at == 0 or text[at - 1] == "\n" for text, at in places):
        return size
    return len(old) - (old.find("\n", first) + 1 or len(old))


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginnings."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


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
