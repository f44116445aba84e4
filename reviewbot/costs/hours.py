"""The hours of a week in which a model's prices differ."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Final

from reviewbot.costs.catalogue import ModelInfo, TimeOfDateConstraint

_DAY_MINUTES: Final = 1_440
_WEEK_DAYS: Final = 7
_WORKING_DAYS: Final = 5
_WORKING_DAYS_ONLY: Final = re.compile(r"deepseek-(flash|v4).*")
"""Models whose dear hours are those of Monday to Friday: api-docs.deepseek.com, pricing.

The catalogue's own remarks say so; its prices cannot.
"""


def hours_of(info: ModelInfo, as_of: date) -> Iterator[tuple[int, datetime]]:
    """Parts of a week: their minutes, and a moment in each."""
    limits = {0, _DAY_MINUTES}
    windows = []
    for item in info.prices:
        if isinstance(item.constraint, TimeOfDateConstraint):
            windows.append(item.constraint)
            limits |= {_minute(item.constraint.start_time), _minute(item.constraint.end_time)}
    if not windows:
        yield 1, _moment(as_of, 12 * 60)
        return
    ordered = sorted(limits)
    cheap = None
    on_working_days = bool(_WORKING_DAYS_ONLY.fullmatch(info.id))
    weekend_minutes = 0
    for start, end in pairwise(ordered):
        moment = _moment(as_of, start)
        in_window = any(window.active(moment) for window in windows)
        days = _WORKING_DAYS if in_window and on_working_days else _WEEK_DAYS
        weekend_minutes += (end - start) * (_WEEK_DAYS - days)
        cheap = moment if not in_window else cheap
        yield (end - start) * days, moment
    if cheap is not None and weekend_minutes:
        yield weekend_minutes, cheap


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _moment(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=UTC)
