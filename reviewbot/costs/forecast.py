"""What one call costs, and a month of them: exact decimal arithmetic over tokens and rates."""

from collections.abc import Hashable, Sequence
from decimal import Decimal, localcontext

from msgspec import Struct

from reviewbot.configuration.settings import Stream
from reviewbot.costs.rates import EXACT, Rates
from reviewbot.tokens import CachingRule

USD_STEP = Decimal("1e-15")
"""The month of one stream, a mean over samples, is rounded half-even to this many USD.

Whatever is a sum of these is exact: slices of a month add up to the whole.
"""

_MTOK = Decimal(1_000_000)


class CallCost(Struct, frozen=True, kw_only=True):
    """The cost of one call in USD, by what is billed."""

    uncached_input: Decimal
    cached_input: Decimal
    cache_write: Decimal
    output: Decimal

    @property
    def total(self) -> Decimal:
        """USD."""
        with localcontext(EXACT):
            return self.uncached_input + self.cached_input + self.cache_write + self.output


class SampleTokens(Struct, frozen=True, kw_only=True):
    """The input tokens of a call with one sample, and the sample's weight.

    `cacheable_tokens` are those that every call begins with, as far as the provider caches them.
    """

    name: str
    weight: Decimal
    input_tokens: int
    cacheable_tokens: int = 0


class PricedStream(Struct, frozen=True, kw_only=True):
    """A stream of calls with the rates of its service, and the rule of its provider's cache."""

    stream: Stream
    rates: Rates
    rule: CachingRule

    @property
    def write_rate(self) -> Decimal:
        """The share of calls that write the cacheable prefix."""
        return self.rule.write_rate(self.stream.cache_hit_rate, self.stream.cache_write_rate)


class StreamMonth(Struct, frozen=True, kw_only=True):
    """A month of one stream's calls; tokens are input and output."""

    usd: Decimal
    tokens: Decimal


class Forecast(Struct, frozen=True, kw_only=True):
    """A month of a workflow's calls.

    The expected figures are weighted means over the samples; `streams` has them in the streams'
    order, and their sums are the workflow's. The worst case is every call in the dearest hours with
    the largest sample, nothing read from a cache (all that can be is written to it where the stream
    writes at all), and output at `max_tokens`; None where that cap is not known.
    """

    streams: tuple[StreamMonth, ...]
    calls_per_month: Decimal
    usd_per_call: Decimal
    usd_per_month: Decimal
    tokens_per_month: Decimal
    worst_usd_per_call: Decimal | None
    worst_usd_per_month: Decimal | None


def call_cost(
    rates: Rates,
    *,
    input_tokens: int,
    output_tokens: int,
    read_tokens: Decimal = Decimal(0),
    written_tokens: Decimal = Decimal(0),
) -> CallCost:
    """The cost of one call; some of its input tokens are read from a cache or written to it.

    A call with more input than a long-context threshold pays the higher price for all its tokens.
    """
    with localcontext(EXACT):
        uncached = input_tokens - read_tokens - written_tokens
        return CallCost(
            uncached_input=uncached * rates.input.at(input_tokens) / _MTOK,
            cached_input=read_tokens * rates.cached_input.at(input_tokens) / _MTOK,
            cache_write=written_tokens * rates.cache_write.at(input_tokens) / _MTOK,
            output=output_tokens * rates.output.at(input_tokens) / _MTOK,
        )


def forecast(
    samples: Sequence[SampleTokens],
    streams: Sequence[PricedStream],
    *,
    max_tokens: int | None,
    answers: int = 1,
) -> Forecast:
    """A month of calls over all streams; expected output is capped at `max_tokens`.

    Input is billed once, output for each of the `answers` that a call asks for.
    """
    with localcontext(EXACT):
        calls: dict[Hashable, _Call] = {}
        months = []
        exact_usd = worst = Decimal(0)
        for item in streams:
            stream = item.stream
            key = (
                id(item.rates),
                stream.output_tokens,
                stream.cache_hit_rate,
                item.write_rate,
                stream.sample_weights,
            )
            if key not in calls:
                calls[key] = _call(samples, item, max_tokens, answers)
            call = calls[key]
            months.append(
                StreamMonth(
                    usd=_rounded(stream.calls_per_month * call.usd / call.weights),
                    tokens=_rounded(stream.calls_per_month * call.tokens / call.weights),
                )
            )
            exact_usd += stream.calls_per_month * call.usd / call.weights
            worst += stream.calls_per_month * call.worst_usd
        all_calls = sum((item.stream.calls_per_month for item in streams), Decimal(0))
        usd = sum((month.usd for month in months), Decimal(0))
        return Forecast(
            streams=tuple(months),
            calls_per_month=all_calls,
            usd_per_call=_rounded(exact_usd / all_calls),
            usd_per_month=usd,
            tokens_per_month=sum((month.tokens for month in months), Decimal(0)),
            worst_usd_per_call=None if max_tokens is None else _rounded(worst / all_calls),
            worst_usd_per_month=None if max_tokens is None else _rounded(worst),
        )


class _Call(Struct, frozen=True, kw_only=True):
    """A call's expected USD and tokens as sums over the weighted samples, and its worst USD."""

    weights: Decimal
    usd: Decimal
    tokens: Decimal
    worst_usd: Decimal


def _call(
    samples: Sequence[SampleTokens], item: PricedStream, max_tokens: int | None, answers: int
) -> _Call:
    stream = item.stream
    cap = stream.output_tokens if max_tokens is None else max_tokens
    output = answers * min(stream.output_tokens, cap)
    usd = tokens = weights = Decimal(0)
    write_rate = item.write_rate
    for sample, weight in zip(samples, _weights(samples, stream), strict=True):
        read, written = item.rule.read_and_written(
            sample.input_tokens,
            sample.cacheable_tokens,
            hit_rate=stream.cache_hit_rate,
            write_rate=write_rate,
        )
        cost = call_cost(
            item.rates,
            input_tokens=sample.input_tokens,
            output_tokens=output,
            read_tokens=read,
            written_tokens=written,
        )
        usd += weight * cost.total
        tokens += weight * (sample.input_tokens + output)
        weights += weight
    largest = max(samples, key=lambda sample: sample.input_tokens)
    _, written = item.rule.read_and_written(
        largest.input_tokens,
        largest.cacheable_tokens,
        hit_rate=Decimal(0),
        write_rate=Decimal(1 if write_rate else 0),
    )
    worst = call_cost(
        item.rates.peak or item.rates,
        input_tokens=largest.input_tokens,
        output_tokens=answers * (max_tokens or 0),
        written_tokens=written,
    )
    return _Call(weights=weights, usd=usd, tokens=tokens, worst_usd=worst.total)


def _weights(samples: Sequence[SampleTokens], stream: Stream) -> list[Decimal]:
    """The stream's own weights where they name just these samples, else those of the samples.

    A baseline may have been pinned with other samples: the two kinds of weights are never mixed.
    """
    if not stream.sample_weights:
        return [sample.weight for sample in samples]
    own = dict(stream.sample_weights)
    if own.keys() != {sample.name for sample in samples}:
        return [sample.weight for sample in samples]
    return [own[sample.name] for sample in samples]


def percentile(samples: Sequence[SampleTokens], percent: int) -> int:
    """The least count of input tokens that covers `percent` of the weight (nearest rank)."""
    ordered = sorted(samples, key=lambda sample: sample.input_tokens)
    with localcontext(EXACT):
        needed = sum((sample.weight for sample in ordered), Decimal(0)) * percent / 100
        covered = Decimal(0)
        for sample in ordered:
            covered += sample.weight
            if covered >= needed:
                return sample.input_tokens
    return ordered[-1].input_tokens


def mean_input_tokens(samples: Sequence[SampleTokens]) -> Decimal:
    """The weighted mean of the input tokens, rounded half-even to 10⁻¹⁵."""
    with localcontext(EXACT):
        weights = sum((sample.weight for sample in samples), Decimal(0))
        return _rounded(sum((s.weight * s.input_tokens for s in samples), Decimal(0)) / weights)


def _rounded(value: Decimal) -> Decimal:
    return Decimal(format(value.quantize(USD_STEP).normalize(), "f"))
