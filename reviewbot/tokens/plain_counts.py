"""Counts of texts where no vocabulary is loaded: in the rendering process, beside its templates."""

from typing import Final

from reviewbot.tokens.line_counts import LINES
from reviewbot.tokens.piece_index import INDEXED, PieceIndex, index_of
from reviewbot.tokens.splitting import is_plain

_MOST_CHARACTERS: Final = 20_000
"""Of a text; longer ones are rarely alike, and are counted faster by tiktoken."""

_FREE_WORK: Final = 1_000_000
_WORK_OF_A_CHARACTER: Final = 3
"""What counting may take as if it were so many characters: the pieces of honest texts are soon
known, and others are left to tiktoken."""

_MOST_LINES: Final = 2_000
"""Lines whose counts are kept, of at most 40 MB: those of the template at hand, with others."""


class PlainCounts:
    """Counts short, plain texts by the indexes of their encodings."""

    def __init__(self) -> None:
        self._lines: dict[str, _Lines | None] = {}

    def count(self, text: str, encoding: str) -> int | None:
        """Tokens of a text; None where that takes tiktoken."""
        if encoding not in self._lines:
            index = index_of(encoding) if encoding in INDEXED else None
            self._lines[encoding] = None if index is None else _Lines(index)
        lines = self._lines[encoding]
        if lines is None or len(text) > _MOST_CHARACTERS or not is_plain(text):
            return None
        return lines.total(text)


class _OnlyTiktokenError(Exception):
    """A line has to be counted by tiktoken, or takes long to be counted here."""


class _Lines(dict[str, int]):
    """The tokens of lines, which are counted when they are first asked for."""

    def __init__(self, index: PieceIndex) -> None:
        self._index = index
        self._room = _FREE_WORK

    def total(self, text: str) -> int | None:
        """Tokens of a plain text; None where only tiktoken can tell."""
        if len(self) > _MOST_LINES:
            self.clear()
        try:
            return sum(map(self.__getitem__, LINES.findall(text)))
        except _OnlyTiktokenError:
            return None

    def __missing__(self, line: str) -> int:
        self._room += _WORK_OF_A_CHARACTER * len(line)
        count = self._index.count_plain(line) if self._index.work < self._room else None
        if count is None:
            raise _OnlyTiktokenError
        self[line] = count
        return count
