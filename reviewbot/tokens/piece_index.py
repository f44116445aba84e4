"""Short texts counted without loading a vocabulary: each piece is looked up in a file.

tiktoken takes a quarter of a second to load o200k_base, whatever the text. An index holds the same
pieces as a hash table that is used as it stands, so that a prompt of some thousand characters is
counted in milliseconds. The tables are made by `bench/piece_index.py` from tiktoken's own ranks.
"""

import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zlib import crc32

from msgspec import Struct

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.tokens.joined_texts import counts_of_each
from reviewbot.tokens.packed import PACKAGED
from reviewbot.tokens.splitting import is_plain, splitter

if TYPE_CHECKING:
    from tiktoken import Encoding

MOST_WORK: Final = 7_000_000
"""Characters, at 25 MB/s, that are counted by an index: then it has taken as long as loading the
vocabulary does."""

_NEW_PIECE: Final = 200
_MERGED_BYTE: Final = 25
"""What looking up a piece for the first time takes, and each byte of one that is merged of others,
as if there were so many more characters."""

LENGTH_BITS: Final = 7
"""Bits of a slot that hold a piece's length less one; the others hold where it begins."""

_LONGEST_PIECE: Final = 64
"""Bytes of a piece that is merged here: the work grows with its square."""

_NOT_THERE: Final = 1 << 32

_FEW_WORDS: Final = 3
"""So few are taken apart at once."""

_MOST_KNOWN: Final = 100_000
"""Pieces whose tokens are kept, some 13 MB; when there are more all are forgotten."""


class Index(Struct, frozen=True, kw_only=True):
    """A file's sha256, and how many slots it begins with, of four bytes each."""

    sha256: str
    slots: int


INDEXES: Final = {
    "o200k_base": Index(
        sha256="2f34f55d230db6eec0e32bdfb7f35563f223c2d1f9d84924e2504c97a6264878", slots=1 << 19
    ),
    "cl100k_base": Index(
        sha256="29745820c43d455a5b7ec7400807926f5157fb7c5d0830c1ad0992908b0fa458", slots=1 << 18
    ),
}


INDEXED: Final = {
    "o200k_base": "o200k_base",
    "o200k_harmony": "o200k_base",
    "cl100k_base": "cl100k_base",
}
"""The index of each encoding that has one; `o200k_harmony` differs in special tokens only."""


class _UnknownPieceError(Exception):
    """A piece is too long to be merged here."""


class PieceIndex(dict[str, int]):
    """The pieces of one encoding: the tokens of each, which are found when they are asked for.

    A slot is the piece's position among all pieces, in the order of their ranks, with its length;
    plus one, since zero is an empty slot. Of two pieces the one that stands first has the lower
    rank, so ranks themselves are not needed. `work` is what counting took so far.
    """

    def __init__(self, name: str, *, folder: Path = PACKAGED) -> None:
        index = INDEXES[name]
        file = folder / f"{name}.index"
        try:
            data = file.read_bytes()
        except OSError as error:
            raise _damaged(file, f"cannot be read ({error.strerror})") from error
        if hashlib.sha256(data).hexdigest() != index.sha256:
            raise _damaged(file, f"is damaged: its sha256 is not {index.sha256}")
        self._slots = memoryview(data)[: 4 * index.slots].cast("I")
        self._pieces = data[4 * index.slots :]
        self._mask = index.slots - 1
        self._find = splitter(name).findall
        self._first = _Words(self, "")
        self._others = _Words(self, " ")
        self.work = 0

    def count(self, text: str) -> int | None:
        """Tokens of a text; None where only tiktoken can tell."""
        return self.count_plain(text) if is_plain(text) else None

    def count_plain(self, text: str) -> int | None:
        """Tokens of a plain text; None where a piece is too long to be merged."""
        self.work += len(text)
        words = text.split()
        end = "\n" if text.endswith("\n") else ""
        try:
            if len(words) < _FEW_WORDS or " ".join(words) + end != text:
                return self.pieces(text)
            words[-1] += end
            return self._first[words[0]] + sum(map(self._others.__getitem__, words[1:]))
        except _UnknownPieceError:
            return None

    def pieces(self, text: str) -> int:
        """The sum of what the pieces of a text have.

        Raises:
            _UnknownPieceError: One is too long to be merged.
        """
        return sum(map(self.__getitem__, self._find(text)))

    def __missing__(self, piece: str) -> int:
        data = piece.encode()
        if len(data) > _LONGEST_PIECE:
            raise _UnknownPieceError
        self.work += _NEW_PIECE
        if len(self) >= _MOST_KNOWN:
            self.clear()
        count = self[piece] = self._merged(data)
        return count

    def _position(self, piece: bytes) -> int:
        """Where a piece stands, which orders pieces as their ranks do; large where it is none."""
        slots, pieces, mask = self._slots, self._pieces, self._mask
        slot = crc32(piece) & mask
        while entry := slots[slot]:
            start, length = (entry - 1) >> LENGTH_BITS, len(piece)
            is_as_long = (entry - 1) & ((1 << LENGTH_BITS) - 1) == length - 1
            if is_as_long and pieces[start : start + length] == piece:
                return start
            slot = (slot + 1) & mask
        return _NOT_THERE

    def _merged(self, data: bytes) -> int:
        """How many tokens are left when neighbours are merged, the lowest rank first."""
        if self._position(data) != _NOT_THERE:
            return 1
        self.work += _MERGED_BYTE * len(data)
        ends = list(range(len(data) + 1))
        ranks = [self._position(data[at : at + 2]) for at in range(len(data) - 1)]
        while ranks and (lowest := min(ranks)) != _NOT_THERE:
            at = ranks.index(lowest)
            del ends[at + 1]
            del ranks[at]
            for number in (at - 1, at):
                if 0 <= number < len(ranks):
                    ranks[number] = self._position(data[ends[number] : ends[number + 2]])
        return len(ends) - 1


class _Words(dict[str, int]):
    """The tokens of words that stand behind a blank, or `before` the first.

    Where single blanks divide words, a piece begins with each blank.
    """

    def __init__(self, index: PieceIndex, before: str) -> None:
        self._index = index
        self._before = before

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        count = self[word] = self._index.pieces(self._before + word)
        return count


class IndexedEncoder:
    """An encoding whose vocabulary is loaded when its index does not do: for much or rare text."""

    def __init__(self, index: PieceIndex | None, load: Callable[[], "Encoding"]) -> None:
        self._index = index
        self._load = load
        self._whole: Encoding | None = None

    def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> range | list[int]:
        """As many as there are tokens in `text`."""
        if (count := self._indexed(text)) is not None:
            return range(count)
        return self._loaded().encode(text, disallowed_special=disallowed_special)

    def counts(self, texts: Sequence[str]) -> list[int]:
        """How many tokens there are in each of these texts."""
        found: list[int] = []
        for text in texts:
            count = self._indexed(text)
            if count is None:
                break
            found.append(count)
        left = texts[len(found) :]
        return [*found, *counts_of_each(self._loaded(), left)] if left else found

    def _indexed(self, text: str) -> int | None:
        index = self._index
        if index is None or index.work + len(text) > MOST_WORK:
            return None
        return index.count(text)

    def _loaded(self) -> "Encoding":
        if self._whole is None:
            self._index = None
            self._whole = self._load()
        return self._whole


def index_of(name: str) -> PieceIndex | None:
    """The index of one of `INDEXED`, if this machine can use it.

    Raises:
        MeasurementError: It is missing or damaged.
    """
    return PieceIndex(INDEXED[name]) if sys.byteorder == "little" else None


def _damaged(file: Path, what: str) -> MeasurementError:
    problem = Problem(
        what=f"the index of a vocabulary {what}",
        mend="install reviewbot again",
        place=Place(file=str(file)),
    )
    return MeasurementError([problem])
