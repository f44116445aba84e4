"""What the prompts cost at commits of the past."""

from datetime import date
from decimal import Decimal

from msgspec import Struct


class WorkflowCost(Struct, frozen=True, kw_only=True):
    """One workflow at one commit: a month in USD, and the mean input tokens of a call."""

    name: str
    usd_per_month: Decimal
    mean_input_tokens: Decimal


class Recorded(Struct, frozen=True, kw_only=True):
    """A commit, and what its workflows cost by its own configuration.

    `usd_per_month` is the sum of those that could be measured, None where none could; `unmeasured`
    says why the others could not.
    """

    commit: str
    name: str
    day: str
    subject: str
    usd_per_month: Decimal | None
    workflows: tuple[WorkflowCost, ...]
    unmeasured: tuple[str, ...]


class History(Struct, frozen=True, kw_only=True):
    """The costs of commits, the oldest first, all at the prices of one day.

    `assumption` says what is assumed where none of them has a configuration; `workflows` are those
    that were asked for, none where all were.
    """

    prices_as_of: date
    catalogue_version: str | None
    assumption: str | None = None
    workflows: tuple[str, ...] = ()
    commits: tuple[Recorded, ...]
