"""Counts of texts that an earlier review has kept, so that no vocabulary is needed."""

from typing import Final

import msgspec

from reviewbot.local_cache import Cache

_KIND = b"counts"
_MOST_KEPT: Final = 100_000
"""Counts in one entry, those of the latest review first: 3 MB."""


class KeptCount(msgspec.Struct, frozen=True, array_like=True):
    """The tokens of a text, and the seconds that counting it took of those for slow texts."""

    tokens: int
    slow_seconds: float = 0.0


_Counts = dict[str, dict[bytes, KeptCount]]
_decoder = msgspec.msgpack.Decoder(_Counts)


class KeptCounts:
    """The counts under one key, by encoding and the digest of the text."""

    def __init__(self, cache: Cache, *key: bytes) -> None:
        self._cache = cache
        self._key = (_KIND, *key)
        self._earlier = self._read()
        self._used: _Counts = {}
        self._is_new = False

    @property
    def is_kept(self) -> bool:
        """Whether anything is, so that the digest of a text is worth its time."""
        return self._cache.is_kept

    def get(self, encoding: str, digest: bytes) -> KeptCount | None:
        """The count of a text that is known."""
        found = self._earlier.get(encoding, {}).get(digest)
        if found is not None:
            self._used.setdefault(encoding, {})[digest] = found
        return found

    def add(self, encoding: str, digest: bytes, count: KeptCount) -> None:
        """A text was counted."""
        self._used.setdefault(encoding, {})[digest] = count
        self._is_new = True

    def put(self) -> None:
        """Keep the counts of this review, and of earlier ones as far as there is room."""
        if not self._is_new or not self._cache.is_kept:
            return
        room = _MOST_KEPT
        kept: _Counts = {}
        for counts in (self._used, self._earlier):
            for encoding, found in counts.items():
                of_encoding = kept.setdefault(encoding, {})
                for digest, count in found.items():
                    if room > 0 and digest not in of_encoding:
                        of_encoding[digest] = count
                        room -= 1
        self._cache.put(msgspec.msgpack.encode(kept), *self._key)

    def _read(self) -> _Counts:
        data = self._cache.get(*self._key)
        try:
            return {} if data is None else _decoder.decode(data)
        except msgspec.DecodeError:
            return {}
