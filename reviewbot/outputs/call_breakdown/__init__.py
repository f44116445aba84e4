"""One call taken apart, as a table for the terminal, as JSON, or as a page."""

from collections.abc import Mapping
from typing import Final, TextIO

from reviewbot.outputs.console_of import console_of
from reviewbot.report.call_breakdown import CallBreakdown

FORMATS: Final = ("terminal", "json", "html")
"""What `--format` takes; the first is the default."""


def render(
    breakdown: CallBreakdown, form: str, environment: Mapping[str, str], out: TextIO | None
) -> str:
    """The breakdown in the format `form`; `out` and the environment say how wide and coloured."""
    match form:
        case "json":
            from reviewbot.outputs.json_report import render_json

            return render_json(breakdown)
        case "html":
            from reviewbot.outputs.call_breakdown.html import render_page

            return render_page(breakdown)
        case _:
            from reviewbot.outputs.call_breakdown.terminal import render_table

            return render_table(breakdown, console_of(out, environment))
