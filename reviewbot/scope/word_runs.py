"""Runs of words in texts, and those that an edit brings."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

from reviewbot.repository.hunks import Hunk, find_edit, find_hunks, split_lines

_RUN_WORDS = 5

_WORD = re.compile(r"[^\W_]+|[^\w\s\"'`,;:.+=\\(){}\[\]]+")

Run = tuple[str, ...]
"""Words that follow each other."""

_MOST_LINE_PAIRS = 1_000_000
"""Lines before times lines after, of all files, up to which their single edits are told apart."""


def words_of(text: str) -> list[str]:
    """The words of a text, and signs that are none of a program around them."""
    return _WORD.findall(text.replace("\\n", "\n"))


def runs_of(words: Sequence[str]) -> Iterator[Run]:
    """All words that follow each other, as many as a run has."""
    return zip(*(words[start:] for start in range(_RUN_WORDS)), strict=False)


class Budget:
    """Tells edits apart, up to a bound for all files together."""

    def __init__(self) -> None:
        self._line_pairs = _MOST_LINE_PAIRS

    def hunks(self, path: str, before: str, after: str) -> list[Hunk]:
        """Where a file differs; one hunk where telling more of them apart takes too long."""
        edit = find_edit(path, before, after)
        if edit is None:
            return []
        self._line_pairs -= len(edit.before) * (edit.end - edit.start)
        return [edit] if self._line_pairs < 0 else find_hunks(path, before, after)


def gained_runs(before: str, after: str, budget: Budget) -> Counter[Run]:
    """How often each run is new in a text: those that touch no edited line stay as they are."""
    lines = split_lines(after)
    gained: Counter[Run] = Counter()
    for start, end, replaced in _edits(lines, budget.hunks("", before, after)):
        above = _edge(reversed(lines[:start]), is_above=True)
        below = _edge(lines[end:], is_above=False)
        now, was = words_of("".join(lines[start:end])), words_of("".join(replaced))
        gained.update(runs_of([*above, *now, *below]))
        gained.subtract(runs_of([*above, *was, *below]))
    return +gained


def _edits(lines: Sequence[str], hunks: Sequence[Hunk]) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Which lines are edited, and what they were.

    Edits that are so near to each other that a run may touch both come as one, with what is between
    them.
    """
    waiting = deque(hunks)
    while waiting:
        first = waiting.popleft()
        end, replaced = first.end, [*first.before]
        while waiting and _is_near(between := lines[end : waiting[0].start]):
            following = waiting.popleft()
            replaced += (*between, *following.before)
            end = following.end
        yield first.start, end, replaced


def _is_near(between: Sequence[str]) -> bool:
    return len(_edge(between, is_above=False)) < _BESIDE


_BESIDE = _RUN_WORDS - 1
"""Words beside an edited one that a run of it may hold."""


def _edge(lines: Iterable[str], *, is_above: bool) -> list[str]:
    """The words next to an edit that a run of it may hold; the lines lead away from it."""
    found: list[str] = []
    for line in lines:
        words = words_of(line)
        found = [*words, *found] if is_above else [*found, *words]
        if len(found) >= _BESIDE:
            return found[-_BESIDE:] if is_above else found[:_BESIDE]
    return found
