"""Which of the texts after a change are those before it: the best assignment of all at once."""

from collections import Counter
from collections.abc import Mapping, Sequence

from reviewbot.prompts.likeness import RENAMED, likeness, words_in

_MOST = 64
"""Texts on a side that are compared each with each: the work grows with the third power."""

_LIKENESS = 10**16
"""What the likeness of two texts weighs: no sum of squared distances is worth as much."""

_FAR = 10**20


def assigned(was: Mapping[str, str], now: Mapping[str, str]) -> Mapping[str, str | None]:
    """The name now of each text that was, None where no text is like it and another has its place.

    Equal texts are the same one, in their order. Of the others as many words as can be stay. What
    cannot be compared, being too much, is nowhere.
    """
    before, after = ({name: words_in(text) for name, text in side.items()} for side in (was, now))
    found = _equal(before, after)
    taken = set(found.values())
    old = [name for name in before if name not in found]
    new = [name for name in after if name not in taken]
    if max(len(old), len(new)) > _MOST:
        pairs = {
            name: name
            for name in set(new).intersection(old)
            if _alike(Counter(before[name]), Counter(after[name]))
        }
    else:
        pairs = _best(_scores(old, new, before, after), old, new)
    found |= pairs
    taken |= set(pairs.values())
    is_told = max(len(old), len(new)) <= _MOST
    return {
        name: found.get(name, name if is_told and name in after and name not in taken else None)
        for name in before
    }


def _equal(
    before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """The pairs of equal texts."""
    places: dict[tuple[str, ...], list[str]] = {}
    for name, words in after.items():
        places.setdefault(tuple(words), []).append(name)
    left = {words: iter(names) for words, names in places.items()}
    pairs = ((name, next(left.get(tuple(words), iter(())), None)) for name, words in before.items())
    return {name: new for name, new in pairs if new is not None}


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """How much two texts say the same; 0 where they are two, as where one is much longer."""
    short, long = sorted((one.total(), other.total()))
    found = likeness(one, other) if short >= RENAMED * long else 0.0
    return found if found >= RENAMED else 0.0


def _scores(
    old: Sequence[str],
    new: Sequence[str],
    before: Mapping[str, Sequence[str]],
    after: Mapping[str, Sequence[str]],
) -> list[list[int]]:
    """What each pair of texts is worth, as a square from 1 on; of equal ones the nearer is more."""
    places, places_now = ({name: n for n, name in enumerate(side)} for side in (before, after))
    words, words_now = [Counter(before[it]) for it in old], [Counter(after[it]) for it in new]
    size = max(len(old), len(new))
    scores = [[0] * (size + 1) for _ in range(size + 1)]
    for row, one in enumerate(old, start=1):
        for column, other in enumerate(new, start=1):
            if found := _alike(words[row - 1], words_now[column - 1]):
                distance = places[one] - places_now[other]
                scores[row][column] = round(found * _LIKENESS) - distance**2
    return scores


def _best(
    scores: Sequence[Sequence[int]], old: Sequence[str], new: Sequence[str]
) -> dict[str, str]:
    """The pairs with the highest sum of scores: the Hungarian method, by shortest ways."""
    size = len(scores) - 1
    of_row, of_column = [0] * (size + 1), [0] * (size + 1)
    row_at = [0] * (size + 1)
    for row in range(1, size + 1):
        row_at[0] = row
        least = [_FAR] * (size + 1)
        came_from, seen = [0] * (size + 1), [False] * (size + 1)
        column = 0
        while row_at[column]:
            seen[column] = True
            here, best, following = row_at[column], _FAR, 0
            for other in range(1, size + 1):
                if seen[other]:
                    continue
                way = -scores[here][other] - of_row[here] - of_column[other]
                if way < least[other]:
                    least[other], came_from[other] = way, column
                if least[other] < best:
                    best, following = least[other], other
            for other in range(size + 1):
                if seen[other]:
                    of_row[row_at[other]] += best
                    of_column[other] -= best
                else:
                    least[other] -= best
            column = following
        while column:
            row_at[column] = row_at[came_from[column]]
            column = came_from[column]
    return {
        old[row - 1]: new[column - 1]
        for column, row in enumerate(row_at)
        if column and row and row <= len(old) and column <= len(new) and scores[row][column]
    }
