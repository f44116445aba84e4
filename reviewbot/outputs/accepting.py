"""How much text a change over a hard limit would have to lose, and how the limit may be raised."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal, localcontext

from msgspec import Struct

from reviewbot.costs.rates import EXACT
from reviewbot.errors import Place
from reviewbot.outputs import wording
from reviewbot.outputs.headline import worst_first
from reviewbot.report import (
    Figures,
    Finding,
    Report,
    Rule,
    SuggestionKind,
    Verdict,
    WorkflowReview,
)

_NAMED = 3
_BUDGET_KEYS = {Rule.BUDGET_COST: "monthly_cost", Rule.BUDGET_TOKENS: "monthly_tokens"}


class WaysOut(Struct, frozen=True, kw_only=True):
    """What a person can do about a broken limit: how much to take off, and how to change the limit.

    `place` is where the limit stands.
    """

    cut: str | None = None
    raised: str | None = None
    place: Place | None = None

    def __str__(self) -> str:
        return ", or ".join(filter(None, (self.cut, self.raised)))


def accepting(report: Report, workflow: WorkflowReview) -> WaysOut:
    """The tokens to take off, and how the limits may be raised or approved; none if all are soft.

    What governs is the base's limits: one that the change raises itself stops nothing only once it
    is merged by itself.
    """
    over = [
        item
        for item in worst_first(workflow.findings)
        if wording.limit_parts(item) and item.bound == "hard" and item.limit_place is not None
    ]
    if not over or over[0].verdict not in (Verdict.FAIL, Verdict.NEEDS_APPROVAL):
        return WaysOut()
    cut = None if _is_undone(workflow) else _cut(workflow, over)
    failed = [item for item in over if item.verdict is Verdict.FAIL]
    if not failed:
        return WaysOut(cut=cut)
    done = [item for item in failed if _is_raised_enough(workflow, item)]
    left = [item for item in failed if item not in done]
    return WaysOut(cut=cut, raised=raising(report, left, done), place=failed[0].limit_place)


def _is_undone(workflow: WorkflowReview) -> bool:
    """Whether another model is what is over, so that no text has to go."""
    first = next(iter(workflow.ways_back), None)
    return first is not None and first.fits and first.kind is SuggestionKind.EARLIER_MODEL


def raising(report: Report, limits: Sequence[Finding], done: Sequence[Finding] = ()) -> str:
    """How the broken limits may be raised; those of `done` are raised by the change itself."""
    to_raise, raised = _limits(limits), _limits(done)
    alone = f"in a pull request of its own first, {approved(report)}"
    if limits:
        also = f", and bring the raised {raised}" if done else ""
        return f"raise {to_raise}{also} {alone}"
    govern, them = ("governs", "it") if len(done) == 1 else ("govern", "them")
    return f"the raised {raised} {govern} once merged: bring {them} {alone}"


def _limits(findings: Sequence[Finding]) -> str:
    """The limits, each with its place; those of one line have it once."""
    names: dict[str, list[str]] = {}
    for finding in findings:
        place = finding.limit_place
        line = "" if place is None or place.line is None else f":{place.line}"
        where = "" if place is None else f" ({wording.plain(place.file)}{line})"
        name = _BUDGET_KEYS.get(finding.rule, f"envelope.{finding.rule}")
        names.setdefault(where, []).append(f"`{name}.{finding.bound}`")
    return " and ".join(f"{' and '.join(items)}{where}" for where, items in names.items())


def _is_raised_enough(workflow: WorkflowReview, finding: Finding) -> bool:
    """Whether the change's own settings raise the limit so far that it is kept."""
    return workflow.proposed is not None and not any(
        (item.rule, item.bound) == (finding.rule, finding.bound)
        for item in workflow.proposed_findings
    )


def approved(report: Report) -> str:
    """Who may approve that a limit is raised."""
    people = wording.named([wording.plain(name) for name in report.approvers], _NAMED)
    return f"which {people} may approve" if people else "once `approval.approvers` names somebody"


def _cut(workflow: WorkflowReview, over: Sequence[Finding]) -> str | None:
    """How many of the tokens that the change adds are too many, at the price that these have."""
    before, after = workflow.before, workflow.after
    if before is None or after is None:
        return None
    with localcontext(EXACT):
        added = after.mean_input_tokens - before.mean_input_tokens
        shares = [_share(item, before, after) for item in over]
        known = [share for share in shares if share is not None and 0 < share <= 1]
        if added <= 0 or len(known) < len(shares):
            return None
        cut = (added * max(known)).quantize(Decimal(1), ROUND_CEILING)
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
