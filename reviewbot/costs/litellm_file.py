"""Prices from a file of the repository, in the format of LiteLLM's list.

The format: BerriAI/litellm, model_prices_and_context_window.json, `sample_spec`. Its prices are
those of one token; they are exact decimals here.
"""

import json
import re
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import msgspec
from msgspec import Struct

from reviewbot.configuration.settings import CacheLifetime, PriceFile, ServiceTier
from reviewbot.costs.rates import FREE, Rate, Rates, rates_of
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.tokens import Framing, Model
from reviewbot.tokens.providers import PROVIDERS

_MTOK: Final = Decimal(1_000_000)
_SUFFIXES: Final = {
    ServiceTier.STANDARD: "",
    ServiceTier.FLEX: "_flex",
    ServiceTier.PRIORITY: "_priority",
    ServiceTier.FAST: "_fast",
    ServiceTier.BATCH: "_batches",
}
_INPUT, _OUTPUT = "input_cost_per_token", "output_cost_per_token"
_CACHED, _WRITTEN = "cache_read_input_token_cost", "cache_creation_input_token_cost"
_WRITTEN_HOUR: Final = "cache_creation_input_token_cost_above_1hr"
_LARGEST: Final = Decimal(1)
"""USD a token; a price above is none."""

_SMALLEST_EXPONENT: Final = -18
_LONGEST: Final = 40
"""The most digits, and powers of ten, of a price: a longer one is a mistake."""


class Filed(Struct, frozen=True, kw_only=True):
    """The rates of an entry; `is_regional` where the entry is that of a region."""

    rates: Rates
    is_regional: bool


class LiteLLMPrices:
    """The prices in one file; entries are read when they are asked for."""

    def __init__(self, file: PriceFile) -> None:
        self.path = file.path
        self._text = file.text

    @cached_property
    def _entries(self) -> dict[str, tuple[str, msgspec.Raw]]:
        """Entries by their names in lower case, with the names as they are written."""
        try:
            found = msgspec.json.decode(self._text, type=dict[str, msgspec.Raw])
        except (msgspec.DecodeError, RecursionError) as error:
            raise self._wrong(f"it is no JSON object ({error})") from None
        return {name.lower(): (name, raw) for name, raw in found.items()}

    def rates(self, model: Model, tier: ServiceTier, lifetime: CacheLifetime) -> Filed | str | None:
        """The rates of a model, or what its entry lacks; None where the file has no entry.

        Raises:
            MeasurementError: The file, or the entry, is none of LiteLLM's.

        """
        for name in _names(model):
            if (found := self._entries.get(name)) is not None:
                written, raw = found
                entry = self._entry(written, raw)
                if not _is_of(entry, model, name):
                    continue
                rates = self._rates(written, entry, model, (_SUFFIXES[tier], lifetime))
                if isinstance(rates, str):
                    return rates
                is_regional = model.region is not None and model.region in name
                return Filed(rates=rates, is_regional=is_regional)
        return None

    def _entry(self, name: str, raw: msgspec.Raw) -> dict[str, Any]:
        try:
            entry = json.loads(bytes(raw), parse_float=Decimal, parse_int=Decimal)
        except (ValueError, RecursionError) as error:
            raise self._wrong(f"the entry {name!r} cannot be read ({error})") from None
        if not isinstance(entry, dict):
            raise self._wrong(f"the entry {name!r} is no object")
        return entry

    def _rates(
        self, name: str, entry: dict[str, Any], model: Model, service: tuple[str, CacheLifetime]
    ) -> Rates | str:
        suffix, lifetime = service

        def rate(key: str) -> Rate | None:
            return self._rate(name, entry, key, suffix)

        uncached, output = rate(_INPUT), rate(_OUTPUT)
        if uncached is None:
            return f"no `{_INPUT}{suffix}`"
        if output is None and model.framing is not Framing.NONE:
            return f"no `{_OUTPUT}{suffix}`"
        written_key = _WRITTEN_HOUR if lifetime is CacheLifetime.HOUR else _WRITTEN
        written = rate(written_key)
        if written is None and lifetime is CacheLifetime.HOUR:
            return f"no `{written_key}`"
        return rates_of(
            input=uncached,
            output=output or FREE,
            cached_input=rate(_CACHED),
            cache_write=written,
            source=f"{self.path}, {name}",
        )

    def _rate(self, name: str, entry: dict[str, Any], key: str, suffix: str) -> Rate | None:
        """USD per million tokens, and beyond LiteLLM's `…_above_200k_tokens`."""
        if entry.get(key + suffix) is None:
            return None
        cliff = re.compile(rf"{key}_above_(\d{{1,5}})k_tokens{suffix}")
        cliffs = sorted(
            (int(found[1]) * 1_000, self._usd(name, other, value))
            for other, value in entry.items()
            if value is not None and (found := cliff.fullmatch(other))
        )
        return Rate(
            usd_per_mtok=self._usd(name, key + suffix, entry[key + suffix]), cliffs=tuple(cliffs)
        )

    def _usd(self, name: str, key: str, value: Any) -> Decimal:
        is_price = isinstance(value, Decimal) and 0 <= value <= _LARGEST
        if not is_price or value.adjusted() < _SMALLEST_EXPONENT or len(str(value)) > _LONGEST:
            raise self._wrong(f"{key!r} of {name!r} is no price of a token in USD")
        return Decimal(format((value * _MTOK).normalize(), "f"))

    def _wrong(self, what: str) -> MeasurementError:
        problem = Problem(
            what=f"the price file cannot be used: {what}",
            mend="write it like LiteLLM's model_prices_and_context_window.json",
            place=Place(file=self.path),
        )
        return MeasurementError([problem])


def _names(model: Model) -> list[str]:
    """How LiteLLM may call a model, the likeliest first."""
    aliases = [alias for alias, provider in PROVIDERS.items() if provider == model.provider]
    name = model.name
    regional = [f"{alias}/{model.region}/{name}" for alias in aliases if model.region]
    return list(
        dict.fromkeys(
            [
                model.reference.lower(),
                *regional,
                *(f"{alias}/{name}" for alias in aliases),
                name,
            ]
        )
    )


def _is_of(entry: dict[str, Any], model: Model, name: str) -> bool:
    """Whether the entry is the provider's own: a bare name may be another seller's."""
    said = entry.get("litellm_provider")
    if "/" in name or said is None or not isinstance(said, str):
        return True
    return PROVIDERS.get(said) == model.provider or model.reference.lower() == name
