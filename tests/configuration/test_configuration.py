"""The configuration file: what it says, and all that can be wrong with it, each at its line."""

import json
import re
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reviewbot.configuration.reading import configuration_schema, read_configuration, read_sample
from reviewbot.configuration.settings import (
    Approval,
    Complexity,
    Configuration,
    Coverage,
    Limit,
    Override,
    SamplePattern,
    ServiceTier,
    Slice,
    Stream,
    TokenLimit,
)
from reviewbot.documents import parse_yaml
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.prompt import Sample

FILE = ".github/reviewbot.yml"
EXAMPLE = """\
version: 1
prices:
  as_of: 2026-11-01            # date the catalogue is read at
  overrides:                   # negotiated or self-hosted rates, USD per million tokens
    openai/gpt-5: {input: "1.00", cached_input: "0.10", output: "8.00"}
tiers:                         # model tiering
  premium: [openai/gpt-5*, anthropic/claude-opus-*]
  economy: [openai/gpt-5-mini, openai/gpt-5-nano]
defaults:
  model: openai/gpt-4.1
  envelope: {increase: {soft: 5%, hard: 20%}}
high_cost: $5_000/month        # at or above: explicit approval even inside the envelope
approval:
  approvers: ["@acme/finops", "octocat"]
  label: prompt-cost-approved
workflows:
  support-triage:
    feature: support
    owner: "@acme/support"
    complexity: low            # what tier it deserves
    model: openai/gpt-4.1
    prompts:
      - {path: prompts/triage/system.j2, role: system}
      - {path: prompts/triage/user.j2, role: user}
    tools: prompts/triage/tools.json
    samples: tests/samples/triage/*.yaml
    traffic:
      - {tenant: acme,   environment: prod, calls: 120_000/month, output_tokens: 350, \
cache_hit_rate: 80%}
      - {tenant: globex, environment: prod, calls: 900/day, output_tokens: 350, service_tier: flex}
    envelope:
      input_tokens:  {soft: 1500, hard: 2000, over: p95}   # max, mean or a percentile over samples
      cost_per_call: {hard: $0.01}
      monthly_cost:  {soft: $900, hard: $1_200}
      increase:      {soft: 5%, hard: 20%}
budgets:
  - {name: acme, match: {tenant: acme}, monthly_cost: {soft: $4_000, hard: $6_000}, \
monthly_tokens: {hard: 2_000_000_000}}
"""
SMALL = """\
version: 1
workflows:
  w:
    prompts: a.txt
    traffic: [{calls: 1/month, output_tokens: 1}]
"""
"""What the mistakes below are added to: they stand in line 6 and after."""


def read(text: str) -> Configuration:
    return read_configuration(text, file=FILE)


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    assert caught.value.problems
    for problem in caught.value.problems:
        assert problem.place is not None
        assert problem.place.file == FILE
        assert problem.place.line is not None
        assert 1 <= problem.place.line <= text.count("\n") + 1
        assert problem.what
        assert problem.mend
    return caught.value.problems


def told(text: str) -> list[tuple[int | None, str | None, str, str]]:
    """Line, key, what and mend of every problem."""
    return [
        (problem.place.line, problem.place.key, problem.what, problem.mend)
        for problem in problems(text)
        if problem.place is not None
    ]


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
    assert found.tools is not None
    assert found.tools.path == "prompts/triage/tools.json"
    assert found.tools.format == "tool-definitions"
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
    assert (budget.name, budget.match) == ("acme", Slice(tenant="acme"))
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


# what can be wrong with it

NOT_A_PATH = "is not a path inside the repository"
NOT_A_MODEL = "is not a model's name"
NOT_A_LOGIN = "is not a login or a team"
ENVELOPE = "workflows.w.envelope"
STREAM = "workflows.w.traffic[0]"

MISTAKES = [
    # keys
    ("budget: []", "budget", "the key 'budget' is unknown", "did you mean `budgets`?"),
    (
        "    envelop: {}",
        "workflows.w.envelop",
        "the key 'envelop' is unknown",
        "did you mean `envelope`?",
    ),
    (
        "    envelope: {monthly_costs: {hard: 1}}",
        f"{ENVELOPE}.monthly_costs",
        "the key 'monthly_costs' is unknown",
        "did you mean `monthly_cost`?",
    ),
    (
        "zzz: 1",
        "zzz",
        "the key 'zzz' is unknown",
        "use one of `version`, `workflows`, `prices`, `tiers`, `defaults`, `high_cost`, ",
    ),
    ("approval: {}", "approval.approvers", "the key `approvers` is missing", "add it: logins"),
    (
        "  v: {model: gpt-4o, traffic: [{calls: 1/day, output_tokens: 1}]}",
        "workflows.v.prompts",
        "the key `prompts` is missing",
        "add it: the prompts of one call, in order",
    ),
    (
        "prices: {overrides: {m: {input: 1}}}",
        "prices.overrides.m",
        "the override has not both of `input` and `output`",
        "give both, or say only which model it `counts_as`",
    ),
    (
        "prices: {overrides: {m: {cached_input: 1, counts_as: openai/gpt-5}}}",
        "prices.overrides.m",
        "the override has not both of `input` and `output`",
        "give both, or say only which model it `counts_as`",
    ),
    (
        "budgets: [{name: b, monthly_cost: {hard: 1}}]",
        "budgets[0].match",
        "the key `match` is missing",
        "add it: the slice that it covers",
    ),
    # units
    (
        "    envelope: {monthly_cost: {hard: 20 EUR}}",
        f"{ENVELOPE}.monthly_cost.hard",
        "'20 EUR' is not an amount in USD a month (not a number)",
        "write it like $1_200",
    ),
    (
        "    envelope: {cost_per_call: {hard: €0.01}}",
        f"{ENVELOPE}.cost_per_call.hard",
        "'€0.01' is not an amount in USD (not a number)",
        "write it like $0.01",
    ),
    (
        "    envelope: {increase: {hard: 20}}",
        f"{ENVELOPE}.increase.hard",
        "'20' is not a percentage (no percent sign)",
        "write it like 20%",
    ),
    (
        "high_cost: $5_000/day",
        "high_cost",
        "'$5_000/day' is not an amount in USD a month (not a number)",
        "write it like $1_200",
    ),
    ("high_cost: -5", "high_cost", "'-5' is not an amount in USD a month", "write it like $1_200"),
    ("high_cost: true", "high_cost", "this is not an amount in USD a month", "write it like"),
    ("high_cost:", "high_cost", "this is not an amount in USD a month", "write it like $1_200"),
    ("high_cost: 1e3", "high_cost", "'1e3' is not an amount in USD a month", "write it like"),
    (
        "high_cost: 9_000_000_000_000_000",
        "high_cost",
        "'9_000_000_000_000_000' is not an amount in USD a month (more than 10^15)",
        "write it like $1_200",
    ),
    ("high_cost: [1]", "high_cost", "this is not an amount in USD a month", "write it like"),
    # values
    (
        "    max_tokens: 0",
        "workflows.w.max_tokens",
        "'0' is not a number of tokens above zero (zero)",
        "write it like 1_024",
    ),
    (
        "    max_tokens: 1.5",
        "workflows.w.max_tokens",
        "'1.5' is not a number of tokens above zero (not a whole number)",
        "write it like 1_024",
    ),
    (
        "    max_tokens: -1",
        "workflows.w.max_tokens",
        "'-1' is not a number of tokens above zero (not a number)",
        "write it like 1_024",
    ),
    (
        "    envelope: {monthly_cost: {soft: $2, hard: $1}}",
        f"{ENVELOPE}.monthly_cost",
        "`soft` is above `hard`",
        "give a soft limit below the hard one",
    ),
    (
        "    envelope: {monthly_cost: {}}",
        f"{ENVELOPE}.monthly_cost",
        "the limit has neither `soft` nor `hard`",
        "give at least one of them",
    ),
    (
        "    envelope: {input_tokens: {over: mean}}",
        f"{ENVELOPE}.input_tokens",
        "the limit has neither `soft` nor `hard`",
        "give at least one of them",
    ),
    (
        "    envelope: {input_tokens: {hard: 1, over: p100}}",
        f"{ENVELOPE}.input_tokens.over",
        "'p100' is not max, mean or a percentile",
        "write it like p95",
    ),
    (
        "    envelope: {approvable: yes}",
        f"{ENVELOPE}.approvable",
        "this is neither true nor false",
        "write true or false",
    ),
    (
        "    samples: [{name: s, weight: 0, variables: {}}]",
        "workflows.w.samples[0].weight",
        "'0' is not a number above zero (zero)",
        "write it like 3",
    ),
    (
        "    samples: {variables: {}}",
        "workflows.w.samples.name",
        "the key `name` is missing",
        "add it: the sample's name, typical",
    ),
    # shapes
    ("    envelope: []", ENVELOPE, "this is not a mapping", "write it as `key: value` lines"),
    ("    envelope:", ENVELOPE, "this is not a mapping", "write it as `key: value` lines"),
    ("  v:", "workflows.v", "this is not a mapping", "write it as `key: value` lines"),
    ("tiers: [a]", "tiers", "this is not a mapping", "write it as `key: value` lines"),
    ("tiers: {a: b}", "tiers.a", "this is not a list", "write it as a list: `- …` or `[…, …]`"),
    ("budgets: {}", "budgets", "this is not a list", "write it as a list"),
    ("coverage: {prompts: a.txt}", "coverage.prompts", "this is not a list", "write it as a list"),
    ("    model: [gpt-4o]", "workflows.w.model", "this is not a model's name", "write it like"),
    ("    tools: [t.json]", "workflows.w.tools", "this is not a path", "write it like"),
    (
        "    samples: [{name: s, variables: [a]}]",
        "workflows.w.samples[0].variables",
        "this is not a mapping",
        "write it as `key: value` lines",
    ),
    (
        "approval: {approvers: []}",
        "approval.approvers",
        "the list is empty",
        "give at least one item",
    ),
    (
        "approval: {approvers: [a], expires_after: 14}",
        "approval.expires_after",
        "'14' is not a number of days (no `days` behind)",
        "write it like 14 days",
    ),
    (
        "approval: {approvers: [a], expires_after: 0 days}",
        "approval.expires_after",
        "'0 days' is not a number of days (zero)",
        "write it like 14 days",
    ),
    (
        "defaults: {traffic: []}",
        "defaults.traffic",
        "the list is empty",
        "give at least one item",
    ),
    # words
    (
        "    encoding: o200k",
        "workflows.w.encoding",
        "'o200k' is not one of o200k_base, o200k_harmony, cl100k_base, p50k_base, p50k_edit, r50k",
        "did you mean 'o200k_base'?",
    ),
    (
        "    complexity: extreme",
        "workflows.w.complexity",
        "'extreme' is not one of low, medium, high",
        "use one of low, medium, high",
    ),
    # amounts that YAML splits
    (
        "    envelope: {monthly_cost: {hard: $1,200}}",
        f"{ENVELOPE}.monthly_cost.200",
        "YAML reads the unquoted `$1,200` as `$1` and a key `200`",
        'quote it, "$1,200", or write $1_200',
    ),
    (
        "    envelope: {monthly_cost: {soft: 12,500.50, hard: $900_000}}",
        f"{ENVELOPE}.monthly_cost.500.50",
        "YAML reads the unquoted `12,500.50` as `12` and a key `500.50`",
        'quote it, "12,500.50", or write 12_500.50',
    ),
    # names, models, dates
    ("tiers: {'': [a]}", "tiers", "'' is not a name", "name it like support-triage"),
    ("    feature: ' x'", "workflows.w.feature", "' x' is not a name", "write it like"),
    ("    feature: {}", "workflows.w.feature", "this is not a name", "write it like"),
    (
        "prices: {as_of: 1.11.2026}",
        "prices.as_of",
        "'1.11.2026' is not a date (not a date)",
        "write it like 2026-11-01",
    ),
    (
        "prices: {as_of: 2026-02-30}",
        "prices.as_of",
        "'2026-02-30' is not a date (day is out of range for month)",
        "write it like 2026-11-01",
    ),
    # budgets
    (
        "budgets: [{name: b, match: {}}]",
        "budgets[0]",
        "the budget has no limit",
        "give `monthly_cost` or `monthly_tokens`",
    ),
    (
        "budgets: [{name: b, match: {workflow: x}, monthly_cost: {hard: 1}}]",
        "budgets[0]",
        "there is no workflow 'x'",
        "name one of w",
    ),
    (
        "budgets: [{name: b, match: {tier: y}, monthly_cost: {hard: 1}}]\ntiers: {low: [m]}",
        "budgets[0]",
        "there is no tier 'y'",
        "name one of low",
    ),
    (
        "budgets: [{name: b, match: {region: x}, monthly_cost: {hard: 1}}]",
        "budgets[0].match.region",
        "the key 'region' is unknown",
        "use one of `feature`, `workflow`, `tenant`, `tier`, `environment`, `owner`",
    ),
    (
        "  v: {prompts: a.txt}",
        "workflows.v",
        "the workflow 'v' has no traffic, so its cost is unknown",
        "add `traffic: [{calls: 1_000/month, output_tokens: 200}]`, to it or to `defaults`",
    ),
]


@pytest.mark.parametrize(("added", "key", "what", "mend"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_named_once_at_its_line(added: str, key: str, what: str, mend: str) -> None:
    ((line, found_key, found_what, found_mend),) = told(f"{SMALL}\n{added}\n")
    assert (line, found_key) == (7, key)
    assert found_what.startswith(what)
    assert found_mend.startswith(mend)


TRAFFIC_MISTAKES = [
    (
        "calls: 1000, output_tokens: 1",
        f"{STREAM}.calls",
        "'1000' is not a number of calls in a period (no period)",
        "write it like 120_000/month",
    ),
    (
        "calls: 9/fortnight, output_tokens: 1",
        f"{STREAM}.calls",
        "'9/fortnight' is not a number of calls in a period (unknown period 'fortnight')",
        "write it like 120_000/month",
    ),
    (
        "calls: 0/day, output_tokens: 1",
        f"{STREAM}.calls",
        "'0/day' is not a number of calls in a period (zero)",
        "write it like 120_000/month",
    ),
    (
        "calls: -9/day, output_tokens: 1",
        f"{STREAM}.calls",
        "'-9/day' is not a number of calls in a period (not a number)",
        "write it like 120_000/month",
    ),
    (
        "calls: 1/day, output_tokens: -1",
        f"{STREAM}.output_tokens",
        "'-1' is not a number of tokens (not a number)",
        "write it like 2_000",
    ),
    (
        "calls: 1/day",
        f"{STREAM}.output_tokens",
        "the key `output_tokens` is missing",
        "add it: expected output tokens of a call, 350",
    ),
    (
        "calls: 1/day, output_tokens: 1, cache_hit_rate: 120%",
        f"{STREAM}.cache_hit_rate",
        "'120%' is not a percentage from 0% to 100% (more than 100%)",
        "write it like 80%",
    ),
    (
        "calls: 1/day, output_tokens: 1, cache_hit_rate: 0.8",
        f"{STREAM}.cache_hit_rate",
        "'0.8' is not a percentage from 0% to 100% (no percent sign)",
        "write it like 80%",
    ),
    (
        "calls: 1/day, output_tokens: 1, cache_hit_rate: 60%, cache_write_rate: 41%",
        STREAM,
        "`cache_hit_rate` and `cache_write_rate` are more than 100% together",
        "give shares of the same calls",
    ),
    (
        "calls: 1/day, output_tokens: 1, service_tier: turbo",
        f"{STREAM}.service_tier",
        "'turbo' is not one of standard, flex, priority, fast, batch",
        "use one of standard, flex, priority, batch",
    ),
]


@pytest.mark.parametrize(
    ("stream", "key", "what", "mend"), TRAFFIC_MISTAKES, ids=[m[0] for m in TRAFFIC_MISTAKES]
)
def test_a_mistake_in_the_traffic(stream: str, key: str, what: str, mend: str) -> None:
    text = SMALL.replace("calls: 1/month, output_tokens: 1", stream)
    assert told(text) == [(5, key, what, mend)]


def test_shares_may_be_the_whole_together() -> None:
    text = SMALL.replace("tokens: 1}", "tokens: 1, cache_hit_rate: 60%, cache_write_rate: 40%}")
    assert read(text).workflows["w"].traffic[0].cache_write_rate == Decimal("0.4")


@pytest.mark.parametrize("equal", ["{soft: 5%, hard: 5%}", "{soft: 0%, hard: 0%}"])
def test_a_soft_limit_may_be_the_hard_one(equal: str) -> None:
    envelope = read(f"{SMALL}    envelope: {{increase: {equal}}}\n").workflows["w"].envelope
    assert envelope.increase is not None
    assert envelope.increase.soft == envelope.increase.hard


@pytest.mark.parametrize(
    ("prompts", "key", "what", "mend"),
    [
        ("[]", "", "the list is empty", "give at least one item"),
        ("", "", "this is not a path", "write it like prompts/triage/system.j2"),
        (
            "a.xyz",
            "",
            "the name 'a.xyz' does not tell the prompt's format",
            "name it: `{path: a.xyz, format: …}` with one of agent-instructions, chat-messages, ",
        ),
        ("[a.txt, README]", "[1]", "the name 'README' does not tell", "name it: `{path: README,"),
        ("{role: user}", ".path", "the key `path` is missing", "add it: the file, counted from"),
        (
            "{path: a.txt, format: jinja2}",
            ".format",
            "'jinja2' is not one of agent-instructions, ",
            "did you mean 'jinja'?",
        ),
        (
            "{path: a.txt, role: sytem}",
            ".role",
            "'sytem' is not one of system, developer, user, assistant",
            "did you mean 'system'?",
        ),
        (
            "{path: a.txt, role: [user]}",
            ".role",
            "this is not one of system, developer, user, assistant",
            "use one of system, developer, user, assistant",
        ),
        ("[[a.txt]]", "[0]", "this is not a path inside the repository", "write it like"),
        ("{path: /a.txt}", ".path", f"'/a.txt' {NOT_A_PATH}", "write it like"),
    ],
)
def test_a_mistake_in_the_prompts(prompts: str, key: str, what: str, mend: str) -> None:
    ((line, found_key, found_what, found_mend),) = told(SMALL.replace("a.txt", prompts))
    assert (line, found_key) == (4, f"workflows.w.prompts{key}")
    assert found_what.startswith(what)
    assert found_mend.startswith(mend)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd.txt",
        "~/a.txt",
        "../a.txt",
        "a/../../b.txt",
        "a/..",
        "./a.txt",
        "a/./b.txt",
        ".",
        "..",
        r"a\\b.txt",
        r"a\nb.txt",
        r"a\0.txt",
        r"\e[31m.txt",
        r"a\x7f.txt",
        "prompts/",
        "",
        "a" * 5_000 + ".txt",
    ],
    ids=lambda path: path[:20],
)
@pytest.mark.parametrize("key", ["prompts", "tools", "samples"])
def test_paths_outside_of_the_repository_are_refused(path: str, key: str) -> None:
    text = SMALL.replace("prompts: a.txt", f'prompts: "{path}"')
    line = 4
    if key != "prompts":
        text, line = f'{SMALL}    {key}: "{path}"\n', 6
    ((found_line, found_key, what, mend),) = told(text)
    assert (found_line, found_key) == (line, f"workflows.w.{key}")
    assert NOT_A_PATH in what
    assert len(what) < 200, "a long path is cut"
    assert what.isprintable()
    assert mend == "write it like prompts/triage/system.j2"


@pytest.mark.parametrize("path", ["a.txt", "..a/b..c.txt", "a b.txt", "größe/x.txt", ".x/...txt"])
def test_paths_that_only_look_odd_are_taken(path: str) -> None:
    found = read(SMALL.replace("a.txt", json.dumps(path)))
    assert found.workflows["w"].prompts[0].path == path


@pytest.mark.parametrize("model", ["''", "'gpt 4'", "/gpt-4o", "':gpt'", '"a\\tb"', "m" * 202])
def test_names_that_no_model_has(model: str) -> None:
    text = f"{SMALL}    model: {model}\ndefaults: {{model: {model}}}\n"
    found = told(text)
    assert [(line, key) for line, key, _, _ in found] == [
        (6, "workflows.w.model"),
        (7, "defaults.model"),
    ]
    assert all(NOT_A_MODEL in what for _, _, what, _ in found)
    assert all(mend == "write it like openai/gpt-4.1" for _, _, _, mend in found)


@pytest.mark.parametrize("character", [r"\0", r"\e[31m", r"\x7f"])
def test_control_characters_are_no_part_of_a_model(character: str) -> None:
    assert NOT_A_MODEL in told(f'{SMALL}    model: "gpt{character}"\n')[0][2]


@pytest.mark.parametrize(
    "approver", ["''", "a b", "'@'", "'@a/'", "a/b/c", "a_b", "-a", "'@@a'", "a" * 40, "a@b.org"]
)
def test_approvers_that_nobody_is(approver: str) -> None:
    found = told(f"{SMALL}approval:\n  approvers:\n    - octocat\n    - {approver}\n")
    ((line, key, what, mend),) = found
    assert (line, key) == (9, "approval.approvers[1]")
    assert NOT_A_LOGIN in what
    assert mend == "write it like @acme/finops"


@pytest.mark.parametrize("version", ["2", "0", "1.0", "[1]", "", "true"])
def test_other_versions(version: str) -> None:
    ((line, key, what, mend),) = told(SMALL.replace("version: 1", f"version: {version}"))
    assert (line, key, mend) == (1, "version", "use one of 1")
    assert what.endswith("is not one of 1")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]", "version", "42", "- version: 1\n"])
def test_no_mapping_at_all(text: str) -> None:
    assert told(text) == [(1, None, "this is not a mapping", "write it as `key: value` lines")]


def test_an_empty_mapping_lacks_what_is_required() -> None:
    assert told("{}") == [
        (
            1,
            "version",
            "the key `version` is missing",
            "add it: the version of this file's shape, 1",
        ),
        (1, "workflows", "the key `workflows` is missing", "add it: the uses of a model, by name"),
    ]


def test_two_budgets_of_one_name() -> None:
    text = f"{SMALL}budgets:\n" + "  - {name: b, match: {}, monthly_cost: {hard: 1}}\n" * 2
    mend = "give each its own name"
    assert told(text) == [
        (7, "budgets[0]", "two budgets are called 'b'", mend),
        (8, "budgets[1]", "two budgets are called 'b'", mend),
    ]


MANY = """\
version: 2
budget: []
prices:
  as_of: tomorrow
  overrides:
    gpt-5: {input: free, output: "8.00"}
defaults:
  envelope: {increase: {soft: 30%, hard: 20%}}
high_cost: 5000 EUR
approval:
  approvers: ["not a login"]
  strict: maybe
workflows:
  one:
    prompts:
      - ../secret.txt
      - what.xyz
      - {path: b.txt, role: robot}
    modle: gpt-4o
    max_tokens: 0
    traffic:
      - {calls: 1000, output_tokens: 350}
      - calls: 1/day
        output_tokens: many
        cache_hit_rate: 120%
  two:
    prompts: []
    traffic: {}
  three: nothing
budgets:
  - {name: b, match: {}}
  - {match: []}
"""


def test_all_mistakes_are_told_in_one_run() -> None:
    expected = {
        (1, "version", "'2' is not one of 1"),
        (2, "budget", "the key 'budget' is unknown"),
        (4, "prices.as_of", "'tomorrow' is not a date"),
        (6, "prices.overrides.gpt-5.input", "'free' is not an amount in USD per million tokens"),
        (8, "defaults.envelope.increase", "`soft` is above `hard`"),
        (9, "high_cost", "'5000 EUR' is not an amount in USD a month"),
        (11, "approval.approvers[0]", "'not a login' is not a login or a team"),
        (12, "approval.strict", "this is neither true nor false"),
        (16, "workflows.one.prompts[0]", "'../secret.txt' is not a path inside the repository"),
        (17, "workflows.one.prompts[1]", "the name 'what.xyz' does not tell the prompt's format"),
        (18, "workflows.one.prompts[2].role", "'robot' is not one of system, developer, user,"),
        (19, "workflows.one.modle", "the key 'modle' is unknown"),
        (20, "workflows.one.max_tokens", "'0' is not a number of tokens above zero"),
        (22, "workflows.one.traffic[0].calls", "'1000' is not a number of calls in a period"),
        (24, "workflows.one.traffic[1].output_tokens", "'many' is not a number of tokens"),
        (25, "workflows.one.traffic[1].cache_hit_rate", "'120%' is not a percentage from 0%"),
        (27, "workflows.two.prompts", "the list is empty"),
        (28, "workflows.two.traffic", "this is not a list"),
        (29, "workflows.three", "this is not a mapping"),
        (31, "budgets[0]", "the budget has no limit"),
        (32, "budgets[1].name", "the key `name` is missing"),
        (32, "budgets[1].match", "this is not a mapping"),
    }
    found = {(line, key): what for line, key, what, _ in told(MANY)}
    assert len(told(MANY)) == len(expected)
    assert found.keys() == {(line, key) for line, key, _ in expected}
    for line, key, what in expected:
        assert found[line, key].startswith(what)


def test_the_error_reads_as_one_line_for_each_problem() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(MANY)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems)
    assert (f"{FILE}:2 (budget): the key 'budget' is unknown; did you mean `budgets`?") in lines


@pytest.mark.parametrize(
    "added",
    [
        "  v: {prompts: a.txt}",
        "budgets: [{name: b, match: {workflow: x}, monthly_cost: {hard: 1}}]",
    ],
    ids=["no traffic", "unknown workflow"],
)
def test_what_concerns_several_keys_is_told_beside_other_mistakes(added: str) -> None:
    assert len(told(f"{SMALL}{added}\nhigh_cost: 5 EUR\n")) == 2


def test_a_key_that_stands_twice_hides_no_other_mistake() -> None:
    assert len(told(f"{SMALL}high_cost: 1\nhigh_cost: 5 EUR\nbudget: []\n")) >= 2


def test_the_word_that_was_meant() -> None:
    assert told(f"{SMALL}    complexity: hihg\n")[0][3] == "did you mean 'high'?"


def test_a_mend_names_something_to_do() -> None:
    text = f"{SMALL}budgets: [{{name: b, match: {{tier: y}}, monthly_cost: {{hard: 1}}}}]\n"
    assert not told(text)[0][3].endswith("name one of ")


def test_calls_that_yaml_splits_are_told_as_money_is() -> None:
    text = SMALL.replace("calls: 1/month", "calls: 120,000/month")
    assert "YAML reads the unquoted `120,000/month`" in str(told(text))


def test_two_amounts_that_yaml_splits_alike() -> None:
    text = f"{SMALL}    envelope: {{monthly_cost: {{soft: $1,200, hard: $2,200}}}}\n"
    found = told(text)
    assert {line for line, *_ in found} == {6}
    said = " ".join(f"{what} {mend}" for _, _, what, mend in found)
    assert "YAML reads the unquoted `$1,200`" in said
    assert 'quote it, "$1,200"' in said
    assert "the key '200' stands in line 6 already" in said


# YAML


@pytest.mark.parametrize(
    ("added", "line", "words"),
    [
        ("version: 1", 6, ["key 'version'", "line 1"]),
        ("    prompts: b.txt", 6, ["key 'prompts'", "line 4"]),
        ("    feature: &f x", 6, ["anchor"]),
        ("    feature: *f", 6, ["alias"]),
        ("    feature: !!python/object:os.system x", 6, ["tag"]),
        ("    <<: {}", 6, ["merge key"]),
        ("    samples: " + "[" * 40 + "]" * 40, 6, ["32"]),
        ("    ? [a]\n    : b", 6, ["key", "list"]),
        ("---\nversion: 1", 6, ["document"]),
        ("    feature: [", None, ["YAML"]),
        ("    feature: 'x", None, ["YAML"]),
        ("  feature:\n\t- x", 7, ["YAML"]),
        ("    feature: a: b", 6, ["YAML"]),
        ("    feature: \x01", 6, ["character"]),
        ("    max_tokens: " + "9" * 5_000, 6, ["30 digits"]),
        ("x" * 1_100_000, None, ["1,048,576 characters"]),
        ("    samples: [" + "a, " * 110_000 + "]", 6, ["100,000"]),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_yaml_may_not_hold(added: str, line: int | None, words: list[str]) -> None:
    begin = time.monotonic()
    ((found, _, what, mend),) = told(f"{SMALL}{added}\n")
    assert time.monotonic() - begin < 5
    assert found in ({6, 7} if line is None else {line})
    assert all(word in what for word in words), what
    assert len(what) + len(mend) < 500


# any text at all

WORDS = sorted(set(re.findall(r"\w+|[^\w\n]+|\n *", EXAMPLE)))
LINES = EXAMPLE.splitlines()


def answered(text: str) -> None:
    """Read `text`, which must end in one of the two ways there are."""
    begin = time.monotonic()
    found: tuple[Any, ...] = ()
    try:
        found = (read(text).file,)
    except ConfigurationError as error:
        found = tuple(problem.mend for problem in error.problems if problem.place)
    assert found
    assert all(found)
    assert time.monotonic() - begin < 2


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    answered(text)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words_of_a_configuration_are_answered(words: list[str]) -> None:
    answered("version: 1\n" + "".join(words))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3)
        ),
        max_leaves=20,
    )
)
def test_any_data_is_answered(data: Any) -> None:
    answered(json.dumps({"version": 1, "workflows": data, "budgets": data, "tiers": data}))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["delete", "repeat", "swap", "indent"]),
            st.integers(0, len(LINES) - 1),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_configuration_with_lines_gone_or_twice_is_answered(edits: list[tuple[str, int]]) -> None:
    lines = list(LINES)
    for edit, index in edits:
        at = index % len(lines)
        match edit:
            case "delete":
                del lines[at]
            case "repeat":
                lines.insert(at, lines[at])
            case "swap":
                lines[at], lines[at - 1] = lines[at - 1], lines[at]
            case _:
                lines[at] = "  " + lines[at]
    answered("\n".join(lines))


# the published schema


def as_json(text: str) -> Any:
    """The data as an editor sees it; JSON has no dates."""
    return json.loads(json.dumps(yaml.safe_load(text), default=lambda day: day.isoformat()))


def refusals(text: str) -> list[str]:
    found = Draft202012Validator(configuration_schema()).iter_errors(as_json(text))
    return [f"{error.json_path}: {error.message}" for error in found]


def test_the_schema_is_one() -> None:
    schema = configuration_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema


VALID = {
    "full": EXAMPLE,
    "small": SMALL,
    "defaults": SMALL + "  v: {prompts: [{path: x, format: text}], samples: [a/*.yaml, "
    "{name: s, weight: 2, variables: {a: [1]}}]}\n"
    "defaults: {max_tokens: 9, traffic: [{calls: 1/day, output_tokens: 0}], "
    "envelope: {approvable: true}}\napproval: {approvers: [a], strict: true}\n"
    "coverage: {prompts: ['**/*.txt'], ignore: []}\n",
}


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_the_schema_takes_what_is_valid(text: str) -> None:
    assert read(text)
    assert refusals(text) == []


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_the_schema_takes_what_is_valid_but_for_the_version(text: str) -> None:
    assert refusals(text.replace("version: 1\n", "version: '1'\n")) == []


@pytest.mark.parametrize(
    ("added", "path"),
    [
        ("budget: []", "$: "),
        ("    envelop: {}", "$.workflows.w: "),
        ("    envelope: {monthly: {hard: 1}}", "$.workflows.w.envelope: "),
        ("    envelope: {monthly_cost: {hardest: 1}}", "$.workflows.w.envelope.monthly_cost: "),
        ("  v: {}", "$.workflows.v: 'prompts' is a required"),
        ("  v: {prompts: a.txt, traffic: []}", "$.workflows.v.traffic: "),
        ("defaults: {traffic: [{calls: 1/day}]}", "$.defaults.traffic[0]: 'output_tokens' is"),
        ("budgets: [{name: b}]", "$.budgets[0]: 'match' is a required"),
        ("approval: {}", "$.approval: 'approvers' is a required"),
        ("approval: {approvers: []}", "$.approval.approvers: "),
        ("    complexity: extreme", "$.workflows.w.complexity: 'extreme' is not one of"),
        ("    max_tokens: true", "$.workflows.w.max_tokens: "),
        ("tiers: []", "$.tiers: "),
    ],
)
def test_the_schema_refuses_what_is_refused(added: str, path: str) -> None:
    text = SMALL.replace("version: 1", "version: '1'") + f"{added}\n"
    (refusal,) = refusals(text)
    assert refusal.startswith(path)
    assert told(text)


def test_the_schema_wants_what_is_required() -> None:
    assert refusals("{}") == [
        "$: 'version' is a required property",
        "$: 'workflows' is a required property",
    ]


def test_the_schemas_texts_name_no_code() -> None:
    assert "scalars." not in json.dumps(configuration_schema())


# samples


def sample(text: str, name: str = "long") -> Sample:
    return read_sample(parse_yaml(text, file="s.yaml"), file="s.yaml", name=name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: {tokens: 9}\n", Sample(name="long", variables={"a": 1, "b": {"tokens": 9}})),
        ("{}", Sample(name="long", variables={})),
        (
            "name: other\nweight: 2.5\nvariables: {a: x}\n",
            Sample(name="other", weight=Decimal("2.5"), variables={"a": "x"}),
        ),
        ("variables: {a: x}", Sample(name="long", variables={"a": "x"})),
        (
            "name: Ann\nweight: 70 kg\n",
            Sample(name="long", variables={"name": "Ann", "weight": "70 kg"}),
        ),
        ("variables: {}\nmore: 1\n", Sample(name="long", variables={"variables": {}, "more": 1})),
        ("flag: no\nnothing:\n", Sample(name="long", variables={"flag": "no", "nothing": None})),
    ],
)
def test_samples(text: str, expected: Sample) -> None:
    assert sample(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "key", "what"),
    [
        ("[a]", 1, None, "this is not a mapping"),
        ("", 1, None, "this is not a mapping"),
        ("variables: [a]", 1, "variables", "this is not a mapping"),
        ("variables: {}\nweight: 0\n", 2, "weight", "'0' is not a number above zero (zero)"),
        ("variables: {}\nname: [x]\n", 2, "name", "this is not a name"),
        ("variables: {}\n\nweight: heavy\n", 3, "weight", "'heavy' is not a number above zero"),
    ],
)
def test_samples_that_are_wrong(text: str, line: int, key: str | None, what: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        sample(text)
    (problem,) = caught.value.problems
    assert problem.place == Place(file="s.yaml", line=line, key=key)
    assert problem.what.startswith(what)
    assert problem.mend


def test_all_mistakes_in_a_sample_are_told() -> None:
    with pytest.raises(MeasurementError) as caught:
        sample("name: ''\nweight: -1\nvariables: 3\n")
    places = [problem.place for problem in caught.value.problems]
    assert {place.key for place in places if place} == {"name", "weight", "variables"}
