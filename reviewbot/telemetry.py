"""What a review does and how long it takes, told in numbers while it runs.

An event is a flat mapping. It holds names that reviewbot gives, numbers, classes of errors, and of
a request to GitHub its method and path; never a prompt, a sample, a request's body or a token.
`logging` and structlog would bring levels, handlers and global state, where one function that takes
a mapping is enough.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from threading import Lock

Value = str | int | float
Event = Mapping[str, Value]
Clock = Callable[[], float]

_DIGITS = 3
"""Seconds are told to the millisecond."""


class Counts:
    """What one stage tells besides its duration; several threads may add to it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._values: dict[str, Value] = {}
        self._sums: dict[str, float] = {}

    def note(self, **values: Value) -> None:
        """Tell these values, each once and for all."""
        with self._lock:
            self._values |= values

    def add(self, **numbers: float) -> None:
        """Add to sums, which begin at zero."""
        with self._lock:
            for name, number in numbers.items():
                self._sums[name] = self._sums.get(name, 0) + number

    def timed(self, name: str) -> AbstractContextManager[None]:
        """Add the seconds that the block takes to the sum `name`."""
        return _Timed(self, self._clock, name)

    def values(self) -> dict[str, Value]:
        """All values and sums so far."""
        with self._lock:
            return self._values | self._sums


class _Timed:
    """Adds what a block takes; ten thousands of them take half of what a generator's would."""

    __slots__ = ("_began", "_clock", "_counts", "_name")

    def __init__(self, counts: Counts, clock: Clock, name: str) -> None:
        self._counts, self._clock, self._name = counts, clock, name

    def __enter__(self) -> None:
        self._began = self._clock()

    def __exit__(self, *_: object) -> None:
        self._counts.add(**{self._name: self._clock() - self._began})


def _no_progress(_done: int, _of: int) -> None:
    """Show nobody how many of how many workflows are measured."""


class Telemetry:
    """Hands each event to `emit`, in the thread in which it happens; without `emit` to nobody.

    `progress` is told how many of how many workflows are measured.
    """

    def __init__(
        self,
        emit: Callable[[Event], None] | None = None,
        *,
        progress: Callable[[int, int], None] = _no_progress,
        clock: Clock = time.perf_counter,
    ) -> None:
        self._emit = emit
        self.progress = progress
        self._clock = clock

    @contextmanager
    def stage(self, name: str) -> Iterator[Counts]:
        """Tell of a stage when it is over; an error in it is named by its class and goes on."""
        with self._span({"event": "stage", "stage": name}) as counts:
            yield counts

    @contextmanager
    def review(self) -> Iterator[Counts]:
        """Tell of the whole review when it is over, as of a stage."""
        with self._span({"event": "review"}) as counts:
            yield counts

    def tell(self, event: str, **values: Value) -> None:
        """Tell of something that is no stage."""
        if self._emit is not None:
            self._emit({"event": event} | {key: _rounded(item) for key, item in values.items()})

    @contextmanager
    def _span(self, event: dict[str, Value]) -> Iterator[Counts]:
        counts = Counts(self._clock)
        began = self._clock()
        try:
            yield counts
        except BaseException as error:
            counts.note(error=type(error).__name__)
            raise
        finally:
            seconds = self._clock() - began
            if self._emit is not None:
                found = {"seconds": seconds} | counts.values()
                self._emit(event | {key: _rounded(item) for key, item in found.items()})


SILENT = Telemetry()
"""Tells nobody."""


def as_json(event: Event) -> str:
    """An event as one line of JSON in ASCII."""
    import json

    return json.dumps(event)


def as_text(event: Event) -> str:
    """An event as one line for people: what, how long, and the rest as pairs."""
    rest = dict(event)
    what = rest.pop("event")
    name = rest.pop("stage", what)
    seconds = f" {rest.pop('seconds'):.3f} s" if "seconds" in rest else ""
    return " ".join([f"reviewbot: {name}{seconds}", *(f"{key}={rest[key]}" for key in rest)])


def _rounded(value: Value) -> Value:
    return round(value, _DIGITS) if isinstance(value, float) else value
