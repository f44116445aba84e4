"""Reads a prompt file's text as the pipeline would."""

from collections.abc import Mapping
from typing import Any

from reviewbot.formats import Format
from reviewbot.prompts import ALONE, PromptFile, PromptText, Surroundings


def read(
    chosen: Format | Any,
    text: str,
    *,
    path: str = "p",
    role: str | None = None,
    selector: str | None = None,
    options: Mapping[str, Any] | None = None,
    surroundings: Surroundings = ALONE,
) -> PromptFile:
    file = PromptText(
        path=path,
        text=text,
        role=role,
        selector=selector,
        options=options or {},
        surroundings=surroundings,
    )
    found: PromptFile = chosen.read(file)
    return found
