"""The latest rendered texts, which an edited workflow has in common with the one that it is of."""

from collections.abc import Hashable, Iterable
from threading import Lock

from reviewbot.errors import Problem
from reviewbot.measurement.calls import Texts
from reviewbot.rendering.jobs import Rendered

_KEPT_CHARACTERS = 24_000_000
"""Of rendered texts, some 8,000 of 3,000 characters."""


class KeptTexts:
    """Keeps rendered texts by their keys, the latest ones, for several threads."""

    def __init__(self) -> None:
        self._kept: Texts = {}
        self._characters = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> tuple[Rendered | Problem, ...] | None:
        """The texts under a key."""
        return self._kept.get(key)

    def add(self, found: Texts) -> None:
        """Keep texts, but no problems, and let go of the oldest."""
        with self._lock:
            for key, results in found.items():
                is_whole = all(isinstance(result, Rendered) for result in results)
                if is_whole and key not in self._kept:
                    self._kept[key] = results
                    self._characters += _characters(results)
            while self._characters > _KEPT_CHARACTERS:
                oldest = next(iter(self._kept))
                self._characters -= _characters(self._kept.pop(oldest))


def _characters(results: Iterable[Rendered | Problem]) -> int:
    return sum(len(result.text) for result in results if isinstance(result, Rendered))
