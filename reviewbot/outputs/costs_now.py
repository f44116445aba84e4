"""What each workflow costs now, as a table for the terminal."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from reviewbot.costs.rates import EXACT
from reviewbot.outputs import wording
from reviewbot.outputs.amounts import in_cents
from reviewbot.report import Figures, Report

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_NAMES = ("workflow", "model")
_FIGURES = ("input tokens", "a call", "1,000 calls", "a month")
_FULL_COLUMNS = 80
_DERIVED = 4
"""The column that a narrow terminal goes without: a thousand calls are told by one."""
_ESTIMATED = "≈"


def render_cost_table(
    report: Report, unmeasured: Mapping[str, str], notes: Iterable[str], console: "Console"
) -> str:
    """The workflows from the dearest month down, their total, and what could not be measured.

    `console` says how wide the text is and whether it has colour; nothing is printed to it. Figures
    never break: names do.
    """
    from rich.text import Text

    measured = [(item.name, item.after) for item in report.workflows if item.after is not None]
    measured.sort(key=lambda item: (-item[1].usd_per_month, item[0]))
    table = _table(
        [(name, figures.model, *_figures(figures)) for name, figures in measured], console.width
    )
    with localcontext(EXACT):
        month = sum((figures.usd_per_month for _, figures in measured), Decimal(0))
    with localcontext(EXACT):
        shown = sum((in_cents(figures.usd_per_month) for _, figures in measured), Decimal(0))
    table.columns[0].footer = "total" if shown == in_cents(month) else "total, rounded"
    table.columns[-1].footer = wording.usd(month)
    with console.capture() as capture:
        console.print(table)
        if any(not figures.exact for _, figures in measured):
            console.print(Text(f"{_ESTIMATED} estimated"))
        for name, why in sorted(unmeasured.items()):
            console.print(Text(f"not measured: {wording.plain(f'{name}: {why}')}"), style="red")
        for note in notes:
            console.print(Text(wording.plain(note)))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _table(rows: list[tuple[str, ...]], columns: int) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_footer=True, show_edge=False, padding=(0, 2, 0, 0))
    for title in _NAMES:
        table.add_column(title, overflow="fold")
    for number, title in enumerate(_FIGURES, start=len(_NAMES)):
        width = max(map(len, (title, *(row[number] for row in rows))))
        table.add_column(title, justify="right", no_wrap=True, min_width=width)
    for row in rows:
        table.add_row(*(Text(wording.plain(cell)) for cell in row))
    if columns < _FULL_COLUMNS:
        del table.columns[_DERIVED]
    return table


def _figures(figures: Figures) -> tuple[str, ...]:
    mark = "" if figures.exact else _ESTIMATED
    with localcontext(EXACT):
        thousand_calls_usd = figures.usd_per_call * 1_000
    return (
        f"{mark}{wording.tokens(figures.mean_input_tokens)}",
        wording.usd_per_call(figures.usd_per_call),
        wording.usd(thousand_calls_usd),
        wording.usd(figures.usd_per_month),
    )
