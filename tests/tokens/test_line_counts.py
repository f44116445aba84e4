"""Texts counted line by line: as many tokens as tiktoken makes of the whole, each line once."""

import random
from collections.abc import Sequence, Sized

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.tokens.joined_texts import counts_of_each
from reviewbot.tokens.line_counts import LINE_ENCODINGS, LINES, LineCounts
from reviewbot.tokens.piece_index import IndexedEncoder
from reviewbot.tokens.vocabularies import Encoder, load_encoding
from tests.support.loading import loaded_tiktoken
from tests.support.repetitions import LONG, examples

ENCODINGS = sorted(LINE_ENCODINGS)
PARTS = (
    *("\n", "\n\n", "\r\n", "\r", " \n", "\n ", "\t", " ", "\xa0", "\u2028", "\x85", "\x0b"),
    *(
        "/",
        "//",
        "-",
        "- item",
        "#",
        "...",
        "!\n/",
        "'s",
        "'",
        "'S",
        "é",
        "Ünter",
        "日本",
        "\u0301",
    ),
    *("the", "The quick", "HTTP", "12345", "٣", "{", "}", "<|endoftext|>", "\U0001f600", "\ufe0f"),
)


class Calls:
    """An encoder that tells what it was asked."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.asked: list[str] = []

    def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> Sized:
        self.asked.append(text)
        return self._encoder.encode(text, disallowed_special=disallowed_special)

    def counts(self, texts: Sequence[str]) -> list[int]:
        return [len(self.encode(text, disallowed_special=())) for text in texts]


def tokens(encoder: Encoder, text: str) -> int:
    return len(encoder.encode(text, disallowed_special=()))


def by_lines(name: str) -> LineCounts:
    """Counts by lines that tiktoken is asked for in one go."""
    return LineCounts(IndexedEncoder(None, lambda: loaded_tiktoken(name)))


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=30).map("".join))
@settings(max_examples=examples(1_000), deadline=None)
def test_lines_add_up_to_the_text(text: str) -> None:
    for name in ENCODINGS:
        whole = loaded_tiktoken(name)
        assert tokens(by_lines(name), text) == tokens(whole, text), name


def test_so_they_do_in_very_many_texts() -> None:
    chance = random.Random(1)
    for name in ENCODINGS:
        whole = loaded_tiktoken(name)
        counts = by_lines(name)
        for _ in range(50_000 if LONG else 1_000):
            text = "".join(chance.choices(PARTS, k=chance.randrange(40)))
            assert tokens(counts, text) == tokens(whole, text), (name, text)


@pytest.mark.parametrize("text", ["", "\n", "a\n\n", "a\nb", "a\r\nb", "a\n /b\n//c\n\n\nd\n- e\n"])
def test_no_character_is_lost(text: str) -> None:
    assert "".join(LINES.findall(text)) == text


def test_a_line_is_counted_once() -> None:
    calls = Calls(load_encoding("p50k_base"))
    counts = LineCounts(calls)
    assert tokens(counts, "One line.\nTwo.\n") == tokens(counts, "Two.\nOne line.\n")
    assert calls.asked == ["One line.\n", "Two.\n"]


def test_what_is_long_is_not_kept() -> None:
    calls = Calls(loaded_tiktoken("o200k_base"))
    counts = LineCounts(calls)
    for text in ("word " * 500, "a word\n" * 3_000):
        calls.asked.clear()
        assert tokens(counts, text) == tokens(counts, text)
        assert calls.asked == [text, text]


def test_what_is_kept_is_bounded() -> None:
    calls = Calls(loaded_tiktoken("o200k_base"))
    counts = LineCounts(calls)
    tokens(counts, "The first.\n")
    for number in range(2_000):
        tokens(counts, f"{number} " + "word " * 390)
    calls.asked.clear()
    tokens(counts, "The first.\n")
    assert calls.asked == ["The first.\n"]


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=30))
@settings(max_examples=examples(1_000), deadline=None)
def test_what_is_encoded_in_one_go_is_encoded_as_if_it_stood_alone(texts: list[str]) -> None:
    for name in ENCODINGS:
        whole = loaded_tiktoken(name)
        assert counts_of_each(whole, texts) == [tokens(whole, text) for text in texts], name


def test_lone_surrogates_stay_apart() -> None:
    texts = ["\ud83d", "\ude00", "<|endof", "text|>"]
    for name in ENCODINGS:
        whole = loaded_tiktoken(name)
        assert counts_of_each(whole, texts) == [tokens(whole, text) for text in texts], name
