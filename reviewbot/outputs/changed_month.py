"""What the changed workflows cost a month before and after, in words."""

from decimal import Decimal, localcontext

from reviewbot.costs.rates import EXACT
from reviewbot.outputs import wording
from reviewbot.outputs.amounts import shown_change
from reviewbot.report import Report


def amount_text(report: Report) -> str:
    """The month of the changed workflows before and after; empty where none is measured."""
    totals = report.totals
    unknown = totals.unmeasured_workflows
    if not report.workflows or unknown == len(report.workflows):
        return ""
    beside = _left_out(report) if unknown else ""
    before, after = totals.before_usd_per_month, totals.after_usd_per_month
    text = f"{_months(before, after)}{beside}"
    own = own_terms_usd(report)
    if own is None:
        return text
    change = wording.usd_between(before, own)
    return f"{text}; {wording.usd(own)} ({change}) with this change's own settings"


def _left_out(report: Report) -> str:
    """How many workflows the months lack, with what they cost before as far as that is known."""
    unknown = [item for item in report.workflows if item.change_usd_per_month is None]
    known = [item.before.usd_per_month for item in unknown if item.before]
    with localcontext(EXACT):
        was = sum(known, Decimal(0))
    at_least = "at least " if len(known) < len(unknown) else ""
    before = f" ({at_least}{wording.usd(was)} a month before)" if known else ""
    workflows = f"{len(unknown):,} workflow{'s' * (len(unknown) > 1)}"
    return f", without {workflows} not measured{before}"


def own_terms_usd(report: Report) -> Decimal | None:
    """The month under the change's own traffic, samples and prices; None where it is the same."""
    measured = [item for item in report.workflows if item.change_usd_per_month is not None]
    with localcontext(EXACT):
        ends = [item.proposed or item.after for item in measured]
        own = sum((item.usd_per_month for item in ends if item is not None), Decimal(0))
    return None if own == report.totals.after_usd_per_month else own


def _months(before: Decimal, after: Decimal) -> str:
    if before == after:
        return f"{wording.usd(after)} a month, as before"
    change = wording.usd_between(before, after)
    shown = shown_change(before, after)
    if not shown and wording.usd(before) == wording.usd(after):
        return f"{wording.usd(after)} a month ({change})"
    return (
        f"{wording.usd(before)} → {wording.usd(after)} a month "
        f"({wording.change_between(before, after)})"
    )
