"""What the prompts cost over time, as a table for the terminal, as JSON, or as a page."""

from collections.abc import Mapping
from typing import Final, TextIO

from reviewbot.outputs.console_of import console_of
from reviewbot.report.history import History

FORMATS: Final = ("terminal", "json", "html")
"""What `--format` takes; the first is the default."""


def render(history: History, form: str, environment: Mapping[str, str], out: TextIO | None) -> str:
    """The history in the format `form`; `out` and the environment say how wide and coloured."""
    match form:
        case "json":
            from reviewbot.outputs.json_report import render_json

            return render_json(history)
        case "html":
            from reviewbot.outputs.history.html import render_page

            return render_page(history)
        case _:
            from reviewbot.outputs.history.terminal import render_table

            return render_table(history, console_of(out, environment))
