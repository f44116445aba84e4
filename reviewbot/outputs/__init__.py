"""The outputs of a review, one module or folder a format; a new one is an entry of `FORMATS` too.

A renderer is imported only when it is asked for.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reviewbot.outputs.style import Style
    from reviewbot.report import Report

FORMATS: Final = ("terminal", "markdown", "json", "sarif", "junit", "gitlab")
"""What `--format` takes; the first is the default."""


def render(report: "Report", form: str, style: "Style") -> str:
    """The report in the format `form`, one of `FORMATS`; `style` is how the terminal shows it."""
    match form:
        case "json":
            from reviewbot.outputs.json_report import render_json

            return render_json(report)
        case "markdown":
            from reviewbot.outputs.markdown import render_markdown

            return render_markdown(report)
        case "sarif":
            from reviewbot.outputs.sarif import render_sarif

            return render_sarif(report)
        case "junit":
            from reviewbot.outputs.junit import render_junit

            return render_junit(report)
        case "gitlab":
            from reviewbot.outputs.gitlab import render_gitlab

            return render_gitlab(report)
        case _:
            from reviewbot.outputs.terminal import render_terminal

            return render_terminal(report, style)
