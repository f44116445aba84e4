"""From calls in the engine to the aggregate, day by day, in integers only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.errors import MeasurementError, Problem
from reviewbot.usage.aggregate import (
    BIN_TOKENS,
    LeftOut,
    Row,
    Sizes,
    Stream,
    Sums,
    Usage,
    add,
    stream_order,
)
from reviewbot.usage.computed_spend import KnownModel, computed_units
from reviewbot.usage.days import DayEdges, gap_notes, whole_days
from reviewbot.usage.engine import Engine
from reviewbot.usage.failed_rows import none_succeeded, nothing_counts
from reviewbot.usage.loading import Source
from reviewbot.usage.streams import Names, make_streams, unmapped, unnamed

_SUMS = {
    "calls": "calls",
    "input": "input",
    "cached": "cached",
    "written": "written",
    "output": "output",
    "reasoning": "reasoning",
    "reported_units": "units",
}
"""The summed columns, by the name of their sum."""


class Period(Struct, frozen=True, kw_only=True):
    """The days asked for, both counted; None where the log decides."""

    since: date | None = None
    until: date | None = None


def collect(
    engine: Engine,
    sources: Sequence[Source],
    names: Names,
    catalogue: PriceLookup,
    period: Period,
) -> Usage:
    """The aggregate of the calls that were loaded from the sources.

    Raises:
        MeasurementError: No call of the period is left, or there are too many models.

    """
    since, until, notes = _days(engine, period, sources)
    days_within = f"day BETWEEN DATE '{since}' AND DATE '{until}'"
    within = f"kind = 'call' AND {days_within}"
    collector = _Collector(make_streams(engine, names, catalogue))
    duplicates = _find_repeated(engine, within)
    collector.take(engine.run(_sums_query(days_within, has_repeated=duplicates > 0)))
    if collector.is_empty:
        raise _nothing_left(engine)
    kinds = {
        kind: (inside or 0, rows - (inside or 0))
        for kind, inside, rows in engine.run(
            f"SELECT kind, sum(row_count) FILTER (WHERE {days_within}), sum(row_count)"
            " FROM labelled GROUP BY kind"
        )
    }
    summed_twice, twice_outside = kinds.get("duplicate", (0, 0))
    return Usage(
        since=since,
        until=until,
        rows=collector.rows(),
        sizes=collector.sizes(),
        left_out=LeftOut(
            failed=sum(kinds.get("failed", (0,))),
            own_cache=sum(kinds.get("own cache", (0,))),
            duplicates=duplicates + summed_twice,
            outside=kinds["call"][1] + twice_outside,
        ),
        unnamed=unnamed(engine, names, within),
        unmapped=unmapped(engine, names, within, sources),
        notes=(
            *notes,
            *(f"{it.place}: {it.what}; {it.mend}" for it in none_succeeded(engine, sources)),
        ),
    )


def _find_repeated(engine: Engine, within: str) -> int:
    """Make the table `repeated` of the ids that stand there more than once; how many rows too many.

    Few ids are, so that only their rows have to be compared with each other.
    """
    engine.run(
        "CREATE TABLE repeated AS SELECT key, count(*) AS times FROM labelled"
        f" WHERE {within} AND key IS NOT NULL GROUP BY key HAVING count(*) > 1"
    )
    ((duplicates,),) = engine.run("SELECT coalesce(sum(times - 1), 0) FROM repeated")
    return int(duplicates)


def _sums_query(days_within: str, *, has_repeated: bool) -> str:
    """Sums by stream, day and band, and, without a day, numbers of calls by stream and size."""
    calls = (
        "SELECT * FROM (SELECT *, CAST(time AS DATE) AS day FROM calls) JOIN streams"
        f" USING (label_set) WHERE {days_within}"
    )
    if has_repeated:
        calls = (
            f"SELECT * FROM ({calls}) ANTI JOIN repeated USING (key) UNION ALL"
            f" SELECT * FROM ({calls}) SEMI JOIN repeated USING (key)"
            f" QUALIFY row_number() OVER (PARTITION BY key ORDER BY {_MOST_WHOLE}) = 1"
        )
    sums = ", ".join(
        f"CASE WHEN count({column}) = count(*) THEN sum({column}) END" for column in _SUMS.values()
    )
    return f"""
        SELECT stream, day, band, size, sum(row_count), [{sums}]
        FROM (SELECT * REPLACE ({_BAND} AS band, {_SIZE} AS size) FROM ({calls}))
        GROUP BY GROUPING SETS ((stream, day, band), (stream, size))"""


class _Collector:
    """Sums by stream, as the rows of the query come."""

    def __init__(self, streams: Mapping[int, tuple[Stream, KnownModel]]) -> None:
        self._streams = streams
        self._sums: dict[tuple[Stream, date, int | None], list[Sums]] = defaultdict(list)
        self._bins: dict[Stream, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    @property
    def is_empty(self) -> bool:
        """Whether no call was there."""
        return not self._sums

    def take(self, found: Iterable[tuple[Any, ...]]) -> None:
        """Add the rows of `_sums_query`."""
        for number, day, band, size, count, known in found:
            stream, model = self._streams[number]
            if day is not None:
                sums = Sums(**dict(zip(_SUMS, known, strict=True)), computed_units=None)
                computed = computed_units(model, band, sums)
                self._sums[stream, day, band].append(replace(sums, computed_units=computed))
            elif size is not None:
                self._bins[stream][size] += count

    def rows(self) -> tuple[Row, ...]:
        """The rows, in one order whatever the engine's."""
        return tuple(
            Row(stream=stream, day=day, band=band, sums=add(parts))
            for (stream, day, band), parts in sorted(self._sums.items(), key=_order)
        )

    def sizes(self) -> tuple[Sizes, ...]:
        """The sizes, in one order."""
        return tuple(
            Sizes(stream=stream, calls=dict(sorted(bins.items())))
            for stream, bins in sorted(self._bins.items(), key=lambda item: stream_order(item[0]))
        )


_MOST_WHOLE = """output DESC NULLS LAST, input DESC NULLS LAST, units DESC NULLS LAST,
    workflow, tenant, environment, model"""
"""Of rows with one id the one with the most output is the whole one."""

_SIZE = f"coalesce(size, CASE WHEN NOT is_daily THEN context // {BIN_TOKENS} END)"
_BAND = """CASE WHEN len(starts) = 0 THEN 0
    WHEN band IS NOT NULL
    THEN coalesce(list_max(list_filter(starts, lambda start: start <= band)), 0)
    WHEN context IS NULL THEN NULL
    ELSE coalesce(list_max(list_filter(starts, lambda start: start < context)), 0) END"""


def _order(item: tuple[tuple[Stream, date, int | None], list[Sums]]) -> tuple[object, ...]:
    stream, day, band = item[0]
    return (stream_order(stream), day, -1 if band is None else band)


def _days(
    engine: Engine, period: Period, sources: Sequence[Source]
) -> tuple[date, date, tuple[str, ...]]:
    found = engine.run(
        "SELECT day, is_daily, min(epoch(time - day)), max(epoch(time - day)) FROM labelled"
        " WHERE kind = 'call' GROUP BY day, is_daily ORDER BY day"
    )
    edges = [
        DayEdges(day=day, first_seconds=first, last_seconds=last)
        for day, is_daily, first, last in found
        if not is_daily
    ]
    daily = [day for day, is_daily, *_ in found if is_daily]
    notes: tuple[str, ...] = ()
    since, until = (daily[0], daily[-1]) if daily else (None, None)
    if edges:
        first, last, notes = whole_days(edges)
        since = first if since is None else min(since, first)
        until = last if until is None else max(until, last)
    if since is None or until is None:
        raise nothing_counts(engine, sources)
    since, until = period.since or since, period.until or until
    return since, until, (*notes, *gap_notes((day for day, *_ in found), since, until))


def _nothing_left(engine: Engine) -> MeasurementError:
    """That no call lies within the period."""
    ((first, last),) = engine.run("SELECT min(day), max(day) FROM labelled WHERE kind = 'call'")
    what = f"no call is of the days asked for: the log has calls from {first} to {last}"
    mend = "name other days with --since and --until, or further files"
    return MeasurementError([Problem(what=what, mend=mend)])
