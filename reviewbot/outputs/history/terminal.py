"""What the prompts cost over time, for a terminal."""

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from reviewbot.outputs import wording
from reviewbot.outputs.history.rows import rows, title, told
from reviewbot.report.history import History

if TYPE_CHECKING:
    from rich.console import Console

_BLOCKS = "▁▂▃▄▅▆▇█"
_FEWEST_COLUMNS = 10
_FEWEST_BARS = 3
"""Of fewer months the table says all."""

_SHOWN_NOTES = 5
_SHOWN_NAMES = 1
_COLUMNS = (("commit", "name"), ("day", "day"), ("a month", "month"), ("change", "change"))
"""The titles, and the fields of a row below them."""


def render_table(history: History, console: "Console") -> str:
    """A table of the commits, and their months as a line of bars.

    `console` says how wide the text is and whether it has colour; nothing is printed to it.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    found = list(rows(history))
    widths = [
        max(map(len, (name, *(getattr(row, field) for row in found)))) for name, field in _COLUMNS
    ]
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    for width, (name, _) in zip(widths, _COLUMNS, strict=True):
        is_figure = name in {"a month", "change"}
        justify: Literal["right", "left"] = "right" if is_figure else "left"
        table.add_column(name, no_wrap=True, min_width=width, justify=justify)
    table.add_column("subject", no_wrap=True)
    left = max(_FEWEST_COLUMNS, console.width - sum(widths) - 2 * len(widths) - 2)
    for row in found:
        shade = {"+": "red", "-": "green"}.get(row.change[:1], "")
        change = Text(row.change, style=shade)
        cells = (Text(row.name), Text(row.day), Text(row.month), change)
        table.add_row(*cells, Text(wording.fitted(row.subject, left)))
    notes = [f"{wording.named(names, _SHOWN_NAMES)}: {note}" for note, names in told(found).items()]
    with console.capture() as capture:
        console.print(table)
        console.print()
        if sum(month is not None for month in history.drawn()) >= _FEWEST_BARS:
            console.print(Text(f"{sparkline(history)}  {_range(history)}"))
        for note in notes[:_SHOWN_NOTES]:
            console.print(Text(note))
        if len(notes) > _SHOWN_NOTES:
            console.print(Text(f"and {len(notes) - _SHOWN_NOTES:,} more reasons"))
        console.print(Text(f"{title(history)}."))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def sparkline(history: History) -> str:
    """A bar for each commit, from the cheapest month to the dearest; a blank for an unknown one."""
    months = history.drawn()
    known = [month for month in months if month is not None]
    least, most = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    last = len(_BLOCKS) - 1

    def bar(month: Decimal) -> str:
        share = float((month - least) / (most - least)) if most > least else 0.0
        return _BLOCKS[round(last * share)]

    return "".join(" " if month is None else bar(month) for month in months)


def _range(history: History) -> str:
    months = [month for month in history.drawn() if month is not None]
    return f"from {wording.usd(min(months))} to {wording.usd(max(months))}"
