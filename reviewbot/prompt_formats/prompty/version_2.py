"""The front matter of version 2 of Prompty, as prompty 2 reads it."""

import json
from collections.abc import Mapping
from typing import Any

from reviewbot.documents import Entry, ListNode, MappingNode, Node, Scalar
from reviewbot.prompt import PromptFile, Sample, Tool
from reviewbot.prompt_formats.prompty import schemas as _prompty_schemas
from reviewbot.prompt_formats.prompty.both_versions import Version, named, refusal
from reviewbot.prompt_formats.prompty.references import entries, text_of
from reviewbot.rendering.engines import prompty as engine

_RICH = {"image", "file", "audio"}


class Second(Version):
    """Prompty version 2."""

    number = engine.SECOND

    def content(self, body: str, line: int) -> PromptFile:
        """What a file of version 2 holds."""
        model = self.settings.get("model")
        given = entries(model)
        api = text_of(given.get("apiType"))
        if api not in {None, "chat", "responses"}:
            what = f"calls of the API {api!r} cannot be counted"
            raise refusal(what, self.path, given["apiType"].line, "write a prompt of `chat`")
        template = entries(self.settings.get("template"))
        inputs = _prompty_schemas.properties(self.settings.get("inputs"), self.path)
        kinds = {name: self._kind(item) for name, item in inputs}
        schema = _prompty_schemas.answer_schema(self.settings.get("outputs"), self.path)
        sample = self._values(inputs, ("example", "sample"))
        options = entries(given.get("options"))
        answers, settings = self.beside(given.get("options"))
        return PromptFile(
            messages=(
                self.template(
                    body,
                    line,
                    language=self._template_language(template),
                    defaults=self._values(inputs, ("default",)),
                    threads=[name for name, kind in kinds.items() if kind == "thread"],
                    strict=self._is_strict(template),
                ),
            ),
            tools=self._tools(self.settings.get("tools")),
            model=named(text_of(given.get("provider")), text_of(given.get("id")) or text_of(model)),
            max_tokens=self.cap(options, entries(options.get("additionalProperties"))),
            response_schema=None if schema is None else json.dumps(schema),
            answers=answers,
            settings=settings,
            parameters=self.parameters(given.get("options")),
            samples=(Sample(name="example", variables=sample),) if sample else (),
        )

    def _kind(self, node: MappingNode) -> str:
        kind = node.get("kind")
        shown = text_of(kind) or ""
        if shown in _RICH:
            what = f"inputs of kind {shown!r} cannot be counted"
            raise refusal(what, self.path, node.line, "keep them out of this prompt")
        return shown

    def _values(
        self, inputs: list[tuple[str, MappingNode]], keys: tuple[str, ...]
    ) -> dict[str, Any]:
        found = {}
        for name, item in inputs:
            value = next((item.get(key) for key in keys if item.get(key) is not None), None)
            if value is not None and not (isinstance(value, Scalar) and value.value is None):
                found[name] = self.data(value)
        return found

    def _template_language(self, template: Mapping[str, Node]) -> str:
        parser = template.get("parser")
        kind = text_of(entries(parser).get("kind") if isinstance(parser, MappingNode) else parser)
        if parser is not None and kind not in {None, "prompty", "*"}:
            what = f"the parser {kind!r} is not known"
            raise refusal(what, self.path, parser.line, "use the parser prompty")
        chosen = template.get("format")
        return self.language(
            entries(chosen).get("kind") if isinstance(chosen, MappingNode) else chosen, "jinja2"
        )

    def _is_strict(self, template: Mapping[str, Node]) -> bool:
        strict = entries(template.get("format")).get("strict")
        return not (isinstance(strict, Scalar) and strict.value is False)

    def _tools(self, node: Node | None) -> tuple[Tool, ...]:
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return ()
        if isinstance(node, MappingNode):
            items = [_with_name(key, item) for key, item in entries(node).items()]
            return tuple(_prompty_schemas.function(item, self.path) for item in items)
        if not isinstance(node, ListNode):
            raise refusal("`tools` is no list", self.path, node.line)
        return tuple(_prompty_schemas.function(item, self.path) for item in node.items)


def _with_name(name: str, node: Node) -> Node:
    if not isinstance(node, MappingNode):
        return node
    own = Scalar(line=node.line, value=name, text=name, quoted=True)
    others = tuple(entry for entry in node.entries if entry.key != "name")
    return MappingNode(
        line=node.line, entries=(Entry(key="name", key_line=node.line, value=own), *others)
    )
