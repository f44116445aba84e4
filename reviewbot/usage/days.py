"""Which days of a log are whole."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from msgspec import Struct

_SLACK_SECONDS = 3_600
_FEWEST_DAYS = 3
"""So many days between the first and the last must be there to tell how early a day begins."""


_LONGEST_PAUSE_DAYS = 7
"""A week without a call may be a holiday; a longer pause makes every figure a month too low."""

_DAY = timedelta(days=1)


class DayEdges(Struct, frozen=True, kw_only=True):
    """When on a day, in seconds since midnight UTC, the first and the last call was made."""

    day: date
    first_seconds: float
    last_seconds: float


def whole_days(edges: Sequence[DayEdges]) -> tuple[date, date, tuple[str, ...]]:
    """The first and the last whole day, and a note on every day that is left out.

    A first day is cut where its calls begin an hour later than on any day between, a last day where
    they end an hour earlier. With fewer than three days between nothing is left out.
    """
    first, *between, last = edges if len(edges) > 1 else [edges[0], edges[0]]
    since, until, notes = first.day, last.day, []
    if len(between) < _FEWEST_DAYS:
        return since, until, ()
    if first.first_seconds > max(item.first_seconds for item in between) + _SLACK_SECONDS:
        since += timedelta(days=1)
        notes.append(
            f"{first.day} is left out: its calls begin at {_clock(first.first_seconds)} UTC,"
            " later than on any other day"
        )
    if last.last_seconds < min(item.last_seconds for item in between) - _SLACK_SECONDS:
        until -= timedelta(days=1)
        notes.append(
            f"{last.day} is left out: its calls end at {_clock(last.last_seconds)} UTC,"
            " earlier than on any other day"
        )
    return since, until, tuple(notes)


def gap_notes(days: Iterable[date], since: date, until: date) -> tuple[str, ...]:
    """A note on every pause of more than a week within a period that has calls on `days`."""
    within = sorted(day for day in days if since <= day <= until)
    return tuple(
        f"no call from {before + _DAY} to {after - _DAY} ({(after - before).days - 1:,} days): is a"
        " log missing, or a date wrong?"
        for before, after in pairwise((since - _DAY, *within, until + _DAY))
        if (after - before).days - 1 > _LONGEST_PAUSE_DAYS
    )


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) % 3600 // 60:02}"
