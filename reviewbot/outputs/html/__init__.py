"""The review as one page of HTML: charts and tables, no script, and nothing that is fetched."""

from reviewbot.outputs.html.view import view_of
from reviewbot.outputs.pages import render_page
from reviewbot.report import Report

__all__ = ["render_html"]


def render_html(report: Report) -> str:
    """The whole report as a page, ending in a line break; every text of the repository is inert."""
    return render_page("report.html.j2", **view_of(report))
