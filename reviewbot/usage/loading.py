"""From files to canonical calls in the engine: every row checked, none taken that is not whole."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from reviewbot.configuration.usage_settings import LogFormat, LogSource
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.usage.engine import Engine
from reviewbot.usage.readers import COLUMNS, Reader, Rows, by_name
from reviewbot.usage.sources import LogFile
from reviewbot.usage.sql_text import literal
from reviewbot.usage.tables import CSV, PARQUET, ColumnTable, Table

_MOST_TOKENS = "1e12"
_MOST_USD = "1e9"
_EARLIEST, _LATEST = "2015-01-01", "2100-01-01"
_COUNTS = ("calls", "input", "cached", "written", "output", "reasoning")
_DELIMITERS = {".csv": ",", ".tsv": "\t"}

CREATE_CALLS = """
CREATE TABLE calls (
    key UBIGINT, time TIMESTAMP, day DATE, workflow VARCHAR, tenant VARCHAR, environment VARCHAR,
    provider VARCHAR, model VARCHAR, service_tier VARCHAR, calls BIGINT, input BIGINT,
    cached BIGINT, written BIGINT, output BIGINT, reasoning BIGINT, context BIGINT, units BIGINT,
    kind VARCHAR, is_daily BOOLEAN, fault VARCHAR, filename VARCHAR
)
"""

_SERVICE_TIERS = """
CASE lower(coalesce(service_tier, 'standard'))
    WHEN 'standard' THEN 'standard' WHEN 'default' THEN 'standard' WHEN 'auto' THEN 'standard'
    WHEN 'optimized' THEN 'standard' WHEN 'flex' THEN 'flex' WHEN 'batch' THEN 'batch'
    WHEN 'priority' THEN 'priority' WHEN 'fast' THEN 'fast' ELSE 'unknown' END
"""


class Source(Struct, frozen=True, kw_only=True):
    """Files of one kind, and how the configuration maps them."""

    settings: LogSource
    files: tuple[LogFile, ...]


def load(engine: Engine, sources: Sequence[Source]) -> None:
    """Put the calls of all sources into the engine's table `calls`.

    Raises:
        MeasurementError: A file is empty or of another format, or a row lacks what every call has.

    """
    engine.run(CREATE_CALLS)
    problems: list[Problem] = []
    for source in sources:
        reader = by_name(source.settings.format)
        by_kind: dict[str, list[LogFile]] = defaultdict(list)
        for file in source.files:
            by_kind[file.kind].append(file)
        for kind, files in by_kind.items():
            try:
                problems += _load(engine, source.settings, reader, kind, files)
            except MeasurementError as error:
                problems += error.problems
    if problems:
        raise MeasurementError(problems)


def _load(
    engine: Engine, settings: LogSource, reader: Reader, kind: str, files: Sequence[LogFile]
) -> list[Problem]:
    table = _table(engine, settings, reader, kind, files)
    rows = reader.rows(table, settings)
    paths = [file.path for file in files]
    engine.run(f"INSERT INTO calls {_canonical(rows, reader, settings)}", [paths])
    found = engine.run(
        "SELECT filename, count(*) FROM calls WHERE list_contains(?, filename) GROUP BY 1", [paths]
    )
    rows_by_path = dict(found)
    faults = engine.run(
        "SELECT filename, fault, count(*) FROM calls WHERE fault IS NOT NULL"
        " AND list_contains(?, filename) GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
        [paths],
    )
    return [
        *(
            Problem(
                what=f"{count:,} of {rows_by_path[path]:,} rows {_why(fault, reader)}",
                mend="export the log again, or name its format (--format, `columns`)",
                place=Place(file=engine.name(path)),
            )
            for path, fault, count in faults
        ),
        *(_empty(file, settings.format) for file in files if file.path not in rows_by_path),
    ]


def _table(
    engine: Engine, settings: LogSource, reader: Reader, kind: str, files: Sequence[LogFile]
) -> Table:
    if kind in _DELIMITERS or kind == ".parquet":
        function = PARQUET if kind == ".parquet" else CSV.format(literal(_DELIMITERS[kind]))
        described = engine.run(f"DESCRIBE SELECT * FROM {function}", [[f.path for f in files]])
        return ColumnTable(function, [row[0] for row in described])
    table = reader.table()
    if table is None:
        what = f"the format {settings.format} comes as CSV, and the name does not end in .csv"
        place = Place(file=files[0].name)
        raise MeasurementError(
            [Problem(what=what, mend="rename the file, or name another --format", place=place)]
        )
    return table


def _canonical(rows: Rows, reader: Reader, settings: LogSource) -> str:
    """The query of checked rows, in the order of CREATE_CALLS."""
    columns = {"calls": "1", "context": rows.columns.get("input", "NULL")} | dict(rows.columns)
    if reader.IS_DAILY:
        columns["calls"] = rows.columns.get("calls", "NULL")
        columns["context"] = rows.columns.get("context", "NULL")
    raw = ", ".join(
        f"CAST({columns.get(name, 'NULL')} AS {kind}) AS {name}" for name, kind in COLUMNS.items()
    )
    counts = ", ".join(f"CAST({name} AS BIGINT) AS {name}" for name in _COUNTS)
    key = f"CASE WHEN key IS NOT NULL THEN hash({literal(settings.format)}, key) END"
    return f"""
        SELECT {key} AS key, time, CAST(time AS DATE) AS day, workflow, tenant, environment,
            provider, model, {_SERVICE_TIERS} AS service_tier, {counts},
            CAST(context AS BIGINT) AS context,
            CAST(floor(usd * 1e10 + 0.5) AS BIGINT) AS units,
            kind, {"true" if reader.IS_DAILY else "false"} AS is_daily, fault, filename
        FROM (
            SELECT * REPLACE ({_where_sound()})
            FROM (
                SELECT *, {_fault(reader)} AS fault FROM (SELECT {raw}, filename FROM {rows.source})
            )
        )"""


def _where_sound() -> str:
    """Figures of faulty and failed calls are set aside: they cannot end the others' conversion."""
    is_sound = "fault IS NULL AND kind <> 'failed'"
    names = (*_COUNTS, "context", "usd")
    return ", ".join(f"CASE WHEN {is_sound} THEN {name} END AS {name}" for name in names)


def _fault(reader: Reader) -> str:
    """What is wrong with a row, as SQL: null where nothing is. Failed calls need no figures."""
    cases = [f"WHEN {name} IS NULL THEN '{'no ' + name}'" for name in reader.REQUIRED]
    sound = " AND ".join(
        f"({name} IS NULL OR ({name} >= 0 AND {name} < {_MOST_TOKENS} AND {name} = floor({name})))"
        for name in _COUNTS
    )
    cases += [
        f"WHEN NOT (time >= TIMESTAMP '{_EARLIEST}' AND time < TIMESTAMP '{_LATEST}') THEN 'time'",
        f"WHEN NOT ({sound}) THEN 'counts'",
        "WHEN coalesce(cached, 0) + coalesce(written, 0) > input THEN 'cached'",
        "WHEN reasoning > output THEN 'reasoning'",
        f"WHEN NOT (usd IS NULL OR (usd >= 0 AND usd < {_MOST_USD})) THEN 'usd'",
        "WHEN key = '' OR model = '' THEN 'blank'",
    ]
    return f"CASE WHEN kind = 'failed' AND time IS NOT NULL THEN NULL {' '.join(cases)} END"


def _why(fault: str, reader: Reader) -> str:
    if fault.startswith("no "):
        return f"have no `{reader.FIELDS.get(fault[3:], fault[3:])}`"
    return {
        "time": "have a time before 2015 or after 2099",
        "counts": "have a count that is negative, not whole, or no number",
        "cached": "have more cached and written than input tokens: "
        "say in `input_includes_cached` how the log counts",
        "reasoning": "have more reasoning than output tokens",
        "usd": "have a cost that is negative or no number",
        "blank": "have an empty id or model",
    }[fault]


def _empty(file: LogFile, log_format: LogFormat) -> Problem:
    mend = f"it should be {_article(log_format)} log; name its own format with --format"
    return Problem(what="there is no call in it", mend=mend, place=Place(file=file.name))


def _article(name: LogFormat) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
