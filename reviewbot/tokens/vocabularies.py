"""Encodings from the vocabularies that ship with this package; never from a network.

tiktoken is imported when the first encoding is loaded.
"""

import hashlib
from binascii import a2b_base64
from collections.abc import Sized
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.tokens.claude import CLAUDE, Claude
from reviewbot.tokens.line_counts import LINE_ENCODINGS, LineCounts
from reviewbot.tokens.packed import PACKAGED, PACKED, load_packed
from reviewbot.tokens.piece_index import IndexedEncoder, index_of

if TYPE_CHECKING:
    from tiktoken import Encoding

TIKTOKEN: Final = (
    "o200k_base",
    "o200k_harmony",
    "cl100k_base",
    "p50k_base",
    "p50k_edit",
    "r50k_base",
)
"""The encodings that tiktoken has, by its names."""

ENCODINGS: Final = (*TIKTOKEN, *PACKED, *CLAUDE)
"""The encodings that can be loaded."""


class Encoder(Protocol):
    """What tells how many tokens a text has."""

    def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> Sized:
        """As many as there are tokens in `text`, in which special tokens are text."""
        ...


_R50K_BYTES: Final = 835_554
"""r50k_base is this many bytes of p50k_base, from the start."""

_LOADER: Final = Lock()
"""Held while tiktoken's own loader is replaced."""


def load_encoding(name: str) -> Encoder:
    """Load one of `ENCODINGS`, each when it is first used; one with an index as far as is needed.

    Raises:
        MeasurementError: No such encoding, or the vocabulary is missing or damaged.

    """
    if name in PACKED:
        return load_packed(name)
    if name in CLAUDE:
        return Claude(name)
    if name in LINE_ENCODINGS:
        return LineCounts(IndexedEncoder(index_of(name), partial(load_tiktoken, name)))
    return load_tiktoken(name)


def load_tiktoken(name: str, *, folder: Path = PACKAGED) -> "Encoding":
    """Load one of tiktoken's: its own pattern, special tokens and pinned hash, our vocabulary.

    tiktoken's constructor of the encoding runs with its downloading loader replaced, so that the
    file and the sha256 it asks for are tiktoken's. Takes about 0.25 s for o200k_base.

    Raises:
        MeasurementError: No such encoding, or the vocabulary is missing or damaged.

    """
    if name not in TIKTOKEN:
        raise unknown_encoding(name)
    # imported late: a run that counts nothing saves 10 ms
    from tiktoken import Encoding
    from tiktoken_ext import openai_public  # type: ignore[import-untyped]

    with _LOADER:
        downloading = openai_public.load_tiktoken_bpe
        openai_public.load_tiktoken_bpe = partial(_packaged_ranks, folder=folder)
        try:
            parts = openai_public.ENCODING_CONSTRUCTORS[name]()
        finally:
            openai_public.load_tiktoken_bpe = downloading
    return Encoding(**parts)


def unknown_encoding(name: str) -> MeasurementError:
    """Say that there is no encoding of this name."""
    return MeasurementError(
        [Problem(what=f"there is no encoding {name!r}", mend=f"use one of {', '.join(ENCODINGS)}")]
    )


def _packaged_ranks(
    tiktoken_bpe_file: str, expected_hash: str | None = None, *, folder: Path
) -> dict[bytes, int]:
    """Stand in for `tiktoken.load.load_tiktoken_bpe`: the same ranks, read from `folder`."""
    wanted = tiktoken_bpe_file.rpartition("/")[2]
    is_r50k = wanted == "r50k_base.tiktoken"
    file = folder / ("p50k_base.tiktoken" if is_r50k else wanted)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise _damaged(file, f"cannot be read ({error.strerror})") from error
    if is_r50k:
        data = data[:_R50K_BYTES]
    if hashlib.sha256(data).hexdigest() != expected_hash:
        raise _damaged(file, f"is damaged: its sha256 is not {expected_hash}")
    fields = data.split()
    return dict(zip(map(a2b_base64, fields[::2]), map(int, fields[1::2]), strict=True))


def _damaged(file: Path, what: str) -> MeasurementError:
    return MeasurementError(
        [
            Problem(
                what=f"the vocabulary {what}",
                mend="install reviewbot again",
                place=Place(file=str(file)),
            )
        ]
    )
