"""A month of many workflows: in total, broken down, and compared with budgets."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.settings import BudgetMatch, Limit
from reviewbot.report.findings import Verdict


class Totals(Struct, frozen=True, kw_only=True):
    """A month of all measured workflows that the change concerns, in USD."""

    before_usd_per_month: Decimal
    after_usd_per_month: Decimal
    change_usd_per_month: Decimal
    unmeasured_workflows: int


class Dimension(StrEnum):
    """What a month can be broken down by."""

    FEATURE = "feature"
    WORKFLOW = "workflow"
    TENANT = "tenant"
    TIER = "tier"
    ENVIRONMENT = "environment"
    OWNER = "owner"


class Month(Struct, frozen=True, kw_only=True):
    """A month before and after the change, under the governing configuration and the proposed one.

    In USD, and in input and output tokens together. The month lacks `unmeasured_workflows`.
    """

    before_usd: Decimal
    after_usd: Decimal
    proposed_usd: Decimal
    before_tokens: Decimal
    after_tokens: Decimal
    proposed_tokens: Decimal
    unmeasured_workflows: int


class BreakdownMonth(Struct, frozen=True, kw_only=True):
    """The month of all workflows with one value of a dimension, such as one tenant.

    `value` is None for traffic without this attribute. `touched` says that the change concerns it.
    """

    dimension: Dimension
    value: str | None
    touched: bool
    month: Month


class Crossing(Struct, frozen=True, kw_only=True):
    """The month (`2027-03`) in which growing traffic takes a budget over one of its limits."""

    limit: str
    month: str


class BudgetReview(Struct, frozen=True, kw_only=True):
    """A governing budget, compared with the month of the traffic that it covers.

    The headrooms say how much is left below the hard limit, or below the soft one where there is no
    hard one. They are negative above the limit, and None without one. `crossings` take the growth
    of traffic into account. `is_new` says that the change itself brings the budget, which is judged
    from the next change on. `adding` are the workflows by which the change adds to it, those that
    add most first.
    """

    name: str
    match: BudgetMatch
    touched: bool
    verdict: Verdict
    month: Month
    monthly_cost: Limit | None
    monthly_tokens: Limit | None
    headroom_usd: Decimal | None
    headroom_tokens: Decimal | None
    crossings: tuple[Crossing, ...]
    adding: tuple[str, ...] = ()
    is_new: bool = False
