"""A file of prices in LiteLLM's format: found by name, exact, governed, and never trusted."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reviewbot.configuration.settings import CacheLifetime, Override, PriceFile, ServiceTier
from reviewbot.costs.litellm_file import LiteLLMPrices
from reviewbot.costs.price_lookup import PriceLookup, Service
from reviewbot.costs.rates import Rates
from reviewbot.errors import MeasurementError
from reviewbot.tokens import resolve
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, workflow

FILE = "prices/litellm.json"
ENTRY = {
    "litellm_provider": "azure",
    "mode": "chat",
    "input_cost_per_token": 1.35e-06,
    "output_cost_per_token": 5.4e-06,
    "cache_read_input_token_cost": 1.35e-07,
    "cache_creation_input_token_cost": 1.6875e-06,
    "cache_creation_input_token_cost_above_1hr": 2.7e-06,
    "input_cost_per_token_flex": 6.75e-07,
    "output_cost_per_token_flex": 2.7e-06,
    "input_cost_per_token_above_200k_tokens": 2.7e-06,
    "output_cost_per_token_above_200k_tokens": 8.1e-06,
}


def rates(entries: Any, reference: str, service: Service | None = None) -> Rates:
    text = entries if isinstance(entries, str) else json.dumps(entries)
    catalogue = PriceLookup(
        as_of=date(2026, 11, 20),
        overrides={"openai/gpt-5": Override(input=Decimal(9), output=Decimal(9))},
        file=LiteLLMPrices(PriceFile(path=FILE, text=text)),
    )
    return catalogue.rates(resolve(reference), service or Service())


def test_every_rate_is_that_of_a_million_tokens_to_the_last_digit() -> None:
    found = rates({"azure_ai/deepseek-r1": ENTRY}, "azure/deepseek-r1")
    assert found.source == f"{FILE}, azure_ai/deepseek-r1"
    assert (found.input.usd_per_mtok, found.output.usd_per_mtok) == (
        Decimal("1.35"),
        Decimal("5.4"),
    )
    assert found.cached_input.usd_per_mtok == Decimal("0.135")
    assert found.cache_write.usd_per_mtok == Decimal("1.6875")
    assert found.input.cliffs == ((200_000, Decimal("2.7")),)
    assert found.notes == ()


def test_tiers_and_lifetimes_have_rates_of_their_own() -> None:
    entries = {"azure_ai/deepseek-r1": ENTRY}
    flex = rates(entries, "azure/deepseek-r1", Service(tier=ServiceTier.FLEX))
    assert (flex.input.usd_per_mtok, flex.output.usd_per_mtok) == (Decimal("0.675"), Decimal("2.7"))
    hour = rates(entries, "azure/deepseek-r1", Service(lifetime=CacheLifetime.HOUR))
    assert hour.cache_write.usd_per_mtok == Decimal("2.7")
    with pytest.raises(MeasurementError, match="no `input_cost_per_token_batches` for 'azure/deep"):
        rates(entries, "azure/deepseek-r1", Service(tier=ServiceTier.BATCH))


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("xai/grok-4", "x-ai/grok-4"),
        ("gemini/gemini-3.8-flash", "google/gemini-3.8-flash"),
        ("azure/eu/gpt-4o", "azure/eu/gpt-4o"),
        ("deepinfra/Qwen/Qwen2.5-72B-Instruct", "deepinfra/qwen/qwen2.5-72b-instruct"),
        ("eu.anthropic.claude-opus-4-8", "bedrock/eu.anthropic.claude-opus-4-8"),
        ("bedrock/us-east-1/anthropic.claude-v2:1", "bedrock/us-east-1/anthropic.claude-v2:1"),
    ],
)
def test_a_model_is_found_under_litellms_name(name: str, reference: str) -> None:
    entry = {
        **ENTRY,
        "litellm_provider": "bedrock" if "anthropic" in name else name.split("/", maxsplit=1)[0],
    }
    assert rates({name: entry}, reference).source == f"{FILE}, {name}"


def test_the_entry_of_a_region_is_not_made_dearer_once_more() -> None:
    assert rates({"azure/eu/gpt-4o": ENTRY}, "azure/eu/gpt-4o").input.usd_per_mtok == Decimal(
        "1.35"
    )
    base = rates({"azure/gpt-4o": ENTRY}, "azure/eu/gpt-4o")
    assert base.input.usd_per_mtok == Decimal("1.485")


def test_another_sellers_entry_is_not_taken() -> None:
    entries = {"deepseek-r1": {**ENTRY, "litellm_provider": "deepseek"}}
    assert rates(entries, "azure/deepseek-r1").source.startswith("genai-prices")


def test_overrides_come_first_and_the_catalogue_last() -> None:
    entries = {"gpt-5": {**ENTRY, "litellm_provider": "openai"}}
    assert rates(entries, "openai/gpt-5").source == "prices.overrides, openai/gpt-5"
    assert rates(entries, "openai/gpt-4.1").source.startswith("genai-prices")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "it is no JSON object"),
        ("[]", "it is no JSON object"),
        ("[" * 100_000, "it is no JSON object"),
        ('{"gpt-4.1": ' + "[" * 100_000 + "]" * 100_000 + "}", "cannot be"),
        ('{"gpt-4.1": 3}', "the entry 'gpt-4.1' is no object"),
        ('{"gpt-4.1": {"input_cost_per_token": "1"}}', "is no price of a token in USD"),
        ('{"gpt-4.1": {"input_cost_per_token": -1}}', "is no price of a token in USD"),
        ('{"gpt-4.1": {"input_cost_per_token": NaN}}', "cannot be"),
        ('{"gpt-4.1": {"input_cost_per_token": 1e-999999999}}', "is no price of a token in USD"),
        ('{"gpt-4.1": {"input_cost_per_token": 2}}', "is no price of a token in USD"),
    ],
    ids=lambda text: text[:30],
)
def test_a_file_that_is_none_is_named(text: str, what: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        rates(text, "openai/gpt-4.1")
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.place is not None
    assert problem.place.file == FILE


def settings(**more: str) -> str:
    return configuration(
        {"w": workflow(model="azure/deepseek-r1")},
        prices=f"{{as_of: 2026-11-20, catalogue: {FILE}}}",
        **more,
    )


def test_a_changed_file_needs_approval_and_the_bases_governs(repository: Repository) -> None:
    def text(usd: float) -> str:
        entry = {**ENTRY, "input_cost_per_token": usd, "output_cost_per_token": usd}
        return json.dumps({"azure_ai/deepseek-r1": entry})

    outcome = change(
        repository,
        {CONFIGURATION: settings(), PROMPT: "a", FILE: text(1e-06)},
        {PROMPT: "a b c", FILE: text(1e-08)},
    )
    assert outcome.report["verdict"] == "needs-approval"
    assert "prices.catalogue" in json.dumps(outcome.report)
    found = outcome.workflow()
    assert Decimal(found["proposed"]["usd_per_month"]) * 100 == Decimal(
        found["after"]["usd_per_month"]
    )


def test_a_file_that_is_not_there_is_an_error(repository: Repository) -> None:
    outcome = change(repository, {PROMPT: "a"}, {CONFIGURATION: settings(), PROMPT: "b"})
    assert outcome.code == 2
    assert FILE in outcome.errors
