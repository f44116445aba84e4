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
    plain,
)
from reviewbot.prompt import MessageTemplate, PromptFile, PromptText
from reviewbot.prompt_formats._common.problems import refuse_role, wrong
from reviewbot.prompt_formats._common.request_settings import TOOLS, cache_lifetimes, read_settings
from reviewbot.prompt_formats.chat_messages import keys
from reviewbot.prompt_formats.chat_messages.discovery import discover as discover
from reviewbot.prompt_formats.chat_messages.discovery import parse
from reviewbot.prompt_formats.chat_messages.parameters import read_parameters
from reviewbot.prompt_formats.chat_messages.parts import (
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


def read(file: PromptText) -> PromptFile:
    """The messages of the file, each under its own role, and what else of a request is billed."""
    node = parse(file)
    refuse_role(file)
    if isinstance(node, ListNode):
        return PromptFile(
            messages=read_messages(node, file), settings=cache_lifetimes(node, path=file.path)
        )
    if not isinstance(node, MappingNode):
        raise not_messages("this is neither a list of messages nor a request", file, node.line)
    node = keys.request(node)
    _refuse_unknown(node, file)
    model = _given(node, "model")
    if model is not None and not (isinstance(model, Scalar) and isinstance(model.value, str)):
        mend = "write it like openai/gpt-4.1"
        raise wrong("`model` is no name", mend, path=file.path, line=model.line)
    heads = [found for key in keys.HEADS if (found := _given(node, key)) is not None]
    head = tuple(found for text in heads for found in read_content(text, "system", file))
    tools = [found for key in TOOLS if (found := _given(node, key)) is not None]
    answers, settings = read_settings([_beside_schemas(node)], path=file.path, counted=keys.COUNTED)
    caps = [found for key in keys.CAPS if (found := _given(node, key)) is not None]
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


def _messages(node: MappingNode, file: PromptText) -> tuple[MessageTemplate, ...]:
    found = [inner for key in keys.MESSAGES if (inner := _given(node, key)) is not None]
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
    for key in keys.SCHEMAS:
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
        if entry.key not in keys.KNOWN and not is_off:
            what = f"what the key {entry.key!r} adds to a call cannot be counted"
            mend = "correct it, or take it out of the file"
            raise wrong(what, mend, path=file.path, line=entry.key_line)


def _given(node: MappingNode, key: str) -> Node | None:
    """What stands under a key; a null is nothing."""
    found = node.get(key)
    return None if found is None or _is_nothing(found) else found


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
