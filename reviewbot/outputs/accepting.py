"""How much text a change over a hard limit would have to lose, and how the limit may be raised."""

from decimal import ROUND_CEILING, Decimal, localcontext

from msgspec import Struct

from reviewbot.costs.rates import EXACT
from reviewbot.outputs import wording
from reviewbot.outputs.headline import worst_first
from reviewbot.report import Figures, Finding, Report, Rule, Verdict, WorkflowReview

_NAMED = 3


class WaysOut(Struct, frozen=True, kw_only=True):
    """What a person can do about a broken limit: how much to take off, and the limit to raise."""

    cut: str | None = None
    raised: str | None = None

    def __str__(self) -> str:
        return ", or ".join(filter(None, (self.cut, self.raised)))


def accepting(report: Report, workflow: WorkflowReview) -> WaysOut:
    """The tokens to take off, and the limit to raise with who may approve that; none if soft."""
    finding = next(
        (item for item in worst_first(workflow.findings) if wording.limit_parts(item)), None
    )
    if finding is None or finding.verdict is not Verdict.FAIL or finding.limit_place is None:
        return WaysOut()
    place = finding.limit_place
    key = f"envelope.{finding.rule}.{finding.bound}"
    line = "" if place.line is None else f":{place.line}"
    limit = f"raise `{key}` ({wording.plain(place.file)}{line}), {approved(report)}"
    return WaysOut(cut=_cut(workflow, finding), raised=limit)


def approved(report: Report) -> str:
    """Who may approve that a limit is raised."""
    people = wording.named([wording.plain(name) for name in report.approvers], _NAMED)
    return f"which {people} may approve" if people else "once `approval.approvers` names somebody"


def _cut(workflow: WorkflowReview, finding: Finding) -> str | None:
    """How many of the tokens that the change adds are too many, at the price that these have."""
    before, after = workflow.before, workflow.after
    if after is None:
        return None
    added = after.mean_input_tokens - (before.mean_input_tokens if before else Decimal(0))
    if before is None or added <= 0:
        return None
    with localcontext(EXACT):
        share = _share(finding, before, after)
        if share is None or not 0 < share <= 1:
            return None
        cut = (added * share).quantize(Decimal(1), ROUND_CEILING)
    return f"take {cut:,} of {wording.tokens(added)} tokens off"


def _share(finding: Finding, before: Figures, after: Figures) -> Decimal | None:
    """Which part of what the change adds is over the limit; None where text alone is no cause."""
    if before.model != after.model or finding.limit is None or finding.excess is None:
        return None
    usd = after.usd_per_month - before.usd_per_month
    call = after.usd_per_call - before.usd_per_call
    match finding.rule:
        case Rule.INPUT_TOKENS:
            whole = after.mean_input_tokens - before.mean_input_tokens
            over = finding.excess
        case Rule.INCREASE:
            whole, over = usd, finding.excess * before.usd_per_month
        case Rule.MONTHLY_COST:
            whole, over = usd, finding.excess
        case Rule.COST_PER_CALL:
            whole, over = call, finding.excess
        case _:
            return None
    return over / whole if whole > 0 else None
