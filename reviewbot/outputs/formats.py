"""The formats that a review is printed in: a new one has a module or a folder beside this one.

A renderer is imported only when it is asked for.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewbot.outputs.style import Style
    from reviewbot.report import Report

FORMATS: Final = ("terminal", "markdown", "json", "sarif", "junit", "gitlab", "html")
"""What `--format` takes; the first is the default."""


def render(report: "Report", form: str, style: "Style") -> str:
    """The report in the format `form`, one of `FORMATS`; `style` is how the terminal shows it."""
    chosen: Callable[[Report], str]
    match form:
        case "json":
            from reviewbot.outputs.json_report import render_json

            chosen = render_json
        case "markdown":
            from reviewbot.outputs.markdown import render_markdown

            chosen = render_markdown
        case "html":
            from reviewbot.outputs.html import render_html

            chosen = render_html
        case "sarif":
            from reviewbot.outputs.sarif import render_sarif

            chosen = render_sarif
        case "junit":
            from reviewbot.outputs.junit import render_junit

            chosen = render_junit
        case "gitlab":
            from reviewbot.outputs.gitlab import render_gitlab

            chosen = render_gitlab
        case _:
            from reviewbot.outputs.terminal import render_terminal

            return render_terminal(report, style)
    return chosen(report)
