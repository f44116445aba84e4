"""The prompt that a selector names in Python source."""

from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common.selected_prompts import (
    chosen,
    found_under,
    name_of,
    parsed_source,
    text_by_itself,
)
from reviewbot.prompt_formats.python.notebooks import as_source

ENDINGS = (".py", ".ipynb")
"""Files whose names can be selected."""


def all_prompts(file: PromptText) -> Mapping[str, Any]:
    """What `reviewbot.rendering.parsers.python_source` finds in a file.

    Raises:
        MeasurementError: It is no Python source or notebook, or exceeds the limits.
    """
    return parsed_source(*parsed_by(file))["prompts"]  # type: ignore[no-any-return]


def parsed_by(file: PromptText) -> tuple[str, PromptText]:
    """The parser of a file, and the text that it reads.

    Raises:
        MeasurementError: It is a notebook that cannot be read.
    """
    return "python-source", as_source(file)


def selected(file: PromptText) -> Mapping[str, Any]:
    """The prompt under the name that is selected.

    Raises:
        MeasurementError: There is none, or the source does not tell its text.
    """
    prompts = all_prompts(file)
    return chosen(file, prompts, found_under(prompts, name_of(file)))


def select_text(file: PromptText) -> PromptText:
    """The text under the name that is selected, for another format to read.

    Raises:
        MeasurementError: There is none, or a program puts values into it or makes messages of it.
    """
    return text_by_itself(file, selected(file), language="python")
