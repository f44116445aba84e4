"""What rendering, parsing and counting may take in one review, all of it together."""

from threading import Lock
from typing import Final

from reviewbot.errors import Problem

REVIEW_SECONDS: Final = 45.0
WORKFLOW_SECONDS: Final = 0.01
"""Processor seconds of a review for rendering and counting, and more for each of its workflows.

An honest workflow of one prompt with three samples, both revisions, takes 0.004 to 0.008.
"""

REVIEW_CHARACTERS: Final = 1_000_000_000
"""Characters that all renderings of a review may have; 10,000 such prompts take 540 million."""

_WHAT = (
    f"the processor time, or the {REVIEW_CHARACTERS:,} characters, that a review has for rendering"
    " and counting are used up"
)
USED_UP: Final = (
    _WHAT,
    "give fewer or shorter samples, or review fewer workflows with one configuration",
)


class Allowance:
    """Seconds and characters that are left; threads share it.

    Whatever a hostile text can make slow draws on it, so that many texts that each stay below
    every limit of their own still end. Honest work alone does not use it up.
    """

    def __init__(
        self, *, seconds: float = REVIEW_SECONDS, characters: int = REVIEW_CHARACTERS
    ) -> None:
        self._seconds = seconds
        self._characters = characters
        self._lock = Lock()

    def spend(self, seconds: float = 0.0, *, characters: int = 0) -> None:
        """Take what was used; it may be more than was left."""
        with self._lock:
            self._seconds -= seconds
            self._characters -= characters

    @property
    def is_used_up(self) -> bool:
        """Whether nothing further is rendered or counted."""
        return self._seconds <= 0 or self._characters <= 0


def used_up() -> Problem:
    """Why something was not counted."""
    what, mend = USED_UP
    return Problem(what=what, mend=mend)
