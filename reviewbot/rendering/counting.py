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

    def add_tokens(self, answer: dict[str, Any], encoding: str, *, is_first: bool) -> None:
        """Say how many tokens a text has, if it is one message and that can be told here.

        Of the first text of a template it is said too of what every call begins with.
        """
        if "text" not in answer or "parts" in answer:
            return
        began = time.thread_time()
        if self._counts is None:
            from reviewbot.tokens.plain_counts import PlainCounts

            self._counts = PlainCounts()
        tokens = self._counts.count(answer["text"], encoding)
        if tokens is not None:
            answer["tokens"] = tokens
        if is_first and tokens is not None and answer["constant"]["line"] is not None:
            from reviewbot.tokens.caching import stable_part

            beginning = stable_part(answer["text"][: answer["constant"]["characters"]])
            answer["beginning_tokens"] = self._counts.count(beginning, encoding)
        self.seconds += time.thread_time() - began
