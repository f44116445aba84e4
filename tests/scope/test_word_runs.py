"""The runs of words that an edit brings are those of the whole texts' difference."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.scope import word_runs
from reviewbot.scope.word_runs import Budget, gained_runs, runs_of, words_of

pieces = st.lists(st.sampled_from(["a", "b", "c d", "e.", "\n", "\n", "\\n", "\r\n", "x = 'y'"]))


def all_gained(before: str, after: str) -> Counter[tuple[str, ...]]:
    return Counter(runs_of(words_of(after))) - Counter(runs_of(words_of(before)))


@given(parts=st.tuples(*[pieces] * 6))
def test_runs_are_those_of_the_whole(parts: tuple[list[str], ...]) -> None:
    begin, was, middle, now, more, end = parts
    before = " ".join([*begin, *was, *middle, *end])
    after = " ".join([*begin, *now, *middle, *more, *end])
    assert gained_runs(before, after, Budget()) == all_gained(before, after)


def test_runs_are_the_same_where_edits_are_not_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    before = "".join(f"line {number} of the text\n" for number in range(60))
    after = before.replace("line 7 ", "row 7 ").replace("line 40 ", "")
    told = gained_runs(before, after, Budget())
    monkeypatch.setattr(word_runs, "_MOST_LINE_PAIRS", 0)
    assert gained_runs(before, after, Budget()) == told == all_gained(before, after)
    assert sum(told.values()) < 20
