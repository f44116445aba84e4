"""The keys of requests, and those that a file of one's own has beside them."""

from collections.abc import Iterator

from reviewbot.documents import Entry, ListNode, MappingNode
from reviewbot.prompt_formats._common.request_settings import TOOLS

CAPS = (
    *("max_completion_tokens", "max_output_tokens", "max_tokens"),
    *("maxCompletionTokens", "maxOutputTokens", "maxTokens"),
)
MESSAGES = ("messages", "input")
HEADS = ("system", "instructions")
SCHEMAS = ("response_format", "text", "output_config", "output_format")
COUNTED = {*CAPS, *MESSAGES, *HEADS, *TOOLS, *SCHEMAS, "model"}
NOT_INPUT = {
    # sampling
    *("topP", "topK", "stopSequences", "frequencyPenalty", "presencePenalty"),
    *("temperature", "top_p", "top_k", "stop", "stop_sequences", "seed", "n", "logit_bias"),
    *("frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "best_of"),
    # thinking, and how much is said
    *("reasoning", "reasoning_effort", "thinking", "verbosity", "modalities", "truncation"),
    # which tools may be called
    *("tool_choice", "parallel_tool_calls", "function_call", "max_tool_calls"),
    # how the answer comes, and what is kept of it
    *("stream", "stream_options", "background", "include", "store", "metadata", "service_tier"),
    *("user", "safety_identifier", "cache_control", "prompt_cache_key", "prompt_cache_retention"),
    *(
        "prompt_cache_options",
        "speed",
        "moderation",
        "background_options",
        "diagnostics",
        "audio",
    ),
    *("inference_geo", "user_profile_id", "workspace_id"),
    *("betas", "anthropic_version", "anthropic_beta"),
    # OpenRouter's, Groq's and Cerebras's: who answers, and how the answer comes
    *("provider", "route", "transforms", "usage", "reasoning_format", "include_reasoning"),
    "clear_thinking",
    # what the provider may do beside: search, shorten a long history
    *("web_search_options", "models", "context_management"),
}
KNOWN = COUNTED | NOT_INPUT
_ABOUT = {
    *("name", "title", "description", "version", "schema_version", "$schema", "author", "authors"),
    *("owner", "owners", "team", "maintainer", "maintainers", "contact", "project", "license"),
    *("tags", "category", "status", "type", "kind", "notes", "comment", "purpose", "use_case"),
    *("language", "locale", "template_format", "template_engine", "engine", "apiVersion"),
    *("created", "created_at", "updated", "updated_at", "last_updated", "date", "changelog"),
    *("variables", "inputs", "input_variables", "inputVariables", "testData", "evaluators"),
}
"""What a file says of itself, and what else GitHub Models has in one: no API takes these keys."""

_PARAMETERS = {
    *("modelParameters", "model_parameters", "parameters", "params", "settings", "config"),
    *("model_config", "modelConfig"),
}
"""Mappings of a file of one's own whose entries are keys of the request."""

_MODELS = {"model_name", "modelName", "model_id", "modelId"}
"""Other names of the model in such a file."""


def request(node: MappingNode) -> MappingNode:
    """The request alone: what a file says of itself is left out, and its parameters stand in it."""
    return MappingNode(line=node.line, entries=tuple(_entries(node)))


def has_own_layout(node: MappingNode) -> bool:
    """Whether a file is no request of an API as it stands."""
    return any(entry.key in _ABOUT | _PARAMETERS | _MODELS for entry in node.entries)


def _entries(node: MappingNode) -> Iterator[Entry]:
    for entry in node.entries:
        if entry.key in _PARAMETERS and isinstance(entry.value, MappingNode):
            yield from _entries(entry.value)
        elif entry.key in _MODELS and node.get("model") is None:
            yield Entry(key="model", key_line=entry.key_line, value=entry.value)
        elif entry.key == "prompt" and isinstance(entry.value, ListNode):
            yield Entry(key="messages", key_line=entry.key_line, value=entry.value)
        elif entry.key not in _ABOUT:
            yield entry
