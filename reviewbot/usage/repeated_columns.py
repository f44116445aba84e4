"""Columns of CSV and Parquet that are there twice; the engine would take the first unsaid."""

from collections.abc import Iterator, Sequence

from reviewbot.errors import Place, Problem
from reviewbot.usage.engine import Engine
from reviewbot.usage.row_lines import line_of_names
from reviewbot.usage.sources import LogFile
from reviewbot.usage.tables import ColumnTable, columns_of, first_row


def repeated_columns(
    engine: Engine, table: ColumnTable, files: Sequence[LogFile]
) -> Iterator[Problem]:
    """The columns that were asked of `table` and that a file has twice, in capitals or not.

    Raises:
        MeasurementError: A file is malformed.

    """
    for file in files:
        written = [name.lower() for name in _names(engine, file)]
        called = [name.lower() for name, *_ in engine.run(columns_of(file.kind), [[file.path]])]
        # the engine calls the second `cost` by a name of its own, such as cost_1
        meant = dict(zip(called, written, strict=False))
        for name in sorted({meant.get(item, item) for item in table.asked}):
            places = [f"{at:,}" for at, item in enumerate(written, 1) if item == name]
            if len(places) > 1:
                yield Problem(
                    what=f"it has the column `{name}` {len(places):,} times: as columns"
                    f" {' and '.join(places)}",
                    mend="take one out, or rename it, where the log is exported",
                    place=Place(file=file.name, line=line_of_names(file)),
                )


def _names(engine: Engine, file: LogFile) -> list[str]:
    """The columns' names as they stand in the file."""
    if file.kind != ".parquet":
        rows = engine.run(first_row(file.kind), [[file.path]])
        return ["" if name is None else str(name) for row in rows for name in row]
    # depth first: a column's own fields follow it, and are no columns
    tree = engine.run(
        "SELECT name, coalesce(num_children, 0) FROM parquet_schema($1)", [[file.path]]
    )
    names, below = [], 0
    for name, children in tree[1:]:
        if not below:
            names.append(str(name))
        below = max(below - 1, 0) + int(children)
    return names
