"""Prompty prompts of both versions, compiled and rendered."""

from typing import Any

import pytest

from reviewbot.prompt import (
    CompiledTemplate,
    PromptFile,
)
from reviewbot.prompt_formats import prompty
from reviewbot.rendering import engines
from tests.support.reading import read

FIRST = "---\nmodel:\n  api: chat\n---\n"
SECOND = "---\nmodel: gpt-4o\n---\n"
HEADS = pytest.mark.parametrize("head", [FIRST, SECOND], ids=["first", "second"])


def compiled(file: PromptFile, undefined: engines.Undefined = "error") -> CompiledTemplate:
    (message,) = file.messages
    assert message.engine == "prompty"
    return engines.by_name(message.engine).compile_template(
        message.text, name="p.prompty", load=lambda *_: None, undefined=undefined, options={}
    )


def messages(text: str, variables: dict[str, Any], undefined: engines.Undefined = "error") -> Any:
    template = compiled(read(prompty, text, path="p.prompty"), undefined)
    split = template.split
    assert split is not None
    return [[part.role, part.text] for part in split(template.render(variables))]
