"""The best assignment of texts before a change to those after it, held against all there are."""

import random
from collections import Counter
from itertools import permutations

import pytest

from reviewbot.prompts.assignment import assigned
from reviewbot.prompts.likeness import likeness

WORDS = [
    "parcel",
    "shelf",
    "weight",
    "size",
    "house",
    "letter",
    "invoice",
    "date",
    "sum",
    "supplier",
    "customer",
    "post",
]


def worth(old: str, new: str) -> float:
    """How much a pair keeps; equal texts are the same whatever becomes of the others."""
    if old == new:
        return 100.0
    found = likeness(Counter(old.split()), Counter(new.split()))
    return found if found >= 0.5 else 0.0


def best(was: list[str], now: list[str]) -> float:
    size = max(len(was), len(now))
    pad = [*now, *[""] * (size - len(now))]
    return max(sum(map(worth, was, order)) for order in permutations(pad))


@pytest.mark.parametrize("seed", range(40))
def test_no_other_assignment_keeps_more_words(seed: int) -> None:
    chance = random.Random(seed)
    was = [" ".join(chance.choices(WORDS[:5], k=6)) for _ in range(chance.randint(1, 5))]
    now = [chance.choice([*was, " ".join(chance.choices(WORDS[:5], k=6))]) for _ in range(5)]
    found = assigned(*({str(n): text for n, text in enumerate(side)} for side in (was, now)))
    kept = [name for name in found.values() if name is not None]
    assert len({*kept}) == len(kept)
    total = sum(worth(was[int(old)], now[int(new)]) for old, new in found.items() if new)
    assert total == pytest.approx(best(was, now))


def test_equal_texts_keep_their_order() -> None:
    same = {"1": "sort it", "2": "sort it"}
    assert assigned(same, {"1": "no", "2": "sort it", "3": "sort it"}) == {"1": "2", "2": "3"}


def test_texts_that_changed_alike_keep_their_order() -> None:
    was = {str(n): "sort the parcels by size" for n in range(3)}
    now = {str(n): "sort the parcels by weight" for n in range(3)}
    assert assigned(was, now) == {name: name for name in was}


def test_too_many_texts_are_not_guessed() -> None:
    was = {str(n): f"sort the parcels of house {n}" for n in range(70)}
    now = {str(n): f"sort the parcels of street {n}" for n in range(70)}
    assert assigned(was, now) == {name: name for name in was}
    other = {str(n): f"{n} write" for n in range(70)}
    assert assigned(was, other) == dict.fromkeys(was)
