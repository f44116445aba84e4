"""The catalogue of prices: every provider's models, how they are found by name, and their rates.

It ships as one file, made from genai-prices by `bench/price_catalogue.py`: importing that library
takes as long as a whole review. Names of fields and rules of look-up are its own; each provider's
models are read when they are asked for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from msgspec import Raw, Struct, json

FILE: Final = Path(__file__).with_name("catalogue.json")

Clause = tuple[str, Any]
"""How a name is matched: a kind of `MATCHES` with its text, or `or` or `and` with clauses."""

MATCHES: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "equals": lambda name, text: name == text.lower(),
    "starts_with": lambda name, text: name.startswith(text.lower()),
    "ends_with": lambda name, text: name.endswith(text.lower()),
    "contains": lambda name, text: text.lower() in name,
    "regex": lambda name, text: re.search(text, name) is not None,
}
"""Whether a name, in lower case, is one that a text means, by the kind of clause."""

_COMPACT_DATE: Final = re.compile(r"(-)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)")


class StartDateConstraint(Struct, frozen=True, kw_only=True, tag="from"):
    """Prices that hold from a day on, in UTC."""

    start_date: date

    def active(self, moment: datetime) -> bool:
        """Whether they hold then."""
        return moment.astimezone(UTC).date() >= self.start_date


class TimeOfDateConstraint(Struct, frozen=True, kw_only=True, tag="daily"):
    """Prices that hold from a time of the day to another one, in UTC."""

    start_time: time
    end_time: time

    def active(self, moment: datetime) -> bool:
        """Whether they hold then."""
        now = moment.astimezone(UTC).time()
        if self.end_time < self.start_time:
            return now >= self.start_time or now < self.end_time
        return self.start_time <= now < self.end_time


Constraint = StartDateConstraint | TimeOfDateConstraint


class Tier(Struct, frozen=True, kw_only=True):
    """The price of all tokens of a call that has more input tokens than `start`."""

    start: int
    price: Decimal


class TieredPrices(Struct, frozen=True, kw_only=True):
    """A price that grows with the call, in ascending order of `start`."""

    base: Decimal
    tiers: tuple[Tier, ...]


Price = Decimal | TieredPrices


class ModelPrice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a million tokens cost, in USD, by what they are."""

    input_mtok: Price | None = None
    output_mtok: Price | None = None
    cache_read_mtok: Price | None = None
    cache_write_mtok: Price | None = None
    cache_write_1h_mtok: Price | None = None


class ConditionalPrice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Prices that hold where the constraint does."""

    prices: ModelPrice
    constraint: Constraint | None = None


class PriceVariant(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Prices of requests that say `when`; what it lacks is as in the standard prices."""

    when: dict[str, str]
    prices: ModelPrice
    constraint: Constraint | None = None


class ModelInfo(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A model, how it is found, and its prices, of which the last that holds counts.

    `is_from_openrouter` says that the catalogue has the price from OpenRouter.
    """

    id: str
    match: Clause
    prices: tuple[ConditionalPrice, ...]
    price_variants: tuple[PriceVariant, ...] = ()
    deprecated: bool = False
    is_from_openrouter: bool = False

    def get_prices(self, moment: datetime, context: dict[str, str] | None = None) -> ModelPrice:
        """The prices at a moment, with those of the variants that the context selects."""
        return ModelPrice(**(self._standard(moment) | self._varied(moment, context)))

    def borrowed(self, moment: datetime, context: dict[str, str]) -> frozenset[str]:
        """The prices, by their names, that the context has not and takes from the standard ones."""
        standard = {name for name, price in self._standard(moment).items() if price is not None}
        return frozenset(standard - self._varied(moment, context).keys())

    def _standard(self, moment: datetime) -> dict[str, Price | None]:
        held = (item for item in reversed(self.prices) if _holds(item.constraint, moment))
        standard = next(held, self.prices[0]).prices
        return {name: getattr(standard, name) for name in ModelPrice.__struct_fields__}

    def _varied(self, moment: datetime, context: dict[str, str] | None) -> dict[str, Price | None]:
        found: dict[str, Price | None] = {}
        for variant in self.price_variants if context else ():
            is_meant = variant.when.items() <= (context or {}).items()
            if is_meant and _holds(variant.constraint, moment):
                for name in ModelPrice.__struct_fields__:
                    price = getattr(variant.prices, name)
                    if price is not None:
                        found.setdefault(name, price)
        return found


class Provider(Struct, kw_only=True, omit_defaults=True, dict=True):
    """A seller of models; `fallback_model_providers` are others whose prices it borrows."""

    id: str
    raw_models: Raw
    provider_match: Clause | None = None
    fallback_model_providers: tuple[str, ...] = ()

    @cached_property
    def models(self) -> tuple[ModelInfo, ...]:
        """All of its models."""
        return json.decode(self.raw_models, type=tuple[ModelInfo, ...])

    def own_model(self, name: str) -> ModelInfo | None:
        """The first of its models that matches."""
        return next((item for item in self.models if matches(item.match, name)), None)


class Catalogue(Struct, kw_only=True, omit_defaults=True):
    """All providers, and the version of genai-prices that they are those of.

    `note` is what a reader has to know about it.
    """

    version: str
    providers: tuple[Provider, ...]
    note: str | None = None

    def find(self, provider: str, name: str) -> tuple[Provider, ModelInfo] | None:
        """A provider's model by the name that a request calls it; None where there is none.

        A name whose date is written without dashes is tried with them.
        """
        seller = self._provider(provider.lower().strip())
        if seller is None:
            return None
        for written in dict.fromkeys((name.lower(), dashed(name.lower()))):
            info = self._model(seller, written)
            if info is not None:
                return seller, info
        return None

    def _model(self, seller: Provider, name: str) -> ModelInfo | None:
        info = seller.own_model(name)
        for other in seller.fallback_model_providers if info is None else ():
            lender = next((item for item in self.providers if item.id == other), None)
            if lender is not None and (info := lender.own_model(name)) is not None:
                return info
        return info

    def _provider(self, name: str) -> Provider | None:
        called = (item for item in self.providers if item.id == name)
        meant = (
            item
            for item in self.providers
            if item.provider_match is not None and matches(item.provider_match, name)
        )
        return next(called, None) or next(meant, None)


def read_catalogue(data: bytes) -> Catalogue:
    """The catalogue in a file's bytes."""
    return json.decode(data, type=Catalogue)


def matches(clause: Clause, name: str) -> bool:
    """Whether a name, in lower case, is one that the clause means."""
    kind, given = clause
    if kind == "or":
        return any(matches((inner[0], inner[1]), name) for inner in given)
    if kind == "and":
        return all(matches((inner[0], inner[1]), name) for inner in given)
    return MATCHES[kind](name, given)


def dashed(name: str) -> str:
    """The name with a date like `-20251211` written as `-2025-12-11`."""

    def written(found: re.Match[str]) -> str:
        dash, *numbers = found.groups()
        try:
            return f"{dash}{date(*map(int, numbers)).isoformat()}"
        except ValueError:
            return found[0]

    return _COMPACT_DATE.sub(written, name)


def _holds(constraint: Constraint | None, moment: datetime) -> bool:
    return constraint is None or constraint.active(moment)


def encoded(models: Sequence[ModelInfo]) -> Raw:
    """Models as a provider holds them."""
    return Raw(json.encode(models))
