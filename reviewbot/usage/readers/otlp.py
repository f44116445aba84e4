"""Spans as OTLP/JSON, in three dialects: OpenTelemetry GenAI, OpenLLMetry, OpenInference.

Attributes: OpenTelemetry's registry (1.40 to 2026-09 and before), OpenLLMetry's conventions 0.5,
OpenInference's specification. Only spans of a model's call count: agents, chains and workflows
repeat their children's tokens, and so does a framework's span around a client's.
"""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import coalesce, literal, number_or_nan
from reviewbot.usage.tables import JsonPages, JsonTable, Table

IS_DAILY = False
REQUIRED = ("key", "time", "model", "input", "output")
FIELDS = {
    "key": "traceId and spanId",
    "time": "startTimeUnixNano",
    "model": "gen_ai.request.model or llm.model_name",
    "input": "gen_ai.usage.input_tokens or llm.token_count.prompt",
    "output": "gen_ai.usage.output_tokens or llm.token_count.completion",
}
TABLE_COLUMNS = None
_OWNER = Owner(
    workflow=tuple(
        Origin(field=name)
        for name in (
            "gen_ai.prompt.name",
            "gen_ai.workflow.name",
            "traceloop.prompt.key",
            "traceloop.workflow.name",
            "traceloop.entity.name",
            "metadata.workflow",
            "gen_ai.agent.name",
        )
    ),
    tenant=tuple(
        Origin(field=name)
        for name in ("tenant.id", "traceloop.association.properties.tenant", "metadata.tenant")
    ),
    environment=(
        Origin(field="deployment.environment.name"),
        Origin(field="deployment.environment"),
    ),
)
_CALLS = ("chat", "text_completion", "generate_content", "embeddings")
_REQUEST_TYPES = ("chat", "completion", "embedding")
_KINDS = ("LLM", "EMBEDDING")
_ATTRIBUTES = (
    "STRUCT(key VARCHAR, value STRUCT(stringValue VARCHAR, intValue VARCHAR, doubleValue VARCHAR,"
    " boolValue VARCHAR))[]"
)
_SPAN = (
    "STRUCT(traceId VARCHAR, spanId VARCHAR, parentSpanId VARCHAR, startTimeUnixNano VARCHAR,"
    f" attributes {_ATTRIBUTES}, status STRUCT(code VARCHAR))"
)
_ERRORS = "('2', 'STATUS_CODE_ERROR')"


def table() -> Table:
    """A line, or a file, is one export with many spans."""
    return JsonPages()


def rows(table: Table, source: LogSource) -> Rows:
    """A row is a span of a call that has no such span below it."""
    if not isinstance(table, JsonTable):
        raise TypeError("spans are JSON")
    input_tokens = _number(
        "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"
    )
    output_tokens = _number(
        "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion"
    )
    is_embedding = (
        f"{_value('gen_ai.operation.name')} = 'embeddings' OR {_value('llm.request.type')} ="
        f" 'embedding' OR {_value('openinference.span.kind')} = 'EMBEDDING'"
    )
    calls = _calls(table)
    return Rows(
        columns={
            "key": "span.traceId || ':' || span.spanId",
            "time": "make_timestamp(try_cast(span.startTimeUnixNano AS BIGINT) // 1000)",
            "provider": "lower("
            + _text("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
            + ")",
            "model": _text("gen_ai.request.model", "gen_ai.response.model", "llm.model_name"),
            "service_tier": _text(
                "openai.response.service_tier", "gen_ai.openai.response.service_tier"
            ),
            "input": input_tokens,
            "cached": _number(
                "gen_ai.usage.cache_read.input_tokens",
                "gen_ai.usage.cache_read_input_tokens",
                "llm.token_count.prompt_details.cache_read",
            ),
            "written": _number(
                "gen_ai.usage.cache_write.input_tokens",
                "gen_ai.usage.cache_creation.input_tokens",
                "gen_ai.usage.cache_creation_input_tokens",
                "llm.token_count.prompt_details.cache_write",
            ),
            "output": f"coalesce({output_tokens}, CASE WHEN {is_embedding} THEN 0 END)",
            "reasoning": _number(
                "gen_ai.usage.reasoning.output_tokens",
                "gen_ai.usage.reasoning_tokens",
                "llm.token_count.completion_details.reasoning",
            ),
            "usd": _number("llm.cost.total"),
            "kind": f"CASE WHEN span.status.code IN {_ERRORS} THEN 'failed' ELSE 'call' END",
        }
        | owner_columns(source, _OWNER, text=_owner_field, tags=None),
        source=_without_parents(calls),
        first=f"({calls})",
    )


def _calls(table: JsonTable) -> str:
    scope = f"STRUCT(spans {_SPAN}[])[]"
    kind = f"STRUCT(resource STRUCT(attributes {_ATTRIBUTES}), scopeSpans {scope})[]"
    items = table.typed("resourceSpans", kind)
    groups = f"SELECT reviewbot_file, unnest({items}) AS item FROM {table.scan()}"
    scopes = (
        "SELECT reviewbot_file, item.resource.attributes AS resource,"
        f" unnest(item.scopeSpans) AS scope FROM ({groups})"
    )
    spans = f"SELECT reviewbot_file, resource, unnest(scope.spans) AS span FROM ({scopes})"
    is_call = " OR ".join(
        f"{_value(name)} IN ({', '.join(map(literal, words))})"
        for name, words in (
            ("gen_ai.operation.name", _CALLS),
            ("llm.request.type", _REQUEST_TYPES),
            ("openinference.span.kind", _KINDS),
        )
    )
    return f"SELECT * FROM ({spans}) WHERE {is_call}"


def _without_parents(calls: str) -> str:
    parents = (
        "SELECT DISTINCT span.traceId || ':' || span.parentSpanId FROM calls"
        " WHERE span.parentSpanId <> ''"
    )
    return (
        f"(WITH calls AS MATERIALIZED ({calls}) SELECT * FROM calls"
        f" WHERE (span.traceId || ':' || span.spanId) NOT IN ({parents}))"
    )


def _value(name: str, attributes: str = "span.attributes") -> str:
    found = f"list_extract(list_filter({attributes}, lambda a: a.key = {literal(name)}), 1).value"
    return (
        f"coalesce({found}.stringValue, {found}.intValue, {found}.doubleValue, {found}.boolValue)"
    )


def _text(*names: str) -> str:
    return coalesce(map(_value, names))


def _number(*names: str) -> str:
    return number_or_nan(_text(*names))


def _owner_field(name: str) -> str:
    """An attribute of the span, else of its resource; `metadata.x` is `x` in JSON `metadata`."""
    found = [_value(name), _value(name, "resource")]
    first, _, rest = name.partition(".")
    if first == "metadata" and rest:
        document = f"try_cast({_value('metadata')} AS JSON)"
        found.append(f"json_extract_string({document}, {literal('$.' + rest)})")
    return coalesce(found)
