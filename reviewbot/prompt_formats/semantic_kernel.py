"""Prompt functions of Semantic Kernel: `skprompt.txt` with `config.json` beside it, or YAML."""

import json
import posixpath
from collections.abc import Iterator
from typing import Any

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, parse_yaml, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt import (
    CallParameters,
    Discovered,
    MessageTemplate,
    PromptFile,
    PromptText,
    Sample,
    Tool,
)
from reviewbot.prompt_formats._common.lines import stands_in_lines
from reviewbot.prompt_formats._common.problems import refuse_role, wrong
from reviewbot.prompt_formats._common.request_settings import answer_features, read_settings
from reviewbot.prompt_formats.tool_definitions import read_tools
from reviewbot.rendering.engines import semantic_kernel as engine

NAME = "semantic-kernel"
TITLE = "prompt functions of Semantic Kernel"
RECOGNIZED = ("skprompt.txt",)
AMBIGUOUS = False
SEARCHED = ("*.yaml", "*.yml")

_SIGNS = ("template_format", "input_variables", "execution_settings")
_CAPS = ("max_tokens", "max_completion_tokens", "maxTokens")
_MODELS = ("ai_model_id", "model_id", "modelId")
_DEFAULTS = ("default", "default_value", "defaultValue")
_SYSTEM_PROMPTS = ("chat_system_prompt", "chat_developer_prompt")
"""Sent where the template has no such message: OpenAIPromptExecutionSettings of .NET."""
_CHOICES = ("function_choice_behavior", "functionChoiceBehavior")
_NOTHING = MappingNode(line=1, entries=())


def discover(file: PromptText) -> tuple[Discovered, ...]:
    """The prompt function that a YAML file is, by its keys."""
    try:
        node = parse_yaml(file.text, file=file.path)
    except MeasurementError:
        return ()
    if not isinstance(node, MappingNode) or not isinstance(node.get("template"), Scalar):
        return ()
    if all(node.get(key) is None for key in _SIGNS):
        return ()
    name = _text(node.get("name"))
    return (Discovered(selector=None, format=NAME, workflow=name),)


def read(file: PromptText) -> PromptFile:
    """The template, its defaults, and what its settings say of the call."""
    refuse_role(file)
    if file.path.lower().endswith((".yaml", ".yml")):
        node = parse_yaml(file.text, file=file.path)
        template = node.get("template") if isinstance(node, MappingNode) else None
        if not isinstance(node, MappingNode) or not isinstance(template, Scalar):
            raise _wrong("there is no `template`", file.path, node.line)
        is_in_lines = stands_in_lines(template.text, file.text, template.line)
        return _Function(file, file.path, node).content(
            template.text, template.line, is_in_lines=is_in_lines
        )
    found = file.surroundings.load("config.json", file.path)
    if found is None or posixpath.dirname(found.path) != posixpath.dirname(file.path):
        return _Function(file, file.path, _NOTHING).content(file.text, file.line)
    node = parse_json(found.text, file=found.path)
    if not isinstance(node, MappingNode):
        raise _wrong("the settings are no mapping", found.path, node.line)
    return _Function(file, found.path, node).content(file.text, file.line)


class _Function:
    """A prompt function, whose settings stand in the file at `path`."""

    def __init__(self, file: PromptText, path: str, settings: MappingNode) -> None:
        self._file = file
        self._path = path
        self._settings = settings

    def content(self, body: str, line: int, *, is_in_lines: bool = True) -> PromptFile:
        """What the function sends."""
        variables = dict(self._variables())
        defaults = {name: text for name, (text, _) in variables.items() if text is not None}
        given = {
            "body": body,
            "language": self._language(),
            "defaults": defaults,
            "trusted": [name for name, (_, is_trusted) in variables.items() if is_trusted],
            "is_trusted": _is_true(self._settings.get("allow_dangerously_set_content")),
        }
        message = MessageTemplate(
            role="user",
            text=json.dumps(given),
            engine=engine.NAME,
            line=line,
            is_in_lines=is_in_lines,
        )
        service = self._service()
        self._refuse_texts_in_settings()
        answers, settings = read_settings(
            self._services(),
            path=self._path,
            counted=(*_CAPS, *_MODELS, *_CHOICES),
        )
        return PromptFile(
            messages=(message,),
            tools=tuple(self._tools(service)),
            model=next((text for key in _MODELS if (text := _text(service.get(key)))), None),
            max_tokens=min(self._caps(service), default=None),
            response_schema=self._response_schema(service),
            answers=answers,
            settings=settings,
            parameters=CallParameters(features=answer_features(self._services())),
            samples=(Sample(name="default", variables=defaults),) if defaults else (),
        )

    def _language(self) -> str:
        node = self._settings.get("template_format")
        language = _text(node) or engine.NAME
        if node is not None and language not in engine.LANGUAGES:
            what = f"templates in {language!r} cannot be rendered"
            mend = f"use {', '.join(engine.LANGUAGES)}"
            raise wrong(what, mend, path=self._path, line=node.line)
        return engine.LANGUAGES[language]

    def _variables(self) -> Iterator[tuple[str, tuple[str | None, bool]]]:
        """Each variable's default, None if it has none, and whether it is not encoded."""
        node = self._settings.get("input_variables")
        if node is None:
            older = self._settings.get("input")
            node = older.get("parameters") if isinstance(older, MappingNode) else None
        if node is None:
            return
        for item in node.items if isinstance(node, ListNode) else (node,):
            name = _text(item.get("name")) if isinstance(item, MappingNode) else None
            if not isinstance(item, MappingNode) or name is None:
                raise _wrong("a variable needs a `name`", self._path, item.line)
            default = next((item.get(key) for key in _DEFAULTS if item.get(key) is not None), None)
            if isinstance(default, Scalar) and default.value in {None, ""}:
                default = None
            if default is not None and not (isinstance(default, Scalar) and default.quoted):
                text = _text(default)
                if text is None:
                    raise _wrong("a default is no text", self._path, default.line)
            is_trusted = _is_true(item.get("allow_dangerously_set_content"))
            yield name, (_text(default), is_trusted)

    def _service(self) -> MappingNode:
        """The settings of the one service that is called, as far as the file tells."""
        node = self._settings.get("execution_settings")
        older = self._settings.get("completion")
        if isinstance(older, MappingNode):
            return older
        if not isinstance(node, MappingNode):
            return _NOTHING
        default = node.get("default")
        if default is None and len(node.entries) == 1:
            default = node.entries[0].value
        return default if isinstance(default, MappingNode) else _NOTHING

    def _services(self) -> Iterator[MappingNode]:
        """The settings of every service that may be called."""
        node = self._settings.get("execution_settings")
        older = self._settings.get("completion")
        if isinstance(older, MappingNode):
            yield older
        if isinstance(node, MappingNode):
            yield from (e.value for e in node.entries if isinstance(e.value, MappingNode))

    def _refuse_texts_in_settings(self) -> None:
        for entry in (entry for service in self._services() for entry in service.entries):
            if entry.key in _SYSTEM_PROMPTS and _text(entry.value):
                role = "system" if entry.key == _SYSTEM_PROMPTS[0] else "developer"
                what = f"the text of `{entry.key}` is not measured"
                mend = f'write it into the template, as `<message role="{role}">…</message>`'
                raise wrong(what, mend, path=self._path, line=entry.key_line)

    def _caps(self, service: MappingNode) -> Iterator[int]:
        for node in (service.get(key) for key in _CAPS):
            if node is None or (isinstance(node, Scalar) and node.value is None):
                continue
            if not isinstance(node, Scalar) or type(node.value) is not int or node.value < 1:
                what = "the cap on output tokens is not a whole number above zero"
                raise _wrong(what, self._path, node.line)
            yield node.value

    def _response_schema(self, service: MappingNode) -> str | None:
        node = service.get("response_format")
        inner = node.get("json_schema") if isinstance(node, MappingNode) else None
        schema = inner.get("schema") if isinstance(inner, MappingNode) else None
        if schema is None:
            return None
        return json.dumps(plain(schema), ensure_ascii=False, separators=(",", ":"))

    def _tools(self, service: MappingNode) -> Iterator[Tool]:
        """The functions that the model may call: all in tools.json, or those that are named."""
        choice = next((node for key in _CHOICES if (node := service.get(key)) is not None), None)
        if not isinstance(choice, MappingNode) or _text(choice.get("type")) == "none":
            return
        named = choice.get("functions")
        names = None if named is None else [*map(str, _listed(plain(named)))]
        if names == []:
            return
        found = self._file.surroundings.load("tools.json", self._file.path)
        if found is None:
            mend = "write their definitions to tools.json beside the prompt"
            what = "the functions that the model may call are of the application"
            raise wrong(what, mend, path=self._path, line=choice.line)
        for tool in read_tools(parse_json(found.text, file=found.path), path=found.path):
            if names is None or tool.name in {name.replace(".", "-") for name in names}:
                yield tool


def _listed(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data]


def _text(node: Node | None) -> str | None:
    """A value as it is written; None where there is no single one."""
    return node.text if isinstance(node, Scalar) and node.value is not None else None


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is True


def _wrong(what: str, path: str, line: int) -> MeasurementError:
    mend = "write it as Semantic Kernel documents its prompts"
    return wrong(what, mend, path=path, line=line)
