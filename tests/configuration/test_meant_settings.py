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
}  # fmt: skip


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
