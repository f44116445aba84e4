"""Spend that is off: a day, three days or a week against the same weekdays of four weeks before.

What rises slowly is soon in the weeks that it is compared with. So a week is also compared with the
four weeks that end a week before it.

An excess has to be large as a ratio and beyond the scatter of the stream's own days. The smaller
its share of all spend, the larger it has to be: alarms are few and about much money. The spend of
one call is judged too, since it varies less than the number of calls. `bench/anomalies.py` measures
what the numbers below find.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean, median

from msgspec import Struct

_WEEKS = 4
_FEWEST_WEEKS = 2
_SCATTER_DAYS = 28

_EXPECTED_WEEKS = 2
"""Where all grows, the second highest of four weeks is that of two weeks ago."""

_FEWEST_GROWTH_DAYS = 7
"""So many days tell how a stream grows."""

FEWEST_CALLS = 100
"""Where fewer calls are expected in a window, nothing can be told from chance."""

LEAST_SHARE = 0.00001
"""An excess below this share of all spend of the same days, a cent of $1,000, is not told."""

_USUAL_SHARE = 0.005
_SHARE_WEIGHT = 0.2
_SHARE_DECADES = (-2.5, 1.5)
"""Ten times the usual share of all spend needs 20% fewer deviations; a tenth needs 20% more."""

_CALL_SCATTER = 1.2
"""The standard deviation of calls' costs over their mean, as it is at least assumed."""

_TREND_LIMIT = math.log(1.15)
"""Growth of 1% a day over the two weeks to what is expected is growth, and goes on."""

_ASSUMED_DAYS = 12
"""The assumed scatter weighs as much as so many days of history."""

_MEMORY = 0.5
"""How much of a day's deviation the next day repeats, as it is assumed."""


class Window(Struct, frozen=True, kw_only=True):
    """So many days, and from how many deviations on they are off.

    `gap_weeks` lie between them and the four weeks that they are compared with.
    """

    days: int
    deviations: float
    gap_weeks: int = 0


class Measure(Struct, frozen=True, kw_only=True):
    """What is judged: the least ratio by days of a window, and the scatter of a day, as assumed."""

    ratios: Mapping[int, float]
    scatter: float


WINDOWS = (
    Window(days=1, deviations=2.9),
    Window(days=3, deviations=2.8),
    Window(days=7, deviations=2.5),
    Window(days=7, deviations=2.6, gap_weeks=1),
)
SPEND = Measure(ratios={1: 1.6, 3: 1.4, 7: 1.25}, scatter=0.15)
SPEND_A_CALL = Measure(ratios={1: 1.4, 3: 1.25, 7: 1.15}, scatter=0.1)


class Day(Struct, frozen=True, kw_only=True):
    """A day of a stream: what it cost, and how many calls that were; None where that is unknown."""

    units: int
    calls: int | None


class Excess(Struct, frozen=True, kw_only=True):
    """Days up to and including `until` that cost `units`, where `expected_units` were expected.

    `gap_weeks` lie between them and the four weeks that they are compared with.
    """

    since: date
    until: date
    units: int
    expected_units: int
    gap_weeks: int = 0

    @property
    def ratio(self) -> float:
        """How many times what was expected."""
        return self.units / max(self.expected_units, 1)

    @property
    def weight(self) -> float:
        """What it is chosen by among others: the money, and how sharply it stands out."""
        return (self.units - self.expected_units) * math.log(max(self.ratio, 1.0))


class _Scatter(Struct, frozen=True, kw_only=True):
    """By how much a day is assumed to differ, and by how much it does by chance alone."""

    assumed: float
    chance: float


_Values = Mapping[date, float]


def earlier_days(day: date, gap_weeks: int = 0) -> list[date]:
    """The same weekday of the four weeks before, the nearest first; `gap_weeks` are left out."""
    weeks = range(gap_weeks + 1, gap_weeks + _WEEKS + 1)
    return [day - timedelta(weeks=week) for week in weeks]


def excess_on(days: Mapping[date, Day], day: date, all_units: Mapping[date, int]) -> Excess | None:
    """The excess of the windows that end on `day` that weighs most; None where nothing is off.

    `days` are those of one stream; a day without calls is not in it, and no day to compare with.
    `all_units` are the spend of all streams by day.
    """
    spend = {item: float(value.units) for item, value in days.items()}
    a_call = {item: value.units / value.calls for item, value in days.items() if value.calls}
    found = []
    for window in WINDOWS:
        inside = [day - timedelta(days=back) for back in reversed(range(window.days))]
        if not _has_enough_calls(days, inside):
            continue
        whole = sum(all_units.get(item, 0) for item in inside)
        units = sum(days[item].units for item in inside if item in days)
        for measure, values in ((SPEND, spend), (SPEND_A_CALL, a_call)):
            scatter = _Scatter(assumed=measure.scatter, chance=_chance(days, inside))
            judged = _judged(values, inside, window.gap_weeks, scatter)
            if judged is None:
                continue
            log_ratio, deviations = judged
            expected = units / math.exp(log_ratio)
            share = (units - expected) / max(whole, 1)
            if (
                log_ratio >= math.log(measure.ratios[window.days])
                and share >= LEAST_SHARE
                and deviations >= window.deviations * _dearness(share)
            ):
                found.append(
                    Excess(
                        since=inside[0],
                        until=day,
                        units=units,
                        expected_units=round(expected),
                        gap_weeks=window.gap_weeks,
                    )
                )
    return max(found, key=lambda item: item.weight, default=None)


def _judged(
    values: _Values, inside: Sequence[date], gap_weeks: int, scatter: _Scatter
) -> tuple[float, float] | None:
    """The logarithm of observed over expected, and how many standard deviations that is.

    None where too little was before to expect anything, or no more than that is there now. Behind
    a gap the growth has to be known too: it went on meanwhile.
    """
    expected = [_expected(values, item, gap_weeks) for item in inside]
    observed = sum(values.get(item, 0.0) for item in inside)
    known = [item for item in expected if item is not None]
    if len(known) < len(inside) or sum(known) <= 0 or observed < sum(known):
        return None
    history = _residuals(values, inside[0] - timedelta(weeks=gap_weeks))
    if gap_weeks and len(history) < _FEWEST_GROWTH_DAYS:
        return None
    middle = median(history) if history else 0.0
    trend = min(max(middle, 0.0), _TREND_LIMIT) * (1 + gap_weeks / _EXPECTED_WEEKS)
    log_ratio = math.log(observed / sum(known)) - trend
    variance = max(_variance(history, middle, scatter.assumed), scatter.chance**2)
    length = len(inside)
    of_window = variance * (1 + (length - 1) * _MEMORY) / length + variance / (2 * _WEEKS)
    return log_ratio, log_ratio / math.sqrt(of_window)


def _expected(values: _Values, day: date, gap_weeks: int = 0) -> float | None:
    """The second highest of the same weekday in the four weeks before, or before the gap.

    The highest may be an earlier spike; the lower ones may be holidays.
    """
    earlier = earlier_days(day, gap_weeks)
    found = sorted(values[item] for item in earlier if item in values)
    return found[-2] if len(found) >= _FEWEST_WEEKS else None


def _residuals(values: _Values, before: date) -> list[float]:
    """By how much each day of the four weeks before was off, as logarithms."""
    found = []
    for back in range(1, _SCATTER_DAYS + 1):
        day = before - timedelta(days=back)
        expected = _expected(values, day)
        if expected and values.get(day):
            found.append(math.log(values[day] / expected))
    return found


def _variance(history: Sequence[float], middle: float, assumed: float) -> float:
    """The variance of a day: that of history, drawn to the assumed one where history is short.

    The median deviation stands for the standard deviation (times 1.4826), so that no single day
    decides it; it says half as much as a mean would.
    """
    if not history:
        return assumed**2
    own = 1.4826 * median(abs(item - middle) for item in history)
    weight = len(history) / 2
    return (_ASSUMED_DAYS * assumed**2 + weight * own**2) / (_ASSUMED_DAYS + weight)


def _has_enough_calls(days: Mapping[date, Day], inside: Sequence[date]) -> bool:
    counts = [_usual_calls(days, item) for item in inside]
    return None not in counts and sum(filter(None, counts)) >= FEWEST_CALLS


def _chance(days: Mapping[date, Day], inside: Sequence[date]) -> float:
    """The share by which a day of so many calls differs by chance alone."""
    counts = [_usual_calls(days, item) or 1 for item in inside]
    return _CALL_SCATTER / math.sqrt(max(fmean(counts), 1))


def _usual_calls(days: Mapping[date, Day], day: date) -> float | None:
    """The mean calls of the same weekdays; a stream without a count is taken to have many."""
    found = [days[item].calls for item in earlier_days(day) if item in days]
    return fmean(_MANY_CALLS if count is None else count for count in found) if found else None


_MANY_CALLS = 1_000


def _dearness(share: float) -> float:
    """The factor on the deviations that are needed, by the share of all spend that is at stake."""
    lowest, highest = _SHARE_DECADES
    decades = min(max(math.log10(share / _USUAL_SHARE), lowest), highest)
    return 1 - _SHARE_WEIGHT * decades
