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
    """Break the cells of `names`, so that the table fits into `width` in as few lines as may be.

    They break at their hyphens and blanks. Where that is the same, the later columns stay whole.
    """
    fitting = [dict(columns)]
    for last in [title for title in names if title in columns][1:]:
        rooms = range(_width(columns[last]) - 1, _NARROWEST_NAME, -1)
        fitting += [columns | {last: _broken(columns[last], room)} for room in rooms]
    for found in fitting:
        for title, room in _narrower(found, names, width):
            found[title] = _broken(found[title], room)
    best = min(fitting, key=lambda found: (table_width(found) > width, _lines(found)))
    columns.update(best)


def _lines(columns: Mapping[str, Sequence[str]]) -> int:
    """The lines of all rows."""
    rows = zip(*columns.values(), strict=True)
    return sum(max(cell.count("\n") + 1 for cell in row) for row in rows)


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
