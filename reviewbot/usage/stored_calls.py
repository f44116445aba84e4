"""Calls as the engine keeps them: figures row by row, and whose they are once for all alike.

Texts take most of the time and the room of a table, and few differ. A row has the hash of its
labels. Those of the first rows are known before; a row with others brings them along.
"""

from collections.abc import Sequence

from reviewbot.usage import checked_rows
from reviewbot.usage.engine import Engine

FIGURES = (*checked_rows.COUNTS, "context", "units")

_LABELS = {
    "workflow": "VARCHAR",
    "tenant": "VARCHAR",
    "environment": "VARCHAR",
    "provider": "VARCHAR",
    "model": "VARCHAR",
    "service_tier": "VARCHAR",
    "kind": "VARCHAR",
    "is_daily": "BOOLEAN",
    "band": "BIGINT",
    "size": "BIGINT",
    "row_count": "BIGINT",
    "result_rows": "BIGINT",
    "fault": "VARCHAR",
    "has_status": "BOOLEAN",
    "filename": "VARCHAR",
}
_FIRST_ROWS = 20_000
_NAMES = ", ".join(_LABELS)
_TEXTS = ", ".join(f"CAST({name} AS VARCHAR)" for name in _LABELS)


def create(engine: Engine) -> None:
    """Make the tables `calls` and `label_sets`, and the view `labelled` of both."""
    figures = ", ".join(f"{name} BIGINT" for name in FIGURES)
    labels = ", ".join(f"{name} {kind}" for name, kind in _LABELS.items())
    engine.run(
        "CREATE TABLE calls (key UBIGINT, time TIMESTAMP, label_set UBIGINT,"
        f" {figures}, unseen VARCHAR[])"
    )
    engine.run(f"CREATE TABLE label_sets (label_set UBIGINT, {labels})")
    engine.run(
        "CREATE VIEW labelled AS SELECT * EXCLUDE (unseen), CAST(time AS DATE) AS day"
        " FROM calls JOIN label_sets USING (label_set)"
    )


def store(engine: Engine, calls: str, first: str, parameters: Sequence[object]) -> None:
    """Keep the rows of the query `calls`; the rows of `first` are some like them, quickly read.

    Raises:
        MeasurementError: A file is malformed, or memory or disk are at their end.

    """
    hashed = f"SELECT hash({_NAMES}) AS label_set, {_NAMES} FROM"
    known = "label_set IN (SELECT label_set FROM label_sets)"
    engine.run(
        f"INSERT INTO label_sets SELECT DISTINCT * FROM ({hashed} ({first} LIMIT {_FIRST_ROWS}))"
        f" WHERE NOT ({known})",
        parameters,
    )
    engine.run(
        f"INSERT INTO calls SELECT key, time, label_set, {', '.join(FIGURES)},"
        f" CASE WHEN NOT ({known}) THEN [{_TEXTS}] END"
        f" FROM (SELECT *, hash({_NAMES}) AS label_set FROM ({calls}))",
        parameters,
    )
    texts = ", ".join(
        f"CAST(any_value(unseen)[{place}] AS {kind})"
        for place, kind in enumerate(_LABELS.values(), start=1)
    )
    engine.run(
        f"INSERT INTO label_sets SELECT label_set, {texts} FROM calls"
        f" WHERE unseen IS NOT NULL AND NOT ({known}) GROUP BY label_set"
    )
