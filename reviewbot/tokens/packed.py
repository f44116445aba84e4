"""Encodings of other vendors as tiktoken runs them, from vocabularies that ship with this package.

A vocabulary is the pieces in the order of their ranks, each behind its length, compressed with xz.
`vocabularies/README.md` has the sources and licences. tiktoken is imported when one is loaded.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewbot.errors import MeasurementError, Place, Problem

if TYPE_CHECKING:
    from tiktoken import Encoding


class Packed(Struct, frozen=True, kw_only=True):
    """A vocabulary: its sha256, uncompressed, and the pattern that splits texts before it."""

    sha256: str
    pattern: str


_WORDS: Final = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
_BLANKS: Final = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_HAN: Final = "\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff"
_TAGS: Final = (
    "table|caption|thead|tbody|tfoot|tr|th|td|h[1-6]|blockquote|strong|em|b|i|u|s|sub|sup|code"
    "|a|html|body|img|span|bbox|ul|li|div|iframe|footer"
)

PACKED: Final = {
    "qwen-3": Packed(
        sha256="d2fea2da75cd336e42a7b709b2d168a0f6108f909837964693079dad68a9736c",
        pattern=rf"{_WORDS}\p{{N}}|{_BLANKS}",
    ),
    "tekken": Packed(
        sha256="65e8dd42ec4e22317d1336ddadfc8fd5f432fb61c763bf00b95d60aa443d459f",
        pattern=r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
    "deepseek-3": Packed(
        sha256="ec8bf4a528d77ddfc509f5739234e8efc2c398b8b946df3a4f6a24498eff07f6",
        pattern=rf"\p{{N}}{{1,3}}|[{_HAN}]+"
        r"|[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"
        rf"|(?![{_HAN}])[^\r\n\p{{L}}\p{{P}}\p{{S}}\p{{N}}]?(?:(?![{_HAN}])[\p{{L}}\p{{M}}])+"
        rf"| ?(?:(?![{_HAN}])[\p{{P}}\p{{S}}])+[\r\n]*"
        rf"|\s*[\r\n]+|\s+(?=[\p{{N}}{_HAN}])|\s+(?!\S)|\s+"
        rf"|(?:[^\s\p{{L}}\p{{M}}\p{{N}}\p{{P}}\p{{S}}](?!(?![{_HAN}])[\p{{L}}\p{{M}}]))+",
    ),
    "gemma-3": Packed(
        sha256="f9eb9897a84ac6a1e6bcdf3dd6c8b326ef255fd362fd87bec4af7752cb5d0386",
        pattern=rf"\n{{1,31}}|\t{{1,31}}|▁{{2,31}}|</?(?:{_TAGS})>"
        rf"|▁?(?:(?<=>)▁(?=</)|[^▁\n\t<]|<(?!/?(?:{_TAGS})>))+|▁",
    ),
}
"""By the names that configurations give these encodings."""

PACKAGED: Final = Path(__file__).with_name("vocabularies")


def load_packed(name: str, *, folder: Path = PACKAGED) -> "Encoding | Gemma":
    """Load one of `PACKED`.

    Raises:
        MeasurementError: The vocabulary is missing or damaged.

    """
    from tiktoken import Encoding

    packed = PACKED[name]
    pieces = _pieces(folder / f"{name}.pieces.xz", packed.sha256)
    ranks = _character_ranks(pieces) if name == "gemma-3" else _ranks(pieces)
    encoding = Encoding(name, pat_str=packed.pattern, mergeable_ranks=ranks, special_tokens={})
    return Gemma(encoding, pieces) if name == "gemma-3" else encoding


class Gemma:
    """Gemma's tokenizer, which merges characters where tiktoken merges bytes.

    A character that is no piece becomes its bytes, and nothing is merged across it.
    """

    def __init__(self, encoding: "Encoding", pieces: Iterable[bytes]) -> None:
        texts = (piece.decode() for piece in pieces)
        known = sorted({text for text in texts if len(text) == 1} | set(map(chr, range(128))))
        self._unknown = re.compile(f"([^{''.join(map(re.escape, known))}]+)")
        self._encoding = encoding

    def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> range:
        """As many as there are tokens in `text`."""
        plain = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        parts = self._unknown.split(plain.replace(" ", "▁"))
        tokens = sum(
            len(self._encoding.encode(part, disallowed_special=disallowed_special))
            for part in parts[::2]
        )
        return range(tokens + sum(len(part.encode()) for part in parts[1::2]))


def _pieces(file: Path, sha256: str) -> Sequence[bytes]:
    import lzma

    try:
        data = lzma.decompress(file.read_bytes())
    except (OSError, lzma.LZMAError) as error:
        raise _damaged(file, f"cannot be read ({error})") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(file, f"is damaged: its sha256 is not {sha256}")
    pieces, at = [], 0
    while at < len(data):
        length = data[at]
        at += 1
        if length == _LONG:
            length = int.from_bytes(data[at : at + 2], "big")
            at += 2
        pieces.append(data[at : at + length])
        at += length
    return pieces


_LONG: Final = 255
"""Stands for a length that the two bytes behind it hold."""


def _ranks(pieces: Iterable[bytes]) -> dict[bytes, int]:
    return {piece: rank for rank, piece in enumerate(pieces)}


def _character_ranks(pieces: Sequence[bytes]) -> dict[bytes, int]:
    """Ranks by which bytes become characters first, and only then pieces."""
    characters = [piece for piece in pieces if len(piece.decode()) == 1]
    beginnings = [piece[:end] for piece in characters for end in range(2, len(piece))]
    single = [bytes([byte]) for byte in range(256)]
    ordered = dict.fromkeys((*single, *beginnings, *characters, *pieces))
    return {piece: rank for rank, piece in enumerate(ordered)}


def _damaged(file: Path, what: str) -> MeasurementError:
    problem = Problem(
        what=f"the vocabulary {what}",
        mend="install reviewbot again",
        place=Place(file=str(file)),
    )
    return MeasurementError([problem])
