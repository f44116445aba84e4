"""How a request itself asks to be served: in which tier and region, and how long it caches.

What it asks for is priced where the price is known. Traffic stands for what it does not say, and
no request makes traffic cheaper than the configuration says.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from reviewbot.configuration.settings import CacheLifetime, ServiceTier, Stream
from reviewbot.costs.price_lookup import PriceLookup, Service, service_of
from reviewbot.costs.regions import factor_of, is_unpriced
from reviewbot.errors import MeasurementError
from reviewbot.prompt import RequestSetting
from reviewbot.tokens import Model, NamedModel

_BY_PRICE: Final = (
    ServiceTier.BATCH,
    ServiceTier.FLEX,
    ServiceTier.STANDARD,
    ServiceTier.PRIORITY,
    ServiceTier.FAST,
)
_TIERS: Final = {
    **{str(tier): tier for tier in ServiceTier},
    "default": ServiceTier.STANDARD,
    "standard_only": ServiceTier.STANDARD,
}
_TIER_KEYS: Final = {"servicetier", "speed"}
_GEOGRAPHIES: Final = {"inferencegeo"}
_REGIONS: Final = {"region", "regionname", "awsregion", "awsregionname", "location"} | {
    "vertexlocation"
}
_ADDRESSES: Final = {"baseurl", "apibaseurl", "apibase", "openaiapibase", "apihost", "endpoint"}
_LIFETIME: Final = "cachecontrol.ttl"
_KNOWN: Final = {_LIFETIME} | _TIER_KEYS | _GEOGRAPHIES | _REGIONS | _ADDRESSES
_HOSTS: Final = re.compile(
    r"(?:https://)?(?:(?P<openai>[a-z]{2})\.api\.openai\.com"
    r"|(?P<google>[a-z0-9-]{1,40})-aiplatform\.googleapis\.com"
    r"|bedrock-runtime\.(?P<aws>[a-z0-9-]{1,40})\.amazonaws\.com)(?:[/:].*)?"
)
_OWN_HOSTS: Final = re.compile(r"(?:https://)?api\.(?:openai|anthropic)\.com(?:[/:].*)?")
_REGION: Final = re.compile(r"[a-z0-9-]{1,40}")
_WITH_REGIONS: Final = {"openai", "azure", "google", "aws"}
"""Providers whose regions are known by what they add to a price."""


def served(
    streams: tuple[Stream, ...],
    settings: Sequence[RequestSetting],
    model: NamedModel,
    catalogue: PriceLookup,
) -> tuple[Stream, ...]:
    """The streams as the settings of a request ask for them, as far as their prices are known."""
    if not settings:
        return streams
    asked: dict[Service, Service] = {}
    for service in map(service_of, streams):
        if service not in asked:
            asked[service] = service
            for setting in settings:
                found = _priced(asked[service], setting, model, catalogue)
                asked[service] = asked[service] if found is None else found
    return tuple(_as_asked(stream, asked[service_of(stream)]) for stream in streams)


def is_priced(
    setting: RequestSetting,
    streams: tuple[Stream, ...],
    model: NamedModel,
    catalogue: PriceLookup,
) -> bool:
    """Whether the figures of all streams hold what a setting of the request costs."""
    services = {service_of(stream) for stream in streams}
    asked = (_priced(service, setting, model, catalogue) for service in services)
    return bool(services) and all(new is not None for new in asked)


def _as_asked(stream: Stream, service: Service) -> Stream:
    return replace(
        stream,
        service_tier=service.tier,
        region=service.region,
        cache_lifetime=service.lifetime,
    )


def _priced(
    service: Service, setting: RequestSetting, named: NamedModel, catalogue: PriceLookup
) -> Service | None:
    """A service as a setting asks for it; None where nobody knows what that costs."""
    try:
        model = named.resolved()
        asked = _asked(service, setting, model)
        if asked is not None and asked != service:
            catalogue.rates(model, asked)
    except MeasurementError:
        return None
    return asked


def _asked(service: Service, setting: RequestSetting, model: Model) -> Service | None:
    name = re.sub(r"[_-]", "", setting.key).lower()
    if name not in _KNOWN:
        return None
    value: Any = json.loads(setting.value)
    if not isinstance(value, str):
        return None
    if name == _LIFETIME:
        return _cached(service, value, model)
    if name in _TIER_KEYS:
        return _tiered(service, value.lower())
    if name in _ADDRESSES and _OWN_HOSTS.fullmatch(value):
        return service
    region = _region(name, value, model)
    return None if region is None else _placed(service, region, model)


def _region(name: str, value: str, model: Model) -> str | None:
    """The region that a key of that name asks for, if what it costs there may be known."""
    if name in _GEOGRAPHIES:
        return value if value == "global" or factor_of(model, value) is not None else None
    if name in _REGIONS:
        return value if model.provider in _WITH_REGIONS else None
    found = _HOSTS.fullmatch(value) if name in _ADDRESSES else None
    return found[model.provider] if found and model.provider in found.groupdict() else None


def _cached(service: Service, lifetime: str, model: Model) -> Service | None:
    if lifetime == CacheLifetime.MINUTES:
        return service
    is_longer = lifetime == CacheLifetime.HOUR and "claude" in model.base_name.lower()
    return replace(service, lifetime=CacheLifetime.HOUR) if is_longer else None


def _tiered(service: Service, value: str) -> Service | None:
    tier = _TIERS.get(value)
    if tier is None or _BY_PRICE.index(tier) < _BY_PRICE.index(service.tier):
        return None
    return replace(service, tier=tier)


def _placed(service: Service, region: str, model: Model) -> Service | None:
    """Bedrock's profiles say themselves where they answer, wherever the call comes from."""
    if model.provider == "aws" and model.region is not None and service.region is None:
        return service
    if not _REGION.fullmatch(region) or is_unpriced(model, region):
        return None
    told = service.region or model.region
    return replace(service, region=region) if told in {None, region} else None
