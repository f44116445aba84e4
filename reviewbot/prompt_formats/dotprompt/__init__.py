"""Dotprompt files: front matter and a body in Handlebars that holds all messages."""

import json
from collections.abc import Iterator
from typing import Any

from reviewbot.documents import Entry, ListNode, MappingNode, Node, Scalar, parse_json, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt import CallParameters, MessageTemplate, PromptFile, PromptText, Sample, Tool
from reviewbot.prompt_formats._common.front_matter import FrontMatter, split
from reviewbot.prompt_formats._common.problems import refuse_role, wrong
from reviewbot.prompt_formats._common.request_settings import answer_features, read_settings
from reviewbot.prompt_formats.dotprompt.picoschema import expanded
from reviewbot.prompt_formats.tool_definitions import read_tools
from reviewbot.rendering.engines import dotprompt as engine

NAME = "dotprompt"
TITLE = "Dotprompt (Genkit)"
RECOGNIZED = ("*.prompt",)
AMBIGUOUS = False

_PROVIDERS = {"googleai": "google"}
_SENT_IN_CONFIG = ("responseSchema", "responseJsonSchema", "systemInstruction", "tools")
_NOTHING = MappingNode(line=1, entries=())


def read(file: PromptText) -> PromptFile:
    """The body, and what of the front matter is sent or billed."""
    refuse_role(file)
    front = split(file.text, path=file.path)
    settings = front.settings or _NOTHING
    config = _mapping(settings, "config", file)
    for entry in config.entries:
        if entry.key in _SENT_IN_CONFIG:
            what, mend = f"`config.{entry.key}` cannot be counted", "write it as Dotprompt has it"
            raise wrong(what, mend, path=file.path, line=entry.key_line)
    answers, beside = read_settings([config], path=file.path, counted=["maxOutputTokens"])
    default = _mapping(_mapping(settings, "input", file), "default", file)
    defaults = plain(default)
    model = _text(settings.get("model"), "model", file)
    return PromptFile(
        messages=(_body(file, front, defaults),),
        tools=(*_named_tools(settings.get("tools"), file), *_own_tools(settings, file)),
        model=None if model is None else _model(model),
        max_tokens=_cap(config.get("maxOutputTokens"), file),
        response_schema=_response_schema(_mapping(settings, "output", file), file),
        answers=answers,
        settings=beside,
        parameters=CallParameters(features=_features(settings, config, file)),
        samples=(Sample(name="default", variables=defaults),) if defaults else (),
    )


def _features(settings: MappingNode, config: MappingNode, file: PromptText) -> tuple[str, ...]:
    """What is peculiar to the answer's format; `output.format` is the model's `response_format`."""
    output = _mapping(settings, "output", file)
    formats = tuple(
        Entry(key="response_format", key_line=entry.key_line, value=entry.value)
        for entry in output.entries
        if entry.key == "format"
    )
    return answer_features([config, MappingNode(line=output.line, entries=formats)])


def _body(file: PromptText, front: FrontMatter, defaults: Any) -> MessageTemplate:
    """The body without blanks around it; where there are no settings, the whole file as it is."""
    body, line = file.text, file.line
    if front.settings is not None and _has_content(file.text[: -len(front.body) or None]):
        body = front.body.lstrip()
        line = front.body_line + front.body.count("\n", 0, len(front.body) - len(body))
        body = body.rstrip()
    if not body.strip():
        mend = "write the prompt behind the second `---`"
        raise wrong("the file holds no prompt", mend, path=file.path, line=file.line)
    text = json.dumps({"body": body, "defaults": defaults})
    return MessageTemplate(role="user", text=text, engine=engine.NAME, line=line)


def _has_content(head: str) -> bool:
    """Whether anything, be it a comment, stands between the lines of `---`; else they are text."""
    return any(line.strip(" \t\r-") for line in head.split("\n"))


def _model(name: str) -> str:
    provider, slash, rest = name.partition("/")
    return f"{_PROVIDERS.get(provider, provider)}{slash}{rest}"


def _cap(node: Node | None, file: PromptText) -> int | None:
    if node is None:
        return None
    if not isinstance(node, Scalar) or type(node.value) is not int or node.value < 1:
        what = "`maxOutputTokens` is not a whole number above zero"
        raise _wrong(what, file, node.line)
    return node.value


def _response_schema(output: MappingNode, file: PromptText) -> str | None:
    schema, kind = output.get("schema"), _text(output.get("format"), "format", file)
    if schema is None or kind == "text" or (isinstance(schema, Scalar) and schema.text == ""):
        return None
    return json.dumps(expanded(schema, file.path), ensure_ascii=False, separators=(",", ":"))


def _named_tools(node: Node | None, file: PromptText) -> Iterator[Tool]:
    """The definitions of the tools that are named, from files beside the prompt."""
    if node is None:
        return
    for item in node.items if isinstance(node, ListNode) else (node,):
        name = _text(item, "tools", file)
        if name is None:
            raise _wrong("`tools` is no list of names", file, item.line)
        yield _tool(name, item.line, file)


def _tool(name: str, line: int, file: PromptText) -> Tool:
    for place in (f"{name}.tools.json", "tools.json"):
        found = file.surroundings.load(place, file.path)
        if found is not None:
            tools = read_tools(parse_json(found.text, file=found.path), path=found.path)
            for tool in tools:
                if tool.name == name:
                    return tool
    what = f"the definition of the tool {name!r} was not found"
    mend = f"write it to tools.json or {name}.tools.json beside the prompt, or under `toolDefs`"
    raise wrong(what, mend, path=file.path, line=line)


def _own_tools(settings: MappingNode, file: PromptText) -> Iterator[Tool]:
    node = settings.get("toolDefs")
    if node is None:
        return
    for item in node.items if isinstance(node, ListNode) else (node,):
        name = _text(item.get("name"), "name", file) if isinstance(item, MappingNode) else None
        if not isinstance(item, MappingNode) or name is None:
            raise _wrong("a tool needs a `name`", file, item.line)
        schema = item.get("inputSchema")
        yield Tool(
            name=name,
            description=_text(item.get("description"), "description", file) or "",
            parameters={} if schema is None else expanded(schema, file.path),
        )


def _mapping(settings: MappingNode, key: str, file: PromptText) -> MappingNode:
    node = settings.get(key)
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return _NOTHING
    if not isinstance(node, MappingNode):
        raise _wrong(f"`{key}` is no mapping", file, node.line)
    return node


def _text(node: Node | None, key: str, file: PromptText) -> str | None:
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return None
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        raise _wrong(f"`{key}` is no text", file, node.line)
    return node.value


def _wrong(what: str, file: PromptText, line: int) -> MeasurementError:
    return wrong(what, "write it as Dotprompt documents its files", path=file.path, line=line)
