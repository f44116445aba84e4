"""Spend that is off: three windows of days against the same weekdays of the four weeks before.

Ratios rank by money, where scores rank by surprise. An excess has to be large in its ratio, beyond
the scatter of the weeks before, and a share of all spend: alarms are few and dear.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean, median

from msgspec import Struct

_WEEKS = 4
_FEWEST_WEEKS = 2
_WEEK_DAYS = 7


class Window(Struct, frozen=True, kw_only=True):
    """So many days, and from which ratio and how many deviations on they are off."""

    days: int
    ratio: float
    deviations: float


WINDOWS = (
    Window(days=1, ratio=1.8, deviations=3.3),
    Window(days=3, ratio=1.5, deviations=2.9),
    Window(days=7, ratio=1.35, deviations=2.6),
)
LEAST_SHARE = 0.001
"""An excess below this share of all spend of the same days is not told."""

FEWEST_CALLS = 100
"""Where fewer calls are expected in a window, nothing can be told from chance."""

_CALL_SCATTER = 1.5
"""The standard deviation of calls' costs over their mean, as it is at least assumed."""

_DAILY_SCATTER = {1: 0.2, 3: 0.16, 7: 0.12}
"""How far traffic wanders from its weekdays, as a share, as it is at least assumed; by window."""

_TREND_LIMIT = 1.25
"""Growth over two weeks up to this factor is growth, and expected to go on."""


class Day(Struct, frozen=True, kw_only=True):
    """A day of a stream: what it cost, and how many calls that were; None where that is unknown."""

    units: int
    calls: int | None


class Excess(Struct, frozen=True, kw_only=True):
    """Days up to and including `until` that cost `units`, where `expected_units` were expected."""

    since: date
    until: date
    units: int
    expected_units: int

    @property
    def ratio(self) -> float:
        """How many times what was expected."""
        return self.units / max(self.expected_units, 1)


def excess_on(days: Mapping[date, Day], day: date, all_units: Mapping[date, int]) -> Excess | None:
    """The dearest excess of the windows that end on `day`; None where nothing is off.

    `days` are those of one stream; a day without calls is not in it, and no day to compare with.
    `all_units` are the spend of all streams by day.
    """
    found = [
        excess
        for window in WINDOWS
        if (excess := _in_window(window, days, day, all_units)) is not None
    ]
    return max(found, key=lambda item: item.units - item.expected_units, default=None)


def _in_window(
    window: Window,
    days: Mapping[date, Day],
    day: date,
    all_units: Mapping[date, int],
) -> Excess | None:
    inside = [day - timedelta(days=back) for back in reversed(range(window.days))]
    weeks = [_WEEK_DAYS * week for week in range(1, _WEEKS + 1)]
    before = [
        [days[item - timedelta(back)] for back in weeks if item - timedelta(back) in days]
        for item in inside
    ]
    if min(map(len, before)) < _FEWEST_WEEKS:
        return None
    units = _units(days, inside)
    sums = [
        _units(days, [item - timedelta(back) for item in inside])
        for back in weeks
        if all(item - timedelta(back) in days for item in inside)
    ]
    trend = _trend(sums)
    expected = sum(median(item.units for item in same) for same in before) * trend
    calls = sum(fmean(_count(item) for item in same) for same in before)
    if calls < FEWEST_CALLS:
        return None
    chance = _CALL_SCATTER * math.sqrt((1 + 1 / _WEEKS) / max(calls, 1))
    scatter = max(_deviation(sums), expected * math.hypot(chance, _DAILY_SCATTER[window.days]), 1)
    excess = units - expected
    whole = sum(all_units.get(item, 0) for item in inside)
    is_off = (
        units >= window.ratio * expected
        and excess >= window.deviations * scatter
        and excess >= LEAST_SHARE * whole
    )
    if not is_off:
        return None
    return Excess(since=inside[0], until=day, units=units, expected_units=round(expected))


def _trend(sums: Sequence[float]) -> float:
    """How steady growth over the weeks goes on, which come newest first; decline is not expected.

    The mean of the weeks lies in their middle, half their number and a half before the window.
    """
    if len(sums) < _WEEKS or min(sums) <= 0:
        return 1.0
    newer, older = fmean(sums[:2]), fmean(sums[2:])
    weekly = math.sqrt(min(max(newer / older, 1.0), _TREND_LIMIT))
    return math.pow(weekly, (_WEEKS + 1) / 2)


def _deviation(sums: Sequence[float]) -> float:
    """The scatter of the weeks around their trend; 0 where there are too few to tell."""
    count = len(sums)
    if count < _WEEKS:
        return 0.0
    middle, mean = (count - 1) / 2, fmean(sums)
    slope = sum((n - middle) * (s - mean) for n, s in enumerate(sums)) / sum(
        (n - middle) ** 2 for n in range(count)
    )
    left = [s - mean - slope * (n - middle) for n, s in enumerate(sums)]
    return math.sqrt(sum(value * value for value in left) / (count - 2))


def _units(days: Mapping[date, Day], wanted: Sequence[date]) -> int:
    return sum(days[item].units for item in wanted if item in days)


def _count(day: Day) -> int:
    """The calls of a day; a stream without a count is taken to have many."""
    return 1_000 if day.calls is None else day.calls
