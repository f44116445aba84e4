"""Texts counted line by line, each line once: renderings of a prompt have most lines in common.

tiktoken's encodings of today split a text wherever a line begins with a letter, a digit or any sign
of ASCII but a slash: in their patterns (`splitting.PATTERNS`) no piece goes on behind a line break
but with blanks, further breaks or slashes. So the tokens of such lines add up to the text's.
"""

import re
from collections.abc import Sequence, Sized
from typing import Final, Protocol

LINE_ENCODINGS: Final = frozenset({"o200k_base", "o200k_harmony", "cl100k_base"})
"""Those of whose patterns this holds; p50k_base and r50k_base join the breaks at a text's end."""

LINES: Final = re.compile(r"(?!\Z)[^\n]*(?:\n(?![!-.0-~])[^\n]*)*\n?")
"""A line, with those behind it that may go on with its last piece."""

_LONG_CHARACTERS = 20_000
"""A longer text is counted whole: it is rarely there twice, and may have very many lines."""

_LONG_LINE_CHARACTERS = 2_000
"""A longer line is not kept."""

_KEPT_CHARACTERS = 4_000_000
_ENTRY_CHARACTERS = 150
"""Of lines whose counts are kept, and what each takes beside its characters; when there are more
all are forgotten. 4 MB, and 16 where every line has signs of four bytes."""


class CountsEach(Protocol):
    """An encoding that is asked for one text, or for several in one go."""

    def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> Sized:
        """As many as there are tokens in `text`, in which special tokens are text."""
        ...

    def counts(self, texts: Sequence[str]) -> list[int]:
        """How many tokens there are in each of these texts."""
        ...


class LineCounts:
    """An encoding that keeps the counts of lines."""

    def __init__(self, encoder: CountsEach) -> None:
        self._encoder = encoder
        self._known: dict[str, int] = {}
        self._characters = 0

    def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> Sized:
        """As many as there are tokens in `text`."""
        if len(text) > _LONG_CHARACTERS:
            return self._encoder.encode(text, disallowed_special=disallowed_special)
        lines = LINES.findall(text)
        counts = list(map(self._known.get, lines))
        tokens = sum(filter(None, counts))
        if None in counts:
            new = [line for line, known in zip(lines, counts, strict=True) if known is None]
            for line, count in zip(new, self._encoder.counts(new), strict=True):
                self._keep(line, count)
                tokens += count
        return range(tokens)

    def _keep(self, line: str, count: int) -> None:
        if len(line) > _LONG_LINE_CHARACTERS:
            return
        self._characters += len(line) + _ENTRY_CHARACTERS
        if self._characters > _KEPT_CHARACTERS:
            self._known.clear()
            self._characters = 0
        self._known[line] = count
