"""Warns of configured prices that can hardly be per million tokens."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext

from reviewbot.configuration.setting_lines import Locator
from reviewbot.configuration.settings import Override, ServiceTier
from reviewbot.costs.price_lookup import PriceLookup, Service
from reviewbot.costs.rates import EXACT, KINDS
from reviewbot.errors import MeasurementError
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.scope.governing import Configurations
from reviewbot.tokens import NamedModel

_FAR = 100
"""So many times as much, or as little, is no discount and no surcharge any more."""

_NEAR = 10
_UNITS = tuple(map(Decimal, ("1e6", "1e3", "1e-3", "1e-6")))
"""What makes dollars for a token, or for a thousand, those for a million; and the reverse."""

_DIGITS = Decimal("1e-9")


def judge_override_units(configurations: Configurations, today: date) -> Iterator[Finding]:
    """A warning for each of the head's prices that is far from the catalogue's of the same model.

    One of zero is left alone: who serves a model himself may count it as free.
    """
    prices = configurations.after.prices
    catalogue = PriceLookup(as_of=prices.as_of or today, overrides={})
    locate = Locator(configurations.proposed_text, file=configurations.after.file).place
    for name, override in prices.overrides.items():
        for kind, usd, listed in _compared(catalogue, name, override):
            with localcontext(EXACT):
                ratio = usd / listed
            if not ratio or Decimal(1) / _FAR <= ratio <= _FAR:
                continue
            yield Finding(
                rule=Rule.PRICE_UNIT,
                verdict=Verdict.WARN,
                text=f"{kind} of {name} is {_times(ratio)} the catalogue's ${_shown(listed)}; "
                f"prices are in USD per million tokens: write `{kind}: {_meant(usd, listed)}`",
                place=locate(("prices", "overrides", name, kind)),
            )


def _compared(
    catalogue: PriceLookup, name: str, override: Override
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """The kinds of tokens that both price, with the override's and the catalogue's USD."""
    reference, _, tier = name.partition("@")
    service = Service(tier=ServiceTier(tier) if tier in [*ServiceTier] else ServiceTier.STANDARD)
    try:
        rates = catalogue.rates(NamedModel(reference=reference).resolved(), service)
    except MeasurementError:
        return
    for kind in KINDS:
        usd, listed = getattr(override, kind), getattr(rates, kind).usd_per_mtok
        if usd is not None and listed:
            yield kind, usd, listed


def _times(ratio: Decimal) -> str:
    with localcontext(EXACT):
        return f"{ratio:,.0f} times" if ratio > 1 else f"1/{1 / ratio:,.0f} of"


def _meant(usd: Decimal, listed: Decimal) -> str:
    """The price in the right unit, where another unit explains it; else the catalogue's."""
    with localcontext(EXACT):
        for unit in _UNITS:
            if Decimal(1) / _NEAR < usd * unit / listed < _NEAR:
                return _shown(usd * unit)
    return _shown(listed)


def _shown(usd: Decimal) -> str:
    with localcontext(EXACT):
        return f"{usd.quantize(_DIGITS).normalize():f}"
