"""What both versions of Prompty's front matter have in common."""

import json
from collections.abc import Mapping
from typing import Any

from reviewbot.documents import MappingNode, Node
from reviewbot.errors import MeasurementError
from reviewbot.prompt import CallParameters, MessageTemplate, PromptText, RequestSetting
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.prompt_formats._common.request_settings import answer_features, read_settings
from reviewbot.prompt_formats.prompty.references import data_of, text_of
from reviewbot.rendering.engines import prompty as engine

_CAPS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens")
_CAP_DIGITS = 9
_PROVIDERS = {"azure_openai": "azure", "foundry": "azure", "azure_foundry": "azure"}
_LANGUAGES = {"jinja2": "jinja", "mustache": "mustache"}


class Version:
    """Reads the front matter of one version of the format."""

    number: int

    def __init__(self, file: PromptText, settings: Mapping[str, Node]) -> None:
        self.file = file
        self.path = file.path
        self.settings = settings

    def template(self, body: str, line: int, **given: Any) -> MessageTemplate:
        """The template of the body at `line`; its engine tells its messages apart."""
        text = json.dumps(
            {"version": self.number, "body": body, "threads": [], "strict": False, **given}
        )
        return MessageTemplate(role="system", text=text, engine=engine.NAME, line=line)

    def language(self, node: Node | None, default: str) -> str:
        """The engine of the template language that `node` names; a MeasurementError for others."""
        kind = text_of(node) or default
        if kind not in _LANGUAGES:
            what = f"templates of format {kind!r} cannot be rendered"
            line = node.line if node is not None else 1
            raise refusal(what, self.path, line, "use jinja2 or mustache")
        return _LANGUAGES[kind]

    def cap(self, *mappings: Mapping[str, Node]) -> int | None:
        """The lowest cap on output tokens in the `mappings`; None where none has one."""
        found = []
        for cap in (mapping[key] for mapping in mappings for key in _CAPS if key in mapping):
            text = text_of(cap)
            if text is None:
                continue
            if not text.isdecimal() or not 1 <= len(text.lstrip("0")) <= _CAP_DIGITS:
                what = "the cap on output tokens is not a whole number above zero"
                raise refusal(what, self.path, cap.line, "write it like `max_tokens: 500`")
            found.append(int(text))
        return min(found, default=None)

    def beside(self, node: Node | None) -> tuple[int, tuple[RequestSetting, ...]]:
        """The number of answers, and what else in the parameters `node` moves the bill."""
        mappings = [node] if isinstance(node, MappingNode) else []
        return read_settings(mappings, path=self.path, counted=(*_CAPS, "tools"))

    def parameters(self, node: Node | None) -> CallParameters:
        """What the parameters `node` say of the answer's format."""
        return CallParameters(
            features=answer_features([node] if isinstance(node, MappingNode) else [])
        )

    def data(self, node: Node) -> Any:
        """The data of `node`, with references to files read."""
        return data_of(node, self.file, stripped=self.number == engine.FIRST)


def named(provider: str | None, name: str | None) -> str | None:
    """The model as reviewbot names it; None where the environment names it."""
    if name is not None and "${env:" in name:
        return None
    if name is None or provider is None or name.startswith(f"{provider}/"):
        return name
    return f"{_PROVIDERS.get(provider, provider)}/{name}"


def refusal(
    what: str, path: str, line: int, mend: str = "write it as Prompty documents its files"
) -> MeasurementError:
    """The error that a file is not as Prompty documents it."""
    return wrong(what, mend, path=path, line=line)
