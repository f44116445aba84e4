"""From files to canonical calls in the engine: every row checked, none taken that is not whole."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from reviewbot.configuration.usage_settings import LogFormat, LogSource
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.usage import checked_rows, stored_calls
from reviewbot.usage.chosen_table import table_of
from reviewbot.usage.engine import Engine, MistypedError
from reviewbot.usage.misread_logs import explained
from reviewbot.usage.quoted_fields import quoted_fields
from reviewbot.usage.readers import COLUMNS, Reader, by_name
from reviewbot.usage.repeated_columns import repeated_columns
from reviewbot.usage.row_lines import line_of_row
from reviewbot.usage.sources import LogFile
from reviewbot.usage.sql_text import literal
from reviewbot.usage.tables import ColumnTable, JsonPages, JsonTable
from reviewbot.usage.zstd_frames import is_cut_short

_MEND = {
    "no": "export the log with it, name the log's own format with --log-type, or name what the"
    " field is called now: the format `columns`",
    "cached": "say how the log counts: `input_includes_cached`, in a source of the format"
    " `columns`",
}
_MEND_VALUES = "look at that row: mend what writes it, and export the log again"
_MEND_TIME = (
    "name the field that has it: `columns: {time: FIELD}` of a source of the format `columns` in "
    "`usage.sources`; times are written as 2026-10-01 or 2026-10-01T12:00:00Z, in UTC"
)


_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".numbers")


class Source(Struct, frozen=True, kw_only=True):
    """Files of one kind, and how the configuration maps them."""

    settings: LogSource
    files: tuple[LogFile, ...]


def load(engine: Engine, sources: Sequence[Source]) -> tuple[str, ...]:
    """Put the calls of all sources into the engine, as the view `labelled`; what is to be noted.

    Raises:
        MeasurementError: A file is empty or of another format, or a row lacks what every call has.

    """
    stored_calls.create(engine)
    problems: list[Problem] = []
    for source in sources:
        reader = by_name(source.settings.format)
        by_kind: dict[str, list[LogFile]] = defaultdict(list)
        for file in source.files:
            if broken := _broken(file):
                problems.append(broken)
                continue
            by_kind[file.kind].append(file)
        for files in by_kind.values():
            try:
                found = _load(engine, source.settings, reader, files)
            except MeasurementError as error:
                found = [*error.problems]
            problems += explained(found, files, source.settings) if found else []
    if problems:
        raise MeasurementError(problems)
    return _without_status(engine, sources)


def _broken(file: LogFile) -> Problem | None:
    """What is wrong with a file that the engine would read as one with fewer calls."""
    place = Place(file=file.name)
    if file.kind in _SPREADSHEETS:
        mend = "export the sheet as CSV, and name that file"
        return Problem(
            what=f"logs are CSV, JSON or Parquet, not {file.kind}", mend=mend, place=place
        )
    if not os.path.getsize(file.path):
        return Problem(what="the file is empty", mend="export the log again", place=place)
    if file.path.lower().endswith(".zst") and is_cut_short(file.path):
        mend = "copy it here again; `zstd -t FILE` says whether it is whole"
        return Problem(what="the compressed file is cut short", mend=mend, place=place)
    return None


def _without_status(engine: Engine, sources: Sequence[Source]) -> tuple[str, ...]:
    """A note on each format whose calls do not say whether they succeeded."""
    unsure = "has_status = false AND kind = 'call'"
    if not engine.run(f"SELECT 1 FROM label_sets WHERE {unsure} LIMIT 1"):
        return ()
    notes = []
    for source in sources:
        paths = [file.path for file in source.files]
        query = (
            f"SELECT count(*) FILTER (WHERE {unsure}), count(*) FROM labelled"
            " WHERE list_contains($1, filename)"
        )
        ((count, rows),) = engine.run(query, [paths])
        field = by_name(source.settings.format).FIELDS["status"]
        if count:
            notes.append(
                f"{count:,} of {rows:,} rows ({source.settings.format}) have no `{field}`:"
                " failed calls among them are counted like the others"
            )
    return tuple(notes)


def _load(
    engine: Engine, settings: LogSource, reader: Reader, files: Sequence[LogFile]
) -> list[Problem]:
    """Store the calls of files of one kind; JSON that stands there as text is read as what it is.

    That takes longer, so it is looked for only where the files cannot be read without.
    """
    try:
        return _store(engine, settings, reader, files, frozenset())
    except MistypedError:
        asked = reader.table()
        if not isinstance(asked, JsonTable) or isinstance(asked, JsonPages):
            raise
        reader.rows(asked, settings)
        if not (quoted := quoted_fields(engine, asked, files)):
            raise
    return _store(engine, settings, reader, files, quoted)


def _store(
    engine: Engine,
    settings: LogSource,
    reader: Reader,
    files: Sequence[LogFile],
    quoted: frozenset[str],
) -> list[Problem]:
    """Store the calls of files of one kind, whose fields `quoted` hold JSON as text."""
    table = table_of(engine, settings, reader, files, quoted)
    rows = reader.rows(table, settings)
    if isinstance(table, ColumnTable) and (repeated := [*repeated_columns(engine, table, files)]):
        return repeated
    paths = [file.path for file in files]
    calls, first = (
        _canonical(source, rows.columns, reader, settings)
        for source in (rows.source, rows.first or rows.source)
    )
    stored_calls.store(engine, calls, first, [paths])
    found = engine.run(
        "SELECT filename, fault, count(*) FROM labelled WHERE list_contains($1, filename)"
        " GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
        [paths],
    )
    rows_by_path: Counter[str] = Counter()
    for path, _, count in found:
        rows_by_path[path] += count
    return [
        *_cut_short(engine, paths),
        *(
            _faulty(
                f"{count:,} of {rows_by_path[path]:,} rows"
                f" {checked_rows.why(fault, _fields(reader, settings))}",
                fault,
                next(file for file in files if file.path == path),
                _first_row(engine, calls, path, fault),
                is_row=rows.source == table.scan(),
            )
            for path, fault, count in found
            if fault is not None
        ),
        *(_empty(file, settings.format) for file in files if file.path not in rows_by_path),
    ]


def _fields(reader: Reader, settings: LogSource) -> Mapping[str, str]:
    """What the log calls its columns: as its format does, or as the source names them."""
    if settings.columns is None:
        return reader.FIELDS
    named = msgspec.structs.asdict(settings.columns)
    own = {"key": named["id"], "usd": named["cost"], **named}
    return {name: field for name, field in own.items() if isinstance(field, str)}


def _faulty(what: str, fault: str, file: LogFile, number: int, *, is_row: bool) -> Problem:
    """The problem of rows with a fault, at the line of the first, or with its place in the file.

    `number` counts rows, or the calls that are read of them. A row is a line of JSON lines, and of
    CSV one that follows the line of names.
    """
    first = f"row {number:,}" if is_row else f"call {number:,} of the file"
    return Problem(
        what=f"{what} (the first is {first})",
        mend=_MEND_TIME if fault in {"no time", "time"} else _mend_of(fault),
        place=Place(file=file.name, line=line_of_row(file, number) if is_row else None),
    )


def _mend_of(fault: str) -> str:
    return _MEND.get(fault.partition(" ")[0], _MEND_VALUES)


def _first_row(engine: Engine, calls: str, path: str, fault: str) -> int:
    """The number of the first row with a fault, from 1."""
    numbered = f"SELECT fault, row_number() OVER () AS number FROM ({calls})"
    with engine.in_order() as reading:
        query = f"SELECT number FROM ({numbered}) WHERE fault = $2 ORDER BY number LIMIT 1"
        ((number,),) = reading.run(query, [[path], fault])
    return int(number)


def _cut_short(engine: Engine, paths: Sequence[str]) -> Iterator[Problem]:
    """Results of another engine of which rows are missing; one may lie in several files."""
    found = engine.run(
        "SELECT result_rows, count(*), min(filename) FROM labelled WHERE result_rows IS NOT NULL"
        " AND list_contains($1, filename) GROUP BY 1 ORDER BY 1",
        [paths],
    )
    for rows, count, path in found:
        if rows < 1 or count % rows:
            yield Problem(
                what=f"the query gave {rows:,} rows, and {count % max(rows, 1):,} are here",
                mend="let the client write all of them (bq has --max_rows), and name every file",
                place=Place(file=engine.name(path)),
            )


def _canonical(source: str, given: Mapping[str, str], reader: Reader, settings: LogSource) -> str:
    """The query of checked rows over `source`; the key is a hash of format, id and day."""
    columns = {"calls": "1", "context": given.get("input", "NULL")} | dict(given)
    if reader.IS_DAILY:
        columns["calls"] = given.get("calls", "NULL")
        columns["context"] = given.get("context", "NULL")
    raw = ", ".join(
        f"CAST({columns.get(name, 'NULL')} AS {kind}) AS {name}" for name, kind in COLUMNS.items()
    )
    # figures of faulty and failed calls are not counted, and must not end the others' conversion
    counts = ", ".join(
        f"TRY_CAST({name} AS BIGINT) AS {name}" for name in (*checked_rows.COUNTS, "context")
    )
    id_of_day = f"hash({literal(settings.format)}, key, CAST(time AS DATE))"
    return f"""
        SELECT CASE WHEN key IS NOT NULL THEN {id_of_day} END AS key, time,
            workflow, tenant, environment, provider, model,
            {checked_rows.SERVICE_TIER} AS service_tier, {counts},
            coalesce(units, TRY_CAST({checked_rows.UNITS} AS BIGINT)) AS units,
            kind, {"true" if reader.IS_DAILY else "false"} AS is_daily,
            band, size, coalesce(row_count, 1) AS row_count, result_rows, fault, has_status,
            filename
        FROM (
            SELECT *, {checked_rows.fault(reader.REQUIRED)} AS fault
            FROM (SELECT {raw}, reviewbot_file AS filename FROM {source})
        )"""


def _empty(file: LogFile, log_format: LogFormat) -> Problem:
    mend = f"it should be {_article(log_format)} log; name its own format with --log-type"
    return Problem(what="there is no call in it", mend=mend, place=Place(file=file.name))


def _article(name: LogFormat) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
