"""How much of a file is looked at for what is asked for beside its texts."""

from collections.abc import Iterable
from typing import Final

from reviewbot.rendering.parsers._common.sent_parts import Part

_MOST_PARTS: Final = 300_000


class LookedAt:
    """Counts the parts of a file that are looked at; some more than once."""

    def __init__(self) -> None:
        self._left = _MOST_PARTS

    @property
    def is_too_much(self) -> bool:
        """Whether there is more than is looked at."""
        return self._left < 0

    def more(self, parts: Iterable[Part]) -> Iterable[Part]:
        """The parts, but for those beyond what is looked at."""
        several = [*parts]
        self._left -= len(several)
        return () if self.is_too_much else several
