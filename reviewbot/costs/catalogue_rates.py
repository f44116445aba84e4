"""The prices of the catalogue that ships with us, or of a newer genai-prices that is installed."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import CacheLifetime, ServiceTier
from reviewbot.costs.catalogue import (
    FILE,
    Catalogue,
    ModelInfo,
    ModelPrice,
    Price,
    Provider,
    StartDateConstraint,
    read_catalogue,
)
from reviewbot.costs.hours import hours_of
from reviewbot.costs.installed_catalogue import UnknownShapeError, newer_catalogue
from reviewbot.costs.rates import (
    CACHE_WRITES,
    CACHED_INPUT,
    FREE,
    INPUT,
    OUTPUT,
    Rate,
    Rates,
    mixed,
    rates_of,
)
from reviewbot.tokens import Framing, Model, Writes, caching_rule

_CONTEXTS: Final[dict[ServiceTier, tuple[dict[str, str], ...]]] = {
    ServiceTier.STANDARD: (),
    ServiceTier.FLEX: ({"service_tier": "flex"},),
    ServiceTier.PRIORITY: ({"service_tier": "priority"},),
    ServiceTier.FAST: ({"service_tier": "fast"}, {"speed": "fast"}),
    ServiceTier.BATCH: ({"processing": "batch"},),
}
_TUNED_CACHED_USD: Final = {
    "gpt-4.1": Decimal("0.75"),
    "gpt-4.1-mini": Decimal("0.20"),
    "gpt-4.1-nano": Decimal("0.05"),
    "gpt-4o": Decimal("1.875"),
    "gpt-4o-mini": Decimal("0.15"),
    "o4-mini": Decimal(1),
}
"""Cached input of fine-tuned models, which the catalogue lacks, in USD per million tokens.

OpenAI's pricing page, fine-tuning; the same in LiteLLM 1.110's list.
"""


class Listed(Struct, frozen=True):
    """A model of the catalogue, and who sells it at the listed price."""

    seller: str
    info: ModelInfo


class _Found(Struct, frozen=True, kw_only=True):
    """A price of the catalogue, and the parts that it took from the standard price."""

    price: ModelPrice
    borrowed: frozenset[str] = frozenset()

    def named(self, lifetime: CacheLifetime) -> tuple[str, ...]:
        """The parts, as rates call them, that calls with caches of `lifetime` may pay."""
        is_hour = lifetime is CacheLifetime.HOUR
        parts = {
            "input_mtok": INPUT,
            "output_mtok": OUTPUT,
            "cache_read_mtok": CACHED_INPUT,
            "cache_write_1h_mtok" if is_hour else "cache_write_mtok": CACHE_WRITES,
        }
        return tuple(name for key, name in parts.items() if key in self.borrowed)


@cache
def _catalogue() -> Catalogue:
    found = read_catalogue(FILE.read_bytes())
    try:
        return newer_catalogue(found.version) or found
    except UnknownShapeError as error:
        note = (
            f"genai-prices {error.version} is installed and not understood: {found.version} is "
            "used; a later reviewbot may know it"
        )
        return replace(found, note=note)


def catalogue_version() -> str:
    """The version of genai-prices that the prices are those of."""
    return _catalogue().version


@cache
def listed_names() -> tuple[str, ...]:
    """Every model that the catalogue lists, as `provider/model`."""
    providers = _catalogue().providers
    return tuple(f"{item.id}/{model.id}" for item in providers for model in item.models)


@cache
def find(provider: str, name: str) -> Listed | None:
    """The model that `provider` calls `name`; None where the catalogue does not list it.

    A provider that has no price for another's model borrows the other's.
    """
    catalogue = _catalogue()
    found = catalogue.find(provider, name)
    if found is None:
        return None
    seller, info = found
    if _more_words(name, info.id):
        info = next((one for one in seller.models if _words(one.id) == _words(name)), info)
    lenders = (item for item in catalogue.providers if item.id in seller.fallback_model_providers)
    owner = next((item for item in (seller, *lenders) if _has(item, info)), seller)
    return Listed(owner.id, info)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.split(r"[-_/:@]", name.lower()))


def _more_words(name: str, listed: str) -> list[str]:
    """The words of a name that say of a size, and that what is listed lacks: `8b`, `mini`."""
    return sorted(word for word in _words(name) - _words(listed) if _SIZE.fullmatch(word))


_SIZE: Final = re.compile(
    r"[0-9.]{1,6}b|nano|mini|micro|tiny|lite|small|medium|large|pro|max|ultra"
)


def _has(provider: Provider, info: ModelInfo) -> bool:
    return any(info is own for own in provider.models)


@cache
def find_dearest(providers: str, name: str) -> Listed | None:
    """The dearest listing among providers whose names begin so: a router may send calls to any."""
    sellers = [item.id for item in _catalogue().providers if item.id.startswith(providers)]
    listed = [item for seller in sellers if (item := find(seller, name)) is not None]
    priced = [(usd, number) for number, item in enumerate(listed) if (usd := _highest(item)) >= 0]
    return listed[max(priced)[1]] if priced else None


def _highest(listed: Listed) -> Decimal:
    """The highest of its input prices; -1 where it has none."""
    every = [item.prices for item in listed.info.prices]
    rates = [_rate(item.input_mtok) for item in every if item.input_mtok is not None]
    return max((rate.usd_per_mtok for rate in rates), default=Decimal(-1))


def listed_rates(
    listed: Listed, model: Model, *, tier: ServiceTier, lifetime: CacheLifetime, as_of: date
) -> Rates | str:
    """The rates at `as_of`, or what is missing."""
    parts = list(hours_of(listed.info, as_of))
    priced: list[tuple[int, Rates]] = []
    for minutes, moment in parts:
        found = _price(listed, model, tier, moment)
        if found is None:
            return f"no price for the service tier {str(tier)!r} on {as_of}"
        rates = _rates(found.price, listed, model, tier=tier, lifetime=lifetime)
        if isinstance(rates, str):
            return rates
        priced.append((minutes, replace(rates, borrowed=found.named(lifetime))))
    differ = any(rates != priced[0][1] for _, rates in priced)
    whole = mixed(priced) if differ else priced[0][1]
    return replace(
        whole,
        notes=(*whole.notes, *_notes(listed, model), *([_HOURLY] if differ else [])),
        changes_on=_next_change(listed.info, tier, as_of),
    )


_HOURLY: Final = (
    "prices vary by the hour: the mean of calls that come evenly over the week is used, and the "
    "dearest hours in the worst case"
)


def _notes(listed: Listed, model: Model) -> Iterator[str]:
    if (note := _catalogue().note) is not None:
        yield note
    if listed.seller != model.provider:
        yield (
            f"the catalogue has no price of {model.provider} for {model.name}: "
            f"{listed.seller}'s price is used"
        )
    if more := _more_words(model.name, listed.info.id):
        yield (
            f"the catalogue has no price for {model.name}, which is {' '.join(more)}: that of "
            f"{listed.info.id} is used"
        )
    if listed.info.is_from_openrouter:
        yield "the catalogue has taken this price from OpenRouter, not from the provider"
    if listed.info.deprecated:
        yield f"the catalogue marks {listed.info.id} as deprecated"


def _price(listed: Listed, model: Model, tier: ServiceTier, moment: datetime) -> _Found | None:
    """The model's price in a tier; None where the catalogue does not price that tier then.

    The catalogue itself would fall back to the standard price without a word.
    """
    if tier is ServiceTier.STANDARD:
        return _Found(price=listed.info.get_prices(moment))
    if listed.seller != model.provider:
        return None
    for context in _CONTEXTS[tier]:
        for variant in listed.info.price_variants:
            is_active = variant.constraint is None or variant.constraint.active(moment)
            if variant.when == context and is_active:
                return _Found(
                    price=listed.info.get_prices(moment, context),
                    borrowed=listed.info.borrowed(moment, context),
                )
    return None


def _rates(
    price: ModelPrice, listed: Listed, model: Model, *, tier: ServiceTier, lifetime: CacheLifetime
) -> Rates | str:
    source = f"genai-prices {catalogue_version()}, {listed.seller}/{listed.info.id}"
    if model.provider == "openrouter" and model.name.endswith(":free"):
        free = rates_of(input=FREE, output=FREE, cached_input=FREE, cache_write=FREE, source=source)
        return replace(free, notes=("the name says that it is free of charge",))
    if price.input_mtok is None:
        return "no input rate"
    has_output = model.framing is not Framing.NONE
    if price.output_mtok is None and has_output:
        return "no output rate"
    written = price.cache_write_mtok
    if lifetime is CacheLifetime.HOUR:
        written = price.cache_write_1h_mtok
        if written is None and caching_rule(model).writes is not Writes.MISSES:
            return "no rate for a cache that lives one hour"
    cached = price.cache_read_mtok
    is_standard = tier is ServiceTier.STANDARD and listed.seller == "openai"
    if cached is None and model.is_fine_tune and is_standard:
        base = re.sub(r"-\d{4}-\d\d-\d\d$", "", model.base_name)
        cached = _TUNED_CACHED_USD.get(base)
    uncached = _rate(price.input_mtok)
    rates = rates_of(
        input=uncached,
        output=FREE if price.output_mtok is None else _rate(price.output_mtok),
        cached_input=None if cached is None else _rate(cached),
        cache_write=None if written is None else _rate(written),
        source=source,
    )
    if lifetime is CacheLifetime.HOUR and written is None:
        return _written_for_an_hour(rates)
    return rates


def _written_for_an_hour(rates: Rates) -> Rates:
    """Rates with one-hour writes at twice the input rate, as Claude's pricing page has them."""
    note = "the catalogue has no rate for one-hour cache writes: twice the input rate is used"
    return replace(
        rates,
        cache_write=rates.input.priced(lambda usd: 2 * usd),
        lacks=tuple(item for item in rates.lacks if item != CACHE_WRITES),
        notes=(*rates.notes, note),
    )


def _rate(price: Price) -> Rate:
    if isinstance(price, Decimal):
        return Rate(usd_per_mtok=price)
    return Rate(
        usd_per_mtok=price.base, cliffs=tuple((tier.start, tier.price) for tier in price.tiers)
    )


def _next_change(info: ModelInfo, tier: ServiceTier, as_of: date) -> date | None:
    """The next day on which another price of the tier begins."""
    constraints = [
        variant.constraint for variant in info.price_variants if variant.when in _CONTEXTS[tier]
    ]
    constraints += [item.constraint for item in info.prices]
    days = [item.start_date for item in constraints if isinstance(item, StartDateConstraint)]
    return min((day for day in days if day > as_of), default=None)
