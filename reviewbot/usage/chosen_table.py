"""The table by which files of one kind are read, and whether they have what it takes."""

from collections.abc import Sequence

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.usage.engine import Engine
from reviewbot.usage.named_columns import missing_columns, missing_fields
from reviewbot.usage.readers import Reader
from reviewbot.usage.sources import LogFile
from reviewbot.usage.tables import (
    DELIMITERS,
    ColumnTable,
    JsonPages,
    JsonTable,
    Table,
    columns_of,
    rows_of,
)


def table_of(
    engine: Engine,
    settings: LogSource,
    reader: Reader,
    files: Sequence[LogFile],
    quoted: frozenset[str],
) -> Table:
    """The table of files of one kind, whose fields `quoted` hold JSON as text.

    Raises:
        MeasurementError: A file lacks a column or a field, is malformed, or of another kind.

    """
    kind = files[0].kind
    if kind in DELIMITERS or kind == ".parquet":
        described = engine.run(columns_of(kind), [[file.path for file in files]])
        missing: list[Problem] = []
        for file in files:
            own = engine.run(columns_of(kind), [[file.path]])
            missing += missing_columns(settings, reader, [name for name, *_ in own], file)
        if missing:
            raise MeasurementError(missing)
        return ColumnTable(rows_of(kind), {name: kind for name, kind, *_ in described})
    table = reader.table()
    if table is None:
        what = f"the format {settings.format} comes as CSV, and the name does not end in .csv"
        place = Place(file=files[0].name)
        raise MeasurementError(
            [Problem(what=what, mend="rename the file, or name another --log-type", place=place)]
        )
    if isinstance(table, JsonPages):
        return table
    if isinstance(table, JsonTable):
        table.quoted = quoted
    if lacking := [*missing_fields(engine, settings, files, quoted)]:
        raise MeasurementError(lacking)
    return table
