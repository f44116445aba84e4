"""A newer genai-prices whose shapes are not those that are known here."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from genai_prices import data_snapshot

from reviewbot.configuration.settings import CacheLifetime, ServiceTier
from reviewbot.costs import catalogue_rates, installed_catalogue
from reviewbot.costs.catalogue import FILE, read_catalogue
from reviewbot.costs.rates import Rates
from reviewbot.tokens import resolve

SHIPPED = read_catalogue(FILE.read_bytes()).version


def shape(**fields: Any) -> Any:
    return SimpleNamespace(**fields)


PRICES = dict.fromkeys(
    ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok")
)


def provider(**changed: Any) -> Any:
    """A provider of one model, as genai-prices has it, with something else in one place."""
    given = {"match": shape(equals="gpt-4.1"), "constraint": None, "input": 2, **changed}
    prices = shape(**(PRICES | {"input_mtok": given["input"], "output_mtok": 8}))
    model = shape(
        id="gpt-4.1",
        match=given["match"],
        prices=[
            shape(prices=prices, constraint=given["constraint"], **given.get("conditional", {}))
        ],
        price_variants=None,
        deprecated=False,
        price_comments=None,
    )
    return shape(id="openai", models=[model], provider_match=None, fallback_model_providers=None)


@pytest.fixture
def _fresh() -> Iterator[None]:
    catalogue_rates._catalogue.cache_clear()  # noqa: SLF001 - one process reads it once
    catalogue_rates.find.cache_clear()
    yield
    catalogue_rates._catalogue.cache_clear()  # noqa: SLF001 - likewise
    catalogue_rates.find.cache_clear()


def rates_with(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> Rates:
    newer = shape(providers=[provider(**changed)])
    monkeypatch.setattr(data_snapshot, "get_snapshot", lambda: newer)
    monkeypatch.setattr(installed_catalogue, "installed_version", lambda: "99.0.1")
    model, listed = resolve("openai/gpt-4.1"), catalogue_rates.find("openai", "gpt-4.1")
    assert listed is not None
    rates = catalogue_rates.listed_rates(
        listed,
        model,
        tier=ServiceTier.STANDARD,
        lifetime=CacheLifetime.MINUTES,
        as_of=date(2026, 11, 20),
    )
    assert isinstance(rates, Rates)
    return rates


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize(
    "changed",
    [
        {"constraint": shape(start_date=date(2026, 1, 1), end_date=date(2026, 2, 1))},
        {"constraint": shape(start_time=None, end_time=None, days=[1])},
        {"constraint": shape(region="eu")},
        {"match": shape(glob="gpt-*")},
        {"match": shape(equals="gpt-4.1", ignore_case=False)},
        {"match": shape(or_=[shape(glob="gpt-*")])},
        {"match": shape(regex="(")},
        {"conditional": {"currency": "EUR"}},
        {"input": shape(base=2, tiers=[shape(start=1, price=3, end=9)])},
        {"input": shape(base=2, tiers=[], unit="k")},
        {"input": "a lot"},
        {"input": object()},
    ],
)
def test_of_unknown_shapes_nothing_is_guessed(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    rates = rates_with(monkeypatch, **changed)
    assert rates.source == f"genai-prices {SHIPPED}, openai/gpt-4.1"
    (note,) = rates.notes
    assert note.startswith(
        f"genai-prices 99.0.1 is installed and not understood: {SHIPPED} is used"
    )


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"constraint": shape(start_date=date(2026, 1, 1))},
        {"match": shape(or_=[shape(equals="gpt-4.1")])},
        {"input": shape(base=2, tiers=[shape(start=1, price=3)])},
    ],
)
def test_what_is_known_is_used(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]) -> None:
    rates = rates_with(monkeypatch, **changed)
    assert (rates.source, rates.notes) == ("genai-prices 99.0.1, openai/gpt-4.1", ())
