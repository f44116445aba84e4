"""Claude's tokenizers: the bounds of a count, and what is said where ctok is not installed."""

import sys

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.tokens.claude import MAX_CHARACTERS, Claude


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(MeasurementError, match="300,001 characters"):
        Claude("claude-3").encode("a" * (MAX_CHARACTERS + 1))


def test_nothing_is_guessed_where_the_tokenizer_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ctok.engine", None)
    with pytest.raises(MeasurementError, match="pip install --no-deps --ignore-requires-python"):
        Claude("claude-4.8")
