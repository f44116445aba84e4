"""Requests of chat APIs as JSON or YAML: OpenAI's two, Chat Completions and Responses, Anthropic's.

The file is a list of messages, or a request. Texts are Jinja2 templates. The keys of requests are
those of the APIs' own descriptions: the packages openai (ResponseCreateParams,
CompletionCreateParams) and anthropic (MessageCreateParams), as of autumn 2026.
"""

import json

from reviewbot.documents import (
    Entry,
    ListNode,
    MappingNode,
    Node,
    Scalar,
    parse_json,
    parse_yaml,
    plain,
)
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Discovered, MessageTemplate, PromptFile, PromptText
from reviewbot.prompt_formats._common.problems import refuse_role, wrong
from reviewbot.prompt_formats._common.request_settings import TOOLS, cache_lifetimes, read_settings
from reviewbot.prompt_formats.chat_messages.parameters import read_parameters
from reviewbot.prompt_formats.chat_messages.parts import (
    ROLES,
    not_messages,
    read_content,
    read_messages,
)
from reviewbot.prompt_formats.tool_definitions import read_tools

NAME = "chat-messages"
TITLE = "chat messages as OpenAI's and Anthropic's requests have them, JSON or YAML"
RECOGNIZED = (
    "*.messages.json",
    "*.messages.yaml",
    "*.messages.yml",
    "*.chat.json",
    "*.chat.yaml",
    "*.chat.yml",
)
AMBIGUOUS = True
IS_DATA = True
SEARCHED = ("*.json", "*.yaml", "*.yml")

_CAPS = ("max_completion_tokens", "max_output_tokens", "max_tokens")
_MESSAGES = ("messages", "input")
_HEADS = ("system", "instructions")
_SCHEMAS = ("response_format", "text", "output_config", "output_format")
_COUNTED = {*_CAPS, *_MESSAGES, *_HEADS, *TOOLS, *_SCHEMAS, "model"}
_NOT_INPUT = {
    # sampling
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


def read(file: PromptText) -> PromptFile:
    """The messages of the file, each under its own role, and what else of a request is billed."""
    node = _parse(file)
    refuse_role(file)
    if isinstance(node, ListNode):
        return PromptFile(
            messages=read_messages(node, file), settings=cache_lifetimes(node, path=file.path)
        )
    if not isinstance(node, MappingNode):
        raise not_messages("this is neither a list of messages nor a request", file, node.line)
    _refuse_unknown(node, file)
    model = _given(node, "model")
    if model is not None and not (isinstance(model, Scalar) and isinstance(model.value, str)):
        mend = "write it like openai/gpt-4.1"
        raise wrong("`model` is no name", mend, path=file.path, line=model.line)
    heads = [found for key in _HEADS if (found := _given(node, key)) is not None]
    head = tuple(found for text in heads for found in read_content(text, "system", file))
    tools = [found for key in TOOLS if (found := _given(node, key)) is not None]
    answers, settings = read_settings([_beside_schemas(node)], path=file.path, counted=_COUNTED)
    caps = [found for key in _CAPS if (found := _given(node, key)) is not None]
    return PromptFile(
        messages=(*head, *_messages(node, file)),
        tools=tuple(tool for item in tools for tool in read_tools(item, path=file.path)),
        model=model.text if isinstance(model, Scalar) else None,
        max_tokens=min((_cap(cap, file) for cap in caps), default=None),
        response_schema=_response_schema(node, file),
        answers=answers,
        settings=(*settings, *cache_lifetimes(node, path=file.path)),
        parameters=read_parameters(node),
    )


def discover(file: PromptText) -> tuple[Discovered, ...]:
    """The whole file, where it is a prompt of messages.

    It must have a system text, a variable or a model: conversations that are data have none.
    """
    is_other = file.path.lower().endswith((".prompt.yml", ".prompt.yaml"))
    if is_other or ('"role"' not in file.text and "role:" not in file.text):
        return ()
    try:
        node = _parse(file)
    except MeasurementError:
        return ()
    messages = node
    is_prompt = "{{" in file.text
    if isinstance(node, MappingNode):
        messages = node.get("messages") or node
        is_prompt = is_prompt or any(node.get(key) is not None for key in (*_HEADS, "model"))
        if any(entry.key not in _COUNTED | _NOT_INPUT for entry in node.entries):
            return ()
    if not isinstance(messages, ListNode) or not messages.items:
        return ()
    roles = [_role(item) for item in messages.items]
    if None in roles or not (is_prompt or {"system", "developer"} & set(roles)):
        return ()
    return (Discovered(selector=None, format=NAME),)


def _role(node: Node) -> str | None:
    """The role of what has one, and a content."""
    if not isinstance(node, MappingNode) or node.get("content") is None:
        return None
    role = node.get("role")
    return role.text if isinstance(role, Scalar) and role.value in ROLES else None


def _parse(file: PromptText) -> Node:
    parse = parse_json if file.path.lower().endswith(".json") else parse_yaml
    return parse(file.text, file=file.path)


def _messages(node: MappingNode, file: PromptText) -> tuple[MessageTemplate, ...]:
    found = [inner for key in _MESSAGES if (inner := _given(node, key)) is not None]
    if len(found) == 1 and isinstance(found[0], ListNode):
        return read_messages(found[0], file)
    if len(found) == 1 and node.get("input") is not None and isinstance(found[0], Scalar):
        return read_content(found[0], "user", file)
    raise not_messages("there is no list of `messages`", file, node.line)


def _cap(node: Node, file: PromptText) -> int:
    """A cap on output tokens, a whole number above zero."""
    if isinstance(node, Scalar) and type(node.value) is int and node.value >= 1:
        return node.value
    what = "the cap on output tokens is not a whole number above zero"
    raise wrong(what, "write it like `max_tokens: 500`", path=file.path, line=node.line)


def _response_schema(node: MappingNode, file: PromptText) -> str | None:
    """The JSON text of the schema that the answer must follow, in the place each API has for it."""
    for key in _SCHEMAS:
        found = _given(node, key)
        if isinstance(found, MappingNode) and key in {"text", "output_config"}:
            found = found.get("format")
        if not isinstance(found, MappingNode):
            continue
        kind = found.get("type")
        if not isinstance(kind, Scalar) or kind.value != "json_schema":
            continue
        inner = found.get("json_schema") or found
        if not isinstance(inner, MappingNode) or inner.get("schema") is None:
            mend = "write it like `{type: json_schema, json_schema: {name: …, schema: {…}}}`"
            raise wrong("the answer's format has no schema", mend, path=file.path, line=kind.line)
        said = {
            name: value for name, value in plain(inner).items() if name not in {"type", "strict"}
        }
        return json.dumps(said, ensure_ascii=False)
    return None


def _beside_schemas(node: MappingNode) -> MappingNode:
    """The request with what stands beside an answer's schema, such as `output_config.effort`."""
    beside = [
        Entry(key=f"{key}.{entry.key}", key_line=entry.key_line, value=entry.value)
        for key in ("text", "output_config")
        if isinstance(found := node.get(key), MappingNode)
        for entry in found.entries
        if entry.key != "format"
    ]
    return MappingNode(line=node.line, entries=(*node.entries, *beside))


def _refuse_unknown(node: MappingNode, file: PromptText) -> None:
    for entry in node.entries:
        is_off = isinstance(entry.value, Scalar) and entry.value.value in {None, False}
        if entry.key not in _COUNTED | _NOT_INPUT and not is_off:
            what = f"what the key {entry.key!r} adds to a call cannot be counted"
            mend = "correct it, or take it out of the file"
            raise wrong(what, mend, path=file.path, line=entry.key_line)


def _given(node: MappingNode, key: str) -> Node | None:
    """What stands under a key; a null is nothing."""
    found = node.get(key)
    return None if found is None or _is_nothing(found) else found


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
