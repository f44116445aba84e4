"""What a review finds: verdicts, the rules behind them, and single findings."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.errors import Place


class Verdict(StrEnum):
    """The result of a review, from the mildest to the most severe."""

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
    MOVED = "moved"
    LOOSENED = "loosened"
    UNSEEN = "unseen"
    SUPPLIED = "supplied"
    TAGS_AS_TEXT = "tags_as_text"
    TEXT_AS_CONDITION = "text_as_condition"
    BEFORE_UNMEASURED = "before_unmeasured"
    PRICE_PROPOSED = "price_proposed"
    DRIFT = "drift"
    COMPLEXITY = "complexity"
    BUDGET_COST = "budget_cost"
    BUDGET_TOKENS = "budget_tokens"
    BUDGET_UNMEASURED = "budget_unmeasured"
    NEW_PROMPT = "new_prompt"
    MODEL_IN_CODE = "model_in_code"
    MERGE_CONFLICT = "merge_conflict"
    EMPTIED = "emptied"
    REQUEST = "request"
    UNUSED = "unused"
    PRICE_UNIT = "price_unit"
    USAGE = "usage"
    SET_UP = "set_up"
    REPEATED = "repeated"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to know or to act on.

    `actual`, `limit` and `excess` are there for limits, in the unit of the rule: tokens, USD, or a
    fraction for `increase` and `drift`. `actual` and `excess` are None for growth from zero, which
    has no rate. `bound` is `soft` or `hard`. `statistic` is what was compared with the limit: of
    input tokens the statistic over the samples, of a budget its name, of complexity the model that
    would do. Of a model by which code names another one `actual` is what it adds to the month, in
    USD. `place` is the setting in the reviewed change's own file, `limit_place` where a limit
    that stops a change is set there. `concerns` are the workflows of whose calls it speaks where
    it stands beside all of them, since their figures do not hold it.
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
    limit_place: Place | None = None
    concerns: tuple[str, ...] = ()
