"""One call taken apart, for a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewbot.outputs import wording
from reviewbot.outputs.call_breakdown.wording import (
    cache_text,
    largest_lines,
    line_where,
    parts,
    rest_text,
    title,
)
from reviewbot.outputs.narrow_table import shortened
from reviewbot.report.call_breakdown import CallBreakdown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_SHOWN_LINES = 8
_SHOWN_PARTS = 30
_PLACE_COLUMNS = 20
_FEWEST_COLUMNS = 10
_WRAPPED_COLUMNS = 20
_GAP = "  "


def render_table(breakdown: CallBreakdown, console: "Console") -> str:
    """The parts, the lines with most tokens, and what is cached.

    `console` says how wide the text is and whether it has colour; nothing is printed to it.
    """
    from rich.text import Text

    rows = [
        (part.tokens, wording.percent(part.share), part.where, part.what)
        for part in parts(breakdown)
    ]
    left = len(rows) - _SHOWN_PARTS
    lines = [
        (wording.tokens(line.tokens), line_where(line), wording.plain(line.text))
        for line in largest_lines(breakdown, _SHOWN_LINES)
    ]
    with console.capture() as capture:
        console.print(Text(title(breakdown)), soft_wrap=False)
        console.print()
        console.print(
            _table(
                ("tokens", "share", "where", "what"),
                rows[:_SHOWN_PARTS],
                2,
                console.width,
                is_whole=True,
            )
        )
        if left > 0:
            console.print(Text(f"and {left:,} more; --format json has all"))
        if lines:
            console.print()
            console.print(Text("Lines with most fixed text"))
            console.print(_table(("tokens", "where", "begins"), lines, 1, console.width))
        if rest := rest_text(breakdown):
            console.print(Text(rest))
        console.print()
        for note in (cache_text(breakdown), *breakdown.notes):
            console.print(Text(wording.plain(note)))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _table(
    titles: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    figures: int,
    columns: int,
    *,
    is_whole: bool = False,
) -> "Table":
    """A table within `columns`: the `figures`, a place, and words cut or wrapped to fit."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    widths = [
        max(map(len, (name, *(row[number] for row in rows)))) for number, name in enumerate(titles)
    ]
    beside_figures = columns - sum(widths[:figures]) - len(_GAP) * len(titles)
    most = beside_figures - _WRAPPED_COLUMNS if is_whole else columns // 2
    place = min(widths[figures], max(_PLACE_COLUMNS, most))
    left = beside_figures - place
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, len(_GAP), 0, 0))
    for width, name in zip(widths[:figures], titles, strict=False):
        table.add_column(name, justify="right", no_wrap=True, min_width=width)
    table.add_column(titles[figures], no_wrap=True, width=place)
    table.add_column(titles[-1], no_wrap=not is_whole)
    room = max(left, _FEWEST_COLUMNS)
    places = _fitted_places([row[figures] for row in rows], place)
    for row, where in zip(rows, places, strict=True):
        last = row[-1] if is_whole else wording.fitted(row[-1], room)
        table.add_row(*map(Text, (*row[:figures], where, last)))
    return table


def _fitted_places(places: Sequence[str], room: int) -> list[str]:
    """The places, each in one line: shortened in the middle, or in front to tell them apart."""
    shown = [shortened(place, room) for place in places]
    if len(set(shown)) == len(set(places)):
        return shown
    return [place if len(place) <= room else f"…{place[1 - room :]}" for place in places]
