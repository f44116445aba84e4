"""What a model's tokens cost: genai-prices at an explicit provider and date, or configured rates.

The catalogue is imported when the first price is looked up (about 260 ms).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Override, ServiceTier
from reviewbot.errors import MeasurementError, Problem

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider, TieredPrices

_CONTEXT = {
    ServiceTier.STANDARD: None,
    ServiceTier.FLEX: {"service_tier": "flex"},
    ServiceTier.PRIORITY: {"service_tier": "priority"},
    ServiceTier.BATCH: {"processing": "batch"},
}


class Rate(Struct, frozen=True, kw_only=True):
    """A price in USD per million tokens, and those of calls with more input tokens.

    `cliffs` are pairs of a number of input tokens and the price of every token of a call that has
    more, in ascending order (genai-prices, `TieredPrices`).
    """

    usd_per_mtok: Decimal
    cliffs: tuple[tuple[int, Decimal], ...] = ()

    def at(self, input_tokens: int) -> Decimal:
        """USD per million tokens in a call with `input_tokens`."""
        reached = [price for start, price in self.cliffs if input_tokens > start]
        return reached[-1] if reached else self.usd_per_mtok


class Rates(Struct, frozen=True, kw_only=True):
    """The rates of one model in one service tier, and where they come from.

    `cache_write_1h` is that of what is cached for an hour, None where it is not told apart.
    `is_proposed` marks rates that the reviewed change brings itself.
    """

    input: Rate
    cached_input: Rate
    cache_write: Rate
    output: Rate
    source: str
    cache_write_1h: Rate | None = None
    is_proposed: bool = False


class Catalogue(Struct, frozen=True, kw_only=True):
    """Prices at a date.

    Configured `overrides` come before the catalogue's own prices; `proposed`, which the reviewed
    change brings, are asked only where both have none.
    """

    as_of: date
    overrides: Mapping[str, Override]
    proposed: Mapping[str, Override] = {}

    def rates(self, *, reference: str, provider: str, model: str, tier: ServiceTier) -> Rates:
        """The rates of a model, which the configuration calls `reference`.

        An override is looked up under the reference, with `@flex`, `@priority` or `@batch` behind
        it for those tiers. The catalogue's prices by time of day are read at noon UTC.

        Raises:
            MeasurementError: The model, or this tier of it, has no price at that date.

        """
        suffix = "" if tier is ServiceTier.STANDARD else f"@{tier}"
        names = [name + suffix for name in _spellings(reference, provider, model)]
        for name in names:
            if name in self.overrides:
                return _overridden(self.overrides[name], name)
        try:
            return self._catalogued(reference, provider, model, tier)
        except MeasurementError:
            for name in names:
                if name in self.proposed:
                    return replace(_overridden(self.proposed[name], name), is_proposed=True)
            raise

    def _catalogued(self, reference: str, provider: str, model: str, tier: ServiceTier) -> Rates:
        suffix = "" if tier is ServiceTier.STANDARD else f"@{tier}"
        if any(name in self.overrides for name in _spellings(reference, provider, model)):
            raise _no_price(
                f"the override of {reference!r} has no rates for the service tier {str(tier)!r}",
                f"add `{reference}{suffix}` to prices.overrides",
            )
        found = _find(provider, model)
        if found is None:
            raise _no_price(
                f"the catalogue has no price for {provider}/{model}",
                f"correct the model's name, or add `{reference}` to prices.overrides",
            )
        price = _price(*found, tier, self.as_of)
        if price is None:
            what = f"no price for the service tier {str(tier)!r} on {self.as_of}"
            raise _no_price(
                f"{provider}/{model} has {what}",
                f"use another service tier, or add `{reference}{suffix}` to prices.overrides",
            )
        if price.input_mtok is None or price.output_mtok is None:
            missing = "input" if price.input_mtok is None else "output"
            raise _no_price(
                f"the catalogue's price for {provider}/{model} has no {missing} rate",
                f"add `{reference}` to prices.overrides",
            )
        uncached = _rate(price.input_mtok)
        return Rates(
            input=uncached,
            cached_input=uncached
            if price.cache_read_mtok is None
            else _rate(price.cache_read_mtok),
            cache_write=uncached
            if price.cache_write_mtok is None
            else _rate(price.cache_write_mtok),
            output=_rate(price.output_mtok),
            cache_write_1h=None
            if price.cache_write_1h_mtok is None
            else _rate(price.cache_write_1h_mtok),
            source=f"genai-prices {catalogue_version()}, {found[0].id}/{found[1].id}",
        )


@cache
def catalogue_version() -> str:
    """The version of the installed catalogue."""
    from importlib.metadata import version

    return version("genai-prices")


def _spellings(reference: str, provider: str, model: str) -> tuple[str, ...]:
    """The names under which an override of a model may stand: no spelling escapes it."""
    return reference, f"{provider}/{model}", f"{provider}:{model}", model


def _overridden(override: Override, name: str) -> Rates:
    uncached = Rate(usd_per_mtok=override.input)
    cached, written = override.cached_input, override.cache_write
    return Rates(
        input=uncached,
        cached_input=uncached if cached is None else Rate(usd_per_mtok=cached),
        cache_write=uncached if written is None else Rate(usd_per_mtok=written),
        output=Rate(usd_per_mtok=override.output),
        source=f"prices.overrides, {name}",
    )


@cache
def _find(provider: str, model: str) -> "tuple[Provider, ModelInfo] | None":
    from genai_prices.data_snapshot import get_snapshot

    try:
        return get_snapshot().find_provider_model(model, None, provider, None)
    except LookupError:
        return None


def _price(
    provider: "Provider", model: "ModelInfo", tier: ServiceTier, as_of: date
) -> "ModelPrice | None":
    """The model's price in a tier; None where the catalogue does not price that tier at that date.

    The catalogue itself would fall back to the standard price without a word.
    """
    moment = datetime.combine(as_of, time(12), tzinfo=UTC)
    context = _CONTEXT[tier]
    if context is None:
        return model.get_prices(moment)
    priced = any(
        variant.when == context
        and (variant.constraint is None or variant.constraint.active(moment))
        for variant in model.price_variants or ()
    )
    is_own_model = any(model is own for own in provider.models)
    return model.get_prices(moment, context) if priced and is_own_model else None


def _rate(price: "Decimal | TieredPrices") -> Rate:
    if isinstance(price, Decimal):
        return Rate(usd_per_mtok=price)
    return Rate(
        usd_per_mtok=price.base, cliffs=tuple((tier.start, tier.price) for tier in price.tiers)
    )


def _no_price(what: str, mend: str) -> MeasurementError:
    return MeasurementError([Problem(what=what, mend=mend)])
