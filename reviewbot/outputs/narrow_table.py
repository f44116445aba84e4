"""Tables of the terminal in which no figure breaks: names do, at their hyphens and blanks."""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

_GAP = 2
_NARROWEST_NAME = 12


def table_width(columns: Mapping[str, Sequence[str]]) -> int:
    """The columns of the terminal that the table takes, the gaps included."""
    return sum(max(map(len, (title, *cells))) + _GAP for title, cells in columns.items()) - _GAP


def narrow(columns: dict[str, list[str]], names: Sequence[str], width: int) -> None:
    """Break the cells of `names`, one column after the other, until the table fits into `width`."""
    for title in names:
        over = table_width(columns) - width
        if over > 0 and title in columns:
            room = max(_NARROWEST_NAME, max(map(len, columns[title])) - over)
            columns[title] = ["\n".join(textwrap.wrap(cell, room)) for cell in columns[title]]


def narrow_table(
    columns: Mapping[str, Sequence[str]], names: Collection[str], *, has_footer: bool
) -> "Table":
    """The table of these cells, of which those of `names` stand left; the last may be a footer."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=SIMPLE_HEAD,
        show_footer=has_footer,
        show_edge=False,
        pad_edge=False,
        padding=(0, _GAP - 1, 0, 0),
    )
    for title, cells in columns.items():
        table.add_column(
            title,
            footer=cells[-1] if has_footer else "",
            justify="left" if title in names else "right",
            no_wrap=True,
        )
    rows = zip(*columns.values(), strict=True)
    for row in list(rows)[: -1 if has_footer else None]:
        table.add_row(*map(Text, row))
    return table
