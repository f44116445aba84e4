"""All that can be wrong with a configuration, each named once at its line."""

import pytest

from reviewbot.prompt import Sample
from reviewbot.prompt.sizes import sized
from tests.support.configurations import NOT_A_PATH, SMALL, read, told
from tests.support.reviewing import tokens

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
        "'20 EUR' is not an amount in USD a month (another currency; convert it)",
        "write it like $1_200",
    ),
    (
        "    envelope: {cost_per_call: {hard: €0.01}}",
        f"{ENVELOPE}.cost_per_call.hard",
        "'€0.01' is not an amount in USD (another currency; convert it)",
        "write it like $0.01",
    ),
    (
        "    envelope: {increase: {hard: 20}}",
        f"{ENVELOPE}.increase.hard",
        "'20' is not a percentage (no percent sign)",
        "write 20%",
    ),
    (
        "high_cost: $5_000/day",
        "high_cost",
        "'$5_000/day' is not an amount in USD a month (an amount per day)",
        "write it like $1_200",
    ),
    ("high_cost: -5", "high_cost", "'-5' is not an amount in USD a month", "write it like $1_200"),
    ("high_cost: true", "high_cost", "this is not an amount in USD a month", "write it like"),
    ("high_cost:", "high_cost", "nothing stands here", "give an amount in USD a month, such as $1"),
    ("high_cost: 1e3", "high_cost", "'1e3' is not an amount in USD a month", "write 1_000"),
    (
        "high_cost: 9_000_000_000_000_000",
        "high_cost",
        "'9_000_000_000_000_000' is not an amount in USD a month (more than 10^15)",
        "write it like $1_200",
    ),
    ("high_cost: [1]", "high_cost", "this is a list, and not an amount", "write `1`"),
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
        "'-1' is not a number of tokens above zero (below zero)",
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
        "    envelope: {input_tokens: {hard: 1, over: p101}}",
        f"{ENVELOPE}.input_tokens.over",
        "'p101' is not max, mean or a percentile",
        "write it like p95",
    ),
    (
        "    envelope: {approvable: yes}",
        f"{ENVELOPE}.approvable",
        "this is neither true nor false",
        "write true",
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
    ("    envelope:", ENVELOPE, "nothing stands here", "give `key: value` lines, such as"),
    ("  v:", "workflows.v", "nothing stands here", "give `key: value` lines, such as `prompts: …`"),
    ("tiers: [a]", "tiers", "this is not a mapping", "write it as `key: value` lines"),
    ("tiers: {a: b}", "tiers.a", "this is not a list", "write it as a list: `- …` or `[b]`"),
    ("budgets: {}", "budgets", "this is not a list", "write it as a list"),
    ("coverage: {prompts: a.txt}", "coverage.prompts", "this is not a list", "write it as a list"),
    ("    model: [gpt-4o]", "workflows.w.model", "this is a list, and not", "write `gpt-4o`"),
    ("    tools: [[t.json]]", "workflows.w.tools[0]", "this is a list, and", "write `t.json`"),
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
        "write 14 days",
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
        "'o200k' is unknown here",
        "did you mean 'o200k_base'?",
    ),
    (
        "    complexity: extreme",
        "workflows.w.complexity",
        "'extreme' is unknown here",
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
    ("    feature: ' x'", "workflows.w.feature", "' x' is not a name", "write x"),
    ("    feature: {}", "workflows.w.feature", "this is not a name", "write it like"),
    (
        "prices: {as_of: 1.11.2026}",
        "prices.as_of",
        "'1.11.2026' is not a date (not year, month and day)",
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
        "budgets[0].match.workflow",
        "the budget 'b' matches nothing: there is no workflow 'x'",
        "name one of w",
    ),
    (
        "budgets: [{name: b, match: {tier: y}, monthly_cost: {hard: 1}}]\ntiers: {low: [m]}",
        "budgets[0].match.tier",
        "the budget 'b' matches nothing: there is no tier 'y'",
        "name one of low",
    ),
    *(
        (
            f"budgets: [{{name: b, match: {{{key}: x}}, monthly_cost: {{hard: 1}}}}]",
            f"budgets[0].match.{key}",
            f"the budget 'b' matches nothing: there is no {key} 'x'",
            f"no {of} says its {key}: add `{key}: x` to the ",
        )
        for of, key in [("workflow", "feature"), ("workflow", "owner"), ("traffic", "tenant")]
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
        "'9/fortnight' is not a number of calls in a period ('fortnight' is no period, such as day or month)",
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
        "'-9/day' is not a number of calls in a period (below zero)",
        "write it like 120_000/month",
    ),
    (
        "calls: 1/day, output_tokens: -1",
        f"{STREAM}.output_tokens",
        "'-1' is not a number of tokens (below zero)",
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
        "write `80%`, or `0.8%` if that is meant",
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
        "'turbo' is unknown here",
        "use one of standard, flex, priority, fast, batch",
    ),
]


@pytest.mark.parametrize(
    ("stream", "key", "what", "mend"), TRAFFIC_MISTAKES, ids=[m[0] for m in TRAFFIC_MISTAKES]
)
def test_a_mistake_in_the_traffic(stream: str, key: str, what: str, mend: str) -> None:
    text = SMALL.replace("calls: 1/month, output_tokens: 1", stream)
    assert told(text) == [(5, key, what, mend)]


@pytest.mark.parametrize(
    ("prompts", "key", "what", "mend"),
    [
        ("[]", "", "the list is empty", "give at least one item"),
        ("", "", "nothing stands here", "give a path inside the repository, such as prompts/"),
        (
            "a.xyz",
            "",
            "the name 'a.xyz' does not tell the prompt's format",
            "give its format: `{path: a.xyz, format: …}` with one of agent-instructions, chat-",
        ),
        (
            "[a.txt, README]",
            "[1]",
            "the name 'README' does not tell",
            "name the files, if it is a ",
        ),
        (
            "a.yaml #k",
            "",
            "the name 'a.yaml' does not tell",
            "say which text in it is meant, and its format: `{path: a.yaml#KEY, format: …}` with",
        ),
        (
            "a.py",
            "",
            "the name 'a.py' does not tell",
            "say which prompt in it is meant: `a.py#NAME`",
        ),
        ("{role: user}", ".path", "the key `path` is missing", "add it: the file, counted from"),
        (
            "{path: a.txt, format: jinja2}",
            ".format",
            "'jinja2' is unknown here",
            "did you mean 'jinja'?",
        ),
        (
            "{path: a.txt, role: sytem}",
            ".role",
            "'sytem' is unknown here",
            "did you mean 'system'?",
        ),
        (
            "{path: a.txt, role: [user]}",
            ".role",
            "this is unknown here",
            "use one of system, developer, user, assistant",
        ),
        ("[[a.txt]]", "[0]", "this is a list, and not a path inside", "write `a.txt`"),
        ("{path: /a.txt}", ".path", f"'/a.txt' {NOT_A_PATH}", "write a.txt"),
    ],
)
def test_a_mistake_in_the_prompts(prompts: str, key: str, what: str, mend: str) -> None:
    ((line, found_key, found_what, found_mend),) = told(SMALL.replace("a.txt", prompts))
    assert (line, found_key) == (4, f"workflows.w.prompts{key}")
    assert found_what.startswith(what)
    assert found_mend.startswith(mend)


@pytest.mark.parametrize(
    ("match", "what", "mend"),
    [
        ("{feature: inbx}", "there is no feature 'inbx'", "did you mean `inbox`?"),
        ("{tenant: acme-corp}", "there is no tenant 'acme-corp'", "did you mean `acme-co`?"),
        ("{environment: x}", "there is no environment 'x'", "name one of dev, prod"),
        ("{workflow: V}", "there is no workflow 'V'", "name one of v, w"),
        ("\n      tier: premum", "there is no tier 'premum'", "did you mean `premium`?"),
        (
            "{feature: inbox, environment: dev}",
            "no traffic has feature inbox and environment dev",
            "take one of them out of `match`",
        ),
        ("{feature: inbox, environment: prod}", None, None),
        ("{tier: premium}", None, None),
        ("{}", None, None),
    ],
)
def test_a_budget_that_matches_no_traffic_is_an_error(
    match: str, what: str | None, mend: str | None
) -> None:
    text = f"""\
version: 1
tiers: {{premium: [openai/gpt-5*]}}
workflows:
  v: {{prompts: a.txt, traffic: [{{calls: 1/day, output_tokens: 1, environment: dev}}]}}
  w:
    prompts: a.txt
    feature: inbox
    traffic: [{{calls: 1/day, output_tokens: 1, environment: prod, tenant: acme-co}}]
budgets:
  - name: b
    match: {match}
    monthly_cost: {{hard: 1}}
"""
    if what is None:
        assert len(read(text).budgets) == 1
    else:
        is_one = "," not in match
        key = (
            f"budgets[0].match{'.' + match.strip(' {').partition(':')[0].strip() if is_one else ''}"
        )
        line = 12 if match[0] == "\n" else 11
        assert told(text) == [(line, key, f"the budget 'b' matches nothing: {what}", mend)]


SIZES = [
    *("{tokens: abc}", "{tokens: -5}", "{tokens: 1.5}", "{tokens: 1_20}", "{tokens: '1,20'}"),
    *("{tokens: true}", "{tokens: }", "{tokens: 12k}", "{Tokens: 1200}", "{token: 1_200}"),
    *("[{tokens: x}]", "{inner: {tokens: x}}"),
]


@pytest.mark.parametrize("size", SIZES)
def test_a_size_that_is_not_understood_is_an_error(size: str) -> None:
    samples = f"    samples:\n      - name: a\n        variables:\n          text: {size}\n"
    ((line, key, what, mend),) = told(f"{SMALL}{samples}")
    assert line == SMALL.count("\n") + 4
    assert str(key).startswith("workflows.w.samples[0].variables.text")
    assert "is not a number of tokens" in what or "the key of a size is `tokens`" in what
    meant = "12_000" if "12k" in size else "1_200"
    assert mend == f"write a size like `{{tokens: {meant}}}`"


@pytest.mark.parametrize(
    "size", ["{tokens: 1_200}", "{tokens: '1,200'}", "{tokens: 1200.0}", "{tokens: 1.2e3}"]
)
def test_a_size_is_read_as_people_write_it(size: str) -> None:
    samples = f"    samples: [{{name: a, variables: {{text: {size}}}}}]\n"
    (sample,) = read(f"{SMALL}{samples}").workflows["w"].samples
    assert isinstance(sample, Sample)
    assert sized(sample.variables) == {"text": tokens(1200)}


@pytest.mark.parametrize("data", ["{tokens: [a, b]}", "{token: abc}", "{tokens: 1, of: x}"])
def test_other_data_is_no_size(data: str) -> None:
    samples = f"    samples: [{{name: a, variables: {{text: {data}}}}}]\n"
    (sample,) = read(f"{SMALL}{samples}").workflows["w"].samples
    assert isinstance(sample, Sample)
    assert sized(sample.variables) == sample.variables
