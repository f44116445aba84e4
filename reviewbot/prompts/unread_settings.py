"""Whether a data file that cannot be parsed may hold prompts, as far as its text shows."""

import re

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common import prompt_names

_KEY = re.compile(
    r"""^[ \t{,-]{0,80}["']?[\w.-]{0,80}?"""
    r"""(?:prompts?|instructions?|system_?message|persona|backstory)["']?[ \t]{0,9}[:=][ \t]{0,9}"""
    r"""(?:[|>&*]|"{3}|'{3}|[^ \t\n{#][^\n]{99})""",
    re.IGNORECASE | re.MULTILINE,
)
"""A key that says prompt, before a text in lines of its own, a long one, or an alias."""

_OF_MACHINES = re.compile(
    r"^(?:[ \t]{0,80}(?:- )?\{[{%]|(?:apiVersion|kind|openapi|swagger|services|jobs)[ \t]{0,9}:)",
    re.MULTILINE,
)
"""Lines of templates, and of what describes servers and interfaces: names of folders say nothing
of the texts there."""


def why_unread(file: PromptText, error: MeasurementError) -> str | None:
    """Why a file that may hold prompts could not be parsed; None where nothing speaks of some."""
    words = {word for part in file.path.split("/") for word in prompt_names.words(part)}
    is_named = not words.isdisjoint({"prompt", "prompts"}) and not _OF_MACHINES.search(file.text)
    if not is_named and not _KEY.search(file.text):
        return None
    problem = error.problems[0]
    line = problem.place.line if problem.place is not None else None
    at = f"line {line}: " if line is not None else ""
    return f"{at}{problem.what}"
