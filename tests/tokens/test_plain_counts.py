"""Counts without a vocabulary: as tiktoken's, or none."""

import random
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.tokens import plain_counts
from reviewbot.tokens.line_counts import LINE_ENCODINGS
from reviewbot.tokens.plain_counts import PlainCounts
from reviewbot.tokens.splitting import is_plain
from tests.support.loading import loaded_tiktoken
from tests.support.repetitions import examples
from tests.tokens.test_line_counts import PARTS

ENCODINGS = sorted(LINE_ENCODINGS)
COUNTS = PlainCounts()


def tokens(name: str, text: str) -> int:
    return len(loaded_tiktoken(name).encode(text, disallowed_special=()))


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=30).map("".join))
@settings(max_examples=examples(1_000), deadline=None)
def test_a_count_is_tiktokens(text: str) -> None:
    for name in ENCODINGS:
        assert COUNTS.count(text, name) in {None, tokens(name, text)}, name


def test_texts_that_have_lines_in_common_are_counted_alike() -> None:
    chance = random.Random(1)
    plain = list(filter(is_plain, PARTS))
    for name in ENCODINGS:
        for _ in range(1_000):
            text = "".join(chance.choices(plain, k=chance.randrange(40)))
            assert COUNTS.count(text, name) == tokens(name, text), (name, text)


def test_what_takes_long_is_left_to_tiktoken() -> None:
    chance = random.Random(1)
    counts = PlainCounts()
    texts = ["".join(chance.choices(ascii_lowercase, k=60)) for _ in range(5_000)]
    given = [counts.count(text, "o200k_base") for text in texts]
    assert given[0] == tokens("o200k_base", texts[0])
    assert given[-1] is None
    assert counts.count("Hello, world!", "cl100k_base") == 4


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_counts, "_MOST_LINES", 10)
    counts = PlainCounts()
    for number in range(100):
        text = f"Line {number}.\nAnother {number}.\n"
        assert counts.count(text, "o200k_base") == tokens("o200k_base", text)
