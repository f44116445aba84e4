"""Any log whose rows are calls, or sums of calls: the configuration's `columns` name its fields."""

from reviewbot.configuration.usage_settings import CostUnit, LogSource
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import literal, state_or_null
from reviewbot.usage.tables import JsonTable, Table

IS_DAILY = False
REQUIRED = ("time", "model", "input", "output")
FIELDS = {
    "time": "columns.time",
    "model": "columns.model",
    "input": "columns.input",
    "output": "columns.output",
    "usd": "columns.cost",
    "status": "columns.status",
}
TABLE_COLUMNS = ()
_PER_USD = {
    CostUnit.USD: "1",
    CostUnit.CENTS: "1e2",
    CostUnit.MICRO_USD: "1e6",
    CostUnit.NANO_USD: "1e9",
}


def table() -> Table:
    """JSON lines, or an array."""
    return JsonTable()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is a call, or `columns.calls` calls."""
    named = source.columns
    if named is None:
        raise AssertionError("the configuration asks for `columns` with this format")

    def text(column: str | None) -> str:
        return "NULL" if column is None else table.text(column)

    def number(column: str | None) -> str:
        return "NULL" if column is None else table.number(column)

    cached, written = number(named.cached), number(named.written)
    plain = number(named.input)
    whole = f"{plain} + coalesce({cached}, 0) + coalesce({written}, 0)"
    columns = {
        "key": text(named.id),
        "time": table.time(named.time),
        "provider": f"lower({text(named.provider)})",
        "model": text(named.model),
        "service_tier": text(named.service_tier),
        "input": plain if source.input_includes_cached else whole,
        "cached": cached,
        "written": written,
        "output": number(named.output),
        "reasoning": number(named.reasoning),
        "usd": f"{number(named.cost)} / {_PER_USD[source.cost_unit]}",
        "has_status": f"{state_or_null(text(named.status))} IS NOT NULL",
        "kind": _kind(text(named.status), named.succeeded) if named.status else "'call'",
    }
    if named.calls is not None:
        columns |= {"calls": number(named.calls), "context": "CAST(NULL AS DOUBLE)"}
    return Rows(
        columns=columns | owner_columns(source, Owner(), text=table.text, tags=None),
        source=table.scan(),
    )


def _kind(status: str, succeeded: tuple[str, ...]) -> str:
    good = ", ".join(map(literal, succeeded))
    unknown = f"{state_or_null(status)} IS NULL"
    return f"CASE WHEN {unknown} OR {status} IN ({good}) THEN 'call' ELSE 'failed' END"
