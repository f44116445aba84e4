"""How tiktoken's encodings split a text of plain characters, by Python's own `re`.

Plain are ASCII, the Latin letters up to U+017E, typographic signs, arrows, symbols and emoji: what
is a letter, a number or a blank among them is the same in every version of Unicode. Python's `re`
knows no such classes, so they are written out.
"""

import re
import unicodedata
from functools import cache
from typing import Final

PATTERNS: Final = {
    "o200k_base": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "cl100k_base": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
        r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
}
"""tiktoken's own patterns (openai_public.py); a test holds them against the installed ones."""

_LATIN: Final = [chr(code) for code in (*range(0x21, 0x7F), *range(0xA1, 0x17F))]
_SIGNS: Final = (
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u23ff\u2500-\u2775\u2794-\u27bf\ufe0f"
    "\U0001f300-\U0001f6ff"
)
"""None is a letter, a number or a blank; U+FE0F, which follows a sign, is a mark."""

_UNPLAIN: Final = re.compile(f"[^\t\n\r\x20-\x7e\xa0-\u017e{_SIGNS}]")
_CLASS: Final = re.compile(r"\\p\{(\w+)\}")


def is_plain(text: str) -> bool:
    """Whether `splitter` splits this text as tiktoken does."""
    return _UNPLAIN.search(text) is None


@cache
def splitter(name: str) -> re.Pattern[str]:
    """The expression that finds the pieces of a plain text for one of `PATTERNS`."""
    found = []
    is_in_class = False
    for part in re.split(r"(\\.(?:\{\w+\})?|[\[\]])", PATTERNS[name].replace("$", r"\Z")):
        if kind := _CLASS.fullmatch(part):
            characters = _characters(kind[1])
            found.append(characters if is_in_class else f"[{characters}]")
        else:
            is_in_class = part == "[" or (is_in_class and part != "]")
            found.append(part)
    return re.compile("".join(found))


def _characters(kind: str) -> str:
    """The plain characters of a general category, or of all that begin so."""
    of_kind = [item for item in _LATIN if unicodedata.category(item).startswith(kind)]
    return "".join(of_kind) + ("\ufe0f" if kind == "M" else "")
