"""One call taken apart, as a page of HTML that needs nothing else: no script, no request."""

from reviewbot.outputs import wording
from reviewbot.outputs.call_breakdown.wording import (
    cache_text,
    largest_lines,
    line_where,
    parts,
    rest_text,
    title,
)
from reviewbot.outputs.html_pages import render_page as render_template
from reviewbot.report.call_breakdown import CallBreakdown

_SHOWN_LINES = 200


def render_page(breakdown: CallBreakdown) -> str:
    """The page: a bar of the parts, their table, and the lines with most tokens as bars."""
    lines = largest_lines(breakdown, _SHOWN_LINES)
    most = max((line.tokens for line in lines), default=1)
    start = 0.0
    bars = []
    for number, part in enumerate(parts(breakdown)):
        width = float(part.share) * 100
        bars.append(
            {
                "x": f"{start:.2f}",
                "width": f"{width:.2f}",
                "shade": f"shade{number % 6}",
                "tokens": part.tokens,
                "share": wording.percent(part.share),
                "where": part.where,
                "what": part.what,
            }
        )
        start += width
    return render_template(
        "breakdown.html.j2",
        title=title(breakdown),
        parts=bars,
        lines=[
            {
                "tokens": wording.tokens(line.tokens),
                "width": f"{100 * line.tokens / most:.1f}",
                "where": line_where(line),
                "text": wording.plain(line.text),
                "varies": line.varies,
            }
            for line in lines
        ],
        rest=rest_text(breakdown),
        cache=cache_text(breakdown),
        notes=[wording.plain(note) for note in breakdown.notes],
    )
