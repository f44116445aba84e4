"""Models of a log by the catalogue's names, their price bands, and what tokens of a band cost."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Override, ServiceTier, Workflow
from reviewbot.costs.catalogue_rates import find, listed_names
from reviewbot.costs.price_lookup import PriceLookup, Service
from reviewbot.costs.rates import Rate, Rates
from reviewbot.errors import MeasurementError
from reviewbot.tokens import Model, resolve
from reviewbot.usage.aggregate import UNITS_PER_USD, Sums

_UNITS_PER_TOKEN = Decimal(UNITS_PER_USD) / 1_000_000
"""Of a rate of one USD per million tokens."""

_ANY_ENCODING = "o200k_base"
"""A log has counted its tokens; a model of their own needs an encoding to be looked up at all."""


class KnownModel(Struct, frozen=True, kw_only=True):
    """A model of a log: `name` as the catalogue has it, None where nothing is known of it.

    `rates` are None where it has no price. `starts` are the numbers of input tokens above which
    other prices begin, in ascending order.
    """

    name: str | None
    rates: Rates | None = None
    starts: tuple[int, ...] = ()


def with_models_of(catalogue: PriceLookup, workflows: Mapping[str, Workflow]) -> PriceLookup:
    """The prices, which know what the workflows' models count as."""
    own = {
        item.model: Override(counts_as=item.counts_as)
        for item in workflows.values()
        if item.model is not None and item.counts_as is not None
    }
    return replace(catalogue, overrides={**own, **catalogue.overrides})


def identify(
    catalogue: PriceLookup, provider: str | None, model: str | None, service_tier: str
) -> KnownModel:
    """What is known of a model that a log names; a dated name is that of its model.

    A deployment's name, or that of a model of their own, is known where the configuration has it.
    """
    if model is None:
        return KnownModel(name=None)
    named = [f"{provider}/{model}"] if provider and "/" not in model else []
    known = KnownModel(name=None)
    for reference in (*named, model):
        try:
            found = _resolved(catalogue, reference)
            known = KnownModel(name=_name(found, catalogue))
            rates = catalogue.rates(found, Service(tier=ServiceTier(service_tier)))
        except (MeasurementError, ValueError):
            continue
        return KnownModel(name=_name(found, catalogue), rates=rates, starts=_starts(rates))
    return known


def _resolved(catalogue: PriceLookup, reference: str) -> Model:
    """The model of a name, with what `prices.overrides` says of it."""
    override = catalogue.overrides.get(reference)
    if override is None:
        return resolve(reference)
    if override.counts_as is not None:
        return resolve(reference, counts_as=override.counts_as)
    return resolve(reference, encoding=_ANY_ENCODING)


def _name(model: Model, catalogue: PriceLookup) -> str:
    """The catalogue's own name of the model, else the configuration's, else its plain name.

    A deployment with a price of its own keeps the name by which that is found.
    """
    own = catalogue.overrides.get(model.reference)
    has_own_price = own is not None and own.counts_as is not None and own.input is not None
    listed = find(model.provider, model.name)
    if listed is not None and not has_own_price:
        return listed.info.id
    return model.base_name if own is None else model.reference


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
