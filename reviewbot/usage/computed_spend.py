"""Models of a log by the catalogue's names, their price bands, and what tokens of a band cost."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from reviewbot.configuration.settings import ServiceTier
from reviewbot.costs.catalogue_rates import find, listed_names
from reviewbot.costs.price_lookup import PriceLookup, Service
from reviewbot.costs.rates import Rate, Rates
from reviewbot.errors import MeasurementError
from reviewbot.tokens import Model, resolve
from reviewbot.usage.aggregate import UNITS_PER_USD, Sums

_UNITS_PER_TOKEN = Decimal(UNITS_PER_USD) / 1_000_000
"""Of a rate of one USD per million tokens."""


class KnownModel(Struct, frozen=True, kw_only=True):
    """A model of a log: `name` as the catalogue has it, None where nothing is known of it.

    `rates` are None where it has no price. `starts` are the numbers of input tokens above which
    other prices begin, in ascending order.
    """

    name: str | None
    rates: Rates | None = None
    starts: tuple[int, ...] = ()


def identify(
    catalogue: PriceLookup, provider: str | None, model: str | None, service_tier: str
) -> KnownModel:
    """What is known of a model that a log names; a dated name is that of its model."""
    if model is None:
        return KnownModel(name=None)
    named = [f"{provider}/{model}"] if provider and "/" not in model else []
    known = KnownModel(name=None)
    for reference in (*named, model):
        try:
            found = resolve(reference)
            known = KnownModel(name=_name(found))
            rates = catalogue.rates(found, Service(tier=ServiceTier(service_tier)))
        except (MeasurementError, ValueError):
            continue
        return KnownModel(name=_name(found), rates=rates, starts=_starts(rates))
    return known


def _name(model: Model) -> str:
    """The catalogue's own name of the model, else its plain name."""
    listed = find(model.provider, model.name)
    return model.base_name if listed is None else listed.info.id


def _starts(rates: Rates) -> tuple[int, ...]:
    all_rates = (rates.input, rates.cached_input, rates.cache_write, rates.output)
    return tuple(sorted({start for rate in all_rates for start, _ in rate.cliffs}))


def all_starts(catalogue: PriceLookup, models: Iterable[str]) -> tuple[int, ...]:
    """Where price bands begin of any model: those of the catalogue, and `models`."""
    found: set[int] = set()
    for name in (*listed_names(), *models):
        found.update(identify(catalogue, None, name, "standard").starts)
    return tuple(sorted(found))


def computed_units(model: KnownModel, band: int | None, sums: Sums) -> int | None:
    """What the tokens of a band cost, in 10⁻¹⁰ USD, rounded half up; None where that is unknown.

    Tokens of one band have one price each, so their sum costs what the calls cost one by one.
    Without a count of cached or written tokens the cost is known only where these have no price
    of their own.
    """
    rates = model.rates
    if rates is None or band is None or sums.input is None or sums.output is None:
        return None
    size = band + 1
    uncached = rates.input.at(size)
    total = sums.input * uncached + sums.output * rates.output.at(size)
    for tokens, rate in ((sums.cached, rates.cached_input), (sums.written, rates.cache_write)):
        difference = _difference(rate, size, uncached)
        if tokens is None and difference:
            return None
        total += (tokens or 0) * difference
    return int((total * _UNITS_PER_TOKEN).quantize(Decimal(1), ROUND_HALF_UP))


def _difference(rate: Rate, size: int, uncached: Decimal) -> Decimal:
    return rate.at(size) - uncached
