"""The steps of selectors, which may be positions: the third of a name, or the third of a list."""

from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common.selected_prompts import name_of


def plain_selector(selector: str) -> str:
    """The selector as a path of names, also where a subscript is written: `PARTS[3]`."""
    return name_of(PromptText(path="", text="", selector=selector))


def without_positions(selector: str) -> tuple[str, ...]:
    """The names of a selector, alike for each position: `run@2.parts.3` and `run.parts.0`."""
    return tuple("#" if step.isdecimal() else step.partition("@")[0] for step in steps_of(selector))


def steps_of(selector: str) -> list[str]:
    """The names of a selector; one with a dot stands in quotes."""
    parts = selector.split('"')
    return [
        step
        for number, part in enumerate(parts)
        for step in ([part] if number % 2 else part.strip(".").split("."))
        if step
    ]
