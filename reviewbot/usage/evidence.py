"""Measured traffic beside a review: what the committed aggregate says of the changed workflows.

It is evidence only: configured traffic keeps governing, and an approval is not bound to it.
"""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from msgspec.structs import replace

from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import Configuration, Stream, Workflow
from reviewbot.costs.rates import EXACT
from reviewbot.errors import MeasurementError, Place
from reviewbot.report import (
    Figures,
    Finding,
    MeasuredTraffic,
    Rule,
    TrafficFigure,
    Verdict,
    WorkflowReview,
    worst,
)
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import read_text
from reviewbot.usage.aggregate import Sums
from reviewbot.usage.committed import CommittedUsage, read_usage
from reviewbot.usage.committed_age import WRITE_AGAIN, too_old
from reviewbot.usage.variance import (
    MeasuredCalls,
    cache_hit_rate,
    mean_tokens,
    measured_calls,
    tells_means,
    traffic_figures,
)

_SHOWN_FIGURES = 3
_STEP = Decimal("1e-6")

Months = Callable[
    [Callable[[tuple[Stream, ...]], tuple[Stream, ...]]], tuple[Decimal | None, Decimal | None]
]
"""USD a month before and after the change, with other streams; None is unknown."""


class Evidence:
    """What the aggregate says of reviewed workflows; `findings` say what is wrong with it."""

    def __init__(
        self,
        usage: CommittedUsage | None,
        configuration: Configuration,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        self._usage = usage
        self._configuration = configuration
        self._traffic: dict[str, MeasuredTraffic | None] = {}
        self._without_calls: list[str] = []
        self.findings = findings

    @property
    def notes(self) -> tuple[str, ...]:
        """The workflows that were there before, and of which there is no call."""
        if self._usage is None or not self._without_calls:
            return ()
        names = ", ".join(self._without_calls)
        return (f"no call of {names} was measured from {self._usage.since} to {self._usage.until}",)

    def take(self, review: WorkflowReview, months: Months) -> None:
        """Look at the calls of a reviewed workflow, while its months can still be priced."""
        if self._usage is not None:
            found = _measured_traffic(self._usage, self._configuration, review, months)
            self._traffic[review.name] = found
            if found is None and review.before is not None:
                self._without_calls.append(review.name)

    def beside(
        self, reviews: tuple[WorkflowReview, ...], locate: Callable[[Key], Place]
    ) -> tuple[WorkflowReview, ...]:
        """The reviews with what was measured; `locate` gives the place of a setting."""
        return tuple(_with_measured(item, self._traffic.get(item.name), locate) for item in reviews)


def read_evidence(comparison: Comparison, configuration: Configuration) -> Evidence:
    """The aggregate that the governing configuration names, as the base's branch has it.

    Its age is counted to the day of the newest commit of the review, so that the same commits are
    always told the same.
    """
    settings = configuration.usage
    place = Place(file=settings.file)
    try:
        usage = read_usage(read_text(comparison.governing_tree, settings.file), file=settings.file)
    except MeasurementError as error:
        problem = error.problems[0]
        text = f"nothing measured is shown: {problem.what}; {problem.mend}"
        return Evidence(None, configuration, (_warning(text, problem.place or place),))
    day = comparison.newest_day()
    if day is None:
        text = (
            "no commit tells its day, so nobody knows how old the measured traffic is;"
            f" {WRITE_AGAIN}"
        )
    elif age := too_old(usage, settings, day, f"the newest commit of this review ({day})"):
        text = f"measured traffic is stale: {age}"
    else:
        return Evidence(usage, configuration)
    return Evidence(usage, configuration, (_warning(text, place),))


def _measured_traffic(
    usage: CommittedUsage, configuration: Configuration, review: WorkflowReview, months: Months
) -> MeasuredTraffic | None:
    """What the aggregate says of a reviewed workflow; None where it has no call of it.

    The calls were made by the prompts as they are before the change, so these figures are compared.
    """
    workflow = configuration.workflows.get(review.name)
    figures = review.before or review.after
    if workflow is None or figures is None:
        return None
    with localcontext(EXACT):
        parts = ((item.stream, item.sums) for item in usage.streams)
        measured = measured_calls(workflow, parts, days=usage.days)
        if not measured.streams:
            return None
        total = measured.total
        before, after = None, None
        if total.calls is not None and total.output is not None:
            before, after = months(lambda streams: _measured_streams(streams, measured, figures))
        change = None if before is None or after is None else after - before
        return MeasuredTraffic(
            since=usage.since,
            until=usage.until,
            calls_per_month=_rounded(measured.calls_per_month(total)),
            input_tokens=_rounded(mean_tokens(total, "input")),
            output_tokens=_rounded(mean_tokens(total, "output")),
            cache_hit_rate=_rounded(cache_hit_rate(total, figures)),
            before_usd_per_month=None if change is None else before,
            after_usd_per_month=None if change is None else after,
            change_usd_per_month=change,
            unmeasured_streams=len(set(range(len(workflow.traffic))) - measured.streams.keys()),
            figures=tuple(_figures(workflow, measured, figures, configuration)),
        )


def _with_measured(
    review: WorkflowReview, measured: MeasuredTraffic | None, locate: Callable[[Key], Place]
) -> WorkflowReview:
    """The review with what was measured, and a warning where it is not what is configured."""
    if measured is None:
        return review
    beyond = [item for item in measured.figures if item.beyond]
    if not beyond:
        return replace(review, measured=measured)
    shown = "; ".join(_compared(item, review.name) for item in beyond[:_SHOWN_FIGURES])
    left = len(beyond) - _SHOWN_FIGURES
    more = f"; and {left:,} more" if left > 0 else ""
    text = f"measured is not configured: {shown}{more}; `reviewbot calibrate` proposes it"
    finding = _warning(text, locate(("workflows", review.name, "traffic")))
    return replace(
        review,
        measured=measured,
        findings=(*review.findings, finding),
        verdict=worst([review.verdict, finding.verdict]),
    )


def _measured_streams(
    streams: tuple[Stream, ...], measured: MeasuredCalls, figures: Figures
) -> tuple[Stream, ...]:
    """The streams as they were measured, and one for all calls that fit none of them.

    A stream without a call stays as it is configured. What fits none is priced like the first.
    """
    found = [
        stream if sums is None else _measured_stream(stream, sums, measured, figures)
        for place, stream in enumerate(streams)
        for sums in (measured.streams.get(place),)
    ]
    if (sums := measured.streams.get(None)) is not None and streams:
        other = replace(streams[0], tenant=None, environment=None)
        found.append(_measured_stream(other, sums, measured, figures))
    return tuple(found)


def _measured_stream(
    stream: Stream, sums: Sums, measured: MeasuredCalls, figures: Figures
) -> Stream:
    calls = _rounded(measured.calls_per_month(sums))
    if calls is None:
        return stream
    if not tells_means(sums):
        return replace(stream, calls_per_month=calls)
    output, rate = mean_tokens(sums, "output"), _rounded(cache_hit_rate(sums, figures))
    return replace(
        stream,
        calls_per_month=calls,
        output_tokens=stream.output_tokens
        if output is None
        else int(output.quantize(Decimal(1), ROUND_HALF_EVEN)),
        cache_hit_rate=stream.cache_hit_rate if rate is None else rate,
    )


def _figures(
    workflow: Workflow, measured: MeasuredCalls, figures: Figures, configuration: Configuration
) -> Iterator[TrafficFigure]:
    for item in traffic_figures(workflow, measured, figures, configuration.usage.tolerance):
        yield replace(item, measured=item.measured.quantize(_STEP, ROUND_HALF_EVEN))


def _compared(item: TrafficFigure, workflow: str) -> str:
    whose = item.who.removeprefix(workflow).strip()
    name = f"{whose} {item.figure}".strip()
    if item.figure == "cache hit rate":
        return f"{name} {item.measured:.1%}, not {item.configured:.1%}"
    return f"{name} {item.measured:,.0f}, not {item.configured:,.0f}"


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_STEP, ROUND_HALF_EVEN)


def _warning(text: str, place: Place) -> Finding:
    return Finding(rule=Rule.USAGE, verdict=Verdict.WARN, text=text, place=place)
