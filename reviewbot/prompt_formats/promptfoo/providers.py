"""Model, output cap, tools and answer schema of the one provider of a promptfoo configuration."""

import json
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, parse_yaml, plain
from reviewbot.prompt import MessageTemplate, PromptText, RequestSetting, Tool
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.prompt_formats._common.request_settings import answer_features, read_settings
from reviewbot.prompt_formats.tool_definitions import read_tools

_CAPS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens")
_INSTRUCTIONS = ("instructions", "systemInstruction", "system_instruction", "system")
_COUNTED = (*_CAPS, *_INSTRUCTIONS, "tools", "functions", "response_format")
_PROVIDERS = {"azureopenai": "azure", "palm": "google", "vertex": "vertex_ai", "bedrock": "aws"}
_KINDS = {"chat", "messages", "responses", "completion", "converse"}


class Provider(Struct, frozen=True, kw_only=True):
    """What a call to the provider takes beside the prompt."""

    model: str | None = None
    max_tokens: int | None = None
    tools: tuple[Tool, ...] = ()
    response_schema: str | None = None
    answers: int = 1
    settings: tuple[RequestSetting, ...] = ()
    features: tuple[str, ...] = ()
    instructions: tuple[MessageTemplate, ...] = ()


def read_provider(node: Node | None, file: PromptText) -> Provider:
    """The provider; of several what they have in common, and the most of what they send.

    Raises:
        MeasurementError: The tools, the cap or the answer schema of one cannot be read.
    """
    if isinstance(node, Scalar) and _names_data(node):
        node, path = _data(node, file)
        file = replace(file, path=path)
    if not isinstance(node, ListNode):
        return _one(node, file)
    several = [_one(item, file) for item in node.items]
    if not several:
        return Provider()
    caps = [item.max_tokens for item in several]
    models = [item.model for item in several]
    is_one = len({*models}) == 1
    named = RequestSetting(
        key="providers",
        value=json.dumps(models),
        path=file.path,
        line=node.line,
        says_who_serves=True,
    )
    sent = max(several, key=_sent_characters)
    return Provider(
        model=models[0] if is_one else None,
        max_tokens=None if None in caps else max(cap or 0 for cap in caps),
        tools=sent.tools,
        response_schema=sent.response_schema,
        answers=max(item.answers for item in several),
        settings=(
            *(setting for item in several for setting in item.settings),
            *(() if is_one else (named,)),
        ),
        features=tuple(sorted({name for item in several for name in item.features})),
        instructions=sent.instructions,
    )


def _sent_characters(provider: Provider) -> int:
    """About how much a provider sends beside the prompt."""
    tools = sum(len(item.description) + len(str(item.parameters)) for item in provider.tools)
    said = sum(len(item.text) for item in provider.instructions)
    return tools + said + len(provider.response_schema or "")


def _one(node: Node | None, file: PromptText) -> Provider:
    if isinstance(node, Scalar) and _names_data(node):
        node, path = _data(node, file)
        file = replace(file, path=path)
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Provider(model=model_name(node.value))
    if not isinstance(node, MappingNode):
        return Provider()
    name, settings = node.get("id"), node
    if name is None and len(node.entries) == 1:
        (entry,) = node.entries
        name = Scalar(line=entry.key_line, value=entry.key, text=entry.key)
        settings = entry.value if isinstance(entry.value, MappingNode) else node
    config = settings.get("config")
    if not isinstance(name, Scalar):
        return Provider()
    if not isinstance(config, MappingNode):
        return Provider(model=model_name(name.text))
    passed = config.get("passthrough")
    sent = [config, passed] if isinstance(passed, MappingNode) else [config]
    answers, beside = read_settings([config], path=file.path, counted=_COUNTED)
    caps = [cap for item in sent if (cap := _cap(item, file)) is not None]
    schemas = [found for item in sent if (found := _schema(item.get("response_format"), file))]
    own = passed.get("model") if isinstance(passed, MappingNode) else None
    return Provider(
        model=_passed_model(own, name.text),
        max_tokens=min(caps, default=None),
        tools=tuple(
            tool
            for item in sent
            for key in ("tools", "functions")
            for tool in _tools(item.get(key), file)
        ),
        response_schema=next(iter(schemas), None),
        answers=answers,
        settings=beside,
        features=answer_features([config]),
        instructions=tuple(
            message
            for item in sent
            for key in _INSTRUCTIONS
            for message in _instructions(item.get(key), file)
        ),
    )


def _passed_model(node: Node | None, identity: str) -> str | None:
    """The model that is called: what is passed through to the request comes before the identity."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return model_name(identity)
    provider = identity.partition(":")[0]
    return f"{_PROVIDERS.get(provider, provider)}/{node.value.removeprefix(f'{provider}/')}"


def _instructions(node: Node | None, file: PromptText) -> Iterator[MessageTemplate]:
    """The instructions that a provider sends before every prompt."""
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        what = "the provider's instructions are no text"
        raise wrong(what, "write them as a text", path=file.path, line=node.line)
    if node.value.startswith("file://"):
        what = "instructions in a file of their own cannot be counted"
        raise wrong(what, "write them into the configuration", path=file.path, line=node.line)
    yield MessageTemplate(role="system", text=node.value, line=node.line)


def model_name(identity: str) -> str | None:
    """The model of a provider's identity, as reviewbot names it; None for code and addresses."""
    if identity.startswith(("file://", "http://", "https://", "exec:", "python:", "package:")):
        return None
    provider, _, model = identity.partition(":")
    kind, _, rest = model.partition(":")
    if kind in _KINDS and rest:
        model = rest
    if not model or model in _KINDS:
        return None
    return f"{_PROVIDERS.get(provider, provider)}/{model}"


def _cap(config: MappingNode, file: PromptText) -> int | None:
    caps = [cap for key in _CAPS if (cap := config.get(key)) is not None]
    for cap in caps:
        if not isinstance(cap, Scalar) or type(cap.value) is not int or cap.value < 1:
            what = "the cap on output tokens is not a whole number above zero"
            raise wrong(what, "write it like `max_tokens: 500`", path=file.path, line=cap.line)
    return min((int(cap.text) for cap in caps if isinstance(cap, Scalar)), default=None)


def _names_data(node: Scalar) -> bool:
    name = str(node.value)
    return name.startswith("file://") and name.endswith((".json", ".yaml", ".yml"))


def _data(node: Node, file: PromptText) -> tuple[Node, str]:
    """A value, or what the file holds that it names; and the path where that stands."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return node, file.path
    name = node.value.removeprefix("file://")
    loaded = file.surroundings.load(name, file.path) if _names_data(node) else None
    if loaded is None:
        what = f"{node.value!r} names no JSON or YAML file that is there"
        raise wrong(what, "correct it", path=file.path, line=node.line)
    parse = parse_json if name.endswith(".json") else parse_yaml
    return parse(loaded.text, file=loaded.path), loaded.path


def _tools(node: Node | None, file: PromptText) -> tuple[Tool, ...]:
    if node is None:
        return ()
    data, path = _data(node, file)
    return read_tools(data, path=path)


def _schema(node: Node | None, file: PromptText) -> str | None:
    if node is None:
        return None
    data, path = _data(node, file)
    kind = data.get("type") if isinstance(data, MappingNode) else None
    if not isinstance(data, MappingNode) or not isinstance(kind, Scalar):
        raise wrong("`response_format` has no type", "correct it", path=path, line=data.line)
    if kind.value != "json_schema":
        return None
    outer = data.get("json_schema")
    schema = outer.get("schema") if isinstance(outer, MappingNode) else data.get("schema")
    if schema is None:
        raise wrong("`json_schema` has no `schema`", "add it", path=path, line=data.line)
    inner, _ = _data(schema, file)
    return json.dumps(plain(inner))
