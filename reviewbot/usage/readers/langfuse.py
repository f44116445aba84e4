"""Langfuse's exports of observations: JSON lines, CSV or Parquet; rows of models only.

Usage is disjoint: input is the sum of every `input*` part of `usage_details`, output that of every
`output*` (langfuse's observation-field-groups.ts and OtelIngestionProcessor).
"""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import coalesce, literal, number_or_nan, state_or_null
from reviewbot.usage.tables import JsonTable, Table

IS_DAILY = False
REQUIRED = ("key", "time", "model", "input", "output")
FIELDS = {
    "key": "id",
    "time": "start_time",
    "model": "provided_model_name",
    "input": "usage_details.input",
    "output": "usage_details.output",
    "usd": "total_cost",
    "status": "level",
}
TABLE_COLUMNS = (
    ("id",),
    ("start_time", "startTime"),
    ("provided_model_name", "model"),
    ("usage_details", "usageDetails"),
    ("total_cost", "cost_details", "costDetails"),
)
_OWNER = Owner(
    workflow=(Origin(field="prompt_name"), Origin(field="promptName"), Origin(field="name")),
    tenant=(Origin(field="metadata.tenant"),),
    environment=(Origin(field="environment"),),
)
_CACHE = "contains(part.key, 'cache')"
_CREATION = "contains(part.key, 'creat')"
"""`input_cached_tokens`, `cache_read_input_tokens`, `input_cache_creation_5m` and others."""


def table() -> Table:
    """JSON lines, or an array."""
    return JsonTable()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is an observation; spans and events are no calls."""
    text = table.text

    usage = coalesce((table.numbers("usage_details"), table.numbers("usageDetails")))

    def parts(condition: str) -> str:
        found = f"list_filter(map_entries({usage}), lambda part: {condition})"
        return f"list_sum(list_transform({found}, lambda part: {number_or_nan('part.value')}))"

    def all_of(name: str, others: str) -> str:
        """Null where the part that every call has is not there."""
        return f"{number_or_nan(f'{usage}[{literal(name)}]')} + coalesce({parts(others)}, 0)"

    whole = all_of("input", f"part.key <> 'input' AND (starts_with(part.key, 'input') OR {_CACHE})")
    output = all_of("output", "part.key <> 'output' AND starts_with(part.key, 'output')")
    wanted = f"{text('type')} IN ('GENERATION', 'EMBEDDING') OR {text('type')} IS NULL"
    is_embedding = f"{text('type')} = 'EMBEDDING'"
    return Rows(
        columns={
            "key": text("id"),
            "time": coalesce((table.time("start_time"), table.time("startTime"))),
            "model": coalesce((text("provided_model_name"), text("model"))),
            "input": whole,
            "cached": parts(f"{_CACHE} AND NOT {_CREATION}"),
            "written": parts(f"{_CACHE} AND {_CREATION}"),
            "output": f"coalesce({output}, CASE WHEN {is_embedding} THEN 0 END)",
            "reasoning": number_or_nan(f"{usage}['output_reasoning_tokens']"),
            "usd": coalesce(
                (
                    table.number("total_cost"),
                    table.number("cost_details.total"),
                    table.number("costDetails.total"),
                )
            ),
            "has_status": f"{state_or_null(text('level'))} IS NOT NULL",
            "kind": f"CASE WHEN {text('level')} = 'ERROR' THEN 'failed' ELSE 'call' END",
        }
        | owner_columns(source, _OWNER, text=text, tags=None),
        source=f"{table.scan()} WHERE {wanted}",
    )
