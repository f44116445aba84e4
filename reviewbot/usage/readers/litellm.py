"""LiteLLM's spend logs (`LiteLLM_SpendLogs`) and its `StandardLoggingPayload`.

Fields: LiteLLM's schema.prisma and logging_spec. A spend of 0 for tokens means that LiteLLM had no
price (BerriAI/litellm#12337), so it is unknown.
"""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import coalesce, state_or_null
from reviewbot.usage.tables import JsonTable, Table

IS_DAILY = False
REQUIRED = ("key", "time", "model", "input", "output")
FIELDS = {
    "key": "request_id",
    "time": "startTime",
    "model": "model",
    "input": "prompt_tokens",
    "output": "completion_tokens",
    "usd": "spend",
    "status": "status",
}
TABLE_COLUMNS = (
    ("request_id", "id"),
    ("startTime",),
    ("model",),
    ("prompt_tokens",),
    ("completion_tokens",),
    ("spend", "response_cost"),
)
_OWNER = Owner(
    workflow=(Origin(tag="feature:"), Origin(field="metadata.user_api_key_alias")),
    tenant=(Origin(field="team_id"), Origin(field="metadata.user_api_key_team_alias")),
    environment=(
        Origin(tag="env:"),
        Origin(field="metadata.spend_logs_metadata.environment"),
        Origin(field="metadata.requester_metadata.environment"),
    ),
)
_VALUES, _USAGE = "metadata.additional_usage_values.", "metadata.usage_object."


def table() -> Table:
    """JSON lines, or an array."""
    return JsonTable()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is a call."""
    text, number = table.text, table.number
    known = coalesce(state_or_null(text(name)) for name in ("status", "metadata.status"))
    status = coalesce((known, "'success'"))
    spend = coalesce((number("spend"), number("response_cost")))
    input_tokens, output_tokens = number("prompt_tokens"), number("completion_tokens")
    details = "completion_tokens_details.reasoning_tokens"
    return Rows(
        columns={
            "key": coalesce((text("request_id"), text("id"))),
            "time": table.time("startTime"),
            "provider": text("custom_llm_provider"),
            "model": text("model"),
            "input": input_tokens,
            "cached": coalesce(
                (
                    number(f"{_VALUES}cache_read_input_tokens"),
                    number(f"{_VALUES}prompt_tokens_details.cached_tokens"),
                    number(f"{_USAGE}cache_read_input_tokens"),
                    number(f"{_USAGE}prompt_tokens_details.cached_tokens"),
                )
            ),
            "written": coalesce(
                (
                    number(f"{_VALUES}cache_creation_input_tokens"),
                    number(f"{_USAGE}cache_creation_input_tokens"),
                )
            ),
            "output": output_tokens,
            "reasoning": coalesce((number(_VALUES + details), number(_USAGE + details))),
            "usd": f"CASE WHEN {spend} = 0 AND {input_tokens} + {output_tokens} > 0"
            f" THEN NULL ELSE {spend} END",
            "has_status": f"{known} IS NOT NULL",
            "kind": f"CASE WHEN {status} <> 'success' THEN 'failed'"
            f" WHEN lower({text('cache_hit')}) = 'true' THEN 'own cache' ELSE 'call' END",
        }
        | owner_columns(source, _OWNER, text=text, tags=table.texts("request_tags")),
        source=table.scan(),
    )
