"""Reads a prompt file's text as the pipeline would, parsers in this process."""

import importlib
import json
from collections.abc import Mapping
from typing import Any

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import PromptFile, PromptText, Surroundings, TemplateError
from reviewbot.prompt_formats import Format
from reviewbot.rendering.engines._common.faults import described


def parse(parser: str, text: str, path: str) -> Any:
    """What a parser gives, as the rendering process would hand it over."""
    module = importlib.import_module(f"reviewbot.rendering.parsers.{parser.replace('-', '_')}")
    try:
        return json.loads(json.dumps(module.parse(text)))
    except TemplateError as error:
        what, mend, line = error.what, error.mend, error.line
    except (RecursionError, MemoryError) as error:
        (what, mend), line = described(error), None
    place = Place(file=path, line=line or 1)
    raise MeasurementError([Problem(what=what, mend=mend, place=place)])


HERE = Surroundings(load=lambda _, __: None, parse=parse)


def read(
    chosen: Format | Any,
    text: str,
    *,
    path: str = "p",
    role: str | None = None,
    selector: str | None = None,
    options: Mapping[str, Any] | None = None,
    surroundings: Surroundings = HERE,
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
