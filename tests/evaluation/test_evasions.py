"""Ways to make a dearer prompt pass, each of which must end in a verdict that stops it.

A change of the workflow file that runs the action is out of reach here: it decides what is run at
all, and only a rule of the repository (CODEOWNERS, a required workflow) can hold it.
"""

import re
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from reviewbot.configuration.settings import (
    Approval,
    Budget,
    Configuration,
    Coverage,
    Defaults,
    Envelope,
    Limit,
    Prices,
    Workflow,
)
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

LIMITS = "{increase: {hard: 5%}, monthly_cost: {hard: $3}}"
TEMPLATE = "prompts/p.j2"
SAMPLE = "s/t.yaml"
Files = dict[str, str | bytes | None]


def settings(name: str = "w", prompts: str = PROMPT, **more: str) -> str:
    return configuration({name: workflow(prompts, envelope=LIMITS, **more)})


def stopped(outcome: Outcome, verdict: str = "needs-approval") -> bool:
    return outcome.code == 1 and outcome.report["verdict"] == verdict


def test_a_renamed_workflow_with_a_moved_prompt(repository: Repository) -> None:
    outcome = change(
        repository,
        {CONFIGURATION: settings(), PROMPT: tokens(100)},
        {
            CONFIGURATION: settings("v", "prompts/s2.txt"),
            PROMPT: None,
            "prompts/s2.txt": tokens(5000),
        },
    )
    assert stopped(outcome, "fail")
    assert outcome.rules("v") == {"monthly_cost": "fail"}
    (finding,) = outcome.report["findings"]
    assert "a renamed one has lost its limits" in finding["text"]


def test_a_prompt_taken_out_and_moved_elsewhere(repository: Repository) -> None:
    files: Files = {
        "a.txt": tokens(100),
        "b.txt": "x",
        CONFIGURATION: settings(prompts="[a.txt, b.txt]"),
    }
    moved: Files = {
        "a.txt": None,
        "lib/a.txt": tokens(5000),
        CONFIGURATION: settings(prompts="[b.txt]"),
    }
    outcome = change(repository, files, moved)
    assert stopped(outcome)
    assert outcome.rules() == {"removed": "needs-approval"}


def test_a_workflow_that_is_broken_already_and_grows(repository: Repository) -> None:
    prompts = "[prompts/system.txt, {path: b.json, format: chat-messages}]"
    files: Files = {PROMPT: tokens(100), "b.json": "{", CONFIGURATION: settings(prompts=prompts)}
    outcome = change(repository, files, {PROMPT: tokens(5000)})
    assert outcome.code == 3
    assert outcome.workflow()["verdict"] == "unmeasured"


def test_a_new_variable_that_nothing_needs_is_not_supplied(repository: Repository) -> None:
    def prompt(count: int) -> str:
        return "{% if terse is defined %}x{% else %}" + tokens(count) + "{% endif %}{{ a }}"

    sampled = settings(prompts=TEMPLATE, samples="s/*.yaml")
    outcome = change(
        repository,
        {TEMPLATE: prompt(100), SAMPLE: "a: x", CONFIGURATION: sampled},
        {TEMPLATE: prompt(5000), SAMPLE: "{a: x, terse: true}"},
    )
    assert stopped(outcome, "fail")
    assert outcome.usd("after") > Decimal(10)


def test_samples_where_the_base_has_none(repository: Repository) -> None:
    def prompt(count: int) -> str:
        return "{% if not terse %}" + tokens(count) + "{% endif %}"

    outcome = change(
        repository,
        {TEMPLATE: prompt(100), CONFIGURATION: settings(prompts=TEMPLATE)},
        {
            TEMPLATE: prompt(5000),
            SAMPLE: "terse: true",
            CONFIGURATION: settings(prompts=TEMPLATE, samples="s/*.yaml"),
        },
    )
    assert stopped(outcome)
    assert outcome.rules() == {"loosened": "needs-approval"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TEMPLATE, f"{{path: {TEMPLATE}, format: text}}"),
        (f"{{path: {TEMPLATE}, format: text}}", f"{{path: {TEMPLATE}, format: jinja}}"),
    ],
)
def test_another_format_for_the_same_file(repository: Repository, before: str, after: str) -> None:
    sampled = {"samples": "s/*.yaml"}
    outcome = change(
        repository,
        {
            TEMPLATE: tokens(100) + "{{ a }}",
            SAMPLE: "a: {tokens: 5}",
            CONFIGURATION: settings(prompts=before, **sampled),
        },
        {CONFIGURATION: settings(prompts=after, **sampled)},
    )
    assert stopped(outcome)
    assert "loosened" in outcome.rules()


def test_another_encoding_for_the_same_model(repository: Repository) -> None:
    prices = '{as_of: 2026-11-01, overrides: {mine/foo: {input: "100", output: "1"}}}'

    def with_encoding(name: str) -> str:
        text = workflow(model="mine/foo", encoding=name, envelope=LIMITS)
        return configuration({"w": text}, prices=prices)

    outcome = change(
        repository,
        {PROMPT: "日本語の文章" * 9, CONFIGURATION: with_encoding("cl100k_base")},
        {PROMPT: "日本語の文章" * 10, CONFIGURATION: with_encoding("o200k_base")},
    )
    assert outcome.code == 1
    assert "loosened" in outcome.rules()


@pytest.mark.parametrize("spelling", ["openai/gpt-4o", "openai:gpt-4o", "GPT-4o"])
def test_another_spelling_of_a_model_with_an_override(
    repository: Repository, spelling: str
) -> None:
    prices = '{as_of: 2026-11-01, overrides: {gpt-4o: {input: "100", output: "100"}}}'

    def with_model(name: str) -> str:
        return configuration({"w": workflow(model=name)}, prices=prices)

    outcome = change(
        repository,
        {PROMPT: tokens(100), CONFIGURATION: with_model("gpt-4o")},
        {PROMPT: tokens(3000), CONFIGURATION: with_model(spelling)},
    )
    # (3000 + 7 + 100) x 100/1M x 1000
    assert outcome.usd("after") == Decimal("310.7")


def test_a_broken_configuration_on_the_base(repository: Repository) -> None:
    broken = settings() + "unknown: 1\n"
    loose = configuration({"w": workflow(envelope="{monthly_cost: {hard: $900}}")})
    outcome = change(
        repository,
        {PROMPT: tokens(100), CONFIGURATION: broken},
        {PROMPT: tokens(5000), CONFIGURATION: loose},
    )
    assert stopped(outcome)


def test_traffic_that_would_break_the_bases_own_limit(repository: Repository) -> None:
    more = "[{calls: 1_000_000/month, output_tokens: 100}]"
    outcome = change(
        repository,
        {PROMPT: tokens(100), CONFIGURATION: settings()},
        {CONFIGURATION: settings(traffic=more)},
    )
    assert stopped(outcome)


def test_cheaper_samples_behind_more_traffic(repository: Repository) -> None:
    sampled = {"prompts": TEMPLATE, "samples": "s/*.yaml"}
    open_limits = configuration({"w": workflow(**sampled)})
    more = "[{calls: 100_000/month, output_tokens: 100}]"
    outcome = change(
        repository,
        {TEMPLATE: "{{ a }}", SAMPLE: "a: {tokens: 2900}", CONFIGURATION: open_limits},
        {
            SAMPLE: "a: {tokens: 1}",
            CONFIGURATION: configuration({"w": workflow(**sampled, traffic=more)}),
        },
    )
    assert stopped(outcome)
    texts = [item["text"] for item in outcome.workflow()["findings"]]
    assert texts == ["the change makes itself look cheaper by its own samples"]


def test_a_workflow_that_main_has_meanwhile_is_judged_by_mains_traffic(
    repository: Repository,
) -> None:
    repository.commit({PROMPT: "x", CONFIGURATION: settings()})
    repository.branch("work")
    few = "[{calls: 1/month, output_tokens: 100}]"
    both = {"w": workflow(envelope=LIMITS), "n": workflow("n.txt", traffic=few)}
    repository.commit({"n.txt": tokens(5000), CONFIGURATION: configuration(both)})
    repository.git("switch", "--quiet", "main")
    both = {"w": workflow(envelope=LIMITS), "n": workflow("n.txt", envelope=LIMITS)}
    repository.commit({"n.txt": "x", CONFIGURATION: configuration(both)})
    repository.git("switch", "--quiet", "work")
    outcome = review(repository)
    assert outcome.rules("n")["monthly_cost"] == "fail"


GATED = """\
version: 1
prices:
  as_of: 2026-11-01
  overrides:
    gpt-4o: {input: "2.50", output: "10"}
    gpt-4o@batch: {input: "1.25", output: "5"}
tiers:
  premium: [openai/gpt-4o]
  economy: [openai/gpt-4o-mini]
defaults:
  model: openai/gpt-4o
  max_tokens: 300
  traffic: [{calls: 10/month, output_tokens: 10}]
  envelope:
    input_tokens: {hard: 9_000}
high_cost: $5
approval:
  approvers:
    - octocat
  label: cost-ok
  strict: true
coverage:
  prompts: ['agents/**']
budgets:
  - name: acme
    match: {tenant: acme}
    monthly_cost: {soft: $40, hard: $50}
  - name: all
    match: {}
    monthly_tokens: {hard: 1_000_000_000}
workflows:
  w:
    feature: support
    owner: "@acme/support"
    complexity: low
    prompts:
      - prompts/system.txt
      - {path: prompts/t.j2, format: jinja}
    max_tokens: 200
    samples:
      - {name: short, weight: 1, variables: {a: {tokens: 10}}}
      - {name: long, weight: 3, variables: {a: {tokens: 60}}}
    traffic:
      - tenant: acme
        environment: prod
        calls: 1000/month
        output_tokens: 100
        cache_hit_rate: 10%
    envelope:
      increase: {hard: 5%}
      cost_per_call: {hard: $0.01}
      monthly_cost:
        soft: $2
        hard: $3
"""


class Cheat(NamedTuple):
    """Text of `GATED` and what takes its place; the key that must be named, and its line."""

    old: str
    new: str
    key: str
    line: str
    says: str = ""
    rule: str = "loosened"


W = "workflows.w"
CHEATS = {
    "raise a limit": Cheat(
        "hard: $3", "hard: $2_000.50", f"{W}.envelope.monthly_cost.hard", "hard: $2_000.50",
        f"`{W}.envelope.monthly_cost.hard` is raised from $3 to $2,000.50 (the base's value was used in this review)",
    ),
    "raise a soft limit": Cheat("soft: $2", "soft: $2.5", f"{W}.envelope.monthly_cost.soft", "soft: $2.5", "from $2 to $2.50"),
    "remove a bound": Cheat("        hard: $3\n", "", f"{W}.envelope.monthly_cost.hard", "      monthly_cost:", "is removed; it was $3"),
    "remove a limit": Cheat("      increase: {hard: 5%}\n", "", f"{W}.envelope.increase.hard", "    envelope:", "is removed; it was 5%"),
    "remove the envelope": Cheat(
        GATED[GATED.index("    envelope:\n      increase") :], "", f"{W}.envelope.monthly_cost.hard", "  w:"
    ),
    "another statistic": Cheat(
        "    envelope:\n      inc", "    envelope:\n      input_tokens: {hard: 8_000, over: p50}\n      inc",
        f"{W}.envelope.input_tokens.over", "over: p50", "from max to p50",
    ),
    "make it approvable": Cheat("    envelope:\n      inc", "    envelope:\n      approvable: true\n      inc", f"{W}.envelope.approvable", "approvable: true", "from false to true"),
    "raise a default limit": Cheat("hard: 9_000", "hard: 99_000", "defaults.envelope.input_tokens.hard", "hard: 99_000", "from 9,000 to 99,000"),
    "cut calls": Cheat("calls: 1000/month", "calls: 10/day", f"{W}.traffic[0].calls", "calls: 10/day", "is lowered from 1,000/month to 304.375/month"),
    "shorter answers": Cheat("output_tokens: 100", "output_tokens: 1", f"{W}.traffic[0].output_tokens", "        output_tokens: 1"),
    "longer answers dilute the increase": Cheat("output_tokens: 100", "output_tokens: 190", f"{W}.traffic[0].output_tokens", "output_tokens: 190"),
    "more input from the cache": Cheat("cache_hit_rate: 10%", "cache_hit_rate: 90%", f"{W}.traffic[0].cache_hit_rate", "cache_hit_rate: 90%", "from 10% to 90%"),
    "a cheaper service tier": Cheat("    cache_hit_rate: 10%", "    cache_hit_rate: 10%\n        service_tier: batch", f"{W}.traffic[0].service_tier", "service_tier: batch", "from standard to batch"),
    "a fake cheap stream": Cheat(
        "        cache_hit_rate: 10%\n", "        cache_hit_rate: 10%\n      - {calls: 900_000/month, output_tokens: 0}\n",
        f"{W}.traffic[1]", "900_000/month", "is added: 900,000/month (standard)",
    ),
    "a stream taken out": Cheat(
        "traffic: [{calls: 10/month, output_tokens: 10}]",
        "traffic: [{tenant: x, calls: 10/month, output_tokens: 10}, {calls: 5/month, output_tokens: 1}]",
        "defaults.traffic[0]", "tenant: x",
    ),
    "the tenant renamed": Cheat("tenant: acme\n", "tenant: other\n", f"{W}.traffic[0].tenant", "tenant: other", "from acme to other"),
    "the environment renamed": Cheat("environment: prod", "environment: dev", f"{W}.traffic[0].environment", "environment: dev"),
    "no environment": Cheat("        environment: prod\n", "", f"{W}.traffic[0].environment", "- tenant: acme"),
    "another feature": Cheat("feature: support", "feature: other", f"{W}.feature", "feature: other", "is changed from support to other"),
    "no feature": Cheat("    feature: support\n", "", f"{W}.feature", "  w:", "is removed; it was support"),
    "another owner": Cheat('owner: "@acme/support"', 'owner: "@acme/other"', f"{W}.owner", "@acme/other"),
    "more complexity": Cheat("complexity: low", "complexity: high", f"{W}.complexity", "complexity: high", "from low to high"),
    "a lower output cap": Cheat("max_tokens: 200", "max_tokens: 1", f"{W}.max_tokens", "max_tokens: 1", "from 200 to 1 (the change's own value was used"),
    "the default output cap instead": Cheat("    max_tokens: 200\n", "", f"{W}.max_tokens", "  w:"),
    "a cheaper model in the configuration": Cheat("    max_tokens: 200\n", "    max_tokens: 200\n    model: openai/gpt-4o-mini\n", f"{W}.model", "model: openai/gpt-4o-mini"),
    "another default model": Cheat("  model: openai/gpt-4o\n", "  model: openai/gpt-4o-mini\n", "defaults.model", "model: openai/gpt-4o-mini"),
    "a lower default output cap": Cheat("max_tokens: 300", "max_tokens: 3", "defaults.max_tokens", "max_tokens: 3"),
    "another format": Cheat("format: jinja", "format: text", f"{W}.prompts.prompts/t.j2.format", "format: text", "from jinja to text"),
    "shorter samples": Cheat("{a: {tokens: 60}}", "{a: {tokens: 1}}", f"{W}.samples", "    samples:", "its own samples"),
    "samples replaced": Cheat("      - {name: long, weight: 3, variables: {a: {tokens: 60}}}\n", "", f"{W}.samples", "    samples:", "its own samples"),
    "more weight for the small sample": Cheat("weight: 1,", "weight: 100,", f"{W}.samples", "    samples:", "its own samples"),
    "many samples in the middle": Cheat(
        "      - {name: short, weight: 1, variables: {a: {tokens: 10}}}\n      - {name: long, weight: 3, variables: {a: {tokens: 60}}}\n",
        "      - {name: middle, variables: {a: {tokens: 50}}}\n", f"{W}.samples", "    samples:", "fewer input tokens (max)",
    ),
    "a prompt taken out": Cheat("      - prompts/system.txt\n", "", f"{W}.prompts", "    prompts:", "taken out", "removed"),
    "a path that points elsewhere": Cheat("prompts/system.txt", "prompts/small.txt", f"{W}.prompts", "    prompts:", "taken out", "removed"),
    "a cheaper override": Cheat('input: "2.50"', 'input: "0.01"', "prices.overrides.gpt-4o.input", 'input: "0.01"', "from $2.50 to $0.01"),
    "an override under another spelling": Cheat(
        "  overrides:\n", '  overrides:\n    openai/gpt-4o: {input: "0", output: "0.1"}\n', "prices.overrides.openai/gpt-4o",
        "    openai/gpt-4o: {input", "is added: input $0, output $0.10",
    ),
    "an override taken out": Cheat('    gpt-4o: {input: "2.50", output: "10"}\n', "", "prices.overrides.gpt-4o", "overrides:"),
    "a cheaper date": Cheat("as_of: 2026-11-01", "as_of: 2027-11-01", "prices.as_of", "as_of: 2027", "from 2026-11-01 to 2027-11-01"),
    "oneself as approver": Cheat("    - octocat\n", "    - octocat\n    - author\n", "approval.approvers.author", "- author", "`approval.approvers` gains author"),
    "another label": Cheat("label: cost-ok", "label: mine", "approval.label", "label: mine"),
    "strict dropped": Cheat("  strict: true\n", "", "approval.strict", "approval:", "from true to false"),
    "raise high_cost": Cheat("high_cost: $5", "high_cost: $5_000", "high_cost", "high_cost:", "is raised from $5 to $5,000"),
    "no high_cost": Cheat("high_cost: $5\n", "", "high_cost", "version: 1"),
    "another tier": Cheat("premium: [openai/gpt-4o]", "premium: []", "tiers.premium.openai/gpt-4o", "premium:", "`tiers.premium` loses openai/gpt-4o"),
    "a further tier": Cheat("  economy:", "  mine: [openai/*]\n  economy:", "tiers.mine.openai/*", "mine:"),
    "tiers in another order": Cheat(
        "  premium: [openai/gpt-4o]\n  economy: [openai/gpt-4o-mini]\n", "  economy: [openai/gpt-4o-mini]\n  premium: [openai/gpt-4o]\n",
        "tiers", "tiers:", "from premium, economy to economy, premium",
    ),
    "a file left out of coverage": Cheat("coverage:\n", "coverage:\n  ignore: ['prompts/**']\n", "coverage.ignore.prompts/**", "ignore:", "`coverage.ignore` gains prompts/**"),
    "less coverage": Cheat("['agents/**']", "[]", "coverage.prompts.agents/**", "prompts: []"),
    "a budget taken out": Cheat(GATED[GATED.index("  - name: acme") : GATED.index("  - name: all")], "", "budgets.acme", "budgets:", "is removed; it was monthly_cost soft $40, monthly_cost hard $50"),
    "a larger budget": Cheat("hard: $50", "hard: $500", "budgets.acme.monthly_cost.hard", "hard: $500", "from $50 to $500"),
    "a budget of more tokens": Cheat("1_000_000_000", "2_000_000_000", "budgets.all.monthly_tokens.hard", "2_000_000_000", "from 1,000,000,000 to 2,000,000,000"),
    "a narrower budget": Cheat("match: {}", "match: {feature: none}", "budgets.all.match.feature", "match: {feature", "is added: none"),
    "a budget over something else": Cheat("match: {tenant: acme}", "match: {tenant: other}", "budgets.acme.match.tenant", "match: {tenant: other}"),
}  # fmt: skip


def gated(text: str = GATED, count: int = 100) -> Files:
    return {
        CONFIGURATION: text,
        PROMPT: tokens(count),
        "prompts/small.txt": "x",
        "prompts/t.j2": "{{ a }}",
    }


def edited(cheat: Cheat) -> str:
    assert GATED.count(cheat.old) == 1
    return GATED.replace(cheat.old, cheat.new)


def findings(outcome: Outcome) -> list[dict[str, Any]]:
    """All findings but the one that the model is in a dearer tier than the workflow deserves."""
    report = outcome.report
    of_workflows = (found for one in report["workflows"] for found in one["findings"])
    return [it for it in (*report["findings"], *of_workflows) if it["rule"] != "complexity"]


@pytest.mark.parametrize("name", CHEATS)
def test_an_edit_that_loosens_is_named_with_its_line(repository: Repository, name: str) -> None:
    cheat = CHEATS[name]
    text = edited(cheat)
    outcome = change(repository, gated(), {CONFIGURATION: text})
    assert stopped(outcome)
    found = [it for it in findings(outcome) if it["place"] and it["place"]["key"] == cheat.key]
    assert {it["rule"] for it in found} == {cheat.rule}
    line = next(n for n, it in enumerate(text.splitlines(), 1) if cheat.line in it)
    assert {(it["place"]["file"], it["place"]["line"]) for it in found} == {(CONFIGURATION, line)}
    assert any(cheat.says in it["text"] for it in found)
    assert {it["verdict"] for it in found} == {"needs-approval"}


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_values_and_keys_are_cut_and_inert(repository: Repository, form: str) -> None:
    name = "`<b>@acme/all\u202e" + "x" * 150
    text = GATED.replace("economy: [", f"economy: ['{name}', ").replace(
        "  overrides:\n", f"  overrides:\n    '{name}': {{input: '0', output: '0'}}\n"
    )
    outcome = change(repository, gated(), {CONFIGURATION: text}, form=form)
    assert outcome.code == 1
    assert "\u202e" not in outcome.out
    assert "x" * 80 not in outcome.out.replace("\n", "").replace(" ", "")
    assert form == "terminal" or not re.search(r"<b>|@acme", outcome.out)


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_people_are_shown_file_and_line(repository: Repository, form: str) -> None:
    text = edited(CHEATS["raise a limit"])
    out = change(repository, gated(), {CONFIGURATION: text}, form=form).out
    line = text[: text.index("hard: $2_000")].count("\n") + 1
    assert f"{CONFIGURATION}:{line}:" in out


DOES_NOT_GOVERN = [
    name
    for name, cheat in CHEATS.items()
    if cheat.rule == "loosened" and not re.search(r"model|output cap|format", name)
]


@pytest.mark.parametrize("name", DOES_NOT_GOVERN)
def test_an_edit_that_loosens_buys_no_longer_prompt(repository: Repository, name: str) -> None:
    after = {CONFIGURATION: edited(CHEATS[name]), PROMPT: tokens(2000)}
    outcome = change(repository, gated(), after)
    assert stopped(outcome, "fail")
    rules = {it["rule"] for it in findings(outcome) if it["verdict"] == "fail"}
    assert rules == {"monthly_cost", "increase"}


TIGHTENINGS = {
    "a lower limit": ("hard: $3", "hard: $2.9"),
    "a further limit": ("    envelope:\n      inc", "    envelope:\n      input_tokens: {soft: 8_000, hard: 8_500}\n      inc"),
    "a further default limit": ("input_tokens: {hard: 9_000}", "input_tokens: {soft: 8_000, hard: 9_000}"),
    "more calls": ("calls: 1000/month", "calls: 1010/month"),
    "a lower high_cost": ("high_cost: $5", "high_cost: $4"),
    "a budget that covers more": ("match: {tenant: acme}", "match: {}"),
    "a smaller budget": ("hard: $50", "hard: $45"),
    "a further budget": ("budgets:\n", "budgets:\n  - {name: more, match: {owner: x}, monthly_cost: {hard: $9}}\n"),
    "no label": ("  label: cost-ok\n", ""),
    "more coverage": ("['agents/**']", "['agents/**', 'lib/**']"),
    "a higher output cap": ("max_tokens: 200", "max_tokens: 201"),
    "less complexity": ("complexity: low", "complexity: low # still"),
    "a comment and another spelling": ("calls: 1000/month", "calls: 1_000/month"),
}  # fmt: skip


@pytest.mark.parametrize("name", TIGHTENINGS)
def test_a_tightening_needs_no_approval(repository: Repository, name: str) -> None:
    old, new = TIGHTENINGS[name]
    assert GATED.count(old) == 1
    outcome = change(repository, gated(), {CONFIGURATION: GATED.replace(old, new)})
    assert (outcome.code, findings(outcome)) == (0, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [("strict: true", "strict: false"), ("complexity: low", "complexity: high")],
)
def test_the_way_back_is_a_tightening(repository: Repository, before: str, after: str) -> None:
    loose = GATED.replace(before, after)
    assert change(repository, gated(loose), {CONFIGURATION: GATED}).code == 0


def test_fewer_approvers_need_no_approval(repository: Repository) -> None:
    two = GATED.replace("    - octocat\n", "    - octocat\n    - author\n")
    assert change(repository, gated(two), {CONFIGURATION: GATED}).code == 0


def test_a_stream_that_leaves_names_its_calls(repository: Repository) -> None:
    one = "- {tenant: a, calls: 9/day, output_tokens: 1}"
    two = GATED.replace("    traffic:\n", f"    traffic:\n      {one}\n")
    outcome = change(repository, gated(two), {CONFIGURATION: GATED})
    assert stopped(outcome)
    (found,) = [it for it in findings(outcome) if "loses" in it["text"]]
    assert found["text"].startswith("`workflows.w.traffic` loses 273.9375/month (a, standard)")
    assert found["place"]["line"] == GATED[: GATED.index("    traffic:")].count("\n") + 1


def test_more_calls_of_one_stream_dilute_the_mean_of_a_call(repository: Repository) -> None:
    one = "      - {tenant: a, calls: 9/day, output_tokens: 1}\n"
    two = GATED.replace("    traffic:\n", f"    traffic:\n{one}")
    outcome = change(repository, gated(two), {CONFIGURATION: two.replace("9/day", "900/day")})
    assert stopped(outcome)
    assert "`workflows.w.traffic[0].calls` is raised" in findings(outcome)[0]["text"]


def test_what_main_tightened_since_is_not_loosened_by_this_branch(repository: Repository) -> None:
    repository.commit(gated())
    repository.branch("work")
    repository.commit({CONFIGURATION: GATED.replace("high_cost: $5", "high_cost: $4")})
    repository.git("switch", "--quiet", "main")
    repository.commit({CONFIGURATION: GATED.replace("hard: $3", "hard: $2.50")})
    repository.git("switch", "--quiet", "work")
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])


def test_many_loosenings_are_folded(repository: Repository) -> None:
    names = [f"p{number}" for number in range(30)]
    more = GATED.replace("    - octocat\n", "".join(f"    - {n}\n" for n in ["octocat", *names]))
    outcome = change(repository, gated(), {CONFIGURATION: more})
    assert stopped(outcome)
    texts = [it["text"] for it in outcome.report["findings"]]
    assert len(texts) == 21
    assert texts[-1] == "and 10 more settings are loosened"


def test_an_approval_holds_where_lines_move_and_not_where_values_do(
    repository: Repository,
) -> None:
    def evidence(text: str) -> tuple[str, str, int]:
        repository.commit({CONFIGURATION: text})
        report = review(repository).report
        (one,) = report["workflows"]
        return (
            report["configuration_evidence"],
            one["evidence"],
            next(it["place"]["line"] for it in one["findings"] if it["place"]),
        )

    repository.commit(gated())
    repository.branch("work")
    loose = GATED.replace("hard: $3", "hard: $30").replace("high_cost: $5", "high_cost: $50")
    first, moved = evidence(loose), evidence(f"# a remark\n\n{loose}")
    assert first[:2] == moved[:2]
    assert moved[2] == first[2] + 2
    assert evidence(loose.replace("$50\n", "$51\n"))[0] != first[0]
    assert evidence(loose.replace("$30", "$31"))[1] != first[1]


def test_a_prompt_moved_to_a_new_workflow(repository: Repository) -> None:
    two = GATED.replace("      - prompts/system.txt\n", "") + (
        "  n: {prompts: prompts/system.txt, traffic: [{calls: 1/year, output_tokens: 1}]}\n"
    )
    outcome = change(repository, gated(), {CONFIGURATION: two, PROMPT: tokens(9000)})
    assert outcome.code == 1
    (found,) = [it for it in findings(outcome) if it["rule"] == "removed"]
    assert found["place"]["key"] == "workflows.w.prompts"
    assert "prompts/system.txt" in found["text"]


def test_a_workflow_that_is_renamed_or_deleted(repository: Repository) -> None:
    renamed = GATED.replace("  w:\n", "  v:\n")
    outcome = change(repository, gated(), {CONFIGURATION: renamed, PROMPT: tokens(9000)})
    assert outcome.code == 1
    by_key = {it["place"]["key"]: it for it in findings(outcome) if it["place"]}
    line = renamed[: renamed.index("  v:")].count("\n") + 1
    assert by_key["workflows.v"]["place"]["line"] == line
    assert by_key["workflows.w.prompts"]["place"]["line"] == line - 1


def test_a_workflow_whose_prompt_lives_on_outside_of_all(repository: Repository) -> None:
    two = GATED + "  x: {prompts: prompts/small.txt}\n"
    gone: Files = {"prompts/small.txt": None, "prompts/other.md": tokens(5000)}
    outcome = change(repository, gated(two), {CONFIGURATION: GATED, **gone})
    assert stopped(outcome)
    (found,) = findings(outcome)
    assert found["text"].endswith("changes: prompts/other.md")
    assert found["place"]["key"] == "workflows"


def test_a_partial_that_is_swapped_is_measured(repository: Repository) -> None:
    files = gated() | {"prompts/t.j2": "{% include 'p.j2' %}", "prompts/p.j2": "{{ a }}"}
    larger = {"prompts/t.j2": "{% include 'q.j2' %}", "prompts/q.j2": tokens(2000) + "{{ a }}"}
    assert stopped(change(repository, files, larger), "fail")


def test_a_second_configuration_has_no_effect(repository: Repository) -> None:
    loose = GATED.replace("hard: $3", "hard: $3_000").replace("hard: 5%", "hard: 500_000%")
    more = {"reviewbot.yml": loose, ".github/reviewbot.yaml": loose, PROMPT: tokens(2000)}
    outcome = change(repository, gated(), more)
    assert stopped(outcome, "fail")
    assert outcome.report["configuration"] == CONFIGURATION


def test_a_configuration_that_becomes_a_link(repository: Repository) -> None:
    repository.commit(gated())
    repository.branch("work")
    repository.write({CONFIGURATION: None, "loose.yml": GATED.replace("hard: $3", "hard: $3_000")})
    (repository.path / CONFIGURATION).symlink_to("../loose.yml")
    repository.commit({PROMPT: tokens(2000)})
    outcome = review(repository)
    assert outcome.code == 2
    assert f"{CONFIGURATION}: " in outcome.errors


def test_every_setting_is_judged_or_known_to_need_no_judgement() -> None:
    """A new setting belongs in `edits`; until it is there, this fails."""
    measured = {"name", "place", "prompts", "tools", "samples"}
    judged = {"traffic", "model", "encoding", "counts_as", "max_tokens", "envelope", "templates"}
    labels = {"feature", "owner", "complexity"}
    assert {*Workflow.__struct_fields__} == measured | judged | labels
    assert {*Configuration.__struct_fields__} == {
        *("file", "workflows", "prices", "tiers", "defaults"),
        *("high_cost_usd_per_month", "approval", "budgets", "coverage", "baseline"),
    }
    limits = {"input_tokens", "cost_per_call", "monthly_cost", "increase", "approvable"}
    assert {*Envelope.__struct_fields__} == limits
    assert {*Limit.__struct_fields__} == {"soft", "hard"}
    assert {*Budget.__struct_fields__} == {
        *("name", "match", "place", "monthly_cost", "monthly_tokens", "approvable"),
    }
    assert {*Approval.__struct_fields__} == {"approvers", "label", "strict", "expires_after_days"}
    assert {*Defaults.__struct_fields__} == {
        *("model", "max_tokens", "traffic", "envelope", "templates"),
    }
    assert {*Coverage.__struct_fields__} == {"prompts", "ignore"}
    assert {*Prices.__struct_fields__} == {"as_of", "overrides"}


def test_a_prompt_that_includes_its_own_file_changes_with_all_that_stands_there(
    repository: Repository,
) -> None:
    settings = configuration({"w": workflow("[{path: 'p.yaml#a', format: jinja}]")})
    before = f"a: \"{{% if x %}}{{% include 'p.yaml' %}}{{% endif %}}\"\nb: {tokens(10)}\n"
    after = before.replace("b: ", "b: token ")
    outcome = change(repository, {"p.yaml": before, CONFIGURATION: settings}, {"p.yaml": after})
    assert [item["name"] for item in outcome.report["workflows"]] == ["w"]


def test_a_companion_that_is_included_too_is_followed(repository: Repository) -> None:
    settings = configuration({"w": workflow("p.j2")})
    outcome = change(
        repository,
        {
            "p.j2": "{% include 'a.j2' %}",
            "a.j2": "{% include 'p.j2' ignore missing %}{% include 'b.j2' %}",
            "b.j2": tokens(10),
            CONFIGURATION: settings,
        },
        {"b.j2": tokens(30)},
    )
    assert [item["name"] for item in outcome.report["workflows"]] == ["w"]
