"""The front matter of version 1 of Prompty, as prompty 0.1 and promptflow read it."""

import json
from collections.abc import Mapping
from typing import Any

from reviewbot.documents import MappingNode, Node, Scalar, parse_json
from reviewbot.prompt import PromptFile, Sample, Tool
from reviewbot.prompt_formats.prompty.both_versions import Version, named, refusal
from reviewbot.prompt_formats.prompty.references import entries, load, named_file, text_of
from reviewbot.prompt_formats.tool_definitions import read_tools
from reviewbot.rendering.engines import prompty as engine

_MODEL_NAMES = ("azure_deployment", "name", "model", "deployment")


class First(Version):
    """Prompty version 1."""

    number = engine.FIRST

    def content(self, body: str, line: int) -> PromptFile:
        """What a file of version 1 holds."""
        base = self.settings.get("base")
        if base is not None:
            what = "a prompt with a `base` cannot be measured"
            raise refusal(what, self.path, base.line, "write the base's settings into this file")
        model = entries(self.settings.get("model"))
        api = model.get("api")
        if api is not None and text_of(api) not in {"chat", None}:
            what = f"calls of the API {text_of(api)!r} cannot be counted"
            raise refusal(what, self.path, api.line, "write a prompt of `api: chat`")
        sample = self._sample()
        defaults = {
            name: self.data(item["default"]) for name, item in self._inputs() if "default" in item
        }
        parameters = entries(model.get("parameters"))
        answers, settings = self.beside(model.get("parameters"))
        return PromptFile(
            messages=(
                self.template(
                    body, line, language=self._template_language(), defaults={**defaults, **sample}
                ),
            ),
            tools=self._tools(parameters.get("tools")),
            model=self._model(entries(model.get("configuration")), parameters),
            max_tokens=self.cap(parameters),
            response_schema=self._answer(parameters.get("response_format")),
            answers=answers,
            settings=settings,
            parameters=self.parameters(model.get("parameters")),
            samples=(Sample(name="sample", variables=sample),) if sample else (),
        )

    def _inputs(self) -> list[tuple[str, dict[str, Node]]]:
        return [(key, entries(item)) for key, item in entries(self.settings.get("inputs")).items()]

    def _template_language(self) -> str:
        template = self.settings.get("template")
        if not isinstance(template, MappingNode):
            return self.language(template, "jinja2")
        kind = template.get("type") or template.get("format")
        return self.language(kind, "mustache")

    def _sample(self) -> dict[str, Any]:
        node = self.settings.get("sample")
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return {}
        if isinstance(node, Scalar) and named_file(node, self.file) is None:
            reference = Scalar(line=node.line, value=f"${{file:{node.text}}}", text=node.text)
            sample = self.data(reference)
        else:
            sample = self.data(node)
        if not isinstance(sample, dict):
            raise refusal("`sample` is no mapping of variables", self.path, node.line)
        return sample

    def _model(
        self, configuration: Mapping[str, Node], parameters: Mapping[str, Node]
    ) -> str | None:
        given = [text_of(configuration.get(key)) for key in _MODEL_NAMES]
        found = (text_of(parameters.get("model")), *given)
        return named(text_of(configuration.get("type")), next(filter(None, found), None))

    def _tools(self, node: Node | None) -> tuple[Tool, ...]:
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return ()
        if isinstance(node, Scalar):
            loaded = named_file(node, self.file) or load(node.text, self.file, node.line)
            return read_tools(parse_json(loaded.text, file=loaded.path), path=loaded.path)
        return read_tools(node, path=self.path)

    def _answer(self, node: Node | None) -> str | None:
        if node is None:
            return None
        loaded = named_file(node, self.file)
        if loaded is not None:
            node = parse_json(loaded.text, file=loaded.path)
        if text_of(entries(node).get("type")) != "json_schema":
            return None
        schema = entries(entries(node).get("json_schema")).get("schema")
        if not isinstance(schema, MappingNode):
            what = "`response_format` of type json_schema needs a `json_schema` with a `schema`"
            raise refusal(what, self.path, node.line)
        return json.dumps(self.data(schema))
