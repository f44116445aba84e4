"""Writes the indexes of tiktoken's vocabularies, by which short texts are counted.

Usage: python bench/piece_index.py. Prints the sha256 of each, which stands in
reviewbot/tokens/piece_index.py.
"""

import hashlib
from array import array
from zlib import crc32

from reviewbot.tokens.packed import PACKAGED
from reviewbot.tokens.piece_index import INDEXES, LENGTH_BITS
from reviewbot.tokens.vocabularies import load_tiktoken


def main() -> None:
    for name in INDEXES:
        data = index_of(name)
        (PACKAGED / f"{name}.index").write_bytes(data)
        print(f"{name}: {len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


def index_of(name: str) -> bytes:
    """The bytes of an index: its slots, and behind them the pieces by their ranks."""
    ranks = load_tiktoken(name)._mergeable_ranks  # noqa: SLF001 - there is no other way to them
    pieces = sorted(ranks, key=ranks.__getitem__)
    slots = array("I", bytes(4 * INDEXES[name].slots))
    mask = len(slots) - 1
    start = 0
    for piece in pieces:
        slot = crc32(piece) & mask
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = ((start << LENGTH_BITS) | (len(piece) - 1)) + 1
        start += len(piece)
    return slots.tobytes() + b"".join(pieces)


if __name__ == "__main__":
    main()
