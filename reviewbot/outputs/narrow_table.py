"""Tables of the terminal in which no figure breaks: names do, or are shortened."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from reviewbot.outputs.wrapping import in_lines

if TYPE_CHECKING:
    from rich.table import Table

_GAP = 2
_NARROWEST_NAME = 12


def table_width(columns: Mapping[str, Sequence[str]]) -> int:
    """The columns of the terminal that the table takes, the gaps included."""
    return sum(_width((title, *cells)) + _GAP for title, cells in columns.items()) - _GAP


def narrow(columns: dict[str, list[str]], names: Sequence[str], width: int) -> None:
    """Break the cells of `names`, one column after the other, until the table fits into `width`.

    They break at their hyphens and blanks.
    """
    for title, room in _narrower(columns, names, width):
        columns[title] = _broken(columns[title], room)


def shorten(columns: dict[str, list[str]], names: Sequence[str], width: int) -> None:
    """Shorten the cells of `names` in their middle, until the table fits into `width`.

    Cells that would be the same then break instead.
    """
    for title, room in _narrower(columns, names, width):
        cells = columns[title]
        shown = [shortened(cell, room) for cell in cells]
        is_told_apart = len(set(shown)) == len(set(cells))
        columns[title] = shown if is_told_apart else _broken(cells, room)


def _narrower(
    columns: Mapping[str, Sequence[str]], names: Sequence[str], width: int
) -> Iterator[tuple[str, int]]:
    """The columns to make narrower, one after the other while the table is too wide."""
    for title in names:
        over = table_width(columns) - width
        if over > 0 and title in columns:
            yield title, max(_NARROWEST_NAME, _width(columns[title]) - over)


def shortened(text: str, columns: int) -> str:
    """`text`, or its beginning and its end where it does not fit into the columns."""
    if len(text) <= columns:
        return text
    end = (columns - 1) // 2
    return f"{text[: columns - 1 - end]}…{text[len(text) - end :]}"


def _broken(cells: Sequence[str], room: int) -> list[str]:
    return ["\n".join(in_lines(cell, room)) for cell in cells]


def _width(cells: Iterable[str]) -> int:
    return max(len(line) for cell in cells for line in cell.split("\n"))


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
