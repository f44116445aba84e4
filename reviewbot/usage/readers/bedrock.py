"""Bedrock's model invocation log; input, cached and written tokens are disjoint."""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import coalesce, state_or_null
from reviewbot.usage.tables import JsonTable, Table

IS_DAILY = False
REQUIRED = ("key", "time", "model", "input", "output")
FIELDS = {
    "key": "requestId",
    "time": "timestamp",
    "model": "modelId",
    "input": "input.inputTokenCount",
    "output": "output.outputTokenCount",
}
TABLE_COLUMNS = (("requestId",), ("timestamp",), ("modelId",), ("input",), ("output",))
_OWNER = Owner(
    workflow=(Origin(field="requestMetadata.workflow"), Origin(field="requestMetadata.feature")),
    tenant=(Origin(field="requestMetadata.tenant"),),
    environment=(Origin(field="requestMetadata.environment"),),
)


def table() -> Table:
    """JSON lines, or an array."""
    return JsonTable()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is a call; a model's name behind an ARN is its last part."""
    text, number = table.text, table.number
    cached = number("input.cacheReadInputTokenCount")
    written = number("input.cacheWriteInputTokenCount")
    plain = number("input.inputTokenCount")
    error = state_or_null(text("errorCode"))
    return Rows(
        columns={
            "key": text("requestId"),
            "time": table.time("timestamp"),
            "provider": "'bedrock'",
            "model": f"regexp_extract({text('modelId')}, '([^/]*)$', 1)",
            "service_tier": coalesce((text("serviceTier"), text("performanceConfig.latency"))),
            "input": f"{plain} + coalesce({cached}, 0) + coalesce({written}, 0)",
            "cached": cached,
            "written": written,
            "output": number("output.outputTokenCount"),
            "kind": f"CASE WHEN {error} IS NULL THEN 'call' ELSE 'failed' END",
        }
        | owner_columns(source, _OWNER, text=text, tags=None),
        source=table.scan(),
    )
