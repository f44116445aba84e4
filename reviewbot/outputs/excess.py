"""A rate that is over its limit by little, with as many digits as make the difference visible."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from reviewbot.costs.rates import EXACT
from reviewbot.report import Finding, Rule, WorkflowReview

_MOST_DIGITS = 8


def shown_excess(finding: Finding) -> tuple[str, str, str] | None:
    """The rate, its limit and the excess, to the digit that differs; None where a tenth does."""
    if finding.rule not in (Rule.INCREASE, Rule.DRIFT):
        return None
    if finding.actual is None or finding.limit is None or finding.excess is None:
        return None
    for digits in range(1, _MOST_DIGITS + 1):
        points = _rounded(finding.excess * 100, digits)
        if percent_to(digits, finding.actual) != percent_to(digits, finding.limit) and points:
            if digits == 1:
                return None
            return (
                percent_to(digits, finding.actual),
                percent_to(1, finding.limit),
                f"{points:f} points",
            )
    return None


def increase_text(workflow: WorkflowReview) -> str:
    """The rate of a workflow's change, with the digits by which it is over a limit."""
    for finding in workflow.findings:
        if finding.rule is Rule.INCREASE and (shown := shown_excess(finding)):
            return f"+{shown[0]}"
    rate = workflow.increase or Decimal(0)
    return f"{'+' if rate > 0 else ''}{percent_to(1, rate)}"


def percent_to(digits: int, fraction: Decimal) -> str:
    """A fraction as a percentage with so many digits behind the point; a whole one without any."""
    value = _rounded(fraction * 100, digits)
    least = f"{Decimal(1).scaleb(-digits):f}"
    if value == 0 and fraction != 0:
        return f"<{least}%" if fraction > 0 else f">-{least}%"
    return f"{value:,.{digits}f}".removesuffix(f".{'0' * digits}") + "%"


def _rounded(value: Decimal, digits: int) -> Decimal:
    with localcontext(EXACT):
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
