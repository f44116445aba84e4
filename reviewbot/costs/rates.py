"""The prices of one model: what a million tokens cost, by what they are and how many they are."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

EXACT: Final = Context(prec=80, rounding=ROUND_HALF_EVEN)
"""Enough digits that sums and products of money, rates, shares and tokens are never rounded."""

_MIXED_STEP: Final = Decimal("1e-9")
"""A mean over the hours of a week is rounded half-even to this many USD per million tokens."""


class Rate(Struct, frozen=True, kw_only=True):
    """A price in USD per million tokens, and those of calls with more input tokens.

    `cliffs` are pairs of a number of input tokens and the price of every token of a call that has
    more, in ascending order (genai-prices, `TieredPrices`).
    """

    usd_per_mtok: Decimal
    cliffs: tuple[tuple[int, Decimal], ...] = ()

    def at(self, input_tokens: int) -> Decimal:
        """USD per million tokens in a call with `input_tokens`."""
        reached = self.usd_per_mtok
        for start, price in self.cliffs:
            if input_tokens > start:
                reached = price
        return reached

    def priced(self, price: Callable[[Decimal], Decimal]) -> "Rate":
        """The rate with another price in place of each of its own."""
        return Rate(
            usd_per_mtok=price(self.usd_per_mtok),
            cliffs=tuple((start, price(usd)) for start, usd in self.cliffs),
        )


FREE: Final = Rate(usd_per_mtok=Decimal(0))


class Rates(Struct, frozen=True, kw_only=True):
    """The rates of one model in one service tier, and where they come from.

    `is_proposed` marks rates that the reviewed change brings itself. `lacks` names what has no rate
    of its own and costs what uncached input does, `borrowed` what has none in this tier and costs
    what it does in the standard one. `peak` are the rates of the dearest hours, where
    they vary by the hour; the others are then the mean of calls that come evenly over the week.
    `changes_on` is the next day on which other rates are known to begin.
    """

    input: Rate
    cached_input: Rate
    cache_write: Rate
    output: Rate
    source: str
    is_proposed: bool = False
    lacks: tuple[str, ...] = ()
    borrowed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    peak: "Rates | None" = None
    changes_on: date | None = None

    def scaled(self, factor: Decimal) -> "Rates":
        """All rates times `factor`."""
        with localcontext(EXACT):
            return replace(
                self,
                peak=None if self.peak is None else self.peak.scaled(factor),
                **{name: getattr(self, name).priced(lambda usd: usd * factor) for name in KINDS},
            )


KINDS: Final = ("input", "cached_input", "cache_write", "output")
INPUT: Final = "input"
OUTPUT: Final = "output"
CACHED_INPUT: Final = "cached input"
CACHE_WRITES: Final = "cache writes"


def rates_of(
    *,
    input: Rate,  # noqa: A002 - as the field is called
    output: Rate,
    cached_input: Rate | None,
    cache_write: Rate | None,
    source: str,
) -> Rates:
    """Rates in which what is None costs what uncached input does."""
    optional = {CACHED_INPUT: cached_input, CACHE_WRITES: cache_write}
    return Rates(
        input=input,
        cached_input=cached_input or input,
        cache_write=cache_write or input,
        output=output,
        source=source,
        lacks=tuple(name for name, rate in optional.items() if rate is None),
    )


def mixed(parts: Sequence[tuple[int, Rates]]) -> Rates:
    """The mean of rates that hold so many minutes of a week each; the dearest are its `peak`."""
    dearest = max((rates for _, rates in parts), key=lambda rates: rates.input.usd_per_mtok)
    means = {
        kind: _mean([(minutes, getattr(rates, kind)) for minutes, rates in parts]) for kind in KINDS
    }
    return replace(dearest, peak=dearest, **means)


def _mean(parts: Sequence[tuple[int, Rate]]) -> Rate:
    minutes = sum(share for share, _ in parts)
    starts = sorted({start for _, rate in parts for start, _ in rate.cliffs})

    def at(input_tokens: int) -> Decimal:
        with localcontext(EXACT):
            whole = sum((share * rate.at(input_tokens) for share, rate in parts), Decimal(0))
            return (whole / minutes).quantize(_MIXED_STEP).normalize()

    return Rate(usd_per_mtok=at(0), cliffs=tuple((start, at(start + 1)) for start in starts))
