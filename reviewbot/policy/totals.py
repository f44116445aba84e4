"""The month of several workflows together."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from reviewbot.costs.rates import EXACT
from reviewbot.report import Totals, WorkflowReview


def totals(workflows: Sequence[WorkflowReview]) -> Totals:
    """The month of these workflows together, as far as they could be measured."""
    with localcontext(EXACT):
        measured = [item for item in workflows if item.change_usd_per_month is not None]
        before = sum((item.before.usd_per_month for item in measured if item.before), Decimal(0))
        after = sum((item.after.usd_per_month for item in measured if item.after), Decimal(0))
        return Totals(
            before_usd_per_month=before,
            after_usd_per_month=after,
            change_usd_per_month=after - before,
            unmeasured_workflows=len(workflows) - len(measured),
        )
