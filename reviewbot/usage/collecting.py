"""From calls in the engine to the aggregate, day by day, in integers only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration import settings as configured
from reviewbot.configuration.settings import BudgetMatch, Configuration
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.errors import MeasurementError, Problem
from reviewbot.usage.aggregate import (
    BIN_TOKENS,
    OTHER,
    LeftOut,
    Row,
    Sizes,
    Stream,
    Sums,
    Usage,
    add,
    stream_order,
)
from reviewbot.usage.computed_spend import KnownModel, computed_units, identify
from reviewbot.usage.days import DayEdges, whole_days
from reviewbot.usage.engine import Engine
from reviewbot.usage.sql_text import literal

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

_MOST_MODELS = 10_000


class Period(Struct, frozen=True, kw_only=True):
    """The days asked for, both counted; None where the log decides."""

    since: date | None = None
    until: date | None = None


class Names(Struct, frozen=True, kw_only=True):
    """The names that the configuration has; no other leaves the log."""

    workflow: frozenset[str]
    tenant: frozenset[str]
    environment: frozenset[str]


def names_of(configuration: Configuration) -> Names:
    """The names of workflows, and those in traffic and budgets."""
    streams = [item for workflow in configuration.workflows.values() for item in workflow.traffic]
    slices = [budget.match for budget in configuration.budgets]
    labelled: list[configured.Stream | BudgetMatch] = [*streams, *slices]
    return Names(
        workflow=frozenset(configuration.workflows),
        tenant=frozenset(item.tenant for item in labelled if item.tenant),
        environment=frozenset(item.environment for item in labelled if item.environment),
    )


def collect(engine: Engine, names: Names, catalogue: PriceLookup, period: Period) -> Usage:
    """The aggregate of the calls that were loaded.

    Raises:
        MeasurementError: No call of the period is left, or there are too many models.

    """
    since, until, notes = _days(engine, period)
    days_within = f"day BETWEEN DATE '{since}' AND DATE '{until}'"
    within = f"kind = 'call' AND {days_within}"
    duplicates = _find_repeated(engine, within)
    collector = _Collector(_models(engine, catalogue))
    collector.take(engine.run(_sums_query(names, within, has_repeated=duplicates > 0)))
    if collector.is_empty:
        raise _nothing_left()
    kinds = {
        kind: (inside or 0, rows - (inside or 0))
        for kind, inside, rows in engine.run(
            f"SELECT kind, sum(row_count) FILTER (WHERE {days_within}), sum(row_count) FROM calls"
            " GROUP BY kind"
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
        unnamed={
            kind: engine.run(
                f"SELECT count(DISTINCT {kind}) FROM calls"
                f" WHERE {within} AND NOT {_is_named(kind, names)}"
            )[0][0]
            for kind in Names.__struct_fields__
        },
        notes=notes,
    )


def _find_repeated(engine: Engine, within: str) -> int:
    """Make the table `repeated` of the ids that stand there more than once; how many rows too many.

    Few ids are, so that only their rows have to be compared with each other.
    """
    engine.run(
        "CREATE TABLE repeated AS SELECT key, count(*) AS times FROM calls"
        f" WHERE {within} AND key IS NOT NULL GROUP BY key HAVING count(*) > 1"
    )
    ((duplicates,),) = engine.run("SELECT coalesce(sum(times - 1), 0) FROM repeated")
    return int(duplicates)


def _sums_query(names: Names, within: str, *, has_repeated: bool) -> str:
    """Sums by stream, day and band, and, without a day, numbers of calls by stream and size."""
    calls = f"SELECT * FROM calls WHERE {within}"
    if has_repeated:
        calls = (
            f"SELECT * FROM ({calls}) ANTI JOIN repeated USING (key) UNION ALL"
            f" SELECT * FROM ({calls}) SEMI JOIN repeated USING (key)"
            f" QUALIFY row_number() OVER (PARTITION BY key ORDER BY {_MOST_WHOLE}) = 1"
        )
    figures = {name: f"calls.{column}" for name, column in _SUMS.items()}
    labels = {
        "workflow": f"CASE WHEN {_is_named('workflow', names)} THEN workflow END",
        **{
            kind: f"CASE WHEN {kind} IS NULL OR {_is_named(kind, names)} THEN {kind}"
            f" ELSE {literal(OTHER)} END"
            for kind in ("tenant", "environment")
        },
        "number": "models.number",
        "service_tier": "calls.service_tier",
    }
    columns = {**labels, "day": "day", "band": _BAND, "size": _SIZE, "row_count": "row_count"}
    selected = ", ".join(f"{sql} AS {name}" for name, sql in (columns | figures).items())
    sums = ", ".join(f"CASE WHEN count({name}) = count(*) THEN sum({name}) END" for name in figures)
    streams = ", ".join(labels)
    return f"""
        SELECT {streams}, day, band, size, sum(row_count), [{sums}]
        FROM (SELECT {selected} FROM ({calls}) AS calls {_JOIN})
        GROUP BY GROUPING SETS (({streams}, day, band), ({streams}, size))"""


class _Collector:
    """Sums by stream, as the rows of the query come."""

    def __init__(self, models: Sequence[KnownModel]) -> None:
        self._models = models
        self._sums: dict[tuple[Stream, date, int | None], list[Sums]] = defaultdict(list)
        self._bins: dict[Stream, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    @property
    def is_empty(self) -> bool:
        """Whether no call was there."""
        return not self._sums

    def take(self, found: Iterable[tuple[Any, ...]]) -> None:
        """Add the rows of `_sums_query`."""
        for *labels, day, band, size, count, known in found:
            stream, model = self._stream(labels)
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

    def _stream(self, labels: Sequence[Any]) -> tuple[Stream, KnownModel]:
        workflow, tenant, environment, number, service_tier = labels
        model = self._models[number]
        stream = Stream(
            workflow=workflow,
            tenant=tenant,
            environment=environment,
            model=model.name,
            service_tier=service_tier,
        )
        return stream, model


_MOST_WHOLE = """output DESC NULLS LAST, input DESC NULLS LAST, units DESC NULLS LAST,
    workflow, tenant, environment, model"""
"""Of rows with one id the one with the most output is the whole one."""

_JOIN = """JOIN models ON calls.provider IS NOT DISTINCT FROM models.provider
    AND calls.model IS NOT DISTINCT FROM models.model
    AND calls.service_tier = models.service_tier"""
_SIZE = f"coalesce(size, CASE WHEN NOT is_daily THEN context // {BIN_TOKENS} END)"
_BAND = """CASE WHEN len(models.starts) = 0 THEN 0
    WHEN band IS NOT NULL
    THEN coalesce(list_max(list_filter(models.starts, lambda start: start <= band)), 0)
    WHEN context IS NULL THEN NULL
    ELSE coalesce(list_max(list_filter(models.starts, lambda start: start < context)), 0) END"""


def _order(item: tuple[tuple[Stream, date, int | None], list[Sums]]) -> tuple[object, ...]:
    stream, day, band = item[0]
    return (stream_order(stream), day, -1 if band is None else band)


def _days(engine: Engine, period: Period) -> tuple[date, date, tuple[str, ...]]:
    edges = [
        DayEdges(day=day, first_seconds=first, last_seconds=last)
        for day, first, last in engine.run(
            "SELECT day, min(epoch(time - day)), max(epoch(time - day)) FROM calls"
            " WHERE kind = 'call' AND NOT is_daily GROUP BY day ORDER BY day"
        )
    ]
    daily = engine.run("SELECT min(day), max(day) FROM calls WHERE kind = 'call' AND is_daily")[0]
    notes: tuple[str, ...] = ()
    since, until = daily
    if edges:
        first, last, notes = whole_days(edges)
        since = first if since is None else min(since, first)
        until = last if until is None else max(until, last)
    if since is None or until is None:
        raise _nothing_left()
    return period.since or since, period.until or until, notes


def _models(engine: Engine, catalogue: PriceLookup) -> list[KnownModel]:
    """What is known of the models, by the number that they get in the table `models`."""
    found = engine.run(
        "SELECT DISTINCT provider, model, service_tier FROM calls WHERE kind = 'call' ORDER BY ALL"
        f" LIMIT {_MOST_MODELS + 1}"
    )
    if len(found) > _MOST_MODELS:
        what = f"the log has more than {_MOST_MODELS:,} models"
        raise MeasurementError([Problem(what=what, mend="check which field is mapped to `model`")])
    engine.run(
        "CREATE TABLE models (provider VARCHAR, model VARCHAR, service_tier VARCHAR,"
        " number INTEGER, starts BIGINT[])"
    )
    known = []
    for number, (provider, model, service_tier) in enumerate(found):
        known.append(identify(catalogue, provider, model, service_tier))
        engine.run(
            "INSERT INTO models VALUES (?, ?, ?, ?, ?)",
            [provider, model, service_tier, number, list(known[-1].starts)],
        )
    return known


def _is_named(kind: str, names: Names) -> str:
    known = ", ".join(map(literal, sorted(getattr(names, kind))))
    return f"coalesce({kind} IN ({known}), false)" if known else "false"


def _nothing_left() -> MeasurementError:
    what = "no call of the period is left"
    mend = "name another period with --since and --until, or further files"
    return MeasurementError([Problem(what=what, mend=mend)])
