"""genai-prices where it is installed and newer than the catalogue that ships with us."""

import importlib.util
import os
import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from reviewbot.costs.catalogue import (
    MATCHES,
    Catalogue,
    Clause,
    ConditionalPrice,
    Constraint,
    ModelInfo,
    ModelPrice,
    Price,
    PriceVariant,
    Provider,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
    encoded,
)

if TYPE_CHECKING:
    from genai_prices import types

_FOLDER = re.compile(r"genai_prices-(\d[^-]*)\.dist-info")


class UnknownShapeError(Exception):
    """The installed genai-prices, of this version, is not of the shape that is known here."""

    def __init__(self, version: str) -> None:
        self.version = version
        super().__init__(version)


def newer_catalogue(version: str) -> Catalogue | None:
    """The installed catalogue, if there is one of a later version; it is imported only then.

    Raises:
        UnknownShapeError: A part of it is not what is known here, so that it would be guessed.

    """
    installed = installed_version()
    if installed is None or _numbers(installed) <= _numbers(version):
        return None
    try:
        found = converted_catalogue(installed)
        for provider in found.providers:
            _ = provider.models  # what is encoded is checked when it is read
    except Exception as error:
        raise UnknownShapeError(installed) from error
    return found


def installed_version() -> str | None:
    """The version of the installed genai-prices, by the name of its folder; None without one.

    `importlib.metadata` would tell it too, and takes 30 ms to be imported.
    """
    spec = importlib.util.find_spec("genai_prices")
    if spec is None or spec.origin is None:
        return None
    names = os.listdir(os.path.dirname(os.path.dirname(spec.origin)))
    found = [match[1] for name in names if (match := _FOLDER.fullmatch(name))]
    return found[0] if found else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def converted_catalogue(version: str) -> Catalogue:
    """The installed catalogue as ours."""
    from genai_prices.data_snapshot import get_snapshot

    return Catalogue(version=version, providers=tuple(map(_provider, get_snapshot().providers)))


def _provider(provider: "types.Provider") -> Provider:
    return Provider(
        id=provider.id,
        raw_models=encoded([_model(item) for item in provider.models]),
        provider_match=_clause(provider.provider_match) if provider.provider_match else None,
        fallback_model_providers=tuple(provider.fallback_model_providers or ()),
    )


def _model(model: "types.ModelInfo") -> ModelInfo:
    prices: Any = model.prices
    conditional = prices if isinstance(prices, list) else None
    for item in conditional or ():
        _expect(item, "prices", "constraint")
    for variant in model.price_variants or ():
        _expect(variant, "when", "prices", "constraint")
    return ModelInfo(
        id=model.id,
        match=_clause(model.match),
        prices=(
            (ConditionalPrice(prices=_prices(prices)),)
            if conditional is None
            else tuple(
                ConditionalPrice(prices=_prices(item.prices), constraint=_constraint(item))
                for item in conditional
            )
        ),
        price_variants=tuple(
            PriceVariant(when=item.when, prices=_prices(item.prices), constraint=_constraint(item))
            for item in model.price_variants or ()
        ),
        deprecated=bool(model.deprecated),
        is_from_openrouter="Imported from OpenRouter" in (model.price_comments or ""),
    )


def _prices(prices: "types.ModelPrice") -> ModelPrice:
    return ModelPrice(
        **{name: _price(getattr(prices, name)) for name in ModelPrice.__struct_fields__}
    )


def _price(price: Any) -> Price | None:
    if price is None or not hasattr(price, "tiers"):
        return price  # type: ignore[no-any-return]
    _expect(price, "base", "tiers")
    for item in price.tiers:
        _expect(item, "start", "price")
    tiers = tuple(Tier(start=item.start, price=item.price) for item in price.tiers)
    return TieredPrices(base=price.base, tiers=tiers)


def _constraint(item: Any) -> Constraint | None:
    constraint = item.constraint
    if constraint is None:
        return None
    if hasattr(constraint, "start_date"):
        _expect(constraint, "start_date")
        return StartDateConstraint(start_date=constraint.start_date)
    _expect(constraint, "start_time", "end_time")
    return TimeOfDateConstraint(
        start_time=_in_utc(constraint.start_time), end_time=_in_utc(constraint.end_time)
    )


def _in_utc(moment: time) -> time:
    """A time of the day in UTC, in which those without a zone are."""
    if moment.tzinfo is None:
        return moment
    return datetime.combine(date(1970, 1, 1), moment).astimezone(UTC).time()


def _clause(clause: Any) -> Clause:
    """A clause by its one field: `or_` and `and_` hold others."""
    ((kind, given),) = vars(clause).items()
    if kind in {"or_", "and_"}:
        return kind[:-1], [_clause(item) for item in given]
    if kind not in MATCHES or not isinstance(given, str):
        raise ValueError(f"a clause {kind!r} is not known")
    if kind == "regex":
        re.compile(given)
    return kind, given


def _expect(value: Any, *names: str) -> None:
    """Go on where a value has these fields and no others."""
    if set(vars(value)) != set(names):
        raise ValueError(f"{type(value).__name__} has other fields than {', '.join(names)}")
