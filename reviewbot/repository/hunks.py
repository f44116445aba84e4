"""The hunks of a text's change, and the text without some of them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

_COMPARED_LINES = 1_000_000
"""Changed lines before times after, up to which single hunks are told apart."""

_KEPT = 128
_LONGEST_KEPT = 100_000
"""Texts whose differences are kept, and characters of them: several stages ask for the same."""

_Span = tuple[int, int, tuple[str, ...]]
"""The start and the end of a hunk, and what was there."""


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
    edit = None if before == after else _edit_of(before, after)
    return None if edit is None else _hunk(path, edit)


def _are_long(before: str, after: str) -> bool:
    return len(before) + len(after) > _LONGEST_KEPT


def _edit_of(before: str, after: str) -> _Span:
    return _edit(before, after) if _are_long(before, after) else _kept_edit(before, after)


def _hunk(path: str, span: _Span) -> Hunk:
    start, end, before = span
    return Hunk(path=path, start=start, end=end, before=before)


def _edit(before: str, after: str) -> _Span:
    begins = before.rfind("\n", 0, _common(before, after)) + 1
    old, new = before[begins:], after[begins:]
    same = _same_lines(old, new)
    start = before.count("\n", 0, begins)
    gone, come = (split_lines(text[: len(text) - same]) for text in (old, new))
    return start, start + len(come), tuple(gone)


def _same_lines(old: str, new: str) -> int:
    """How many characters the lines have that two texts have in common at their ends."""
    size = _common_at_ends(old, new)
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


def _common_at_ends(one: str, other: str) -> int:
    """How many characters two texts have in common at their ends."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        ends = (text[len(text) - middle : len(text) - least] for text in (one, other))
        if len({*ends}) == 1:
            least = middle
        else:
            most = middle - 1
    return least


def find_hunks(path: str, before: str, after: str) -> list[Hunk]:
    """Where `after` differs from `before`; one hunk where there is too much to compare.

    In long texts lines that stand everywhere start no match (difflib's `autojunk`): without that
    rule a thousand equal lines take 20 s.
    """
    if before == after:
        return []
    find = _spans if _are_long(before, after) else _kept_spans
    return [_hunk(path, span) for span in find(before, after)]


def _spans(before: str, after: str) -> tuple[_Span, ...]:
    edit = _edit_of(before, after)
    head, end, old = edit
    new = split_lines(after)[head:end]
    if not old or not new or len(old) * len(new) > _COMPARED_LINES:
        return (edit,)
    from difflib import SequenceMatcher

    return tuple(
        (head + start, head + end, old[first:last])
        for kind, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes()
        if kind != "equal"
    )


_kept_edit = lru_cache(maxsize=_KEPT)(_edit)
_kept_spans = lru_cache(maxsize=_KEPT)(_spans)


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
