"""The review as one page of HTML: charts and tables, no script, and nothing that is fetched."""

from reviewbot.outputs.html.template_values import template_values
from reviewbot.outputs.html_pages import render_page
from reviewbot.outputs.shared_findings import with_marks
from reviewbot.report import Report

__all__ = ["render_html"]


def render_html(report: Report) -> str:
    """The whole report as a page, ending in a line break; every text of the repository is inert."""
    return render_page("report.html.j2", **template_values(with_marks(report)))
