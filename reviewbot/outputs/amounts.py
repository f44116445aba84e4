"""Amounts of money that add up as they are shown, to the cent."""

from collections.abc import Collection, Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext

from reviewbot.costs.rates import EXACT
from reviewbot.report import Month, Report, WorkflowReview

_CENT = Decimal("0.01")


def in_cents(usd: Decimal) -> Decimal:
    """USD rounded half-even to the cent, which is how every amount is shown."""
    with localcontext(EXACT):
        return usd.quantize(_CENT, ROUND_HALF_EVEN)


def shown_change(before_usd: Decimal, after_usd: Decimal) -> Decimal:
    """The change from one amount to the other, rounded by itself.

    A month's parts add up to it. The months as they are shown may differ by a cent more or less:
    `is_rounded` says where that has to be told.
    """
    with localcontext(EXACT):
        return in_cents(after_usd - before_usd)


def is_rounded(before_usd: Decimal, after_usd: Decimal) -> bool:
    """Whether the shown change does not lead from the one shown amount to the other."""
    with localcontext(EXACT):
        shown = in_cents(after_usd) - in_cents(before_usd)
    return shown != shown_change(before_usd, after_usd)


def without_unmeasured(workflows: int) -> str:
    """What is said of a total that lacks so many workflows."""
    return f", without {workflows:,} not measured" if workflows else ""


def shown_parts(parts: Sequence[Decimal], whole: Decimal) -> tuple[Decimal, ...]:
    """The parts in whole cents that add up to `whole`, which is in cents and close to their sum.

    Each is rounded down, and the cents that are left go to those that lose most by it.
    """
    with localcontext(EXACT):
        floors = [part.quantize(_CENT, ROUND_FLOOR) for part in parts]
        left = int((whole - sum(floors, Decimal(0))) / _CENT)
        order = sorted(range(len(parts)), key=lambda index: (floors[index] - parts[index], index))
        steps, rest = divmod(left, len(parts)) if parts else (0, 0)
        raised = set(order[:rest])
        return tuple(
            floor + _CENT * (steps + (index in raised)) for index, floor in enumerate(floors)
        )


def add_up(months: Iterable[Month], whole: Month) -> bool:
    """Whether the shown parts of a month add up to the shown whole, before and after."""
    parts = list(months)
    with localcontext(EXACT):
        return all(
            sum((in_cents(getattr(part, name)) for part in parts), Decimal(0))
            == in_cents(getattr(whole, name))
            for name in ("before_usd", "after_usd")
        )


def totals_add_up(report: Report, *together: Collection[WorkflowReview]) -> bool:
    """Whether the shown months of the measured workflows add up to the shown total.

    Each of the groups `together` is shown as one month.
    """
    grouped = {item.name for group in together for item in group}
    with localcontext(EXACT):
        measured = [item for item in report.workflows if item.change_usd_per_month is not None]
        rows = [[item] for item in measured if item.name not in grouped]
        rows += [[*group] for group in together]
        before, after = (
            sum((in_cents(sum(months, Decimal(0))) for months in column), Decimal(0))
            for column in (
                [[it.before.usd_per_month for it in row if it.before] for row in rows],
                [[it.after.usd_per_month for it in row if it.after] for row in rows],
            )
        )
        changes = sum(
            (
                in_cents(sum((it.change_usd_per_month or Decimal(0) for it in row), Decimal(0)))
                for row in rows
            ),
            Decimal(0),
        )
        totals = report.totals
        was, becomes = totals.before_usd_per_month, totals.after_usd_per_month
        shown = (in_cents(was), in_cents(becomes), shown_change(was, becomes))
        return (before, after, changes) == shown


def changes_add_up(report: Report, month: Month) -> bool:
    """Whether the shown changes of the measured workflows add up to the shown one of all months."""
    with localcontext(EXACT):
        measured = [item for item in report.workflows if item.change_usd_per_month is not None]
        ends = [(item.before, item.after) for item in measured]
        changes = [
            shown_change(
                before.usd_per_month if before else Decimal(0),
                after.usd_per_month if after else Decimal(0),
            )
            for before, after in ends
        ]
        return sum(changes, Decimal(0)) == shown_change(month.before_usd, month.after_usd)
