"""Serialized LangChain prompts: files of `load_prompt`, and of `dumps`, as LangSmith has them."""

import json
from typing import Any

from reviewbot.documents import ListNode, MappingNode, Node, parse_json, parse_yaml, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt import CallParameters, Discovered, MessageTemplate, PromptFile, PromptText
from reviewbot.prompt_formats._common.problems import refuse_role
from reviewbot.prompt_formats.langchain.models import Bound, read_bound, schema_text
from reviewbot.prompt_formats.langchain.templates import (
    Source,
    constructor,
    fields,
    is_null,
    kind,
    message,
    part,
    text_of,
)
from reviewbot.rendering.engines import langchain as engine

NAME = "langchain"
TITLE = "serialized LangChain prompts, JSON and YAML"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True
IS_DATA = True
SEARCHED = ("*.json", "*.yaml", "*.yml")

_CHATS = {"ChatPromptTemplate", "StructuredPrompt", "ChatPromptValue"}
_STRINGS = {"prompt", "few_shot"}
_TEMPLATE_ROLES = {
    "SystemMessagePromptTemplate": "system",
    "HumanMessagePromptTemplate": "user",
    "AIMessagePromptTemplate": "assistant",
}
_MESSAGE_ROLES = {"SystemMessage": "system", "HumanMessage": "user", "AIMessage": "assistant"}


def read(file: PromptText) -> PromptFile:
    """The messages of the prompt, and what the model is bound to that it is piped into."""
    node = _parsed(file)
    source = Source(prompt=file, path=file.path, text=file.text)
    prompt, bound = _piped(node, source)
    given = kind(prompt)
    if not isinstance(prompt, MappingNode) or given is None:
        what = "this is no serialized prompt"
        mend = 'write it with LangChain\'s `dumps`, or with a `_type` such as "prompt"'
        raise source.refusal(what, prompt, mend)
    if given in _STRINGS:
        messages = [message([part(prompt, source)], role=file.role or "user", partial={})]
    else:
        refuse_role(file)
        messages = _chat(prompt, given, source)
    schema = fields(prompt).get("schema_")
    return PromptFile(
        messages=tuple(messages),
        tools=bound.tools,
        model=bound.model,
        max_tokens=bound.max_tokens,
        response_schema=bound.response_schema or schema_text(schema),
        answers=bound.answers,
        settings=bound.settings,
        parameters=CallParameters(features=bound.features),
    )


def discover(file: PromptText) -> tuple[Discovered, ...]:
    """The file itself, where it is a prompt."""
    if '"lc"' not in file.text and "_type" not in file.text:
        return ()
    try:
        node = _parsed(file)
        prompt, _ = _piped(node, Source(prompt=file, path=file.path, text=file.text))
    except MeasurementError:
        return ()
    is_marked = isinstance(node, MappingNode) and not (
        is_null(node.get("lc")) and is_null(node.get("_type"))
    )
    is_prompt = kind(prompt) in _STRINGS | _CHATS | {"chat"}
    return (Discovered(selector=None, format=NAME),) if is_marked and is_prompt else ()


def _parsed(file: PromptText) -> Node:
    parse = parse_json if file.path.lower().endswith(".json") else parse_yaml
    return parse(file.text, file=file.path)


def _piped(node: Node, source: Source) -> tuple[Node, Bound]:
    """The prompt, and what it is piped into where it is the first step of a sequence."""
    found = constructor(node)
    if found is None or found[0] != "RunnableSequence":
        return node, Bound()
    values = found[1]
    middle = values.get("middle")
    if isinstance(middle, ListNode) and middle.items:
        model = next((item for item in middle.items if read_bound(item, source).model), None)
        if model is not None:
            return values.get("first") or node, read_bound(model, source)
    return values.get("first") or node, read_bound(values.get("last"), source)


def _chat(prompt: MappingNode, given: str, source: Source) -> list[MessageTemplate]:
    values = fields(prompt)
    messages = values.get("messages")
    if given not in _CHATS | {"chat"} or not isinstance(messages, ListNode):
        raise source.refusal(f"a prompt of kind {given!r} cannot be counted", prompt)
    node = values.get("partial_variables")
    partial = plain(node) if isinstance(node, MappingNode) else {}
    if given == "chat":
        return [_loaded(messages, source)]
    return [_message(item, partial, source) for item in messages.items]


def _loaded(messages: ListNode, source: Source) -> MessageTemplate:
    """The user's message that `load_prompt` makes of a chat prompt's first template."""
    first = messages.items[0] if messages.items else None
    template = first.get("prompt") if isinstance(first, MappingNode) else None
    if len(messages.items) != 1 or template is None:
        what = "LangChain reads one message of such a file, and drops all others"
        raise source.refusal(what, messages, "write the prompt with `dumps`")
    return message([part(template, source)], role="user", partial={})


def _message(node: Node, partial: dict[str, Any], source: Source) -> MessageTemplate:
    found = constructor(node)
    if found is None:
        raise source.refusal("this is no message", node)
    name, values = found
    if name == "MessagesPlaceholder":
        return _placeholder(values, partial, source)
    if name in _MESSAGE_ROLES or name == "ChatMessage":
        return _literal(name, values, source)
    role = _TEMPLATE_ROLES.get(name) or text_of(values.get("role"))
    if role is None or (name not in _TEMPLATE_ROLES and name != "ChatMessagePromptTemplate"):
        what = f"a message of kind {name!r} cannot be counted"
        raise source.refusal(what, node, "write it as a message with a template")
    template = values.get("prompt")
    templates = template.items if isinstance(template, ListNode) else (template,)
    parts = [part(item, source) for item in templates]
    return message(parts, role=engine.ROLES.get(role, role), partial=partial)


def _literal(name: str, values: MappingNode, source: Source) -> MessageTemplate:
    """A message that is no template."""
    content = values.get("content")
    tool_calls = values.get("tool_calls")
    if isinstance(tool_calls, ListNode) and tool_calls.items:
        raise source.refusal("calls of tools in messages cannot be counted", tool_calls)
    role = _MESSAGE_ROLES.get(name) or text_of(values.get("role")) or "user"
    text = source.piece(content if content is not None else values)
    return MessageTemplate(role=engine.ROLES.get(role, role), text=text["text"], line=text["line"])


def _placeholder(values: MappingNode, partial: dict[str, Any], source: Source) -> MessageTemplate:
    variable = text_of(values.get("variable_name"))
    if variable is None:
        raise source.refusal("the placeholder names no variable", values)
    limit = text_of(values.get("n_messages"))
    if limit is not None and not (limit.isdecimal() and 1 <= len(limit) <= _LIMIT_DIGITS):
        raise source.refusal("`n_messages` is no number", values)
    optional = (text_of(values.get("optional")) or "").lower() == "true"
    if partial.get(variable):
        what = f"messages in the partial variable {variable!r} cannot be counted"
        raise source.refusal(what, values, "give them as a sample")
    given = {
        "placeholder": variable,
        "optional": optional or variable in partial,
        "limit": None if limit is None else int(limit),
        "line": 1,
    }
    return MessageTemplate(
        role="user", text=json.dumps(given), engine=engine.NAME, line=values.line
    )


_LIMIT_DIGITS = 6
