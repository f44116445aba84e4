"""What each workflow costs now, as a table for the terminal."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewbot.costs.rates import EXACT
from reviewbot.outputs import wording
from reviewbot.outputs.amounts import in_cents
from reviewbot.report import Figures, Report

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SHOWN_ROWS = 25
"""As many workflows as a terminal shows at a glance, the dearest of them."""
_WORKFLOW, _MODEL = "workflow", "model"
_THOUSAND, _MONTH = "1,000 calls", "a month"
_GAP = 2
_NARROWEST_NAME = 12
_ESTIMATED = "≈"


class Costs(Struct, frozen=True, kw_only=True):
    """What is shown: `has_traffic` says that months are known, and `most_rows` how many fit."""

    report: Report
    unmeasured: Mapping[str, str]
    notes: Iterable[str]
    has_traffic: bool
    most_rows: int | None


def render_cost_table(costs: Costs, console: "Console") -> str:
    """The workflows from the dearest down, their total, and what could not be measured.

    `console` says how wide the text is and whether it has colour; nothing is printed to it. Figures
    never break. Where a row is too wide, a model that all have in common becomes a line below, then
    the column goes that others tell, and at last names break, at their hyphens.
    """
    from rich.text import Text

    measured = [(item.name, item.after) for item in costs.report.workflows if item.after]
    measured.sort(key=lambda item: (-_sum([item[1]], costs), item[0]))
    columns = _columns(measured, costs)
    models = {figures.model for _, figures in measured}
    lines = []
    if _width(columns) > console.width and len(models) == 1:
        del columns[_MODEL]
        lines.append(f"All of them: {models.pop()}.")
    if _width(columns) > console.width and _MONTH in columns:
        columns.pop(_THOUSAND, None)
    _narrow(columns, console.width)
    with console.capture() as capture:
        console.print(_table(columns))
        if any(not figures.exact for _, figures in measured):
            lines.insert(0, f"{_ESTIMATED} estimated")
        for line in lines:
            console.print(Text(wording.plain(line)))
        for name, why in sorted(costs.unmeasured.items()):
            console.print(Text(f"not measured: {wording.plain(f'{name}: {why}')}"), style="red")
        for note in costs.notes:
            console.print(Text(wording.plain(note)))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _columns(measured: Sequence[tuple[str, Figures]], costs: Costs) -> dict[str, list[str]]:
    """The cells of each column; the last one is the footer's."""
    shown = measured[: costs.most_rows]
    folded = measured[len(shown) :]
    names = [wording.plain(name) for name, _ in shown]
    inputs = [_input_tokens(figures) for _, figures in shown]
    models = [wording.plain(figures.model) for _, figures in shown]
    calls = _aligned([wording.usd_per_call(figures.usd_per_call) for _, figures in shown])
    thousands = [wording.usd(_thousand_usd(figures)) for _, figures in shown]
    months = [wording.usd(figures.usd_per_month) for _, figures in shown]
    amounts = months if costs.has_traffic else thousands
    if folded:
        for column in (inputs, models, calls):
            column.append("")
        names.append(f"and {len(folded):,} more")
        amounts.append(wording.usd(_sum([figures for _, figures in folded], costs)))
    total = _sum([figures for _, figures in measured], costs)
    with localcontext(EXACT):
        parts = sum((in_cents(_sum([item], costs)) for _, item in measured), Decimal(0))
    columns = {
        _WORKFLOW: [*names, "total" if parts == in_cents(total) else "total, rounded"],
        _MODEL: [*models, ""],
        "input tokens": [*inputs, ""],
        "a call": [*calls, ""],
    }
    if not costs.has_traffic:
        return columns | {_THOUSAND: [*thousands, wording.usd(total)]}
    if thousands != months[: len(thousands)]:
        columns[_THOUSAND] = [*thousands, *[""] * (1 + bool(folded))]
    return columns | {_MONTH: [*months, wording.usd(total)]}


def _sum(figures: Iterable[Figures], costs: Costs) -> Decimal:
    """The month of some workflows, or a thousand calls of each, in USD."""
    with localcontext(EXACT):
        return sum(
            (item.usd_per_month if costs.has_traffic else _thousand_usd(item) for item in figures),
            Decimal(0),
        )


def _thousand_usd(figures: Figures) -> Decimal:
    with localcontext(EXACT):
        return figures.usd_per_call * 1_000


def _input_tokens(figures: Figures) -> str:
    mark = "" if figures.exact else _ESTIMATED
    return f"{mark}{wording.tokens(figures.mean_input_tokens)}"


def _aligned(amounts: Sequence[str]) -> list[str]:
    """Amounts with as many blanks behind them that their points stand below each other."""
    places = [len(amount.partition(".")[2]) for amount in amounts]
    most = max(places, default=0)
    return [f"{amount}{' ' * (most - own)}" for amount, own in zip(amounts, places, strict=True)]


def _width(columns: Mapping[str, Sequence[str]]) -> int:
    """The columns of the terminal that the table takes, the gaps included."""
    return sum(max(map(len, (title, *cells))) + _GAP for title, cells in columns.items()) - _GAP


def _narrow(columns: dict[str, list[str]], width: int) -> None:
    """Break the names of workflows, then of models, so that the table is no wider than `width`."""
    for title in (_WORKFLOW, _MODEL):
        over = _width(columns) - width
        if over > 0 and title in columns:
            room = max(_NARROWEST_NAME, max(map(len, columns[title])) - over)
            columns[title] = ["\n".join(textwrap.wrap(cell, room)) for cell in columns[title]]


def _table(columns: Mapping[str, Sequence[str]]) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=SIMPLE_HEAD,
        show_footer=True,
        show_edge=False,
        pad_edge=False,
        padding=(0, _GAP - 1, 0, 0),
    )
    for title, cells in columns.items():
        is_name = title in {_WORKFLOW, _MODEL}
        table.add_column(
            title, footer=cells[-1], justify="left" if is_name else "right", no_wrap=True
        )
    for row in zip(*(cells[:-1] for cells in columns.values()), strict=True):
        table.add_row(*map(Text, row))
    return table
