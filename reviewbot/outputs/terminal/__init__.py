"""The review as text for a terminal of any width from 60 columns."""

from collections.abc import Iterator

from reviewbot.outputs import wording
from reviewbot.outputs.headline import headline
from reviewbot.outputs.shared_findings import with_marks
from reviewbot.outputs.style import Detail, Style
from reviewbot.outputs.terminal.layout import Layout
from reviewbot.report import Report

__all__ = ["Detail", "Style", "render_terminal"]


def render_terminal(report: Report, style: Style) -> str:
    """The report in the detail of `style`, ending in a line break; its last line is the verdict."""
    return "\n".join([*_lines(Layout(style), with_marks(report), style.detail), ""])


def _lines(layout: Layout, report: Report, detail: Detail) -> Iterator[str]:
    if detail is Detail.VERBOSE:
        from reviewbot.outputs.terminal.verbose import verbose_lines

        yield from _compared(layout, report)
        yield from verbose_lines(layout, report)
    elif detail is Detail.BRIEF:
        from reviewbot.outputs.terminal.brief import brief_lines

        yield from brief_lines(layout, report)
        yield from _compared(layout, report)
    for line in layout.wrapped(f"reviewbot: {headline(report)}"):
        yield layout.painted(line, report.verdict)


def _compared(layout: Layout, report: Report) -> Iterator[str]:
    """The revisions, and the catalogue of prices with its date."""
    revisions = report.revisions
    merge_base = (
        f" (merge base {wording.short(revisions.merge_base)})"
        if revisions.merge_base != revisions.base
        else ""
    )
    head = f" {wording.short(revisions.head)}" if revisions.head else ""
    catalogue = (
        f"; genai-prices {report.catalogue_version} as of {report.prices_as_of}"
        if report.catalogue_version
        else ""
    )
    yield from layout.wrapped(
        f"{wording.plain(revisions.base_name)} {wording.short(revisions.base)}{merge_base}"
        f" → {wording.plain(revisions.head_name)}{head}{catalogue}"
    )
