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
    says why the others could not. One that `is_assumed` has no configuration: its workflows are the
    prompts that were found.
    """

    commit: str
    name: str
    day: str
    subject: str
    usd_per_month: Decimal | None
    workflows: tuple[WorkflowCost, ...]
    unmeasured: tuple[str, ...]
    is_assumed: bool = False


class History(Struct, frozen=True, kw_only=True):
    """The costs of commits, the oldest first, all at the prices of one day.

    `assumption` says what is assumed of those that have no configuration, None where all have one;
    `workflows` are those that were asked for, none where all were.
    """

    prices_as_of: date
    catalogue_version: str | None
    assumption: str | None = None
    workflows: tuple[str, ...] = ()
    commits: tuple[Recorded, ...]

    @property
    def is_mixed(self) -> bool:
        """Whether some months are assumed and others are not, so that they do not compare."""
        return len({item.is_assumed for item in self.commits if item.usd_per_month is not None}) > 1

    def drawn(self) -> list[Decimal | None]:
        """The months that a curve holds: of a mixed history those of configurations alone."""
        return [
            None if self.is_mixed and item.is_assumed else item.usd_per_month
            for item in self.commits
        ]
