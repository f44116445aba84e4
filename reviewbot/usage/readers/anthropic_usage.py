"""Anthropic's usage report (`/v1/organizations/usage_report/messages`), saved page by page.

Uncached, cached and written tokens are disjoint; there are no calls and no cost in it.
"""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import identifier, number_or_nan, utc
from reviewbot.usage.tables import JsonPages, JsonTable, Table

IS_DAILY = True
REQUIRED = ("time", "model", "input", "output")
FIELDS = {
    "time": "starting_at",
    "model": "model (ask the API with group_by[]=model)",
    "input": "uncached_input_tokens",
    "output": "output_tokens",
}
TABLE_COLUMNS = None
_OWNER = Owner(
    workflow=(Origin(field="workspace_id"), Origin(field="api_key_id")),
    tenant=(Origin(field="workspace_id"),),
)
_TEXTS = ("api_key_id", "workspace_id", "model", "service_tier", "context_window")
_NUMBERS = ("uncached_input_tokens", "cache_read_input_tokens", "output_tokens")
_WRITTEN = (
    "cache_creation STRUCT(ephemeral_5m_input_tokens VARCHAR, ephemeral_1h_input_tokens VARCHAR)"
)
_LONG_CONTEXT_TOKENS = 200_001
"""A call in the window `200k-1M` has at least as many."""


def table() -> Table:
    """Whole pages."""
    return JsonPages()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is one result of a bucket."""
    if not isinstance(table, JsonTable):
        raise TypeError("pages of an API are JSON")
    fields = ", ".join([*(f"{name} VARCHAR" for name in (*_TEXTS, *_NUMBERS)), _WRITTEN])
    kind = f"STRUCT(starting_at VARCHAR, ending_at VARCHAR, results STRUCT({fields})[])[]"
    data = table.typed("data", kind)
    buckets = f"SELECT reviewbot_file, unnest({data}) AS bucket FROM {table.scan()}"
    results = f"SELECT reviewbot_file, bucket, unnest(bucket.results) AS result FROM ({buckets})"

    def text(name: str) -> str:
        return f"result.{identifier(name)}" if name in _TEXTS else "NULL"

    parts = ", ".join(f"coalesce({text(name)}, '')" for name in _TEXTS)
    five, hour = (
        number_or_nan(f"result.cache_creation.ephemeral_{span}_input_tokens")
        for span in ("5m", "1h")
    )
    written = f"coalesce({five} + {hour}, {five}, {hour})"
    plain, cached, output = (number_or_nan(f"result.{name}") for name in _NUMBERS)
    return Rows(
        columns={
            "key": f"concat_ws(chr(31), bucket.starting_at, bucket.ending_at, {parts})",
            "time": utc("bucket.starting_at"),
            "provider": "'anthropic'",
            "model": "result.model",
            "service_tier": "result.service_tier",
            "input": f"{plain} + coalesce({cached}, 0) + coalesce({written}, 0)",
            "cached": cached,
            "written": written,
            "output": output,
            "context": "CASE result.context_window WHEN '0-200k' THEN 0"
            f" WHEN '200k-1M' THEN {_LONG_CONTEXT_TOKENS} END",
            "kind": "'call'",
        }
        | owner_columns(source, _OWNER, text=text, tags=None),
        source=f"({results})",
    )
