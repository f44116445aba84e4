"""What the prompts cost over time, as a page of HTML with a curve that needs no script."""

from reviewbot.outputs import wording
from reviewbot.outputs.history.rows import rows, title
from reviewbot.outputs.html_pages import render_page as render_template
from reviewbot.report.history import History

_WIDTH = 720
_HEIGHT = 240
_MARGIN = 12


def render_page(history: History) -> str:
    """The page: the curve of the months, and their table, the latest first."""
    found = list(rows(history))
    points = _points(history)
    months = [month for month in history.drawn() if month is not None]
    return render_template(
        "history.html.j2",
        title=title(history),
        width=_WIDTH,
        height=_HEIGHT,
        base=_HEIGHT - _MARGIN,
        curve=" ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points),
        points=[
            {"x": f"{x:.1f}", "y": f"{y:.1f}", "label": f"{row.name}, {row.day}: {row.month}"}
            for x, y, number in points
            for row in (found[number],)
        ],
        largest=wording.usd(max(months)),
        rows=list(reversed(found)),
    )


def _points(history: History) -> list[tuple[float, float, int]]:
    """The drawn months as points of the curve, and the number of the commit of each."""
    months = history.drawn()
    most = max((month for month in months if month is not None), default=None)
    step = (_WIDTH - 2 * _MARGIN) / max(1, len(months) - 1)
    room = _HEIGHT - 2 * _MARGIN
    return [
        (
            _MARGIN + number * step,
            _HEIGHT - _MARGIN - (room * float(month / most) if most else 0.0),
            number,
        )
        for number, month in enumerate(months)
        if month is not None
    ]
