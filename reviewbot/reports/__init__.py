"""The outputs of a review, one module or folder a format; a new one is an entry of `FORMATS` too.

A renderer is imported only when it is asked for.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reviewbot.report import Report
    from reviewbot.reports.style import Style

FORMATS: Final = ("terminal", "markdown", "json", "sarif", "junit", "gitlab")
"""What `--format` takes; the first is the default."""


def render(report: "Report", form: str, style: "Style") -> str:
    """The report in the format `form`, one of `FORMATS`; `style` is how the terminal shows it."""
    match form:
        case "json":
            from reviewbot.reports.json_report import render_json

            return render_json(report)
        case "markdown":
            from reviewbot.reports.markdown import render_markdown

            return render_markdown(report)
        case "sarif":
            from reviewbot.reports.sarif import render_sarif

            return render_sarif(report)
        case "junit":
            from reviewbot.reports.junit import render_junit

            return render_junit(report)
        case "gitlab":
            from reviewbot.reports.gitlab import render_gitlab

            return render_gitlab(report)
        case _:
            from reviewbot.reports.terminal import render_terminal

            return render_terminal(report, style)
