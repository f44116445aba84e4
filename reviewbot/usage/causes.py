"""Why spend is not what was expected: parts that add up to the whole."""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.costs.rates import Rates
from reviewbot.usage.aggregate import UNITS_PER_USD, Sums

_UNITS_PER_TOKEN = Decimal(UNITS_PER_USD) / 1_000_000


class Means(Struct, frozen=True, kw_only=True):
    """Calls, and what one takes in the mean: input and output tokens.

    `cached_share` of the input is read from the vendor's cache, `written_share` is written to it.
    """

    calls: Decimal
    input_tokens: Decimal
    cached_share: Decimal
    written_share: Decimal
    output_tokens: Decimal

    def units(self, rates: Rates) -> Decimal:
        """What such calls cost at rates below every price cliff, in 10⁻¹⁰ USD."""
        cached = self.input_tokens * self.cached_share
        written = self.input_tokens * self.written_share
        call = (
            (self.input_tokens - cached - written) * rates.input.usd_per_mtok
            + cached * rates.cached_input.usd_per_mtok
            + written * rates.cache_write.usd_per_mtok
            + self.output_tokens * rates.output.usd_per_mtok
        )
        return self.calls * call * _UNITS_PER_TOKEN


class Part(Struct, frozen=True, kw_only=True):
    """One cause: what it is, what it adds in 10⁻¹⁰ USD, and its mean before and after.

    The cached share has two means: the input that is read from the cache, and that written to it.
    """

    name: str
    units: int
    before: Decimal | None = None
    after: Decimal | None = None
    written_before: Decimal | None = None
    written_after: Decimal | None = None


class Paid(Struct, frozen=True, kw_only=True):
    """What calls cost, in 10⁻¹⁰ USD: those before, those now, and what was expected of these."""

    before: int
    expected: int
    units: int


CACHED_SHARE = "cached share"
_STEPS = {
    "calls": ("calls",),
    "input tokens a call": ("input_tokens",),
    CACHED_SHARE: ("cached_share", "written_share"),
    "output tokens a call": ("output_tokens",),
}
REST = "price of a token (model, tier, long context)"


def means_of(sums: Sums) -> Means | None:
    """The means of sums; None where calls, input or output are unknown. Cached is 0 if unknown."""
    if not sums.calls or sums.input is None or sums.output is None:
        return None
    calls = Decimal(sums.calls)
    return Means(
        calls=calls,
        input_tokens=sums.input / calls,
        cached_share=Decimal(sums.cached or 0) / (sums.input or 1),
        written_share=Decimal(sums.written or 0) / (sums.input or 1),
        output_tokens=sums.output / calls,
    )


def split(before: Means, after: Means, rates: Rates, paid: Paid) -> tuple[Part, ...]:
    """The causes of `paid.units` less `paid.expected`, one value after the other; the rest is last.

    The calls before are so many as the expected spend pays for: growth and the usual scatter are
    expected, and no cause. A token costs what was paid for it before, so that a discount is no
    cause either. The parts add up exactly, for the rest is what the others leave.
    """
    at_rates = before.units(rates)
    paid_of_rates = paid.before / at_rates if at_rates else Decimal(1)
    grown = Decimal(paid.expected) / paid.before if paid.before else Decimal(1)
    expected = replace(before, calls=before.calls * grown)
    now, parts = expected, []
    for title, names in _STEPS.items():
        then, now = now, replace(now, **{name: getattr(after, name) for name in names})
        is_cache = title == CACHED_SHARE
        parts.append(
            Part(
                name=title,
                units=round((now.units(rates) - then.units(rates)) * paid_of_rates),
                before=getattr(expected, names[0]),
                after=getattr(after, names[0]),
                written_before=expected.written_share if is_cache else None,
                written_after=after.written_share if is_cache else None,
            )
        )
    rest = paid.units - paid.expected - sum(part.units for part in parts)
    return (*parts, Part(name=REST, units=rest))
