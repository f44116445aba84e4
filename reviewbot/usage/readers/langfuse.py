"""Langfuse's exports of observations: JSON lines, CSV or Parquet; rows of models only.

Usage is disjoint: input is the sum of every `input*` part of `usage_details`
(langfuse's observation-field-groups.ts and OtelIngestionProcessor).
"""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import coalesce, total
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
_CACHED = ("input_cached_tokens", "cache_read_input_tokens", "input_cache_read")
_WRITTEN = (
    "input_cache_creation",
    "input_cache_creation_5m",
    "input_cache_creation_1h",
    "cache_creation_input_tokens",
)


def table() -> Table:
    """JSON lines, or an array."""
    return JsonTable()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is an observation; spans and events are no calls."""
    text = table.text

    def usage(name: str) -> str:
        return coalesce(
            (table.number(f"usage_details.{name}"), table.number(f"usageDetails.{name}"))
        )

    plain = usage("input")
    cached, written = total([*map(usage, _CACHED)]), total([*map(usage, _WRITTEN)])
    whole = f"{plain} + coalesce({cached}, 0) + coalesce({written}, 0)"
    reasoning = usage("output_reasoning_tokens")
    wanted = f"{text('type')} IN ('GENERATION', 'EMBEDDING') OR {text('type')} IS NULL"
    is_embedding = f"{text('type')} = 'EMBEDDING'"
    return Rows(
        columns={
            "key": text("id"),
            "time": coalesce((table.time("start_time"), table.time("startTime"))),
            "model": coalesce((text("provided_model_name"), text("model"))),
            "input": whole,
            "cached": cached,
            "written": written,
            "output": f"coalesce({usage('output')}, CASE WHEN {is_embedding} THEN 0 END)"
            f" + coalesce({reasoning}, 0)",
            "reasoning": reasoning,
            "usd": coalesce(
                (
                    table.number("total_cost"),
                    table.number("cost_details.total"),
                    table.number("costDetails.total"),
                )
            ),
            "kind": f"CASE WHEN {text('level')} = 'ERROR' THEN 'failed' ELSE 'call' END",
        }
        | owner_columns(source, _OWNER, text=text, tags=None),
        source=f"{table.scan()} WHERE {wanted}",
    )
