"""The table that a comment begins with: what each workflow and budget costs, and its limit."""

from collections.abc import Iterable

from reviewbot.outputs.markdown.inert import Verbatim, unbroken, within_line
from reviewbot.outputs.markdown.links import Links
from reviewbot.outputs.review_table import MonthRow, RowKind, holds_nothing
from reviewbot.report import Verdict

MARKS = {
    Verdict.PASS: "✅",
    Verdict.WARN: "⚠️",
    Verdict.NEEDS_APPROVAL: "✋",
    Verdict.UNMEASURED: "❓",
    Verdict.FAIL: "❌",
}


def table_rows(rows: Iterable[MonthRow], links: Links) -> list[dict[str, str | bool]]:
    """The cells of each row, the name with its mark and a link to the first changed line."""
    return [
        {
            "name": _name(row, links),
            "before": row.before,
            "after": row.after,
            "is_rounded": row.is_rounded,
            "change": unbroken(row.change),
            "limit": _limit(row),
        }
        for row in rows
    ]


def _name(row: MonthRow, links: Links) -> Verbatim:
    name = within_line(row.name)
    match row.kind:
        case RowKind.OWN_SETTINGS:
            return Verbatim("↳ *with its own settings*")
        case RowKind.TOTAL:
            return Verbatim(f"**{name}**")
        case RowKind.WORKFLOW | RowKind.BUDGET:
            pass
    if row.file is not None and row.line is not None:
        name = links.titled(name, row.file, row.line)
    mark = "·" if holds_nothing(row) else row.verdict and MARKS[row.verdict]
    return Verbatim(f"{mark}&nbsp;{name}" if mark else name)


def _limit(row: MonthRow) -> Verbatim:
    """The limits that are broken, one a line, or how the workflow stands."""
    broken = [f"{within_line(item.name)}: {unbroken(item.excess)}" for item in row.broken]
    return Verbatim("<br>".join(broken) or within_line(row.limit))
