"""The results of one job in the rendering process, which are sent as they come."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

_FLUSH_SECONDS: Final = 0.02
_FLUSH_CHARACTERS: Final = 500_000


class Results:
    """Collects results, and sends them: each at once where somebody `is_careful`, else some."""

    def __init__(self, send: Callable[[Mapping[str, Any]], None], *, is_careful: bool) -> None:
        self._send = send
        self._is_careful = is_careful
        self._waiting: list[Any] = []
        self._characters = 0
        self._flushed = time.monotonic()

    def add(self, result: Mapping[str, Any]) -> None:
        """Take a result."""
        self._waiting.append(result)
        self._characters += len(result.get("text", ""))
        self.flush()

    def flush(self) -> None:
        """Send what there is if it is much, or late; even nothing says that a step is done."""
        is_late = time.monotonic() - self._flushed > _FLUSH_SECONDS
        if self._is_careful or is_late or self._characters > _FLUSH_CHARACTERS:
            self._now()

    def end(self) -> None:
        """Send what is left."""
        if self._waiting:
            self._now()

    def _now(self) -> None:
        self._send({"results": self._waiting})
        self._waiting.clear()
        self._characters = 0
        self._flushed = time.monotonic()
