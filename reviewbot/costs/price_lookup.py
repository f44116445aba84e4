"""What a model's tokens cost: configured rates, a file of the repository, or genai-prices."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import (
    CacheLifetime,
    Override,
    PriceFile,
    Prices,
    ServiceTier,
    Stream,
)
from reviewbot.costs.catalogue_rates import (
    Listed,
    catalogue_version,
    find,
    find_dearest,
    listed_rates,
)
from reviewbot.costs.litellm_file import LiteLLMPrices
from reviewbot.costs.rates import Rate, Rates, rates_of
from reviewbot.costs.regions import factor_of, is_unpriced
from reviewbot.errors import MeasurementError, Problem, UnknownModelError
from reviewbot.tokens import Model, NamedModel
from reviewbot.tokens.model_names import UNKNOWN_PROVIDER
from reviewbot.tokens.providers import SELLS_ITS_OWN_ONLY

__all__ = [
    "PriceLookup",
    "Service",
    "catalogue_of",
    "catalogue_version",
    "is_priced",
    "service_of",
]

_OWN_REGIONS: Final = ("regional.", "global.")
"""How the catalogue begins the names of models that it prices by region itself."""

_GLOBAL_NAMES: Final = ("", "global.", "global.anthropic.", "global.openai.", "global.moonshotai.")
"""What may be missing before a name that stands for Bedrock's global endpoint."""

_PATHS: Final = {"fireworks": "accounts/fireworks/models/"}
"""What the catalogue expects before a provider's names, where people may leave it out."""


class Service(Struct, frozen=True, kw_only=True):
    """What of a call, beside its tokens, decides its rates."""

    tier: ServiceTier = ServiceTier.STANDARD
    region: str | None = None
    lifetime: CacheLifetime = CacheLifetime.MINUTES


def service_of(stream: Stream) -> Service:
    """The service that a stream's calls ask for."""
    return Service(tier=stream.service_tier, region=stream.region, lifetime=stream.cache_lifetime)


class PriceLookup(Struct, frozen=True, kw_only=True):
    """Prices at a date.

    Configured `overrides` come first, then the repository's own file, then genai-prices;
    `proposed`, which the reviewed change brings, are asked only where none of them has any.
    """

    as_of: date
    overrides: Mapping[str, Override]
    file: LiteLLMPrices | None = None
    proposed: Mapping[str, Override] = {}

    def rates(self, model: Model, service: Service) -> Rates:
        """The rates of a model in a service.

        An override is looked up under the reference, with `@flex`, `@priority`, `@fast` or `@batch`
        behind it for those tiers. A region's factor is not put on an override.

        Raises:
            UnknownModelError: The model has no price.
            MeasurementError: This service of it has no price at that date.

        """
        tiered = [name + _suffix(service.tier) for name in _spellings(model)]
        found = _first(self.overrides, tiered, service.lifetime)
        if found is not None:
            return found
        try:
            return self._catalogued(model, service)
        except MeasurementError:
            found = _first(self.proposed, tiered, service.lifetime)
            if found is None:
                raise
            return replace(found, is_proposed=True)

    def _catalogued(self, model: Model, service: Service) -> Rates:
        suffix = _suffix(service.tier)
        if _first(self.overrides, list(_spellings(model)), service.lifetime) is not None:
            raise _no_price(
                f"the override of {model.reference!r} has no rates for the service tier "
                f"{str(service.tier)!r}",
                f"add `{model.reference}{suffix}` to prices.overrides",
            )
        if model.is_committed:
            raise _no_price(
                f"{model.reference!r} has committed throughput, which is billed by the hour",
                f"add `{model.reference}` to prices.overrides with what a token of it costs",
            )
        if self.file is not None:
            filed = self.file.rates(model, service.tier, service.lifetime)
            if isinstance(filed, str):
                raise _no_price(
                    f"{self.file.path} has {filed} for {model.reference!r}",
                    f"add it there, or add `{model.reference}{suffix}` to prices.overrides",
                )
            if filed is not None:
                is_own = filed.is_regional
                return filed.rates if is_own else _in_region(filed.rates, model, service)
        listed = _listed(model, service.region)
        if listed is None:
            raise _unlisted(model)
        rates = listed_rates(
            listed, model, tier=service.tier, lifetime=service.lifetime, as_of=self.as_of
        )
        if isinstance(rates, str):
            raise _no_price(
                f"{model.provider}/{model.name} has {rates}",
                "choose another service tier, cache lifetime or date, or add "
                f"`{model.reference}{suffix}` to prices.overrides",
            )
        if listed.info.id.startswith(_OWN_REGIONS):
            return _beyond_regions(rates, service.region or model.region)
        return _in_region(rates, model, service)


def catalogue_of(prices: Prices, today: date) -> PriceLookup:
    """The prices of a configuration, at its own day or `today`."""
    return PriceLookup(
        as_of=prices.as_of or today,
        overrides=prices.overrides,
        file=None if prices.catalogue_file is None else _filed(prices.catalogue_file),
    )


@lru_cache(maxsize=2)
def _filed(file: PriceFile) -> LiteLLMPrices:
    return LiteLLMPrices(file)


def is_priced(model: NamedModel, prices: Prices) -> bool:
    """Whether tokens of a model can be counted, and have a price in the standard service."""
    try:
        catalogue_of(prices, _ANY_DAY).rates(model.resolved(), Service())
    except MeasurementError:
        return False
    return True


_ANY_DAY: Final = date(2100, 1, 1)
"""Prices change from day to day; that there is one does not."""


def _suffix(tier: ServiceTier) -> str:
    return "" if tier is ServiceTier.STANDARD else f"@{tier}"


def _spellings(model: Model) -> Iterator[str]:
    """The names under which an override of a model may stand: no spelling escapes it."""
    yield model.reference
    if model.counts_as is not None:
        yield model.counts_as
    yield from (f"{model.provider}/{model.name}", f"{model.provider}:{model.name}", model.name)


def _first(
    overrides: Mapping[str, Override], names: list[str], lifetime: CacheLifetime
) -> Rates | None:
    for name in names:
        if name in overrides and (rates := _overridden(overrides[name], name, lifetime)):
            return rates
    return None


def _overridden(override: Override, name: str, lifetime: CacheLifetime) -> Rates | None:
    """The rates of an override; None where it has none of its own."""
    if override.input is None or override.output is None:
        return None
    written = override.cache_write
    if lifetime is CacheLifetime.HOUR:
        written = override.cache_write_1h
    optional = {
        key: None if usd is None else Rate(usd_per_mtok=usd)
        for key, usd in (("cached_input", override.cached_input), ("cache_write", written))
    }
    return rates_of(
        input=Rate(usd_per_mtok=override.input),
        output=Rate(usd_per_mtok=override.output),
        source=f"prices.overrides, {name}",
        **optional,
    )


def _listed(model: Model, region: str | None) -> Listed | None:
    """The catalogue's entry; on Bedrock that of the global endpoint, where the calls go there."""
    if model.provider == "aws" and (region or model.region) == "global":
        for prefix in _GLOBAL_NAMES:
            found = find(model.provider, f"{prefix}{model.name}")
            if found is not None and found.info.id.startswith("global."):
                return found
    if model.provider == "huggingface":
        return find_dearest("huggingface_", model.name)
    for name in _catalogue_names(model):
        if (found := find(model.provider, name)) is not None:
            return found
    return None


def _catalogue_names(model: Model) -> Iterator[str]:
    """How the catalogue may call the model, the likeliest first."""
    name = model.name.removeprefix("regional.")
    yield name
    yield f"{_PATHS.get(model.provider, '')}{name}"
    if "@" in name:
        yield name.partition("@")[0]
    if model.provider == "aws":
        yield f"{name}-1:0"  # Bedrock's own name; its OpenAI-compatible endpoint leaves that out
    if model.provider == "openrouter":
        yield re.sub(r"(?<=\d)-(?=\d(\D|$))", ".", name)
        yield name.removesuffix(":free")
    if model.provider in SELLS_ITS_OWN_ONLY and not model.is_fine_tune:
        yield model.base_name


def _in_region(rates: Rates, model: Model, service: Service) -> Rates:
    region = service.region or model.region
    found = factor_of(model, region)
    if found is not None:
        note = f"{region} costs {found.factor} times as much ({found.source})"
        return replace(rates.scaled(found.factor), notes=(*rates.notes, note))
    if is_unpriced(model, region):
        note = f"the price is that of the provider's main region; {region} may cost more"
        return replace(rates, notes=(*rates.notes, note))
    return rates


def _unlisted(model: Model) -> UnknownModelError:
    is_named = model.provider != UNKNOWN_PROVIDER
    name = f"{model.provider}/{model.name}" if is_named else model.reference
    problem = Problem(
        what=f"the catalogue has no price for {name}",
        mend=f"correct the model's name, add `{model.reference}` to prices.overrides, or name a "
        "price file in prices.catalogue",
    )
    return UnknownModelError([problem], reference=model.reference)


def _beyond_regions(rates: Rates, region: str | None) -> Rates:
    """Regional rates; the catalogue's are those of commercial regions."""
    if region is None or not region.startswith("us-gov"):
        return rates
    note = f"the price is that of the commercial regions; {region} may cost more"
    return replace(rates, notes=(*rates.notes, note))


def _no_price(what: str, mend: str) -> MeasurementError:
    return MeasurementError([Problem(what=what, mend=mend)])
