"""What a review finds: verdicts, rules, and findings of limits and of other things to know."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.errors import Place


class Verdict(StrEnum):
    """What the review comes to; the later, the more severe."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    NEEDS_APPROVAL = "needs-approval"
    UNMEASURED = "unmeasured"
    FAIL = "fail"


def worst(verdicts: list[Verdict]) -> Verdict:
    """The most severe of `verdicts`; `pass` where there are none."""
    return max(verdicts, key=list(Verdict).index, default=Verdict.PASS)


class Rule(StrEnum):
    """What a finding is about."""

    INPUT_TOKENS = "input_tokens"
    COST_PER_CALL = "cost_per_call"
    MONTHLY_COST = "monthly_cost"
    INCREASE = "increase"
    HIGH_COST = "high_cost"
    REMOVED = "removed"
    LOOSENED = "loosened"
    BEFORE_UNMEASURED = "before_unmeasured"
    PRICE_PROPOSED = "price_proposed"
    DRIFT = "drift"
    COMPLEXITY = "complexity"
    BUDGET_COST = "budget_cost"
    BUDGET_TOKENS = "budget_tokens"
    BUDGET_UNMEASURED = "budget_unmeasured"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to know or to act on.

    For a limit, `actual`, `limit` and `excess` are in the unit of its rule (tokens, USD, or a
    fraction for `increase` and `drift`), `bound` is `soft` or `hard`, and `statistic` says what was
    held against it: of a budget its name, of complexity the model that would do. `actual` and
    `excess` are None where growth from zero has no rate. `place` is the setting that it is about,
    in the reviewed change's own file.
    """

    rule: Rule
    verdict: Verdict
    text: str
    statistic: str | None = None
    bound: str | None = None
    actual: Decimal | None = None
    limit: Decimal | None = None
    excess: Decimal | None = None
    place: Place | None = None
