"""The figures of one situation: its calls counted, its month priced."""

from decimal import Decimal

from reviewbot.configuration.settings import ServiceTier
from reviewbot.costs.forecast import (
    Forecast,
    PricedStream,
    SampleTokens,
    StreamMonth,
    forecast,
    mean_input_tokens,
)
from reviewbot.costs.prices import Catalogue, Rates
from reviewbot.errors import MeasurementError, Problem
from reviewbot.evaluation.situations import Situation
from reviewbot.measurement.cacheable_prefix import Prefix, count_prefix
from reviewbot.measurement.calls import STATIC
from reviewbot.measurement.token_counts import SampleCount, count_calls
from reviewbot.report import (
    Figures,
    PrefixFigures,
    SampleFigures,
    StreamFigures,
)
from reviewbot.telemetry import Counts
from reviewbot.tokens import Counter, Model, resolve


class Meter:
    """Measures situations: counts their calls and prices their months."""

    def __init__(self, counter: Counter, counts: Counts) -> None:
        self._counter = counter
        self._counts = counts

    def figures(self, situation: Situation | None) -> tuple[Figures | None, tuple[Problem, ...]]:
        """The figures of a situation, or why there are none; neither where it is None."""
        if situation is None:
            return None, ()
        try:
            counts, prefix, streams, month = self._measured(situation)
        except MeasurementError as error:
            return None, error.problems
        tokens = [count.tokens for count in counts]
        notes = [note for item in tokens for note in item.notes]
        is_static = situation.calls.samples == (STATIC,) and situation.calls.has_variables
        if is_static:
            notes.append("no samples: measured as static text, every variable counted as empty")
        return Figures(
            model=situation.model,
            encoding=resolve(situation.model, encoding=situation.encoding).encoding,
            max_tokens=situation.max_tokens,
            samples=tuple(
                SampleFigures(
                    name=count.name,
                    weight=count.weight,
                    input_tokens=count.tokens.input_tokens,
                    content_tokens=count.tokens.content_tokens,
                    overhead_tokens=count.tokens.overhead_tokens,
                    tool_tokens=count.tokens.tool_tokens,
                )
                for count in counts
            ),
            streams=tuple(map(_stream_figures, streams, month.streams)),
            prefix=_prefix_figures(prefix),
            mean_input_tokens=mean_input_tokens(_sample_tokens(counts, prefix)),
            max_input_tokens=max(item.input_tokens for item in tokens),
            calls_per_month=month.calls_per_month,
            tokens_per_month=month.tokens_per_month,
            usd_per_call=month.usd_per_call,
            usd_per_month=month.usd_per_month,
            worst_usd_per_call=month.worst_usd_per_call,
            worst_usd_per_month=month.worst_usd_per_month,
            exact=all(item.exact for item in tokens) and not is_static,
            notes=tuple(dict.fromkeys(notes)),
        ), ()

    def usd_per_month(self, situation: Situation) -> Decimal:
        """The expected month.

        Raises:
            MeasurementError: It cannot be counted or priced.
        """
        return self._measured(situation)[-1].usd_per_month

    def _measured(
        self, situation: Situation
    ) -> tuple[tuple[SampleCount, ...], Prefix, tuple[PricedStream, ...], Forecast]:
        model = resolve(situation.model, encoding=situation.encoding)
        with self._counts.timed("counting_seconds"):
            counts = count_calls(situation.calls, model, self._counter)
            prefix = count_prefix(situation.prefix_calls, model, self._counter)
        with self._counts.timed("pricing_seconds"):
            priced = resolve(situation.priced_model, encoding=situation.priced_encoding)
            tiers = {stream.service_tier for stream in situation.streams}
            rates = {tier: _rates(situation.catalogue, priced, tier) for tier in sorted(tiers)}
            streams = tuple(
                PricedStream(stream=stream, rates=rates[stream.service_tier])
                for stream in situation.streams
            )
            month = _month(situation, counts, prefix, streams)
        return counts, prefix, streams, month


def _month(
    situation: Situation,
    counts: tuple[SampleCount, ...],
    prefix: Prefix,
    streams: tuple[PricedStream, ...],
) -> Forecast:
    return forecast(_sample_tokens(counts, prefix), streams, max_tokens=situation.max_tokens)


def _rates(catalogue: Catalogue, model: Model, tier: ServiceTier) -> Rates:
    return catalogue.rates(
        reference=model.reference, provider=model.provider, model=model.name, tier=tier
    )


def _sample_tokens(counts: tuple[SampleCount, ...], prefix: Prefix) -> tuple[SampleTokens, ...]:
    return tuple(
        SampleTokens(
            name=count.name,
            weight=count.weight,
            input_tokens=count.tokens.input_tokens,
            cacheable_tokens=min(prefix.cacheable_tokens, count.tokens.input_tokens),
        )
        for count in counts
    )


def _prefix_figures(prefix: Prefix) -> PrefixFigures:
    rule = prefix.rule
    return PrefixFigures(
        tokens=prefix.tokens,
        cacheable_tokens=prefix.cacheable_tokens,
        minimum_tokens=rule.minimum_tokens,
        step_tokens=rule.step_tokens,
        explicit=rule.explicit,
        rule_source=rule.source,
        ends=prefix.ends,
    )


def _stream_figures(item: PricedStream, month: StreamMonth) -> StreamFigures:
    stream = item.stream
    return StreamFigures(
        tenant=stream.tenant,
        environment=stream.environment,
        service_tier=stream.service_tier,
        calls_per_month=stream.calls_per_month,
        output_tokens=stream.output_tokens,
        cache_hit_rate=stream.cache_hit_rate,
        cache_write_rate=stream.cache_write_rate,
        growth_per_month=stream.growth_per_month,
        price_source=item.rates.source,
        price_proposed=item.rates.is_proposed,
        usd_per_month=month.usd,
        tokens_per_month=month.tokens,
    )
