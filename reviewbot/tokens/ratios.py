"""Tokens of other tokenizers for each of o200k's, by kind of text.

Each is the least, the middle and the largest of the documents that `bench/ratios.py` reads: Django
5.2's translations into 52 languages, its scripts, Python's library, and tables of numbers. They are
widened by 15%, since a prompt or a change is shorter than these, and by 25% where there are fewer
than 20 of the kind. The ratios were right, within these ranges, for all of 60 other documents, and
for what is added to each (`tests/tokens/test_ranges.py`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.tokens.text_kinds import TextKind


class Ratio(Struct, frozen=True, kw_only=True):
    """How many tokens there are for one of o200k's: at least, probably, at most."""

    low: Decimal
    probable: Decimal
    high: Decimal


class Ratios(Struct, frozen=True, kw_only=True):
    """The ratios of one tokenizer, one for each kind of text."""

    by_kind: tuple[tuple[TextKind, Ratio], ...]

    def __getitem__(self, kind: TextKind) -> Ratio:
        """The ratio for one kind."""
        return next(ratio for of_kind, ratio in self.by_kind if of_kind is kind)


def _ratios(by_kind: Mapping[TextKind, Ratio]) -> Ratios:
    return Ratios(by_kind=tuple(by_kind.items()))


def _ratio(low: str, probable: str, high: str) -> Ratio:
    return Ratio(low=Decimal(low), probable=Decimal(probable), high=Decimal(high))


LLAMA_3: Final = _ratios(
    {
        TextKind.PROSE: _ratio("0.81", "1.00", "1.47"),
        TextKind.ACCENTED: _ratio("0.73", "1.13", "1.71"),
        TextKind.CODE: _ratio("0.80", "0.99", "1.50"),
        TextKind.NUMBERS: _ratio("0.75", "1.00", "1.25"),
        TextKind.CYRILLIC: _ratio("0.73", "1.20", "2.31"),
        TextKind.GREEK: _ratio("0.79", "1.06", "1.32"),
        TextKind.HEBREW: _ratio("1.69", "2.25", "2.81"),
        TextKind.ARABIC: _ratio("0.77", "1.21", "2.20"),
        TextKind.DEVANAGARI: _ratio("1.12", "1.52", "1.95"),
        TextKind.INDIC: _ratio("2.35", "3.81", "5.44"),
        TextKind.THAI: _ratio("0.94", "1.26", "1.57"),
        TextKind.HAN: _ratio("0.75", "1.02", "1.31"),
        TextKind.KANA: _ratio("0.73", "0.98", "1.22"),
        TextKind.HANGUL: _ratio("0.79", "1.05", "1.32"),
        TextKind.CAUCASIAN: _ratio("3.26", "4.71", "6.35"),
        TextKind.OTHER: _ratio("1.12", "1.52", "3.25"),
    }
)
"""Llama 3: its own tokenizer, measured."""

LLAMA_2: Final = _ratios(
    {
        TextKind.PROSE: _ratio("0.96", "1.29", "1.93"),
        TextKind.ACCENTED: _ratio("0.95", "1.42", "2.93"),
        TextKind.CODE: _ratio("1.02", "1.33", "1.88"),
        TextKind.NUMBERS: _ratio("1.03", "1.67", "2.44"),
        TextKind.CYRILLIC: _ratio("0.93", "1.31", "2.32"),
        TextKind.GREEK: _ratio("1.92", "2.56", "3.20"),
        TextKind.HEBREW: _ratio("1.77", "2.36", "2.95"),
        TextKind.ARABIC: _ratio("2.00", "2.67", "3.51"),
        TextKind.DEVANAGARI: _ratio("2.00", "2.79", "3.74"),
        TextKind.INDIC: _ratio("2.20", "3.37", "6.72"),
        TextKind.THAI: _ratio("1.83", "2.44", "3.05"),
        TextKind.HAN: _ratio("0.97", "1.37", "1.82"),
        TextKind.KANA: _ratio("1.17", "1.57", "1.96"),
        TextKind.HANGUL: _ratio("1.42", "1.89", "2.36"),
        TextKind.CAUCASIAN: _ratio("2.13", "2.92", "3.76"),
        TextKind.OTHER: _ratio("0.87", "1.22", "2.42"),
    }
)
"""Llama 2: its own tokenizer, measured; others of 32,000 tokens are near."""

UNMEASURED: Final = _ratios(
    {
        TextKind.PROSE: _ratio("0.81", "1.05", "1.49"),
        TextKind.ACCENTED: _ratio("0.72", "1.13", "1.84"),
        TextKind.CODE: _ratio("0.80", "1.07", "1.61"),
        TextKind.NUMBERS: _ratio("0.75", "1.59", "2.44"),
        TextKind.CYRILLIC: _ratio("0.72", "1.17", "2.31"),
        TextKind.GREEK: _ratio("0.79", "1.08", "2.78"),
        TextKind.HEBREW: _ratio("0.74", "1.19", "2.81"),
        TextKind.ARABIC: _ratio("0.71", "1.21", "2.30"),
        TextKind.DEVANAGARI: _ratio("0.60", "1.52", "3.34"),
        TextKind.INDIC: _ratio("0.60", "1.77", "5.44"),
        TextKind.THAI: _ratio("0.65", "1.26", "1.82"),
        TextKind.HAN: _ratio("0.65", "0.90", "1.60"),
        TextKind.KANA: _ratio("0.56", "0.95", "1.28"),
        TextKind.HANGUL: _ratio("0.75", "1.05", "1.47"),
        TextKind.CAUCASIAN: _ratio("0.83", "1.88", "6.35"),
        TextKind.OTHER: _ratio("0.49", "1.00", "5.51"),
    }
)
"""Tokenizers that were not measured: what Llama 3, Tekken, Qwen 3, DeepSeek 3 and Gemma 3 span."""

_BILLED: Final = (TextKind.PROSE, TextKind.CODE, TextKind.NUMBERS)
LIKE_O200K: Final = _ratios(
    {
        kind: replace(ratio, probable=Decimal(1)) if kind in _BILLED else ratio
        for kind, ratio in UNMEASURED.by_kind
    }
)
"""Tokenizers that were not measured: bills of English, numbers and JSON are o200k's counts."""
