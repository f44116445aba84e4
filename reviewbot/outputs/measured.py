"""What was measured of a workflow's calls, in words, beside what is configured."""

from collections.abc import Callable
from decimal import Decimal, localcontext

from reviewbot.costs.rates import EXACT
from reviewbot.outputs import wording
from reviewbot.report import Figures, MeasuredTraffic, StreamFigures, WorkflowReview


def measured_text(workflow: WorkflowReview) -> str | None:
    """The measured traffic, and what the change costs with it; None where nothing was measured."""
    measured = workflow.measured
    figures = workflow.before or workflow.after
    if measured is None or figures is None:
        return None
    days = (measured.until - measured.since).days + 1
    period = f"{days:,} day{'s' if days > 1 else ''} until {measured.until}"
    return f"{period}: {', '.join(_traffic(measured, figures))}; {_cost(workflow, measured)}"


def _traffic(measured: MeasuredTraffic, figures: Figures) -> list[str]:
    calls, output = measured.calls_per_month, measured.output_tokens
    configured = wording.calls(figures.calls_per_month)
    parts = [
        "calls unknown"
        if calls is None
        else f"{wording.calls(calls)} calls a month ({configured} configured)",
        "output unknown"
        if output is None
        else f"{wording.tokens(output)} output tokens a call ({_output(figures)})",
    ]
    rate = measured.cache_hit_rate
    if rate is not None:
        parts.append(f"{wording.percent(rate)} of the prefix cached ({_hit_rate(figures)})")
    return parts


def _cost(workflow: WorkflowReview, measured: MeasuredTraffic) -> str:
    before, after = measured.before_usd_per_month, measured.after_usd_per_month
    if before is None or after is None:
        return "what the change costs with that is unknown"
    configured = workflow.change_usd_per_month
    rest = ""
    if measured.unmeasured_streams:
        count = measured.unmeasured_streams
        rest = f" ({count:,} stream{'s' if count > 1 else ''} without a call as configured)"
    if before == after and not configured:
        return f"a month with that is {wording.usd(after)}{rest}"
    change = wording.usd_between(before, after)
    told = "unknown" if configured is None else wording.usd_between(*_months(workflow))
    beside = "too" if change == told else f"not {told}"
    comma = " " if change == told else ", "
    return f"with that this change is {change} a month{comma}{beside}{rest}"


def _months(workflow: WorkflowReview) -> tuple[Decimal, Decimal]:
    """The configured months before and after; zero for what is not there."""
    ends = (workflow.before, workflow.after)
    before, after = (Decimal(0) if item is None else item.usd_per_month for item in ends)
    return before, after


def _output(figures: Figures) -> str:
    return wording.tokens(_mean(figures, lambda item: Decimal(item.output_tokens)))


def _hit_rate(figures: Figures) -> str:
    return wording.percent(_mean(figures, lambda item: item.cache_hit_rate))


def _mean(figures: Figures, value: Callable[[StreamFigures], Decimal]) -> Decimal:
    """The mean over the calls of all streams."""
    with localcontext(EXACT):
        total = sum((item.calls_per_month * value(item) for item in figures.streams), Decimal(0))
        return total / figures.calls_per_month
