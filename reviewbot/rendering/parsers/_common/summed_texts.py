"""The characters of texts that stand in each other, by how many ways lead to each."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

MANY: Final = 1_000
"""How often something is counted of which only the running program knows it."""

_MOST_WAYS: Final = 10
"""By which a text counts: hundreds lead to a helper of a program, and not all to one text."""

_MOST_TOLD: Final = 10**12
"""Characters; functions that each repeat another one give more than there is room for."""

Key = tuple[int, str]
"""A block with the name of one of its values, or with none for what it gives as a function."""

Behind = Sequence[tuple[Key, int]]
"""What stands in something, and how often."""


def total(characters: int, behind: Behind, given: Callable[[Key], tuple[int, Behind]]) -> int:
    """The characters of something with those behind; what stands in itself adds none there.

    `given` are the characters of a place itself, and what is behind that.
    """
    order = _ordered(behind, given)
    places = {key: place for place, key in enumerate(order)}
    ways = dict.fromkeys(order, 0)
    repeated = dict.fromkeys(order, 0)
    for key, times in behind:
        (repeated if times >= MANY else ways)[key] += times
    for key in order:
        once, often = min(ways[key], _MOST_WAYS), min(repeated[key], _MOST_TOLD)
        own, inner = given(key)
        characters += (once + often) * own
        for one, times in inner:
            if places[one] > places[key]:
                ways[one] += once * times if times < MANY else 0
                repeated[one] += (often if times < MANY else once + often) * times
    return min(characters, _MOST_TOLD)


def _ordered(behind: Behind, given: Callable[[Key], tuple[int, Behind]]) -> list[Key]:
    """All that stands behind, each before what is in it; but for what is in itself."""
    found: list[Key] = []
    seen: set[Key] = set()
    path: list[tuple[Key | None, Iterator[tuple[Key, int]]]] = [(None, iter(behind))]
    while path:
        own, rest = path[-1]
        key = next((one for one, _ in rest if one not in seen), None)
        if key is not None:
            seen.add(key)
            path.append((key, iter(given(key)[1])))
            continue
        path.pop()
        if own is not None:
            found.append(own)
    return found[::-1]
