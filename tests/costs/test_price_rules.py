"""What a review says of prices: whose they are, when they change, and what the provider bills."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices.data import providers

from reviewbot.errors import MeasurementError
from reviewbot.tokens import resolve
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

AS_OF = "{as_of: 2026-11-20}"


def priced(
    repository: Repository,
    model: str,
    *,
    traffic: str = "{calls: 1000/month, output_tokens: 100}",
    prices: str = AS_OF,
    text: str = "Answer briefly.",
    **keys: str,
) -> Outcome:
    """The review of a change that adds a sentence to a prompt of one workflow."""
    settings = configuration(
        {"w": workflow(model=model, traffic=f"[{traffic}]", **keys)}, prices=prices
    )
    return change(repository, {CONFIGURATION: settings, PROMPT: text}, {PROMPT: f"{text} Be kind."})


def notes(outcome: Outcome) -> str:
    return "; ".join(outcome.workflow()["after"]["notes"])


def problem(outcome: Outcome) -> dict[str, object]:
    (found,) = outcome.workflow()["problems"]
    return dict(found)


def test_a_price_of_another_seller_says_so(repository: Repository) -> None:
    outcome = priced(repository, "azure/deepseek-r1")
    (stream,) = outcome.workflow()["after"]["streams"]
    assert stream["price_source"].endswith(", deepseek/deepseek-reasoner")
    assert "no price of azure for deepseek-r1: deepseek's price is used" in notes(outcome)


def test_a_smaller_model_has_its_own_price(repository: Repository) -> None:
    """The catalogue would find `gemini-1.5-flash` in the name, at twice the price."""
    (stream,) = priced(repository, "google/gemini-1.5-flash-8b").workflow()["after"]["streams"]
    assert stream["price_source"].endswith(", google/gemini-flash-1.5-8b")


def test_a_price_of_a_model_of_another_size_says_so(repository: Repository) -> None:
    outcome = priced(repository, "google/gemini-1.5-pro-mini")
    said = "no price for gemini-1.5-pro-mini, which is mini: that of gemini-1.5-pro is used"
    assert said in notes(outcome)


def test_a_price_that_the_catalogue_took_from_a_reseller_says_so(repository: Repository) -> None:
    outcome = priced(repository, "azure/gpt-oss-120b")
    assert "taken this price from OpenRouter" in notes(outcome)


@pytest.mark.parametrize(
    ("model", "seller"),
    [
        ("huggingface/meta-llama/llama-4-scout-17b-16e-instruct", "huggingface_"),
        ("openrouter/anthropic/claude-sonnet-4-5", "openrouter/anthropic/claude-sonnet-4.5"),
        ("openrouter/minimax/minimax-m2:free", "openrouter/minimax/minimax-m2"),
        ("openai/openai.gpt-5.6-luna", "aws/regional.openai.gpt-5.6-luna"),
        ("openai/openai.gpt-oss-120b", "aws/openai.gpt-oss-120b-1:0"),
        ("vertex_ai/gemini-2.5-flash@001", "google/gemini-2.5-flash"),
        ("fireworks/deepseek-v3p2", "fireworks/deepseek-v3p2"),
        ("bedrock/global.anthropic.claude-opus-4-8", "aws/global.anthropic.claude-opus-4-8-v1:0"),
    ],
)
def test_a_model_is_priced_under_the_catalogues_name(
    repository: Repository, model: str, seller: str
) -> None:
    (stream,) = priced(repository, model).workflow()["after"]["streams"]
    assert f", {seller}" in stream["price_source"]


def test_what_is_free_by_its_name_costs_nothing_and_says_so(repository: Repository) -> None:
    outcome = priced(repository, "openrouter/minimax/minimax-m2:free")
    assert outcome.usd("after") == 0
    assert "the name says that it is free of charge" in notes(outcome)


def test_hourly_prices_are_a_mean_and_their_peak_the_worst_case(repository: Repository) -> None:
    outcome = priced(repository, "deepseek/deepseek-v4-pro", max_tokens="500")
    after = outcome.workflow()["after"]
    tokens_in = after["samples"][0]["input_tokens"]
    # off-peak 0.66 and 1.98, double in 35 of 168 hours: 203/168 of these
    mean = tokens_in * Decimal("0.7975") + 100 * Decimal("2.3925")
    assert Decimal(after["usd_per_call"]) == mean / 1_000_000
    peak = tokens_in * Decimal("1.32") + 500 * Decimal("3.96")
    assert Decimal(after["worst_usd_per_call"]) == peak / 1_000_000
    assert "prices vary by the hour" in notes(outcome)


def test_a_missing_cached_rate_is_said_where_it_matters(repository: Repository) -> None:
    cached = "{calls: 1000/month, output_tokens: 1, cache_hit_rate: 50%}"
    model = "ft:gpt-3.5-turbo-0125:acme::x"
    assert "no rate for cached input" in notes(priced(repository, model, traffic=cached))


def test_nothing_is_said_of_a_rate_that_is_not_used(repository: Repository) -> None:
    assert "no rate for" not in notes(priced(repository, "ft:gpt-3.5-turbo-0125:acme::x"))


def test_a_fine_tuned_model_has_its_own_cached_rate(repository: Repository) -> None:
    outcome = priced(
        repository,
        "ft:gpt-4o-mini-2024-07-18:acme::x",
        traffic="{calls: 1000/month, output_tokens: 10, cache_hit_rate: 100%}",
        text=tokens(2000),
    )
    after = outcome.workflow()["after"]
    cached, every = after["prefix"]["cacheable_tokens"], after["samples"][0]["input_tokens"]
    usd = cached * Decimal("0.15") + (every - cached) * Decimal("0.30") + 10 * Decimal("1.20")
    assert Decimal(after["usd_per_call"]) == usd / 1_000_000


@pytest.mark.parametrize(
    ("rates", "written"), [("", 5), (", cache_hit_rate: 80%", 1), (", cache_write_rate: 0%", 5)]
)
def test_gpt_5_6_writes_every_token_that_it_does_not_read(
    repository: Repository, rates: str, written: int
) -> None:
    outcome = priced(
        repository,
        "openai/gpt-5.6-sol",
        traffic=f"{{calls: 1000/month, output_tokens: 0{rates}}}",
        text=tokens(2000),
    )
    after = outcome.workflow()["after"]
    every, cacheable = after["samples"][0]["input_tokens"], after["prefix"]["cacheable_tokens"]
    missed = Decimal(written) / 5
    read = (1 - missed) * cacheable
    usd = read * Decimal("0.40") + (every - 3 - read) * 5 + 3 * 4
    assert Decimal(after["usd_per_call"]) == usd / 1_000_000


def test_claude_writes_every_miss_of_what_is_cached(repository: Repository) -> None:
    traffic = "{calls: 1000/month, output_tokens: 0, cache_hit_rate: 75%}"
    outcome = priced(repository, "claude-opus-4-8", traffic=traffic, text=tokens(2000))
    after = outcome.workflow()["after"]
    every, cached = after["samples"][0]["input_tokens"], after["prefix"]["cacheable_tokens"]
    usd = (every - cached) * 5 + cached * (
        Decimal("0.75") * Decimal("0.50") + Decimal("0.25") * Decimal("6.25")
    )
    assert Decimal(after["usd_per_call"]) == usd / 1_000_000
    assert Decimal(after["streams"][0]["cache_write_rate"]) == Decimal("0.25")


def test_a_cache_that_lives_an_hour_costs_more_to_write(repository: Repository) -> None:
    traffic = "{calls: 1000/month, output_tokens: 0, cache_hit_rate: 75%, cache_lifetime: 1h}"
    outcome = priced(repository, "claude-opus-4-8", traffic=traffic, text=tokens(2000))
    after = outcome.workflow()["after"]
    every, cached = after["samples"][0]["input_tokens"], after["prefix"]["cacheable_tokens"]
    usd = (every - cached) * 5 + cached * (Decimal("0.75") * Decimal("0.50") + Decimal("0.25") * 10)
    assert Decimal(after["usd_per_call"]) == usd / 1_000_000


def test_an_hour_where_none_is_sold_is_an_error(repository: Repository) -> None:
    traffic = "{calls: 1000/month, output_tokens: 0, cache_lifetime: 1h}"
    outcome = priced(repository, "openai/gpt-4.1", traffic=traffic)
    assert outcome.code == 3
    assert "no rate for a cache that lives one hour" in str(problem(outcome)["what"])


def test_a_region_of_the_traffic_raises_the_price_and_is_named(repository: Repository) -> None:
    traffic = "{calls: 1000/month, output_tokens: 100, region: us}"
    outcome = priced(repository, "claude-opus-4-8", traffic=traffic)
    after = outcome.workflow()["after"]
    usd = (after["samples"][0]["input_tokens"] * 5 + 100 * 25) * Decimal("1.1")
    assert Decimal(after["usd_per_call"]) == usd / 1_000_000
    assert "us costs 1.1 times as much (Claude's documentation, data residency)" in notes(outcome)


def test_a_region_without_a_known_price_is_named(repository: Repository) -> None:
    outcome = priced(repository, "bedrock/sa-east-1/meta.llama3-8b-instruct-v1:0")
    assert "sa-east-1 may cost more" in notes(outcome)


def test_an_embedding_model_is_priced_by_its_input(repository: Repository) -> None:
    outcome = priced(repository, "openai/text-embedding-3-small")
    after = outcome.workflow()["after"]
    usd = after["samples"][0]["input_tokens"] * Decimal("0.02") / 1_000_000
    assert Decimal(after["usd_per_call"]) == usd


def test_the_fast_tier(repository: Repository) -> None:
    traffic = "{calls: 1000/month, output_tokens: 100, service_tier: fast}"
    after = priced(repository, "claude-opus-4-8", traffic=traffic).workflow()["after"]
    usd = after["samples"][0]["input_tokens"] * 10 + 100 * 50
    assert Decimal(after["usd_per_call"]) == Decimal(usd) / 1_000_000


def test_a_known_rise_is_told_with_its_day_and_the_new_month(repository: Repository) -> None:
    outcome = priced(repository, "google/gemini-3.8-flash")
    after = outcome.workflow()["after"]
    twice = 2 * Decimal(after["usd_per_month"])
    assert f"prices change on 2027-01-01: the month then costs ${twice:,.2f}" in notes(outcome)


def test_nothing_is_said_of_a_rise_that_has_come(repository: Repository) -> None:
    outcome = priced(repository, "google/gemini-3.8-flash", prices="{as_of: 2027-01-01}")
    assert "prices change" not in notes(outcome)


def test_a_deprecated_model_is_named(repository: Repository) -> None:
    names = ((seller.id, item) for seller in providers for item in seller.models if item.deprecated)
    seller, old = next((s, item.id) for s, item in names if resolves(f"{s}/{item.id}"))
    outcome = priced(repository, f"{seller}/{old}")
    assert f"the catalogue marks {old} as deprecated" in notes(outcome)


def resolves(reference: str) -> bool:
    try:
        resolve(reference)
    except MeasurementError:
        return False
    return True


def test_prices_are_those_of_today(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(day: datetime) -> str:
        return str(int(day.timestamp()))

    monkeypatch.setenv("SOURCE_DATE_EPOCH", at(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)))
    early = priced(repository, "google/gemini-3.8-flash", prices="{}")
    assert early.report["prices_as_of"] == "2026-12-31"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", at(datetime(2027, 1, 1, tzinfo=UTC)))
    late = review(repository)
    assert late.report["prices_as_of"] == "2027-01-01"
    assert late.usd("after") == 2 * early.usd("after")


PROFILE = "bedrock/arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/k7l8m9"


def test_a_profile_counts_as_the_model_behind_it(repository: Repository) -> None:
    settings = configuration(
        {
            "w": workflow(model=PROFILE, counts_as="anthropic/claude-opus-4-8"),
            "v": workflow(model="bedrock/eu.anthropic.claude-opus-4-8"),
        },
        prices=AS_OF,
    )
    outcome = change(repository, {CONFIGURATION: settings, PROMPT: "a"}, {PROMPT: tokens(2000)})
    after, behind = (outcome.workflow(name)["after"] for name in ("w", "v"))
    for key in ("samples", "prefix", "usd_per_call", "encoding"):
        assert after[key] == behind[key], key
    assert after["model"] == PROFILE


@pytest.mark.parametrize("own", ["", ", input: '4.00', output: '20.00'"])
def test_an_override_says_what_a_deployment_counts_as(repository: Repository, own: str) -> None:
    prices = f"{{as_of: 2026-11-20, overrides: {{azure/prod: {{counts_as: openai/gpt-4.1{own}}}}}}}"
    after = priced(repository, "azure/prod", prices=prices).workflow()["after"]
    rates = (4, 20) if own else (2, 8)
    usd = after["samples"][0]["input_tokens"] * rates[0] + 100 * rates[1]
    assert Decimal(after["usd_per_call"]) == Decimal(usd) / 1_000_000
    assert after["encoding"] == "o200k_base"


def test_what_a_deployment_counts_as_cannot_be_changed_without_approval(
    repository: Repository,
) -> None:
    def settings(behind: str) -> str:
        return configuration({"w": workflow(model="azure/prod", counts_as=behind)}, prices=AS_OF)

    outcome = change(
        repository,
        {CONFIGURATION: settings("openai/gpt-4.1"), PROMPT: "a"},
        {CONFIGURATION: settings("openai/gpt-4.1-nano")},
    )
    assert outcome.report["verdict"] == "needs-approval"
    assert "counts_as" in json.dumps(outcome.workflow()["findings"])


def test_a_misspelt_model_is_named_at_its_line_with_what_was_meant(repository: Repository) -> None:
    outcome = priced(repository, "openai/gpt-4.1-mni")
    found = problem(outcome)
    assert found["place"] == {"file": CONFIGURATION, "line": 4, "key": "workflows.w.model"}
    assert str(found["mend"]).startswith("did you mean 'openai/gpt-4.1-mini'?")
    assert outcome.workflow()["findings"] == []


def test_a_misspelt_default_is_named_at_its_line(repository: Repository) -> None:
    settings = configuration(
        {"w": workflow(model="")}, prices=AS_OF, defaults="{model: openai/gpt4o-mini}"
    )
    outcome = change(repository, {CONFIGURATION: settings, PROMPT: "a"}, {PROMPT: "b"})
    found = problem(outcome)
    assert found["place"] == {"file": CONFIGURATION, "line": 3, "key": "defaults.model"}
    assert "did you mean 'openai/gpt-4o-mini'?" in str(found["mend"])


def test_a_misspelt_model_of_a_prompt_is_named_in_its_file(repository: Repository) -> None:
    path = "p/a.prompt.yml"
    settings = configuration({"w": workflow(path, model="")}, prices=AS_OF)
    text = "model: openai/gpt-5-mni\nmessages: [{role: user, content: a}]\n"
    outcome = change(
        repository, {CONFIGURATION: settings, path: text}, {path: text.replace("a}", "b}")}
    )
    assert problem(outcome)["place"] == {"file": path, "line": None, "key": None}
    assert "did you mean 'openai/gpt-5-mini'?" in str(problem(outcome)["mend"])


def test_a_tier_whose_entries_fit_no_model_is_named(repository: Repository) -> None:
    settings = configuration(
        {"w": workflow(model="openai/gpt-4.1-mini")},
        prices=AS_OF,
        tiers='{premium: [openai/gpt4o, "openai/gpt-5*"], economy: ["claud-*", azure/gpt-4o-mini]}',
    )
    outcome = change(repository, {CONFIGURATION: settings, PROMPT: "a"}, {PROMPT: "b"})
    assert outcome.report["notes"] == []
    assert [item["text"] for item in outcome.report["findings"]] == [
        "no model is called 'openai/gpt4o'; did you mean 'openai/gpt-4o'?",
        "no model is called 'claud-*'; correct its name, or take it out",
    ]


def test_a_model_of_the_configuration_makes_a_tier_known(repository: Repository) -> None:
    settings = configuration(
        {"w": workflow(model="azure/prod", counts_as="openai/gpt-4.1")},
        prices=AS_OF,
        tiers='{premium: [azure/prod], economy: ["azure/pro*"]}',
    )
    outcome = change(repository, {CONFIGURATION: settings, PROMPT: "a"}, {PROMPT: "b"})
    assert outcome.report["notes"] == []


def test_a_reseller_without_a_one_hour_rate_is_taken_at_claudes_own_rule(
    repository: Repository,
) -> None:
    traffic = "{calls: 1000/month, output_tokens: 0, cache_write_rate: 100%, cache_lifetime: 1h}"
    outcome = priced(
        repository, "openrouter/anthropic/claude-sonnet-4.6", traffic=traffic, text=tokens(2000)
    )
    after = outcome.workflow()["after"]
    every, cached = after["samples"][0]["input_tokens"], after["prefix"]["cacheable_tokens"]
    usd = (every - cached) * 3 + cached * 6
    assert Decimal(after["usd_per_call"]) == Decimal(usd) / 1_000_000
    assert "no rate for one-hour cache writes: twice the input rate is used" in notes(outcome)


def test_government_regions_are_said_to_be_priced_as_commercial_ones(
    repository: Repository,
) -> None:
    model = "bedrock/us-gov-west-1/anthropic.claude-sonnet-4-5-20250929-v1:0"
    assert "us-gov-west-1 may cost more" in notes(priced(repository, model))


BATCH = "{calls: 1000/month, output_tokens: 1, service_tier: batch"


@pytest.mark.parametrize("model", ["openai/o4-mini", "google/gemini-3.1-pro-preview"])
def test_a_batch_that_pays_the_standard_price_for_cached_input_says_so(
    repository: Repository, model: str
) -> None:
    outcome = priced(repository, model, traffic=f"{BATCH}, cache_hit_rate: 50%}}")
    assert "has no price for cached input in the tier batch: the standard price" in notes(outcome)


@pytest.mark.parametrize("keys", ["service_tier: batch", "service_tier: flex, cache_hit_rate: 50%"])
def test_nothing_is_said_of_a_tier_that_needs_no_standard_price(
    repository: Repository, keys: str
) -> None:
    traffic = f"{{calls: 1000/month, output_tokens: 1, {keys}}}"
    assert "the standard price" not in notes(priced(repository, "openai/o4-mini", traffic=traffic))
