"""OpenAI's usage API (`/v1/organization/usage/completions`), saved page by page.

Input tokens include cached and written ones. Cost is another API, which has no models.
"""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import identifier, number_or_nan
from reviewbot.usage.tables import JsonPages, JsonTable, Table

IS_DAILY = True
REQUIRED = ("time", "model", "calls", "input", "output")
FIELDS = {
    "time": "start_time",
    "model": "model (ask the API with group_by=model)",
    "calls": "num_model_requests",
    "input": "input_tokens",
    "output": "output_tokens",
}
TABLE_COLUMNS = None
_OWNER = Owner(
    workflow=(Origin(field="api_key_id"),),
    tenant=(Origin(field="project_id"),),
    environment=(Origin(field="project_id"),),
)
_TEXTS = ("project_id", "user_id", "api_key_id", "model", "service_tier", "batch")
_NUMBERS = (
    "input_tokens",
    "input_cached_tokens",
    "input_cache_write_tokens",
    "output_tokens",
    "num_model_requests",
)


def table() -> Table:
    """Whole pages."""
    return JsonPages()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is one result of a bucket; a bucket that two pages share is the same bucket twice."""
    if not isinstance(table, JsonTable):
        raise TypeError("pages of an API are JSON")
    fields = ", ".join(f"{name} VARCHAR" for name in (*_TEXTS, *_NUMBERS))
    data = table.typed(
        "data", f"STRUCT(start_time VARCHAR, end_time VARCHAR, results STRUCT({fields})[])[]"
    )
    buckets = f"SELECT reviewbot_file, unnest({data}) AS bucket FROM {table.scan()}"
    results = f"SELECT reviewbot_file, bucket, unnest(bucket.results) AS result FROM ({buckets})"

    def text(name: str) -> str:
        return f"result.{identifier(name)}" if name in _TEXTS else "NULL"

    seconds = "try_cast(bucket.start_time AS DOUBLE)"
    parts = ", ".join(f"coalesce({text(name)}, '')" for name in _TEXTS)
    return Rows(
        columns={
            "key": f"concat_ws(chr(31), bucket.start_time, bucket.end_time, {parts})",
            "time": f"make_timestamp(try_cast({seconds} * 1e6 AS BIGINT))",
            "provider": "'openai'",
            "model": "result.model",
            "service_tier": "CASE WHEN result.batch = 'true' THEN 'batch'"
            " ELSE result.service_tier END",
            "calls": number_or_nan("result.num_model_requests"),
            "input": number_or_nan("result.input_tokens"),
            "cached": number_or_nan("result.input_cached_tokens"),
            "written": number_or_nan("result.input_cache_write_tokens"),
            "output": number_or_nan("result.output_tokens"),
            "context": "CAST(NULL AS DOUBLE)",
            "kind": "'call'",
        }
        | owner_columns(source, _OWNER, text=text, tags=None),
        source=f"({results})",
    )
