"""Slips of whole settings: each is told once, at its line, with a mend that is taken when typed."""

import pytest

from tests.support.configurations import SMALL, problems, read

TRAFFIC = SMALL.replace("    traffic: [{calls: 1/month, output_tokens: 1}]\n", "")
BUDGET = "budgets: [{name: b, match: §, monthly_cost: {hard: $9}}]\n"
WORKFLOW = "workflows.w"
INDENT = " and indent them by two blanks more"
ROWS = {
    "a comma for the decimal point of a share within braces": (
        SMALL.replace("1}", "1, cache_hit_rate: §}"),
        "0,3",
        (5, f"{WORKFLOW}.traffic[0].3", "YAML reads the unquoted `0,3` as `0` and a key `3`"),
        "write `30%`, or `0.3%` if that is meant",
        "30%",
    ),
    "a comma within a percentage within braces": (
        SMALL.replace("1}", "1, cache_hit_rate: §}"),
        "12,5%",
        (5, f"{WORKFLOW}.traffic[0].'5%'", "YAML reads the unquoted `12,5%` as `12` and a key"),
        "write 12.5%",
        "12.5%",
    ),
    "a comma for the decimal point of a share": (
        SMALL.replace("1}", '1, cache_hit_rate: "§"}'),
        "0,3",
        (5, f"{WORKFLOW}.traffic[0].cache_hit_rate", "'0,3' is not a percentage from 0% to 100%"),
        "write `30%`, or `0.3%` if that is meant",
        "30%",
    ),
    "a key of a stream beside `traffic`": (
        f"{TRAFFIC}    traffic:\n      - calls: 9/day\n§output_tokens: 20\n",
        "    ",
        (7, f"{WORKFLOW}.output_tokens", "the key 'output_tokens' is unknown here"),
        "it belongs in an item of `workflows.w.traffic`",
        "        ",
    ),
    "a budget of a tenant that no traffic has": (
        f"{SMALL}{BUDGET}",
        "{tenant: acme}",
        (6, "budgets[0].match.tenant", "the budget 'b' matches nothing: there is no tenant 'acme'"),
        "no traffic says its tenant: add `tenant: acme` to the entries of `traffic` that it is for",
        "{}",
    ),
    "a budget of a feature that no workflow has": (
        f"{SMALL}{BUDGET}",
        "{feature: chat}",
        (6, "budgets[0].match.feature", "the budget 'b' matches nothing: there is no feature"),
        "no workflow says its feature: add `feature: chat` to the workflows that it is for",
        "{}",
    ),
    "`workflow:` for `workflows:`": (
        (SMALL + BUDGET.replace("§", "{feature: chat}")).replace("workflows:", "§:") + "    \n",
        "workflow",
        (2, "workflow", "the key 'workflow' is unknown"),
        "did you mean `workflows`?",
        None,
    ),
    "`tier:` for `tiers:`": (
        f"{SMALL}    model: openai/gpt-5\n§: {{a: [openai/gpt-5]}}\n"
        + BUDGET.replace("§", "{tier: a}"),
        "tier",
        (7, "tier", "the key 'tier' is unknown"),
        "did you mean `tiers`?",
        "tiers",
    ),
    "an amount in words for a limit": (
        f"{SMALL}    envelope:\n      §\n",
        "monthly_cost: 500 USD",
        (7, f"{WORKFLOW}.envelope.monthly_cost", "this is not a mapping"),
        "write `monthly_cost: {soft: $500}`",
        "monthly_cost: {soft: $500}",
    ),
    "an abbreviated number for a limit": (
        f"{SMALL}    envelope:\n      §\n",
        "input_tokens: 2k",
        (7, f"{WORKFLOW}.envelope.input_tokens", "this is not a mapping"),
        "write `input_tokens: {soft: 2_000}`",
        "input_tokens: {soft: 2_000}",
    ),
    "two samples of one name": (
        f"{SMALL}    samples:\n      - {{name: a, variables: {{b: c}}}}\n      - {{name: §, variables: {{b: d}}}}\n",
        "a",
        (8, f"{WORKFLOW}.samples[1]", "two samples are called 'a', this one and that in line 7"),
        "give each its own name",
        "z",
    ),
    "variables for samples": (
        f"{SMALL}    samples:\n§",
        "      ticket: {tokens: 80}\n      day: 2026-11-01\n",
        (7, f"{WORKFLOW}.samples", "`ticket`, `day` stand below `samples`, without a sample's name"),
        "put the lines `name: typical` and `variables:` above them, and indent them by two blanks more",
        "      name: typical\n      variables:\n        ticket: {tokens: 80}\n        day: 2026-11-01\n",
    ),
    "variables for samples in braces": (
        f"{SMALL}    samples: §\n",
        "{ticket: {tokens: 80}}",
        (6, f"{WORKFLOW}.samples", "`ticket` stands below `samples`, without a sample's name"),
        "write `{name: typical, variables: {ticket: …}}`",
        "{name: typical, variables: {ticket: {tokens: 80}}}",
    ),
    "variables for a sample in a list": (
        f"{SMALL}    samples:\n§",
        "      - ticket: {tokens: 80}\n        day: x\n",
        (7, f"{WORKFLOW}.samples[0]", "`ticket`, `day` stand in `samples`, without a sample's"),
        f"put the lines `- name: typical` and `  variables:` above them, without their own `- `,{INDENT}",
        "      - name: typical\n        variables:\n          ticket: {tokens: 80}\n          day: x\n",
    ),
    "several approvers in one text": (
        f"{SMALL}approval: {{approvers: [§]}}\n",
        '"octocat, @acme/finops"',
        (6, "approval.approvers[0]", "'octocat, @acme/finops' is not a login or a team (several"),
        'write each by itself: octocat, "@acme/finops"',
        'octocat, "@acme/finops"',
    ),
    "several models in one text": (
        f"{SMALL}    model: openai/gpt-5\ntiers: {{a: [§]}}\n",
        '"openai/gpt-5*, openai/gpt-4o"',
        (7, "tiers.a[0]", "'openai/gpt-5*, openai/gpt-4o' is not a model's name or pattern (several"),
        "put a comma between them: openai/gpt-5*, openai/gpt-4o",
        "openai/gpt-5*, openai/gpt-4o",
    ),
    "a day that no calendar has": (
        f"{SMALL}prices: {{as_of: §}}\n",
        "2026-13-01",
        (6, "prices.as_of", "'2026-13-01' is not a date (month must be in 1..12)"),
        "write it like 2026-11-01",
        "2026-11-01",
    ),
    "a path below `samples`": (
        f"{SMALL}    samples: §\n",
        "[{file: samples/a.yaml}]",
        (6, f"{WORKFLOW}.samples[0]", "a pattern of sample files stands by itself, without `file:`"),
        "write `samples/a.yaml`",
        "[samples/a.yaml]",
    ),
    "budgets under their names": (
        f"{SMALL}budgets:\n  §\n    match: {{}}\n    monthly_cost: {{hard: $9}}\n",
        "all:",
        (7, "budgets", "this is not a list"),
        "write `- name: all` in place of `all:`, and so for each",
        "- name: all",
    ),
    "a budget over all": (
        f"{SMALL}budgets: [{{name: b, match: §, monthly_cost: {{hard: $9}}}}]\n",
        "all",
        (6, "budgets[0].match", "this is not a mapping"),
        "write `match: {}`, which is all",
        "{}",
    ),
    "prices in a list": (
        f"{SMALL}prices:\n  overrides:\n    §\n      input: 2\n      output: 8\n",
        "- model: openai/gpt-4.1",
        (8, "prices.overrides", "this is a list, and no mapping"),
        "write `openai/gpt-4.1:` instead of `- model: openai/gpt-4.1`",
        "openai/gpt-4.1:",
    ),
    "a limit of budgets in an envelope": (
        f"{SMALL}    envelope: {{monthly_tokens: {{hard: 9}}}}\n",
        "",
        (6, f"{WORKFLOW}.envelope.monthly_tokens", "the key 'monthly_tokens' is unknown here"),
        "it belongs in an item of `budgets`",
        None,
    ),
    "`feature` beside `match`": (
        f"{SMALL}    feature: f\nbudgets: [{{name: b, §, monthly_cost: {{hard: $9}}}}]\n",
        "feature: f",
        (7, "budgets[0].feature", "the key 'feature' is unknown here"),
        "it belongs in `budgets[0].match`",
        "match: {feature: f}",
    ),
    "several names for one": (
        SMALL.replace("1}", "1, environment: §}"),
        "[prod, dev]",
        (5, f"{WORKFLOW}.traffic[0].environment", "this is a list, and not a name"),
        "write one only, such as `prod`; the others need entries of their own",
        "prod",
    ),
    "one name in a list": (
        f"{SMALL}    owner: §\n",
        '["@acme/finops"]',
        (6, f"{WORKFLOW}.owner", "this is a list, and not a login or a team"),
        'write `"@acme/finops"`',
        '"@acme/finops"',
    ),
    "an amount under a key": (
        f"{SMALL}high_cost: §\n",
        "{monthly_cost: $500}",
        (6, "high_cost", "this is a mapping, and not an amount in USD a month"),
        "write `$500`",
        "$500",
    ),
    "a path under a key": (
        f"{SMALL}baseline: §\n",
        "{file: base.json}",
        (6, "baseline", "this is a mapping, and not a path inside the repository"),
        "write `base.json`",
        "base.json",
    ),
    "a role for a key": (
        SMALL.replace("a.txt", "[{§}]"),
        "user: a.txt",
        (4, f"{WORKFLOW}.prompts[0].user", "the role stands as a key"),
        "write `{path: a.txt, role: user}`",
        "path: a.txt, role: user",
    ),
    "a role behind a path": (
        SMALL.replace("a.txt", "[§]"),
        "a.txt system",
        (4, f"{WORKFLOW}.prompts[0]", "the name 'a.txt system' does not tell the prompt's format"),
        "write `{path: a.txt, role: system}`",
        "{path: a.txt, role: system}",
    ),
    "`default_model`": (
        f"{SMALL}§\n",
        "default_model: openai/gpt-4.1",
        (6, "default_model", "the key 'default_model' is unknown"),
        "write `defaults: {model: …}`",
        "defaults: {model: openai/gpt-4.1}",
    ),
    "`exclude`": (
        f"{SMALL}§\n",
        "exclude: [a.md]",
        (6, "exclude", "the key 'exclude' is unknown"),
        "write `coverage: {ignore: […]}`",
        "coverage: {ignore: [a.md]}",
    ),
}  # fmt: skip

PLACES = {
    "workflow": (f"{SMALL}    §: 9\n", WORKFLOW, 6),
    "stream": (SMALL.replace("output_tokens: 1}", "§: 1}"), f"{WORKFLOW}.traffic[0]", 5),
    "label": (SMALL.replace("1}", "1, §: x}"), f"{WORKFLOW}.traffic[0]", 5),
    "limit": (
        f"{SMALL}    envelope: {{increase: {{§: 9%}}}}\n",
        f"{WORKFLOW}.envelope.increase",
        6,
    ),
    "envelope": (f"{SMALL}    envelope: {{§: {{hard: $9}}}}\n", f"{WORKFLOW}.envelope", 6),
    "budget": (f"{SMALL}budgets: [{{name: b, match: {{}}, §: {{hard: $9}}}}]\n", "budgets[0]", 6),
}
WORDS = [
    ("workflow", "max_completion_tokens", "max_tokens"),
    ("workflow", "maxTokens", "max_tokens"),
    ("workflow", "num_predict", "max_tokens"),
    ("stream", "tokens", "output_tokens"),
    ("stream", "outputTokens", "output_tokens"),
    ("label", "env", "environment"),
    ("label", "stage", "environment"),
    ("label", "customer", "tenant"),
    ("label", "client", "tenant"),
    ("limit", "warn", "soft"),
    ("limit", "fail", "hard"),
    ("limit", "max", "hard"),
    ("limit", "error", "hard"),
    ("envelope", "cost", "monthly_cost"),
    ("envelope", "monthly_budget", "monthly_cost"),
    ("envelope", "call_cost", "cost_per_call"),
    ("budget", "cost", "monthly_cost"),
    ("budget", "limit", "monthly_cost"),
]


@pytest.mark.parametrize(("place", "word", "key"), WORDS, ids=[f"{it[0]} {it[1]}" for it in WORDS])
def test_words_of_other_tools_are_told_with_ours(place: str, word: str, key: str) -> None:
    text, path, line = PLACES[place]
    (problem,) = problems(text.replace("§", word))
    assert problem.place is not None
    assert (problem.place.line, problem.place.key) == (line, f"{path}.{word}")
    assert problem.mend == f"did you mean `{key}`?"
    read(text.replace("§", key))


@pytest.mark.parametrize("name", ROWS)
def test_a_slip_is_told_once_and_its_mend_is_taken(name: str) -> None:
    text, slip, (line, key, what), mend, typed = ROWS[name]
    (problem,) = problems(text.replace("§", slip))
    assert problem.place is not None
    assert (problem.place.line, problem.place.key) == (line, key)
    assert problem.what.startswith(what)
    assert problem.mend == mend
    if typed is not None:
        read(text.replace("§", typed))


@pytest.mark.parametrize(
    ("word", "meant"),
    [("60m", "1h"), ("1 hour", "1h"), ("3600", "1h"), ("5 min", "5m"), ("ephemeral", "5m")],
)
def test_a_cache_lifetime_in_other_words(word: str, meant: str) -> None:
    text = SMALL.replace("1}", "1, cache_lifetime: §}")
    (problem,) = problems(text.replace("§", word))
    assert problem.mend == f"did you mean '{meant}'?"
    read(text.replace("§", meant))
