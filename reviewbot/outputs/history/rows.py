"""The commits of a history in words, the same for the terminal and for the page."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from reviewbot.outputs import wording
from reviewbot.report.history import History, Recorded


class Row(Struct, frozen=True, kw_only=True):
    """One commit: its month, and the change since the last one that could be measured."""

    name: str
    day: str
    month: str
    change: str
    subject: str
    notes: tuple[str, ...]


def rows(history: History) -> Iterator[Row]:
    """The commits, the oldest first."""
    before: Recorded | None = None
    for item in history.commits:
        yield Row(
            name=wording.plain(item.name),
            day=item.day,
            month=_month(item, is_marked=history.is_mixed and item.is_assumed),
            change=_change(before, item),
            subject=wording.plain(item.subject),
            notes=tuple(map(wording.plain, item.unmeasured)),
        )
        before = item if item.usd_per_month is not None else before


def told(found: Iterable[Row]) -> dict[str, list[str]]:
    """Each reason why figures are not known, with the names of its commits, the oldest first."""
    reasons: dict[str, list[str]] = {}
    for row in found:
        for note in row.notes:
            reasons.setdefault(note, []).append(row.name)
    return reasons


def _month(item: Recorded, *, is_marked: bool) -> str:
    """The month; with `+ ?` where a part of it is not known, `≈` where all of it is assumed."""
    if item.usd_per_month is None:
        return "?"
    part = " + ?" if item.unmeasured else ""
    return f"{'≈' if is_marked else ''}{wording.usd(item.usd_per_month)}{part}"


def _change(before: Recorded | None, item: Recorded) -> str:
    if before is None or before.usd_per_month is None or item.usd_per_month is None:
        return ""
    if before.unmeasured or item.unmeasured or before.is_assumed != item.is_assumed:
        return ""
    if before.usd_per_month == item.usd_per_month:
        return "same"
    return wording.change_between(before.usd_per_month, item.usd_per_month)


def title(history: History) -> str:
    """What the figures are."""
    version = f" (genai-prices {history.catalogue_version})" if history.catalogue_version else ""
    prices = f"at the prices of {history.prices_as_of}{version}"
    if history.assumption is None or history.is_mixed:
        whose = ", ".join(map(wording.plain, history.workflows)) or "all workflows"
        assumed = (
            f". ≈ is a month of the prompts found at a commit without one: {history.assumption}, "
            "are assumed"
            if history.is_mixed
            else ""
        )
        return f"A month of {whose}, by each commit's own configuration, {prices}{assumed}"
    return (
        f"A month of the prompts found at each commit, {prices}. There is no configuration: "
        f"{history.assumption}, are assumed"
    )
