"""How far measured traffic is from what is configured."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from reviewbot.configuration.amounts import DAYS_PER_MONTH
from reviewbot.configuration.settings import Configuration, Stream
from reviewbot.configuration.usage_settings import Tolerance
from reviewbot.report import Figures
from reviewbot.usage.aggregate import Sums, Usage, add
from reviewbot.usage.matching import matching


class Difference(Struct, frozen=True, kw_only=True):
    """One figure: configured, measured, and whether it is beyond its tolerance.

    `who` is the workflow, or one stream of it. Rates are fractions.
    """

    who: str
    figure: str
    configured: Decimal
    measured: Decimal
    beyond: bool


def differences(
    usage: Usage, configuration: Configuration, figures: Mapping[str, Figures]
) -> tuple[Difference, ...]:
    """Calls, output and cache rate of every stream, and the input of every workflow."""
    found: list[Difference] = []
    for name, workflow in configuration.workflows.items():
        measured: dict[int | None, list[Sums]] = defaultdict(list)
        for row in usage.rows:
            if row.stream.workflow == name:
                measured[matching(row.stream, workflow.traffic)].append(row.sums)
        sums = add([item for parts in measured.values() for item in parts])
        now = figures.get(name)
        if now is None or not measured:
            continue
        tolerance = configuration.usage.tolerance
        if sums.calls and sums.input is not None:
            mean = Decimal(sums.input) / sums.calls
            found.append(
                _relative(name, "input tokens", now.mean_input_tokens, mean, tolerance.input_tokens)
            )
        for position, stream in enumerate(workflow.traffic):
            labels = "/".join(filter(None, (stream.tenant, stream.environment)))
            who = f"{name} {labels}".rstrip()
            if parts := measured.get(position):
                measured_now = _Measured(sums=add(parts), days=usage.days, figures=now)
                found += _of_stream(who, stream, measured_now, tolerance)
    return tuple(found)


class _Measured(Struct, frozen=True, kw_only=True):
    """Sums over so many days, and what the workflow's calls take."""

    sums: Sums
    days: int
    figures: Figures


def _of_stream(
    who: str, stream: Stream, measured: _Measured, tolerance: Tolerance
) -> Iterator[Difference]:
    sums = measured.sums
    if not sums.calls:
        return
    calls = Decimal(sums.calls) / measured.days * DAYS_PER_MONTH
    yield _relative(who, "calls", stream.calls_per_month, calls, tolerance.calls)
    if sums.output is not None:
        mean = Decimal(sums.output) / sums.calls
        yield _relative(
            who, "output tokens", Decimal(stream.output_tokens), mean, tolerance.output_tokens
        )
    cacheable = measured.figures.prefix.cacheable_tokens * sums.calls
    if sums.cached is not None and cacheable:
        rate = min(Decimal(sums.cached) / cacheable, Decimal(1))
        yield Difference(
            who=who,
            figure="cache hit rate",
            configured=stream.cache_hit_rate,
            measured=rate,
            beyond=abs(rate - stream.cache_hit_rate) > tolerance.cache_hit_rate,
        )


def _relative(
    who: str, figure: str, configured: Decimal, measured: Decimal, tolerance: Decimal
) -> Difference:
    is_beyond = abs(measured - configured) > tolerance * configured
    return Difference(
        who=who, figure=figure, configured=configured, measured=measured, beyond=is_beyond
    )
