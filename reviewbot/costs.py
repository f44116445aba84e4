"""What one call costs, and a month of them: exact decimal arithmetic over tokens and rates."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from reviewbot.configuration.settings import Stream
from reviewbot.prices import Rates
from reviewbot.records import Record

USD_STEP = Decimal("1e-15")
"""A mean over samples is rounded half-even to this many USD; nothing else is ever rounded."""

EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN)
"""Enough digits that sums and products of money, rates, shares and tokens are never rounded."""

_MTOK = Decimal(1_000_000)


class CallCost(Record):
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


class SampleTokens(Record):
    """The input tokens of a call with one sample, and the sample's weight."""

    name: str
    weight: Decimal
    input_tokens: int


class PricedStream(Record):
    """A stream of calls with the rates of its service tier."""

    stream: Stream
    rates: Rates


class Forecast(Record):
    """A month of a workflow's calls.

    The expected figures are weighted means over the samples. The worst case is every call with the
    largest sample, nothing read from a cache (all written to it where the stream writes at all),
    and output at `max_tokens`; None where that cap is not known.
    """

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
    cached_share: Decimal = Decimal(0),
    written_share: Decimal = Decimal(0),
) -> CallCost:
    """The cost of one call; the shares are of its input tokens, read from and written to a cache.

    Every token of a call beyond a long-context cliff costs what lies beyond it.
    """
    with localcontext(EXACT):
        cached = input_tokens * cached_share
        written = input_tokens * written_share
        uncached = input_tokens - cached - written
        return CallCost(
            uncached_input=uncached * rates.input.at(input_tokens) / _MTOK,
            cached_input=cached * rates.cached_input.at(input_tokens) / _MTOK,
            cache_write=written * rates.cache_write.at(input_tokens) / _MTOK,
            output=output_tokens * rates.output.at(input_tokens) / _MTOK,
        )


def forecast(
    samples: Sequence[SampleTokens], streams: Sequence[PricedStream], *, max_tokens: int | None
) -> Forecast:
    """A month of calls over all streams; expected output is capped at `max_tokens`."""
    with localcontext(EXACT):
        weights = sum((sample.weight for sample in samples), Decimal(0))
        largest = max(sample.input_tokens for sample in samples)
        calls = usd = tokens = worst = Decimal(0)
        for item in streams:
            stream = item.stream
            output = (
                stream.output_tokens
                if max_tokens is None
                else min(stream.output_tokens, max_tokens)
            )
            weighted_usd = sum(
                (
                    sample.weight
                    * call_cost(
                        item.rates,
                        input_tokens=sample.input_tokens,
                        output_tokens=output,
                        cached_share=stream.cache_hit_rate,
                        written_share=stream.cache_write_rate,
                    ).total
                    for sample in samples
                ),
                Decimal(0),
            )
            weighted_tokens = sum(
                (s.weight * (s.input_tokens + output) for s in samples), Decimal(0)
            )
            calls += stream.calls_per_month
            usd += stream.calls_per_month * weighted_usd
            tokens += stream.calls_per_month * weighted_tokens
            if max_tokens is not None:
                dearest = call_cost(
                    item.rates,
                    input_tokens=largest,
                    output_tokens=max_tokens,
                    written_share=Decimal(1 if stream.cache_write_rate else 0),
                )
                worst += stream.calls_per_month * dearest.total
        return Forecast(
            calls_per_month=calls,
            usd_per_call=_rounded(usd / (weights * calls)),
            usd_per_month=_rounded(usd / weights),
            tokens_per_month=_rounded(tokens / weights),
            worst_usd_per_call=None if max_tokens is None else _rounded(worst / calls),
            worst_usd_per_month=None if max_tokens is None else _rounded(worst),
        )


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
