"""One query for an engine that holds a log as a table; its small result is a log like any other.

Integers only, and bins in place of quantiles: engines round casts and quantiles differently, sums
of integers they give alike. sqlglot writes the query in the engine's own dialect.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.errors import Problem, UsageError
from reviewbot.usage.aggregate import BIN_TOKENS
from reviewbot.usage.checked_rows import COUNTS, IS_SOUND, SERVICE_TIER, UNITS, fault
from reviewbot.usage.collecting import Period
from reviewbot.usage.installing import install, require
from reviewbot.usage.readers import COLUMNS, summed
from reviewbot.usage.readers import columns as by_columns
from reviewbot.usage.sql_text import identifier

DIALECTS = ("bigquery", "clickhouse", "databricks", "duckdb", "snowflake", "spark", "trino")
"""The engines that the query is written for."""

_TEXTS = ("key", "workflow", "tenant", "environment", "provider", "model", "service_tier", "kind")
_SUMMED = (*COUNTS, "units")
_EVER = Period()
_CLICKHOUSE_TIME = "Nullable(DateTime64(6))"
"""Its DateTime, which sqlglot writes, makes 2063 of 2200."""
_NAN = "CAST('NaN' AS DOUBLE)"
_GROUPS = summed.COLUMNS[: summed.COLUMNS.index("row_count")]


_MISSING = "queries are written with sqlglot, which is not installed"


def warehouse_query(
    source: LogSource, table: str, starts: Sequence[int], period: Period = _EVER
) -> str:
    """The query over `table`, as DuckDB writes it; `starts` are where price bands begin, in tokens.

    `table` is a name whose parts are parted by dots. Rows of one id on one day count once; the
    others come back as duplicates. Each row of the result says how many there are, so that a result
    that a client has cut short is known.

    Raises:
        UsageError: The source maps with a pattern or into a document, which engines do not share.

    """
    _refuse_unshared(source)
    columns = {"calls": "1"} | dict(by_columns.rows(_Warehouse(table), source).columns)
    columns["context"] = columns.get("context", columns["input"])
    return f"""
        WITH raw AS (
            SELECT {_raw(columns)} FROM {quoted_table(table)}{_within(columns["time"], period)}
        ), checked AS (
            SELECT *, {fault(by_columns.REQUIRED)} AS fault FROM raw
        ), whole AS (
            SELECT key, CAST(time AS DATE) AS day, workflow, tenant, environment, provider, model,
                {SERVICE_TIER} AS service_tier, kind, fault, {_sound()}
            FROM checked
        ), numbered AS (
            SELECT *, CASE WHEN kind <> 'call' THEN 1 ELSE ROW_NUMBER() OVER (
                PARTITION BY key, kind, day
                ORDER BY output DESC NULLS LAST, input DESC NULLS LAST, units DESC NULLS LAST,
                    workflow NULLS LAST, tenant NULLS LAST, environment NULLS LAST,
                    model NULLS LAST
            ) END AS position FROM whole
        ), once AS (
            SELECT day, workflow, tenant, environment, provider, model, service_tier,
                CASE WHEN position > 1 AND key IS NOT NULL THEN 'duplicate' ELSE kind END AS kind,
                fault, {_band(starts)} AS band,
                CAST(floor(context / {BIN_TOKENS}) AS BIGINT) AS size, {", ".join(_SUMMED)}
            FROM numbered
        ), summed AS (
            SELECT {", ".join(_GROUPS)}, count(*) AS row_count, {_sums()}
            FROM once GROUP BY {", ".join(_GROUPS)}
        )
        SELECT {", ".join(summed.COLUMNS[:-1])}, count(*) OVER () AS result_rows
        FROM summed
        ORDER BY {", ".join(f"{name} NULLS LAST" for name in _GROUPS)}"""


def require_dialects() -> None:
    """Refuse to go on where sqlglot is missing, before anything else is asked for.

    Raises:
        UsageError: It is not installed.

    """
    require("sqlglot", _MISSING)


def in_dialect(query: str, dialect: str) -> str:
    """The query as an engine understands it, one of DIALECTS.

    Raises:
        UsageError: sqlglot is not installed.

    """
    try:
        import sqlglot
    except ImportError as error:
        raise UsageError([Problem(what=_MISSING, mend=install())]) from error
    tree = sqlglot.parse_one(query, read="duckdb")
    if dialect == "clickhouse":
        for kind in list(tree.find_all(sqlglot.exp.DataType)):
            if kind.this == sqlglot.exp.DataType.Type.TIMESTAMPNTZ:
                kind.replace(sqlglot.exp.DataType.build(_CLICKHOUSE_TIME, dialect=dialect))
    return tree.sql(dialect=dialect, pretty=True) + ";\n"


class _Warehouse:
    """Columns of an engine's table. What a file needs to tell of its text, a table's types say."""

    def __init__(self, table: str) -> None:
        self._table = table

    def text(self, path: str) -> str:
        """A column as text; null where it is empty."""
        return f"nullif(CAST({identifier(path)} AS VARCHAR), '')"

    def texts(self, path: str) -> str:
        """A list of texts, which engines keep in ways of their own."""
        raise _unshared(f"the list {path}")

    def numbers(self, path: str) -> str:
        """Numbers by name, likewise."""
        raise _unshared(f"the numbers {path}")

    def number(self, path: str) -> str:
        """A column as a number; NaN, which is a fault, where an engine makes null or 1 of it.

        ClickHouse casts what is no number to null, and all engines cast true to 1.
        """
        name = identifier(path)
        text = f"lower(CAST({name} AS VARCHAR))"
        return (
            f"CASE WHEN {name} IS NULL OR {text} = '' THEN NULL"
            f" WHEN {text} IN ('true', 'false') THEN {_NAN}"
            f" ELSE coalesce(CAST({name} AS DOUBLE), {_NAN}) END"
        )

    def time(self, path: str) -> str:
        """A column as a timestamp."""
        return f"CAST({identifier(path)} AS TIMESTAMP)"

    def scan(self) -> str:
        """The table."""
        return quoted_table(self._table)


def _refuse_unshared(source: LogSource) -> None:
    if source.columns is None:
        what = "a query needs a source of the format `columns`, which names the table's columns"
        raise UsageError(
            [Problem(what=what, mend="add it to usage.sources, as docs/usage.md shows")]
        )
    for origin in (source.workflow, source.tenant, source.environment):
        if origin is not None and (origin.pattern or origin.tag):
            raise _unshared("`pattern` and `tag`")


def _unshared(what: str) -> UsageError:
    problem = Problem(
        what=f"{what} cannot be written for every engine",
        mend="map it in a view of the engine, and name the view's columns",
    )
    return UsageError([problem])


def quoted_table(table: str) -> str:
    """A table's name, whose parts are parted by dots."""
    return ".".join(map(identifier, table.split(".")))


def _within(time: str, period: Period) -> str:
    """The condition that rows lie in the period."""
    bounds = []
    if period.since is not None:
        bounds.append(f"{time} >= TIMESTAMP '{period.since} 00:00:00'")
    if period.until is not None:
        bounds.append(f"{time} < TIMESTAMP '{period.until + timedelta(days=1)} 00:00:00'")
    return f" WHERE {' AND '.join(bounds)}" if bounds else ""


def _raw(columns: Mapping[str, str]) -> str:
    typed = COLUMNS | {"given_fault": "VARCHAR"}
    names = (*_TEXTS, "time", *COUNTS, "context", "usd", "given_fault")
    return ", ".join(
        f"CAST({columns.get(name, 'NULL')} AS {typed[name]}) AS {name}" for name in names
    )


def _sound() -> str:
    """The figures of sound rows as integers; those of others are set aside."""
    counts = [
        f"CASE WHEN {IS_SOUND} THEN CAST({name} AS BIGINT) END AS {name}"
        for name in (*COUNTS, "context")
    ]
    return ", ".join((*counts, f"CASE WHEN {IS_SOUND} THEN CAST({UNITS} AS BIGINT) END AS units"))


def _sums() -> str:
    return ", ".join(
        f"CASE WHEN count({name}) = count(*) THEN sum({name}) END AS {name}" for name in _SUMMED
    )


def _band(starts: Sequence[int]) -> str:
    """The start of the price band of a call, over the starts of all models."""
    cases = " ".join(f"WHEN context > {start} THEN {start}" for start in sorted(starts)[::-1])
    return f"CASE WHEN context IS NULL THEN NULL {cases} ELSE 0 END"
