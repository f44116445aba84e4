"""How far measured traffic is from what is configured."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from reviewbot.configuration.amounts import DAYS_PER_MONTH
from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.configuration.settings import Stream as ConfiguredStream
from reviewbot.configuration.usage_settings import Tolerance
from reviewbot.report import Figures, TrafficFigure
from reviewbot.usage.aggregate import Stream, Sums, Usage, add
from reviewbot.usage.matching import matching

FEWEST_CALLS = 50
"""Below so many calls their means are chance."""


class MeasuredCalls(Struct, frozen=True, kw_only=True):
    """The calls of one workflow in so many days.

    `streams` are the sums by the place of the configured stream; None is what fits none of them.
    """

    days: int
    streams: Mapping[int | None, Sums]

    @property
    def total(self) -> Sums:
        """The sums of all streams."""
        return add([*self.streams.values()])

    def calls_per_month(self, sums: Sums) -> Decimal | None:
        """The calls of one of the sums in a month."""
        return None if sums.calls is None else Decimal(sums.calls) / self.days * DAYS_PER_MONTH


def measured_calls(
    workflow: Workflow, parts: Iterable[tuple[Stream, Sums]], *, days: int
) -> MeasuredCalls:
    """The calls of a workflow, from all measured streams with their sums."""
    found: dict[int | None, list[Sums]] = defaultdict(list)
    for stream, sums in parts:
        if stream.workflow == workflow.name:
            found[matching(stream, workflow.traffic)].append(sums)
    return MeasuredCalls(days=days, streams={place: add(items) for place, items in found.items()})


def differences(
    usage: Usage, configuration: Configuration, figures: Mapping[str, Figures]
) -> tuple[TrafficFigure, ...]:
    """Calls, output and cache rate of every stream, and the input of every workflow."""
    parts = [(row.stream, row.sums) for row in usage.rows]
    found: list[TrafficFigure] = []
    for name, workflow in configuration.workflows.items():
        measured = measured_calls(workflow, parts, days=usage.days)
        now = figures.get(name)
        if now is not None and measured.streams:
            found += traffic_figures(workflow, measured, now, configuration.usage.tolerance)
    return tuple(found)


def traffic_figures(
    workflow: Workflow, measured: MeasuredCalls, figures: Figures, tolerance: Tolerance
) -> Iterator[TrafficFigure]:
    """What of one workflow is both configured and measured; `figures` are those of its calls."""
    total = measured.total
    mean = mean_tokens(total, "input")
    if mean is not None and tells_means(total):
        yield _relative(
            workflow.name, "input tokens", figures.mean_input_tokens, mean, tolerance.input_tokens
        )
    for place, stream in enumerate(workflow.traffic):
        sums = measured.streams.get(place)
        calls = None if sums is None else measured.calls_per_month(sums)
        if sums is None or not calls:
            continue
        who = _who(workflow.name, stream)
        yield _relative(who, "calls", stream.calls_per_month, calls, tolerance.calls)
        if not tells_means(sums):
            continue
        output, configured = mean_tokens(sums, "output"), Decimal(stream.output_tokens)
        if output is not None:
            yield _relative(who, "output tokens", configured, output, tolerance.output_tokens)
        rate = cache_hit_rate(sums, figures)
        if rate is not None:
            yield TrafficFigure(
                who=who,
                figure="cache hit rate",
                configured=stream.cache_hit_rate,
                measured=rate,
                beyond=abs(rate - stream.cache_hit_rate) > tolerance.cache_hit_rate,
            )


def tells_means(sums: Sums) -> bool:
    """Whether there are enough calls for a mean of theirs."""
    return (sums.calls or 0) >= FEWEST_CALLS


def mean_tokens(sums: Sums, name: str) -> Decimal | None:
    """The mean of `input` or `output` tokens a call; None where it is unknown."""
    tokens = getattr(sums, name)
    return None if tokens is None or not sums.calls else Decimal(tokens) / sums.calls


def cache_hit_rate(sums: Sums, figures: Figures) -> Decimal | None:
    """The cached tokens' share of what could have been cached; None where either is unknown."""
    cacheable = figures.prefix.cacheable_tokens * (sums.calls or 0)
    if sums.cached is None or not cacheable:
        return None
    return min(Decimal(sums.cached) / cacheable, Decimal(1))


def _who(name: str, stream: ConfiguredStream) -> str:
    labels = "/".join(filter(None, (stream.tenant, stream.environment)))
    return f"{name} {labels}".rstrip()


def _relative(
    who: str, figure: str, configured: Decimal, measured: Decimal, tolerance: Decimal
) -> TrafficFigure:
    is_beyond = abs(measured - configured) > tolerance * configured
    return TrafficFigure(
        who=who, figure=figure, configured=configured, measured=measured, beyond=is_beyond
    )
