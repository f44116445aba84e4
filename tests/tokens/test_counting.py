"""Counts of single texts: exact, memoised, and bounded for hostile ones."""

import contextlib
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.allowance import Allowance
from reviewbot.errors import MeasurementError
from reviewbot.tokens import counting
from reviewbot.tokens.counting import (
    LONG_TEXT_CHARACTERS,
    LONG_TEXT_SECONDS,
    MAX_BYTES,
    MAX_CHARACTERS,
    Counter,
)
from reviewbot.tokens.vocabularies import ENCODINGS, Encoder
from tests.support.loading import loaded
from tests.support.repetitions import examples, part


@pytest.fixture
def counter() -> Counter:
    return Counter(load=loaded)


@pytest.mark.parametrize("name", ENCODINGS)
def test_counts_what_tiktoken_encodes(counter: Counter, name: str) -> None:
    for text in ("", "a", "Hello, wörld!\n\n  x", "你好 世界", "<|endoftext|>", "<|start|>"):
        assert counter.count(text, name) == len(loaded(name).encode(text, disallowed_special=()))


def test_special_tokens_in_a_text_are_text(counter: Counter) -> None:
    assert counter.count("<|endoftext|>", "o200k_base") == 7
    assert counter.count("<|endoftext|>", "cl100k_base") == 7


@settings(max_examples=examples(200), deadline=None)
@given(text=st.text(st.characters()))
def test_any_text_has_at_most_as_many_tokens_as_bytes(text: str) -> None:
    tokens = Counter(load=loaded).count(text, "o200k_base")
    assert tokens <= len(text.encode("utf-8", "surrogatepass"))
    assert (tokens == 0) == (text == "")


def test_lone_surrogates_count_as_the_replacement_character(counter: Counter) -> None:
    for name in ENCODINGS:
        assert counter.count("a\ud800b", name) == counter.count("a\ufffdb", name)
    assert counter.count("\ud83d\ude00", "o200k_base") == counter.count("😀", "o200k_base")


class Recording:
    """An encoding that notes what it is asked to encode."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> list[int]:
        assert disallowed_special == ()
        self.encoded.append(text)
        return [0] * len(text)


def recording_counter(clock: Iterable[float] = range(10**9)) -> tuple[Counter, Recording]:
    recording = Recording()
    ticks = iter(clock)
    counter = Counter(
        load=lambda _: recording,
        clock=lambda: float(next(ticks)),
    )
    return counter, recording


def test_equal_texts_are_encoded_once_for_each_encoding() -> None:
    counter, recording = recording_counter()
    for _ in range(3):
        assert counter.count("one", "o200k_base") == 3
        assert counter.count("one", "cl100k_base") == 3
        assert counter.count("three", "o200k_base") == 5
    assert recording.encoded == ["one", "one", "three"]


def test_encodings_are_loaded_once_and_only_when_used() -> None:
    names = []

    def noting(name: str) -> Encoder:
        names.append(name)
        return loaded(name)

    counter = Counter(load=noting)
    assert names == []
    counter.count("a", "p50k_base")
    counter.count("b", "p50k_base")
    assert names == ["p50k_base"]


def test_the_memo_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_MEMO_ENTRIES", 2)
    counter, recording = recording_counter()
    for text in ("a", "b", "b", "c", "a"):
        assert counter.count(text, "o200k_base") == 1
    assert recording.encoded == ["a", "b", "c", "a"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (MAX_CHARACTERS + 1), "2,000,001 characters; shorten it to at most 2,000,000"),
        ("字" * (MAX_BYTES // 3 + 1), "4,000,002 bytes of UTF-8; shorten it to at most 4,000,000"),
    ],
)
def test_a_text_over_the_limits_is_refused(counter: Counter, text: str, message: str) -> None:
    with pytest.raises(MeasurementError, match=message):
        counter.count(text, "o200k_base")


def letters(low: int, high: int, length: int) -> str:
    alphabet = [chr(number) for number in range(low, high)]
    return "".join(random.Random(length).choices(alphabet, k=length))


HOSTILE: dict[str, Callable[[], str]] = {
    "one letter": lambda: "a" * MAX_CHARACTERS,
    "random letters": lambda: letters(0x61, 0x7B, MAX_CHARACTERS),
    "Hebrew": lambda: letters(0x5D0, 0x5EB, MAX_CHARACTERS),
    "Chinese": lambda: letters(0x4E00, 0x9FFF, MAX_BYTES // 3),
    "combining marks": lambda: "a" + "\u0301" * (MAX_BYTES // 2 - 1),
    "newlines and spaces": lambda: ("\n" + " " * 999) * (MAX_CHARACTERS // 1000),
    "special tokens": lambda: "<|endoftext|>" * (MAX_CHARACTERS // 13),
    "most tokens": lambda: "\U00012000" * (MAX_BYTES // 4),
}


@pytest.mark.parametrize("name", ["o200k_base", "cl100k_base", "p50k_base"])
def test_the_worst_texts_within_the_limits_take_seconds(name: str) -> None:
    for kind, build in part(list(HOSTILE.items())):
        text = build()
        began = time.thread_time()
        assert Counter(load=loaded).count(text, name) > 0
        assert time.thread_time() - began < 10, kind


BLANKS = {
    "spaces": " " * MAX_CHARACTERS,
    "spaces and a letter": " " * (MAX_CHARACTERS - 1) + "x",
    "wide spaces": "\u3000" * (MAX_BYTES // 3),
    "a million spaces": " " * 1_000_000 + "x",
}


@pytest.mark.parametrize(
    ("kind", "name"),
    part(list(product(BLANKS, ["o200k_base", "cl100k_base", "p50k_base"]))),
)
def test_a_run_of_a_million_blanks_is_counted_or_refused(
    counter: Counter, kind: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with contextlib.suppress(MeasurementError):
        assert counter.count(BLANKS[kind], name) > 0
    assert capfd.readouterr() == ("", "")


def test_a_run_of_a_million_spaces_before_a_letter_is_refused(counter: Counter) -> None:
    with pytest.raises(MeasurementError, match="cannot split a run of about a million blank"):
        counter.count(BLANKS["a million spaces"], "o200k_base")


def test_900_000_spaces_are_counted(counter: Counter) -> None:
    assert counter.count(" " * 899_999, "o200k_base") == 7032


def test_long_texts_are_refused_when_their_time_is_used_up_and_short_ones_are_not() -> None:
    slow = LONG_TEXT_SECONDS / 2
    counter, recording = recording_counter(slow * tick for tick in range(100))
    long = "a" * LONG_TEXT_CHARACTERS
    counter.count(long, "o200k_base")
    counter.count(long + "b", "o200k_base")
    with pytest.raises(
        MeasurementError, match=r"7 s .* 50,000 characters and more, .* are used up"
    ):
        counter.count(long + "c", "o200k_base")
    assert counter.count(long, "o200k_base") == len(long)
    words = "a word " * 7_000
    assert counter.count(words, "o200k_base") == len(words)
    assert recording.encoded == [long, long + "b", words]


def test_short_texts_draw_on_the_time_for_long_ones_as_far_as_they_are_slow() -> None:
    slow = LONG_TEXT_SECONDS / 2 + 0.01
    counter, recording = recording_counter(slow * tick for tick in range(100))
    for letter in "ab":
        counter.count(letter * (LONG_TEXT_CHARACTERS - 1), "o200k_base")
    for run in ("c" * 400, "-" * 400, " " * 400, "語" * 400):
        with pytest.raises(MeasurementError, match="slow shorter ones, are used up"):
            counter.count(f"so long a run: {run} is slow", "o200k_base")
    assert counter.count("This. is, not; slow: " * 2_000, "o200k_base") > 0
    assert len(recording.encoded) == 3


def test_the_allowance_of_a_review_stops_everything() -> None:
    allowance = Allowance(characters=10)
    counter = Counter(load=loaded, allowance=allowance)
    assert counter.count("known", "o200k_base") == 1
    allowance.spend(characters=10)
    with pytest.raises(MeasurementError, match="that a review has are used up"):
        counter.count("unknown", "o200k_base")
    assert counter.is_used_up
    assert counter.count("known", "o200k_base") == 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's peak memory")
def test_ten_thousand_prompts_are_counted_in_little_memory() -> None:
    program = """
from itertools import product
from pathlib import Path
from reviewbot.tokens import Counter

counter = Counter()
words = "The quick brown fox: jumps over {{ name }}, who pays $1,200 for 3 of them.\\n" * 50
total = sum(counter.count(f"{number} {words}", "o200k_base") for number in range(10_000))
assert total > 10_000_000
counter.count("\\U00012000" * 1_000_000, "o200k_base")
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 400 * 1024
