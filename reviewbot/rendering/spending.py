"""The seconds that a rendering process takes: some are free, the rest is counted."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from reviewbot.allowance import Allowance
from reviewbot.rendering.resource_limits import Limits

_RESTART_SECONDS = 0.1
"""What the end of a process costs: about the time that a new one takes to start."""

_CHARACTER_SECONDS = 0.000_001
"""The time that each character of a template has free; an honest one takes half of it."""

_BUSY = 4
"""How many times longer than its processor time a process that is ended may have run."""

_MOST_NAMED = 3
"""Templates that took the time, the slowest first."""


class Spending:
    """What is left of the time for slow templates, and what is drawn from the review's allowance.

    The process says with each message how many seconds of the processor it has taken in all; those
    beyond the free ones are `computed_slowly`, however busy the machine is. Those of counting are
    drawn from the review's allowance only.
    """

    def __init__(self, limits: Limits, allowance: Allowance) -> None:
        self._limits = limits
        self._allowance = allowance
        self._slow_seconds = limits.slow_seconds
        self._slow: Counter[str] = Counter()
        self._path = ""
        self._free_seconds = 0.0
        self._told_seconds = 0.0
        self._told_counting = 0.0
        self.computed_slowly = 0.0

    @property
    def is_used_up(self) -> bool:
        """Whether one of the two is."""
        return self._slow_seconds <= 0 or self._allowance.is_used_up

    def why_used_up(self) -> tuple[str, str]:
        """What and mend of the problem that no time for slow templates is left."""
        used_up = "the time that a review has for slow templates is used up"
        slowest = [path for path, _ in self._slow.most_common(_MOST_NAMED)]
        if not slowest:
            return used_up, "simplify the templates that take longest"
        return f"{used_up}, most of it by {', '.join(slowest)}", f"simplify {slowest[0]}"

    def draw(self, slow_seconds: float) -> None:
        """Take from the time for slow templates what one took in an earlier review."""
        self._slow_seconds -= slow_seconds

    def started(self, *, again: bool) -> None:
        """A process was started, `again` if another one has ended."""
        self._told_seconds = self._told_counting = 0.0
        if again:
            self._slow_seconds -= _RESTART_SECONDS

    def ready(self, message: Mapping[str, Any]) -> None:
        """The process is there; what it took for that is not counted."""
        self._told_seconds = _told(message)

    def begins(self, characters: int, path: str) -> None:
        """The next template begins, of the file at a path; it is that long."""
        self._path = path
        self._free_seconds = self._limits.prompt_seconds + characters * _CHARACTER_SECONDS

    def rendered(self) -> None:
        """A sample is done, so the template has some more time."""
        self._free_seconds += self._limits.sample_seconds

    def waited(self, seconds: float, message: Mapping[str, Any]) -> None:
        """A message came, or none, after so many seconds of the clock."""
        told = _told(message)
        taken = seconds
        if message:
            taken = told - self._told_seconds
            self.computed_slowly += max(0.0, taken - self._free_seconds)
            self._told_seconds = told
            counting = _told(message, "counting_seconds")
            self._allowance.spend(counting - self._told_counting)
            self._told_counting = counting
        self._take(taken)

    def ended(self, seconds: float, computed: float) -> None:
        """The process was ended after so many seconds of the clock, and of the processor."""
        self._take(max(computed, seconds / _BUSY))

    def _take(self, taken: float) -> None:
        self._allowance.spend(taken)
        slow = max(0.0, taken - self._free_seconds)
        self._slow_seconds -= slow
        if slow > 0:
            self._slow[self._path] += round(slow * 1_000_000)
        self._free_seconds = max(0.0, self._free_seconds - taken)


def _told(message: Mapping[str, Any], name: str = "seconds") -> float:
    seconds = message.get(name, 0.0)
    return float(seconds) if isinstance(seconds, int | float) else 0.0
