"""What logs come to, as a table for the terminal and as JSON."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewbot.costs.tiers import Tiers, tier_of
from reviewbot.outputs import wording
from reviewbot.outputs.narrow_table import narrow, narrow_table, table_width
from reviewbot.outputs.wrapping import wrapped
from reviewbot.usage.aggregate import UNITS_PER_USD, Stream, Sums, Usage, add, spend
from reviewbot.usage.offered_sources import NAME

if TYPE_CHECKING:
    from rich.console import Console

LABELS = ("workflow", "tenant", "environment", "tier", "model", "day")
"""What a table can be told apart by."""

DEFAULT_LABELS = ("workflow", "tenant", "environment", "tier")
_FIGURES = ("calls", "input", "cached", "output", "spend", "share")
_UNKNOWN = "unknown"
_NONE = "-"
_WORST_DIFFERENCE = Decimal("0.01")
"""From this difference on, the log's own cost and the catalogue's prices do not agree."""
_MANY_TWICE = 0.1
"""Rows too many for each call that is counted, above which the id may be the wrong field."""


class Line(Struct, frozen=True, kw_only=True):
    """Sums under some labels; None is what the log does not say."""

    labels: tuple[str | None, ...]
    sums: Sums
    units: int | None


def lines(usage: Usage, by: Sequence[str], tiers: Tiers) -> tuple[Line, ...]:
    """The sums by labels, the dearest first, and days in their order."""
    parts: dict[tuple[str | None, ...], list[Sums]] = defaultdict(list)
    for row in usage.rows:
        values = _labels(row.stream, tiers) | {"day": str(row.day)}
        parts[tuple(values[label] for label in by)].append(row.sums)
    found = [
        Line(labels=labels, sums=add(sums), units=spend(sums)) for labels, sums in parts.items()
    ]
    of_group: dict[tuple[str | None, ...], int] = defaultdict(int)
    days = slice(by.index("day"), by.index("day") + 1) if "day" in by else slice(0, 0)
    for line in found:
        of_group[line.labels[: days.start]] += line.units or 0

    def order(line: Line) -> tuple[object, ...]:
        group, texts = line.labels[: days.start], tuple(map(str, line.labels))
        return (-of_group[group], texts[: days.start], texts[days], -(line.units or 0), texts)

    return tuple(sorted(found, key=order))


def render_usage_table(usage: Usage, by: Sequence[str], tiers: Tiers, console: "Console") -> str:
    """The table, what maps to no workflow, and what was left out.

    Where the table is too wide, what all rows have in common stands below it, then names break.
    `console` says how wide the text is and whether it has colour; nothing is printed to it.
    """
    from rich.text import Text

    found = lines(usage, by, tiers)
    whole = spend([row.sums for row in usage.rows])
    columns = _columns(by, found, whole)
    is_wide = table_width(columns) > console.width
    common = _in_common(columns, by) if is_wide else ""
    narrow(columns, by, console.width)
    period = (
        f"{usage.since} to {usage.until} ({usage.days} day{'s' if usage.days > 1 else ''}, UTC)"
    )
    with console.capture() as capture:
        console.print(Text(f"usage of {period}: {_usd(whole)}; input and output in tokens a call"))
        console.print(narrow_table(columns, by, has_footer=False))
        if common:
            console.print(Text(f"All of them: {common}."))
    told = wrapped((wording.plain(note) for note in notes(usage, whole)), console.width)
    return "".join(f"{line.rstrip()}\n" for line in [*capture.get().splitlines(), *told])


def render_usage_json(usage: Usage, by: Sequence[str], tiers: Tiers) -> str:
    """The same as JSON: integers, money in 10⁻¹⁰ USD, null for what the log does not say."""
    whole = spend([row.sums for row in usage.rows])
    document = {
        "version": 1,
        "since": str(usage.since),
        "until": str(usage.until),
        "units_per_usd": UNITS_PER_USD,
        "units": whole,
        "lines": [
            dict(zip(by, line.labels, strict=True))
            | {name: getattr(line.sums, name) for name in Sums.__struct_fields__}
            | {"units": line.units}
            for line in lines(usage, by, tiers)
        ],
        "left_out": {
            name: getattr(usage.left_out, name) for name in usage.left_out.__struct_fields__
        },
        "unnamed": dict(usage.unnamed),
        "notes": list(notes(usage, whole)),
    }
    return json.dumps(document, indent=2) + "\n"


def notes(usage: Usage, whole: int | None) -> list[str]:
    """What has to be known beside the table: unmapped, left out, and whether prices agree."""
    found = [f"note: {note}" for note in usage.notes]
    unmapped = [row.sums for row in usage.rows if row.stream.workflow is None]
    if unmapped:
        units = spend(unmapped)
        share = f" ({_share(units, whole)} of spend)" if units is not None and whole else ""
        found.append(f"no workflow: {_usd(units)}{share}, {_why_unmapped(usage)}")
        found += _mends(usage)
    found += [
        f"(other): {kind}s that the configuration does not name: {usage.unnamed[kind]:,}"
        for kind in ("tenant", "environment")
        if usage.unnamed[kind]
    ]
    left = {
        "failed": usage.left_out.failed,
        "from the logger's own cache": usage.left_out.own_cache,
        "logged twice": usage.left_out.duplicates,
        "on other days": usage.left_out.outside,
    }
    told = [f"{count:,} {what}" for what, count in left.items() if count]
    if told:
        found.append(f"rows not counted: {', '.join(told)}")
    counted = sum(row.sums.calls or 0 for row in usage.rows)
    if usage.left_out.duplicates > _MANY_TWICE * counted:
        found.append(
            "many calls are logged twice: files overlap, or the id is one of a session and not of"
            " a call"
        )
    return [*found, *_computed(usage, whole), *_prices(usage)]


def _why_unmapped(usage: Usage) -> str:
    """Why calls belong to no workflow, and the mend; only names of the configuration are told."""
    lacking = usage.unmapped.lacking
    others = usage.unnamed["workflow"] - len(lacking)
    parts = []
    if lacking:
        shown = wording.named([f"`{wording.plain(name)}`" for name in lacking], _SHOWN_NAMES)
        which = "it" if len(lacking) == 1 else "them"
        parts.append(
            f"{shown}, to which `names` of usage.sources lead and which `workflows` lacks:"
            f" correct {which}, or add such a workflow"
        )
    if others > 0:
        names = "name" if others == 1 else "names"
        near = wording.named([f"`{wording.plain(it)}`" for it in usage.unmapped.near], _SHOWN_NAMES)
        alike = f" ({'it' if others == 1 else 'one'} is near {near})" if usage.unmapped.near else ""
        parts.append(f"the log has {others:,} {names} that `workflows` lacks{alike}")
    if not parts:
        parts.append("and the log names none")
    return "; and ".join(parts)


def _mends(usage: Usage) -> Iterator[str]:
    """What to write so that calls of no workflow are of one."""
    near = usage.unmapped.near
    meant = f"`{wording.plain(near[0])}`" if len(near) == 1 else "a workflow, WORKFLOW"
    for mend in usage.unmapped.mends[:_SHOWN_NAMES]:
        about = f"; NAME is what the log says for {meant}" if f"{NAME}: " in mend else ""
        field = "; FIELD is the field that names it" if "FIELD" in mend else ""
        yield f"  mend: {mend}{about}{field}"


_SHOWN_NAMES = 5


def _computed(usage: Usage, whole: int | None) -> Iterator[str]:
    """How much of the spend the log does not tell itself."""
    parts = [
        row.sums.computed_units
        for row in usage.rows
        if row.sums.reported_units is None and row.sums.computed_units is not None
    ]
    if parts:
        share = f" ({_share(sum(parts), whole)} of spend)" if whole else ""
        told = f"{_usd(sum(parts))}{share}"
        yield f"{told} is computed from tokens: the log has no cost for these calls"


def _prices(usage: Usage) -> list[str]:
    """Whether the log's own cost agrees with the catalogue's, where both are known."""
    both = [
        (row.sums.reported_units, row.sums.computed_units)
        for row in usage.rows
        if row.sums.reported_units is not None and row.sums.computed_units is not None
    ]
    reported = sum(pair[0] for pair in both if pair[0] is not None)
    computed = sum(pair[1] for pair in both if pair[1] is not None)
    found = []
    if reported and abs(Decimal(computed - reported) / reported) >= _WORST_DIFFERENCE:
        change = wording.percent_change(Decimal(computed - reported) / reported)
        found.append(
            f"warn: the log's own cost is {_usd(reported)}, its tokens cost {_usd(computed)} at the"
            f" configured prices ({change}): check `prices` and the mapping"
        )
    return [*found, *_without_spend(usage)]


def _without_spend(usage: Usage) -> Iterator[str]:
    """Of which calls the spend is unknown, and the mend for each reason."""
    unpriced = [row for row in usage.rows if row.sums.units is None]
    if any(row.stream.model is None for row in unpriced):
        calls = add([row.sums for row in unpriced if row.stream.model is None]).calls
        count = "" if calls is None else f"{calls:,} "
        yield (
            f"spend unknown of {count}calls of models (- in `--by model`) that are in no price"
            " list: add them to prices.overrides, under the names that the log has"
        )
    known = [row for row in unpriced if row.stream.model is not None]
    uncached = {row.stream.model or "" for row in known if row.sums.cached is None}
    others = {row.stream.model or "" for row in known} - uncached
    if uncached:
        yield (
            f"spend unknown of {_models(uncached)}: the log tells no cached tokens, which cost less"
            " (in the format `columns`, name their column: `cached`), or they have no price (add it"
            " to prices.overrides)"
        )
    if others:
        yield (
            f"spend unknown of {_models(others)}: they have no price (add it to prices.overrides),"
            " or the log lacks tokens that have one"
        )


def _models(names: Iterable[str]) -> str:
    return wording.named([wording.plain(name) for name in sorted(names)], 5)


def _labels(stream: Stream, tiers: Tiers) -> dict[str, str | None]:
    return {
        "workflow": stream.workflow,
        "tenant": stream.tenant,
        "environment": stream.environment,
        "model": stream.model,
        "tier": None if stream.model is None else tier_of(stream.model, tiers),
    }


def _columns(by: Sequence[str], found: Sequence[Line], whole: int | None) -> dict[str, list[str]]:
    """The cells of each column; a label that the log does not tell at all has none."""
    columns = {
        label: [wording.plain(line.labels[number] or _NONE) for line in found]
        for number, label in enumerate(by)
        if any(line.labels[number] is not None for line in found)
    }
    rows = [_figures(line, whole) for line in found]
    return columns | {title: [row[n] for row in rows] for n, title in enumerate(_FIGURES)}


def _in_common(columns: dict[str, list[str]], labels: Sequence[str]) -> str:
    """Take out the columns behind the first that say the same in every row; what they say."""
    told = [label for label in labels if label in columns][1:]
    same = [label for label in told if len(set(columns[label])) == 1]
    return ", ".join(f"{label} {columns.pop(label)[0]}" for label in same)


def _figures(line: Line, whole: int | None) -> tuple[str, ...]:
    sums = line.sums
    return (
        _UNKNOWN if sums.calls is None else f"{sums.calls:,}",
        _mean(sums.input, sums.calls),
        _share(sums.cached, sums.input),
        _mean(sums.output, sums.calls),
        _usd(line.units),
        _share(line.units, whole),
    )


def _mean(total: int | None, calls: int | None) -> str:
    return _UNKNOWN if total is None or not calls else f"{round(Decimal(total) / calls):,}"


def _share(part: int | None, whole: int | None) -> str:
    return _UNKNOWN if part is None or not whole else f"{Decimal(part) / whole:.1%}"


def _usd(units: int | None) -> str:
    return _UNKNOWN if units is None else wording.usd(Decimal(units) / UNITS_PER_USD)
