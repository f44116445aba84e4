"""What one review may take, all of it together: one time, and one number of characters."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from reviewbot.errors import MeasurementError, Problem

REVIEW_SECONDS: Final = 45.0
"""Seconds for reading, parsing, rendering, counting and explaining.

git before it and the report behind it have bounds of their own. A review that has the machine to
itself ends within 60.
"""

REVIEW_CHARACTERS: Final = 1_000_000_000
"""Characters that all renderings of a review may have; 10,000 honest prompts take 540 million."""

_BUSY = 4
"""How many times longer than its processor time a review may be: other programs run as well."""

_WHAT = (
    f"the {REVIEW_SECONDS:.0f} seconds ({_BUSY * REVIEW_SECONDS:.0f} on a busy machine), or the"
    f" {REVIEW_CHARACTERS:,} characters, that a review has are used up"
)
USED_UP: Final = (
    _WHAT,
    "give fewer or shorter samples, or review fewer workflows with one configuration",
)


class Allowance:
    """What is left of a review's time and characters; threads share it.

    The time runs from the start. It is the clock's, or that of the processor (of this process, and
    of others as far as they are told by `spend`) where that is less, so that a busy machine gives
    the same verdict. Time that only waits counts a quarter: beyond four times the seconds all ends.
    """

    def __init__(
        self,
        *,
        seconds: float = REVIEW_SECONDS,
        characters: int = REVIEW_CHARACTERS,
        clock: Callable[[], float] = time.monotonic,
        processor: Callable[[], float] = time.process_time,
    ) -> None:
        self._clock = clock
        self._processor = processor
        self._began = clock()
        self._processor_began = processor()
        self._seconds = seconds
        self._seconds_of_others = 0.0
        self._characters = characters
        self._lock = Lock()

    def spend(self, seconds_of_others: float = 0.0, *, characters: int = 0) -> None:
        """Take what was used; it may be more than was left."""
        with self._lock:
            self._seconds_of_others += seconds_of_others
            self._characters -= characters

    @property
    def is_used_up(self) -> bool:
        """Whether nothing further is read, rendered or counted."""
        if self._characters <= 0:
            return True
        waited = self._clock() - self._began
        return waited >= self._seconds and self._seconds_spent(waited) >= self._seconds

    def covers(self, characters: int) -> bool:
        """Whether so many are left, and more."""
        return characters < self._characters and not self.is_used_up

    def check(self) -> None:
        """Go on while anything is left.

        Raises:
            MeasurementError: Nothing is.

        """
        if self.is_used_up:
            raise MeasurementError([used_up()])

    def _seconds_spent(self, waited: float) -> float:
        computed = self._processor() - self._processor_began + self._seconds_of_others
        return max(min(waited, computed), waited / _BUSY)


def used_up() -> Problem:
    """Why something was not measured."""
    what, mend = USED_UP
    return Problem(what=what, mend=mend)
