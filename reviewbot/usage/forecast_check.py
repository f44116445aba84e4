"""Whether a merged change did to the input of a call what its review had forecast.

Tokens a call are compared, so that traffic drops out. The days before and after are held against
each other by Welch's test with a 95% interval; the day of the merge is left out.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import fmean, variance

from msgspec import Struct

from reviewbot.usage.aggregate import Sums, Usage, add

FEWEST_DAYS = 5
"""So many days are needed on each side."""

_MOST_DAYS = 28

_T_95 = {
    2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228,
    12: 2.179, 15: 2.131, 20: 2.086, 30: 2.042, 60: 2.000, 120: 1.980,
}  # fmt: skip
"""Student's t for a two-sided 95% interval, by degrees of freedom (NIST handbook, 1.3.6.7.2).

scipy, which has the function, is 100 MB.
"""

_NORMAL_95 = 1.960


class Merged(Struct, frozen=True, kw_only=True):
    """A change of one workflow that was merged, and the input tokens that it was to add to a call.

    `commit` is its short id.
    """

    workflow: str
    commit: str
    title: str
    day: date
    tokens_a_call: Decimal


class Told(StrEnum):
    """What the log says of a forecast."""

    AS_FORECAST = "as forecast"
    OFF = "not as forecast"
    TOO_FEW = "too few calls to tell"


class ForecastCheck(Struct, frozen=True, kw_only=True):
    """A forecast beside what was measured: tokens a call, plus or minus `margin_tokens`.

    Both are None where there are not FEWEST_DAYS days with calls on each side.
    """

    merged: Merged
    told: Told
    measured_tokens: Decimal | None
    margin_tokens: Decimal | None


def check_forecasts(usage: Usage, merged: Sequence[Merged]) -> tuple[ForecastCheck, ...]:
    """What the log says of each change; changes of one workflow bound each other's days."""
    return tuple(_check(item, _input_a_call(usage, item.workflow), merged) for item in merged)


def compare_days(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """The difference of the means, and half of its 95% interval.

    Each side has at least two values.
    """
    parts = [variance(side) / len(side) for side in (before, after)]
    difference = fmean(after) - fmean(before)
    if sum(parts) == 0:
        return difference, 0.0
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, (before, after), strict=True)
    )
    return difference, _t_95(freedom) * math.sqrt(sum(parts))


def _t_95(freedom: float) -> float:
    """Student's t, between the table's rows in proportion to 1 / degrees of freedom."""
    lower = max((known for known in _T_95 if known <= freedom), default=min(_T_95))
    upper = min((known for known in _T_95 if known > freedom), default=None)
    high = _T_95[lower]
    low, end = (_NORMAL_95, 0.0) if upper is None else (_T_95[upper], 1 / upper)
    share = (1 / lower - 1 / max(freedom, lower)) / (1 / lower - end)
    return high + (low - high) * share


def _input_a_call(usage: Usage, workflow: str) -> dict[date, float]:
    """The mean input tokens of a call, by day; days that the log cannot tell are not there."""
    parts: dict[date, list[Sums]] = defaultdict(list)
    for row in usage.rows:
        if row.stream.workflow == workflow:
            parts[row.day].append(row.sums)
    sums = {day: add(items) for day, items in sorted(parts.items())}
    return {
        day: item.input / item.calls
        for day, item in sums.items()
        if item.calls and item.input is not None
    }


def _check(item: Merged, days: Mapping[date, float], merged: Sequence[Merged]) -> ForecastCheck:
    others = [other.day for other in merged if other.workflow == item.workflow]
    first = max((day for day in others if day < item.day), default=date.min)
    last = min((day for day in others if day > item.day), default=date.max)
    length = timedelta(days=_MOST_DAYS)
    before = [v for day, v in days.items() if max(first, item.day - length) < day < item.day]
    after = [v for day, v in days.items() if item.day < day < min(last, item.day + length)]
    if min(len(before), len(after)) < FEWEST_DAYS:
        return ForecastCheck(
            merged=item, told=Told.TOO_FEW, measured_tokens=None, margin_tokens=None
        )
    measured, margin = compare_days(before, after)
    forecast = float(item.tokens_a_call)
    told = Told.AS_FORECAST
    if abs(forecast - measured) > margin:
        told = Told.OFF
    elif abs(measured) <= margin:
        told = Told.TOO_FEW
    return ForecastCheck(
        merged=item,
        told=told,
        measured_tokens=Decimal(f"{measured:.1f}"),
        margin_tokens=Decimal(f"{margin:.1f}"),
    )
