"""The catalogue that ships gives the answers of genai-prices, of which it is made."""

import importlib.util
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from importlib.metadata import version
from itertools import chain
from typing import Any

import pytest
from genai_prices.data import providers
from genai_prices.data_snapshot import get_snapshot
from msgspec import json

from reviewbot.costs import catalogue_rates, installed_catalogue
from reviewbot.costs.catalogue import (
    FILE,
    Catalogue,
    ModelInfo,
    ModelPrice,
    TieredPrices,
    dashed,
    read_catalogue,
)
from reviewbot.costs.installed_catalogue import (
    converted_catalogue,
    installed_version,
    newer_catalogue,
)
from tests.support.places import BENCH
from tests.support.repetitions import LONG

CATALOGUE = read_catalogue(FILE.read_bytes())
IDS = sorted({model.id for provider in providers for model in provider.models})
CONTEXTS: list[dict[str, str] | None] = [
    None,
    {"service_tier": "flex"},
    {"service_tier": "priority"},
    {"service_tier": "fast"},
    {"speed": "fast"},
    {"processing": "batch"},
    {"service_tier": "unheard of"},
]
VARIED = (
    "GPT-4.1",
    "gpt-5.2-20251211",
    "gpt-5.2-20259911",
    "claude-opus-4-5-20251101",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "gemini-2.5-pro-preview-05-06",
    "",
    "unheard-of",
    "ft:gpt-4.1:acme::x",
)


def theirs(provider: str, name: str) -> tuple[str, str] | None:
    try:
        seller, info = get_snapshot().find_provider_model(name, None, provider, None)
    except LookupError:
        return None
    return seller.id, info.id


def ours(provider: str, name: str) -> tuple[str, str] | None:
    found = CATALOGUE.find(provider, name)
    return found and (found[0].id, found[1].id)


def test_the_file_is_made_of_the_locked_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    made = import_module("price_catalogue").catalogue_file()
    assert FILE.read_bytes() == made, "run python bench/price_catalogue.py"
    assert CATALOGUE.version == version("genai-prices") == installed_version()


@pytest.mark.parametrize("provider", [item.id for item in providers])
def test_every_model_is_found_under_its_name(provider: str) -> None:
    (own,) = [item for item in providers if item.id == provider]
    others = IDS if LONG else random.Random(provider).sample(IDS, 60)
    for name in {*(model.id for model in own.models), *others, *VARIED}:
        assert ours(provider, name) == theirs(provider, name), name


@pytest.mark.parametrize(
    "name", ["VertexAI", " openai ", "aws-bedrock", "gemini", "x-ai", "nobody"]
)
def test_providers_are_found_by_their_other_names(name: str) -> None:
    for model in ("gpt-4.1", "claude-sonnet-4-5", "gemini-2.5-pro", "grok-4"):
        assert ours(name, model) == theirs(name, model)


def moments(model: Any) -> Iterator[datetime]:
    """The days and hours around each at which its prices change, and two others."""
    yield from (datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))
    prices = model.prices if isinstance(model.prices, list) else []
    for item in chain(prices, model.price_variants or ()):
        constraint = item.constraint
        if constraint is None:
            continue
        if hasattr(constraint, "start_date"):
            begins = datetime.combine(constraint.start_date, time(), tzinfo=UTC)
        else:
            begins = datetime.combine(date(2026, 11, 1), constraint.start_time, UTC)
            ends = datetime.combine(begins.date(), constraint.end_time, UTC)
            yield from (ends - timedelta(seconds=1), ends)
        yield from (begins - timedelta(seconds=1), begins)


def plain(price: Any) -> object:
    if price is None or not hasattr(price, "tiers"):
        return price
    return price.base, [(tier.start, tier.price) for tier in price.tiers]


def test_every_price_of_every_day_and_context() -> None:
    compared = 0
    for provider, seller in zip(providers, CATALOGUE.providers, strict=True):
        assert provider.id == seller.id
        for model, info in zip(provider.models, seller.models, strict=True):
            assert (info.id, info.deprecated) == (model.id, bool(model.deprecated))
            for moment in moments(model):
                for context in CONTEXTS:
                    expected = model.get_prices(moment, context)
                    found = info.get_prices(moment, context)
                    for name in ModelPrice.__struct_fields__:
                        compared += 1
                        price = plain(getattr(found, name))
                        assert price == plain(getattr(expected, name)), (info.id, moment, context)
    assert compared > 150_000


@pytest.fixture
def _fresh() -> Iterator[None]:
    catalogue_rates._catalogue.cache_clear()  # noqa: SLF001 - one process reads it once
    yield
    catalogue_rates._catalogue.cache_clear()  # noqa: SLF001 - likewise


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize(
    ("installed", "used"), [("99.0.1", "99.0.1"), ("0.0.9", None), (None, None), ("same", None)]
)
def test_a_newer_catalogue_that_is_installed_is_used(
    monkeypatch: pytest.MonkeyPatch, installed: str | None, used: str | None
) -> None:
    told = CATALOGUE.version if installed == "same" else installed
    monkeypatch.setattr(installed_catalogue, "installed_version", lambda: told)
    assert catalogue_rates.catalogue_version() == (used or CATALOGUE.version)
    newer = newer_catalogue(CATALOGUE.version)
    assert (newer is not None) is (used is not None)


def test_no_version_is_known_where_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert installed_version() is None


def test_what_is_converted_is_what_is_read() -> None:
    converted = converted_catalogue("1")
    again = json.decode(json.encode(converted), type=Catalogue)
    for provider, other in zip(converted.providers, again.providers, strict=True):
        assert provider.models == other.models
    tiered = [item for item in all_models(again) if has_tiers(item)]
    assert len(tiered) > 50


def all_models(catalogue: Catalogue) -> Iterator[ModelInfo]:
    for provider in catalogue.providers:
        yield from provider.models


def has_tiers(info: ModelInfo) -> bool:
    return isinstance(info.prices[0].prices.input_mtok, TieredPrices)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("gpt-5.2-20251211", "gpt-5.2-2025-12-11"),
        ("a-20250230", "a-20250230"),
        ("a-20251211-v1:0", "a-2025-12-11-v1:0"),
        ("a-20251211x", "a-20251211x"),
    ],
)
def test_dates_without_dashes(name: str, written: str) -> None:
    assert dashed(name) == written
