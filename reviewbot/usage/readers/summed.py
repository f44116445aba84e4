"""What the query of `reviewbot usage --print-sql` gives, as CSV: calls that an engine summed up.

Whatever the engine found wrong with a row comes back with it, and ends the run like in a file.
"""

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.usage.readers import Rows
from reviewbot.usage.tables import Table

IS_DAILY = True
REQUIRED = ("time", "model", "input", "output", "result_rows")
FIELDS = {"time": "day", "usd": "units"}
COLUMNS = (
    "day",
    "workflow",
    "tenant",
    "environment",
    "provider",
    "model",
    "service_tier",
    "kind",
    "fault",
    "band",
    "size",
    "row_count",
    "calls",
    "input",
    "cached",
    "written",
    "output",
    "reasoning",
    "units",
    "result_rows",
)
"""The columns of the query, in order."""
TABLE_COLUMNS = tuple((name,) for name in COLUMNS)

_TEXTS = ("workflow", "tenant", "environment", "provider", "model", "service_tier", "kind")
_COUNTS = ("calls", "input", "cached", "written", "output", "reasoning")
_WHOLE = ("band", "size", "row_count", "units", "result_rows")


def table() -> Table | None:
    """CSV only."""
    return None


def rows(table: Table, source: LogSource) -> Rows:  # noqa: ARG001 - the query has mapped it
    """A row is a sum over a day."""
    columns = {
        "time": table.time("day"),
        **{name: table.text(name) for name in _TEXTS},
        **{name: table.number(name) for name in _COUNTS},
        **{name: f"CAST({table.text(name)} AS BIGINT)" for name in _WHOLE},
        "given_fault": table.text("fault"),
    }
    return Rows(columns=columns, source=table.scan())
