"""Counts what was rendered, in the rendering process: the other one has enough to do.

tokens is imported where a text is counted.
"""

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewbot.tokens.plain_counts import PlainCounts


class Counting:
    """Adds their tokens to answers; `seconds` are those of the processor that this took."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._counts: PlainCounts | None = None

    def add_tokens(self, answer: dict[str, Any], encoding: str) -> None:
        """Say how many tokens a text has, if it is one message and that can be told here."""
        if "text" not in answer or "parts" in answer:
            return
        began = time.thread_time()
        if self._counts is None:
            from reviewbot.tokens.plain_counts import PlainCounts

            self._counts = PlainCounts()
        tokens = self._counts.count(answer["text"], encoding)
        if tokens is not None:
            answer["tokens"] = tokens
        self.seconds += time.thread_time() - began
