"""Anthropic's cost report (`/v1/organizations/cost_report`): money only, by workspace.

`amount` is a decimal text in cents: 64.8 is $0.648 (platform.claude.com, Usage and Cost API).
"""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import identifier, utc
from reviewbot.usage.tables import JsonPages, JsonTable, Table

IS_DAILY = True
REQUIRED = ("time", "usd")
FIELDS = {"time": "starting_at", "usd": "amount in USD"}
TABLE_COLUMNS = None
_OWNER = Owner(
    workflow=(Origin(field="workspace_id"),),
    tenant=(Origin(field="workspace_id"),),
)
_TEXTS = ("currency", "amount", "workspace_id", "description", "model")


def table() -> Table:
    """Whole pages."""
    return JsonPages()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is one line of a day's bill; another currency than USD is no amount in USD."""
    if not isinstance(table, JsonTable):
        raise TypeError("pages of an API are JSON")
    fields = ", ".join(f"{name} VARCHAR" for name in _TEXTS)
    kind = f"STRUCT(starting_at VARCHAR, ending_at VARCHAR, results STRUCT({fields})[])[]"
    data = table.typed("data", kind)
    buckets = f"SELECT reviewbot_file, unnest({data}) AS bucket FROM {table.scan()}"
    results = f"SELECT reviewbot_file, bucket, unnest(bucket.results) AS result FROM ({buckets})"

    def text(name: str) -> str:
        return f"result.{identifier(name)}" if name in _TEXTS else "NULL"

    parts = ", ".join(f"coalesce({text(name)}, '')" for name in _TEXTS)
    return Rows(
        columns={
            "key": f"concat_ws(chr(31), bucket.starting_at, bucket.ending_at, {parts})",
            "time": utc("bucket.starting_at"),
            "provider": "'anthropic'",
            "model": "result.model",
            "usd": "CASE WHEN result.currency = 'USD'"
            " THEN try_cast(result.amount AS DOUBLE) / 100 END",
            "kind": "'call'",
        }
        | owner_columns(source, _OWNER, text=text, tags=None),
        source=f"({results})",
    )
