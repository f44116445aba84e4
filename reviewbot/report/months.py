"""Months of many workflows: in all, by what they are told apart, and held against budgets."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.settings import Limit, Slice
from reviewbot.report.findings import Verdict


class Totals(Struct, frozen=True, kw_only=True):
    """A month of all measured workflows that the change concerns, in USD."""

    before_usd_per_month: Decimal
    after_usd_per_month: Decimal
    change_usd_per_month: Decimal
    unmeasured_workflows: int


class Dimension(StrEnum):
    """By what a month is told apart."""

    FEATURE = "feature"
    WORKFLOW = "workflow"
    TENANT = "tenant"
    TIER = "tier"
    ENVIRONMENT = "environment"
    OWNER = "owner"


class Month(Struct, frozen=True, kw_only=True):
    """A month before and after the change under the governing terms, and under the proposed ones.

    USD, and input and output tokens. `unmeasured_workflows` are those whose part is not in it.
    """

    before_usd: Decimal
    after_usd: Decimal
    proposed_usd: Decimal
    before_tokens: Decimal
    after_tokens: Decimal
    proposed_tokens: Decimal
    unmeasured_workflows: int


class SliceMonth(Struct, frozen=True, kw_only=True):
    """The month of one slice of all workflows.

    `value` is None for what has no such attribute. `touched` says that the change concerns it.
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
    """A governing budget, held against the month of its slice over all workflows.

    The headrooms are what is left below the hard limits, or below the soft ones where there are no
    hard ones: negative over them, None without any. `crossings` reckon with the traffic's growth.
    """

    name: str
    match: Slice
    touched: bool
    verdict: Verdict
    month: Month
    monthly_cost: Limit | None
    monthly_tokens: Limit | None
    headroom_usd: Decimal | None
    headroom_tokens: Decimal | None
    crossings: tuple[Crossing, ...]
