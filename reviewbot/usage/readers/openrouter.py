"""OpenRouter's activity as CSV; input tokens include cached ones."""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.tables import Table

IS_DAILY = False
REQUIRED = ("key", "time", "model", "input", "output")
FIELDS = {
    "key": "generation_id",
    "time": "created_at",
    "model": "model_permaslug",
    "input": "tokens_prompt",
    "output": "tokens_completion",
    "usd": "cost_total",
}
TABLE_COLUMNS = (
    ("generation_id",),
    ("created_at",),
    ("provider_name",),
    ("model_permaslug",),
    ("variant",),
    ("tokens_prompt",),
    ("tokens_cached",),
    ("tokens_completion",),
    ("tokens_reasoning",),
    ("cost_total",),
    ("byok_usage_inference",),
    ("cancelled",),
)
_OWNER = Owner(
    workflow=(Origin(field="api_key_name"), Origin(field="app_name")),
    tenant=(Origin(field="user"),),
)


def table() -> Table | None:
    """It comes as CSV only."""
    return None


def rows(table: Table, source: LogSource) -> Rows:
    """A row is a call; what an own key was billed elsewhere is added."""
    text, number = table.text, table.number
    return Rows(
        columns={
            "key": text("generation_id"),
            "time": table.time("created_at"),
            "provider": f"lower({text('provider_name')})",
            "model": text("model_permaslug"),
            "service_tier": text("variant"),
            "input": number("tokens_prompt"),
            "cached": number("tokens_cached"),
            "output": number("tokens_completion"),
            "reasoning": number("tokens_reasoning"),
            "usd": f"{number('cost_total')} + coalesce({number('byok_usage_inference')}, 0)",
            "kind": f"CASE WHEN lower({text('cancelled')}) = 'true' THEN 'failed' ELSE 'call' END",
        }
        | owner_columns(source, _OWNER, text=text, tags=None),
        source=table.scan(),
    )
