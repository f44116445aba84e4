"""Rows of a log that are sums of calls, and are counted as one call each: nobody said how many."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.usage.aggregate import MOST_INPUT_TOKENS
from reviewbot.usage.engine import Engine
from reviewbot.usage.loading import Source
from reviewbot.usage.named_columns import named_fields
from reviewbot.usage.tables import DELIMITERS, ColumnTable, JsonTable, Table, columns_of, rows_of

_CALLS = (
    *("calls", "requests", "invocations"),
    *("num_calls", "num_requests", "n_calls", "n_requests", "total_calls", "total_requests"),
    *("call_count", "calls_count", "request_count", "requests_count", "invocation_count"),
    *("numCalls", "numRequests", "totalCalls", "totalRequests", "callCount", "requestCount"),
)
"""What logs call the number of calls that a row stands for."""


def summed_rows(engine: Engine, sources: Sequence[Source]) -> Iterator[Problem]:
    """A problem for each mapped source without `calls` whose rows seem to be sums of calls.

    Either a column says how many calls, or the rows have more input than any model takes.
    """
    for source in sources:
        columns = source.settings.columns
        if columns is None or columns.calls is not None:
            continue
        name = _column_of_calls(engine, source)
        mean = _mean_input_tokens(engine, source)
        is_too_much = mean > MOST_INPUT_TOKENS
        if name is None and not is_too_much:
            continue
        what = "each row counts as one call"
        if name is not None:
            what += f", and has a column `{name}` of how many it stands for"
        if is_too_much:
            what += f"; with {mean:,} input tokens in the mean, more than any model takes"
        mend = f"add `calls: {name or 'COLUMN'}` to `columns`" + (
            "" if name else ", the column of how many calls a row stands for"
        )
        place = source.settings.place
        if place.key:
            place = replace(place, key=f"{place.key}.columns")
        yield Problem(what=what, mend=mend, place=place)


def _column_of_calls(engine: Engine, source: Source) -> str | None:
    """The unmapped column whose values are whole numbers, some above 1, and are called calls."""
    mapped = {name.lower() for name in named_fields(source.settings)}
    by_kind: dict[str, list[str]] = defaultdict(list)
    for file in source.files:
        by_kind[file.kind].append(file.path)
    for kind, paths in by_kind.items():
        table: Table = JsonTable()
        known = list(_CALLS)
        if kind in DELIMITERS or kind == ".parquet":
            described = {name: of for name, of, *_ in engine.run(columns_of(kind), [paths])}
            table = ColumnTable(rows_of(kind), described)
            called = {name.lower() for name in _CALLS}
            known = [name for name in described if name.lower() in called]
        for name in known:
            if name.lower() not in mapped and _are_numbers_of_calls(engine, table, name, paths):
                return name
    return None


def _are_numbers_of_calls(engine: Engine, table: Table, name: str, paths: Sequence[str]) -> bool:
    value = table.number(name)
    query = (
        "SELECT coalesce(bool_and(NOT isnan(v) AND v >= 0 AND v = floor(v)) AND max(v) > 1, false)"
        f" FROM (SELECT {value} AS v FROM {table.scan()})"
    )
    ((are_whole,),) = engine.run(query, [list(paths)])
    return bool(are_whole)


def _mean_input_tokens(engine: Engine, source: Source) -> int:
    query = (
        "SELECT coalesce(round(avg(input)), 0) FROM labelled"
        " WHERE kind = 'call' AND list_contains($1, filename)"
    )
    ((mean,),) = engine.run(query, [[file.path for file in source.files]])
    return int(mean)
