"""How much is read of one revision."""

FILE_BYTES_LIMIT = 4 * 1024 * 1024
"""Larger files are refused: no model in the catalogue takes 4 MiB of text in one call."""


ALL_BYTES_LIMIT = 40 * 1024 * 1024
"""What is read of one revision, each content once; 10,000 prompts of 3,000 characters fit.

To render and count twice as much, before and after, takes some 20 seconds.
"""


class Allowance:
    """What may still be read of one tree, so that many files cannot fill the memory either."""

    def __init__(self) -> None:
        self._left = ALL_BYTES_LIMIT
        self._read: set[str] = set()

    def covers(self, name: str, size: int) -> bool:
        """Whether a content of `size` bytes may be read; one that was read before always may."""
        if name not in self._read:
            if size > self._left:
                return False
            self._left -= size
            self._read.add(name)
        return True
