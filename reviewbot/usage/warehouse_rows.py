"""The rows of a summed result as the CSV that an engine's own client would save."""

import csv
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.usage.readers.summed import COLUMNS

MOST_ROWS = 1_000_000
"""More rows than a month of all streams, sizes and days has."""

_MOST_CHARACTERS = 2**30
_MOST_DIGITS = 40
_LESS = "read fewer days at once (--since and --until), or map what has so many names in a view"


def write_rows(rows: Iterator[Sequence[Any]], path: str, *, table: str) -> None:
    """Write rows with the columns of the format `summed`; null is empty.

    Raises:
        MeasurementError: There is none, there are too many, or a value is of no kind that the
            query gives.

    """
    place = Place(file=table)
    count = characters = 0
    with open(path, "w", newline="", encoding="utf-8") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerow(COLUMNS)
        for count, row in enumerate(rows, 1):
            values = tuple(row)
            if len(values) != len(COLUMNS):
                raise _unknown(f"rows of {len(values)} columns", place)
            texts = [_text(value, place) for value in values]
            written.writerow(texts)
            characters += sum(map(len, texts))
            if count > MOST_ROWS:
                what = f"the query gives more than {MOST_ROWS:,} rows"
                raise MeasurementError([Problem(what=what, mend=_LESS, place=place)])
            if characters > _MOST_CHARACTERS:
                what = f"the query gives more than {_MOST_CHARACTERS / 2**30:.0f} GiB"
                raise MeasurementError([Problem(what=what, mend=_LESS, place=place)])
    if not count:
        what = "no row of the table is of the days asked for"
        mend = "name other days with --since and --until, or another --table"
        raise MeasurementError([Problem(what=what, mend=mend, place=place)])


def _text(value: Any, place: Place) -> str:
    """A value as text: whole numbers without a point, days as 2026-11-28."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal) and _is_whole(value):
        return str(int(value))
    raise _unknown(f"a {type(value).__name__}", place)


def _is_whole(value: Decimal) -> bool:
    return value.is_finite() and value.adjusted() < _MOST_DIGITS and value == math.floor(value)


def _unknown(what: str, place: Place) -> MeasurementError:
    problem = Problem(
        what=f"the engine gives {what}, which the query does not ask for",
        mend="let its own client run the query: reviewbot usage --print-sql, and --format summed",
        place=place,
    )
    return MeasurementError([problem])
