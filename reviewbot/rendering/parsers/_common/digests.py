"""Short digests of source text, which tell whether two texts are the same."""

from typing import Final

_DIGITS: Final = 24
"""They are 96 bits: to find two texts with one digest takes some 2^48 attempts."""


def digest_of(text: str) -> str:
    """The short digest of a text, also of one with lone surrogates."""
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
