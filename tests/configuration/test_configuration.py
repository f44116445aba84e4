"""The configuration file: what it says."""

from datetime import date
from decimal import Decimal

import pytest

from reviewbot.configuration.settings import (
    Approval,
    BudgetMatch,
    Complexity,
    Coverage,
    Limit,
    Override,
    SamplePattern,
    ServiceTier,
    Stream,
    TokenLimit,
)
from reviewbot.errors import Place
from reviewbot.prompt import Sample
from tests.support.configurations import EXAMPLE, FILE, SMALL, read

# what it says


def test_the_full_example() -> None:
    found = read(EXAMPLE)
    assert found.file == FILE
    assert found.prices.as_of == date(2026, 11, 1)
    assert found.prices.overrides == {
        "openai/gpt-5": Override(
            input=Decimal(1), cached_input=Decimal("0.1"), output=Decimal(8), cache_write=None
        )
    }
    assert found.tiers == {
        "premium": ("openai/gpt-5*", "anthropic/claude-opus-*"),
        "economy": ("openai/gpt-5-mini", "openai/gpt-5-nano"),
    }
    assert found.defaults.model == "openai/gpt-4.1"
    assert found.defaults.envelope.increase == Limit(soft=Decimal("0.05"), hard=Decimal("0.2"))
    assert found.high_cost_usd_per_month == Decimal(5000)
    assert found.approval == Approval(
        approvers=("@acme/finops", "octocat"), label="prompt-cost-approved", strict=False
    )
    assert found.coverage == Coverage(prompts=(), ignore=())


def test_the_full_examples_workflow() -> None:
    (found,) = read(EXAMPLE).workflows.values()
    assert found.name == "support-triage"
    assert found.place == Place(file=FILE, line=18, key="workflows.support-triage")
    assert (found.feature, found.owner) == ("support", "@acme/support")
    assert found.complexity is Complexity.LOW
    assert (found.model, found.encoding, found.max_tokens) == ("openai/gpt-4.1", None, None)
    prompts = [(prompt.path, prompt.format, prompt.role) for prompt in found.prompts]
    assert prompts == [
        ("prompts/triage/system.j2", "jinja", "system"),
        ("prompts/triage/user.j2", "jinja", "user"),
    ]
    assert [prompt.place.line for prompt in found.prompts] == [23, 24]
    (tools,) = found.tools
    assert tools.path == "prompts/triage/tools.json"
    assert tools.format == "tool-definitions"
    (pattern,) = found.samples
    assert isinstance(pattern, SamplePattern)
    assert pattern.pattern == "tests/samples/triage/*.yaml"
    assert pattern.place == Place(file=FILE, line=26, key="workflows.support-triage.samples")


def test_the_full_examples_amounts_are_in_base_units() -> None:
    found = read(EXAMPLE)
    assert found.workflows["support-triage"].traffic == (
        Stream(
            tenant="acme",
            environment="prod",
            calls_per_month=Decimal(120_000),
            output_tokens=350,
            cache_hit_rate=Decimal("0.8"),
            service_tier=ServiceTier.STANDARD,
        ),
        Stream(
            tenant="globex",
            environment="prod",
            calls_per_month=Decimal("27393.75"),  # 900 x 30.4375
            output_tokens=350,
            cache_hit_rate=Decimal(0),
            service_tier=ServiceTier.FLEX,
        ),
    )
    envelope = found.workflows["support-triage"].envelope
    assert envelope.input_tokens == TokenLimit(soft=Decimal(1500), hard=Decimal(2000), over="p95")
    assert envelope.cost_per_call == Limit(hard=Decimal("0.01"))
    assert envelope.monthly_cost == Limit(soft=Decimal(900), hard=Decimal(1200))
    assert envelope.increase == Limit(soft=Decimal("0.05"), hard=Decimal("0.2"))
    assert envelope.approvable is None
    (budget,) = found.budgets
    assert (budget.name, budget.match) == ("acme", BudgetMatch(tenant="acme"))
    assert budget.monthly_cost == Limit(soft=Decimal(4000), hard=Decimal(6000))
    assert budget.monthly_tokens == Limit(hard=Decimal(2_000_000_000))
    assert budget.place == Place(file=FILE, line=36, key="budgets[0]")


def test_the_smallest_configuration() -> None:
    found = read(SMALL)
    assert found.workflows["w"].prompts[0].format == "text"
    assert found.workflows["w"].prompts[0].role is None
    assert found.workflows["w"].samples == ()
    assert found.high_cost_usd_per_month is None
    assert found.prices.as_of is None


@pytest.mark.parametrize(
    ("amount", "usd"),
    [
        ("$1_200", "1200"),
        ('"$1,200"', "1200"),
        ("'$1,200/month'", "1200"),
        ("1200", "1200"),
        ("1200.50", "1200.50"),
        ("$0.000000000001", "0.000000000001"),
        ("0.1", "0.1"),
    ],
)
def test_money_is_exact_however_it_is_written(amount: str, usd: str) -> None:
    found = read(SMALL + f"    envelope: {{monthly_cost: {{hard: {amount}}}}}\n")
    assert found.workflows["w"].envelope.monthly_cost == Limit(hard=Decimal(usd))


def test_a_comma_outside_of_braces_needs_no_quotes() -> None:
    assert read(SMALL + "high_cost: $1,200/month\n").high_cost_usd_per_month == Decimal(1200)


def test_words_are_words_as_yaml_1_2_has_it() -> None:
    found = read(SMALL + "    feature: no\n    owner: on\n    max_tokens: 010\n")
    assert (found.workflows["w"].feature, found.workflows["w"].owner) == ("no", "on")
    assert found.workflows["w"].max_tokens == 10


def test_samples_inline_and_by_glob() -> None:
    found = read(
        SMALL + "    samples:\n      - {name: typical, weight: 9, variables: {m: {tokens: 120}}}\n"
        "      - {name: long, variables: {}}\n      - more/*.yaml\n"
    )
    assert found.workflows["w"].samples == (
        Sample(name="typical", weight=Decimal(9), variables={"m": {"tokens": 120}}),
        Sample(name="long", weight=Decimal(1), variables={}),
        SamplePattern(
            pattern="more/*.yaml", place=Place(file=FILE, line=9, key="workflows.w.samples[2]")
        ),
    )


def test_a_single_prompt_needs_no_list() -> None:
    found = read(SMALL.replace("a.txt", "{path: a.xyz, format: jinja, role: developer}"))
    (prompt,) = found.workflows["w"].prompts
    assert (prompt.path, prompt.format, prompt.role) == ("a.xyz", "jinja", "developer")


@pytest.mark.parametrize("name", ["my flow", "n" * 100], ids=["space", "long"])
def test_a_workflow_is_called_as_it_is_written(name: str) -> None:
    assert read(SMALL.replace("  w:", f"  {name}:")).workflows[name].name == name


@pytest.mark.parametrize("name", ["w", "a.b", "a/b:c@1", "größe", "2024"])
def test_names_of_workflows(name: str) -> None:
    assert read(SMALL.replace("  w:", f"  {name}:")).workflows[name].name == name


def test_defaults_fill_an_envelope_limit_by_limit() -> None:
    text = SMALL + (
        "    envelope: {increase: {hard: 50%}, approvable: false}\n"
        "  v: {prompts: b.txt}\n"
        "defaults:\n"
        "  envelope: {increase: {soft: 5%, hard: 20%}, input_tokens: {hard: 9}, approvable: true}\n"
        "  traffic: [{calls: 7/month, output_tokens: 2}]\n"
    )
    found = read(text).workflows
    assert found["w"].envelope.increase == Limit(hard=Decimal("0.5")), "as a whole, with no soft"
    assert found["w"].envelope.input_tokens == TokenLimit(hard=Decimal(9))
    assert found["w"].envelope.approvable is False
    assert found["w"].envelope.monthly_cost is None
    assert found["v"].envelope.increase == Limit(soft=Decimal("0.05"), hard=Decimal("0.2"))
    assert found["v"].envelope.approvable is True


def test_default_traffic_is_for_workflows_that_have_none() -> None:
    text = SMALL + (
        "  v: {prompts: b.txt}\ndefaults: {traffic: [{calls: 7/month, output_tokens: 2}]}\n"
    )
    found = read(text).workflows
    calls = {name: [stream.calls_per_month for stream in w.traffic] for name, w in found.items()}
    assert calls == {"w": [Decimal(1)], "v": [Decimal(7)]}


def test_shares_may_be_the_whole_together() -> None:
    text = SMALL.replace("tokens: 1}", "tokens: 1, cache_hit_rate: 60%, cache_write_rate: 40%}")
    assert read(text).workflows["w"].traffic[0].cache_write_rate == Decimal("0.4")


@pytest.mark.parametrize("equal", ["{soft: 5%, hard: 5%}", "{soft: 0%, hard: 0%}"])
def test_a_soft_limit_may_be_the_hard_one(equal: str) -> None:
    envelope = read(f"{SMALL}    envelope: {{increase: {equal}}}\n").workflows["w"].envelope
    assert envelope.increase is not None
    assert envelope.increase.soft == envelope.increase.hard
