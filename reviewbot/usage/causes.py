"""Why spend is not what was expected: parts that add up to the whole."""

from decimal import Decimal

from msgspec import Struct

from reviewbot.costs.rates import Rates
from reviewbot.usage.aggregate import UNITS_PER_USD, Sums

_UNITS_PER_TOKEN = Decimal(UNITS_PER_USD) / 1_000_000


class Means(Struct, frozen=True, kw_only=True):
    """Calls, and what one takes in the mean: input and output tokens, and the share cached."""

    calls: Decimal
    input_tokens: Decimal
    cached_share: Decimal
    output_tokens: Decimal

    def units(self, rates: Rates) -> Decimal:
        """What such calls cost at rates below every price cliff, in 10⁻¹⁰ USD."""
        cached = self.input_tokens * self.cached_share
        call = (
            (self.input_tokens - cached) * rates.input.usd_per_mtok
            + cached * rates.cached_input.usd_per_mtok
            + self.output_tokens * rates.output.usd_per_mtok
        )
        return self.calls * call * _UNITS_PER_TOKEN


class Part(Struct, frozen=True, kw_only=True):
    """One cause: what it is, what it adds in 10⁻¹⁰ USD, and its mean before and after."""

    name: str
    units: int
    before: Decimal | None = None
    after: Decimal | None = None


_NAMES = {
    "calls": "calls",
    "input_tokens": "input tokens a call",
    "cached_share": "cached share",
    "output_tokens": "output tokens a call",
}
REST = "price, long context and model"


def means_of(sums: Sums) -> Means | None:
    """The means of sums; None where calls, input or output are unknown. Cached is 0 if unknown."""
    if not sums.calls or sums.input is None or sums.output is None:
        return None
    calls = Decimal(sums.calls)
    return Means(
        calls=calls,
        input_tokens=sums.input / calls,
        cached_share=Decimal(sums.cached or 0) / (sums.input or 1),
        output_tokens=sums.output / calls,
    )


def split(
    before: Means, after: Means, rates: Rates, *, expected_units: int, units: int
) -> tuple[Part, ...]:
    """The causes of `units` less `expected_units`, one value after the other; the rest is last.

    The parts add up exactly, for the rest is what the others leave.
    """
    state = {name: getattr(before, name) for name in _NAMES}
    parts = []
    for name, title in _NAMES.items():
        old = Means(**state).units(rates)
        state[name] = getattr(after, name)
        added = round(Means(**state).units(rates) - old)
        parts.append(
            Part(name=title, units=added, before=getattr(before, name), after=getattr(after, name))
        )
    rest = units - expected_units - sum(part.units for part in parts)
    return (*parts, Part(name=REST, units=rest))
