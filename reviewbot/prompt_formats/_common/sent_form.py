"""A form in which source code sends a text that has a name."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common.selected_prompts import name_of


class SentForm(Struct, frozen=True, kw_only=True):
    """A name that is sent otherwise than as it stands, in the `form` that is told.

    `steps` are the name with the blocks around it; `is_own` says that the file sets it. With a
    `key` it is what the request is asked for that sends it, as code says it.
    """

    steps: tuple[str, ...]
    key: str
    form: str
    line: int
    is_own: bool


Parser = Callable[[PromptText], tuple[str, PromptText]]
"""Gives the parser that tells the forms of a file, and the text for it."""


def sent_forms(parser: Parser, file: PromptText, names: Sequence[str]) -> tuple[SentForm, ...]:
    """The forms in which a source file sends texts with these names.

    Raises:
        MeasurementError: It cannot be read, or exceeds the limits.
    """
    name, source = parser(file)
    given = json.dumps({"names": names, "source": source.text})
    found: list[dict[str, Any]] = source.surroundings.parse(name, given, source.path)
    return tuple(
        SentForm(
            steps=tuple(item["steps"]),
            key=item["key"],
            form=item["form"],
            line=item["line"],
            is_own=item["is_own"],
        )
        for item in found
    )


def plain_name(selector: str) -> tuple[str, ...]:
    """A selector's steps, without `self` and the numbers of names that are set several times."""
    file = PromptText(path="", text="", selector=selector)
    steps = [step.partition("@")[0] for step in name_of(file).replace('"', "").split(".")]
    for own in ("self", "cls", "this"):
        if own in steps[1:]:
            at = steps.index(own, 1)
            steps = [*steps[: at - 1], *steps[at + 1 :]]
    return tuple(steps)
