"""A repository whose configuration gates, and edits of it that cheat."""

from typing import Any, NamedTuple

from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    tokens,
)

Files = dict[str, str | bytes | None]


def stopped(outcome: Outcome, verdict: str = "needs-approval") -> bool:
    return outcome.code == 1 and outcome.report["verdict"] == verdict


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
  prompts: ['prompts/*.txt']
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
    "short samples for a stream": Cheat(
        "    cache_hit_rate: 10%", "    cache_hit_rate: 10%\n        sample_weights: {short: 99, long: 1}",
        f"{W}.traffic[0].sample_weights", "sample_weights", "is added: long 1, short 99",
    ),
    "a fake cheap stream": Cheat(
        "        cache_hit_rate: 10%\n", "        cache_hit_rate: 10%\n      - {calls: 900_000/month, output_tokens: 0}\n",
        f"{W}.traffic[1]", "900_000/month", "is added: 900,000/month (standard)",
    ),
    "a stream taken out": Cheat(
        "traffic: [{calls: 10/month, output_tokens: 10}]",
        "traffic: [{tenant: x, calls: 10/month, output_tokens: 10}, {calls: 5/month, output_tokens: 1}]",
        "defaults.traffic[0]", "tenant: x",
    ),
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
    "a cheaper override": Cheat('input: "2.50"', 'input: "0.05"', "prices.overrides.gpt-4o.input", 'input: "0.05"', "from $2.50 to $0.05"),
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
    "less coverage": Cheat("['prompts/*.txt']", "[]", "coverage.prompts.prompts/*.txt", "prompts: []"),
    "a budget taken out": Cheat(GATED[GATED.index("  - name: acme") : GATED.index("  - name: all")], "", "budgets.acme", "budgets:", "is removed; it was monthly_cost soft $40, monthly_cost hard $50"),
    "a larger budget": Cheat("hard: $50", "hard: $500", "budgets.acme.monthly_cost.hard", "hard: $500", "from $50 to $500"),
    "a budget of more tokens": Cheat("1_000_000_000", "2_000_000_000", "budgets.all.monthly_tokens.hard", "2_000_000_000", "from 1,000,000,000 to 2,000,000,000"),
    "a narrower budget": Cheat("match: {}", "match: {feature: support}", "budgets.all.match.feature", "match: {feature", "is added: support"),
    "a budget over something else": Cheat("match: {tenant: acme}", "match: {environment: prod}", "budgets.acme.match.environment", "match: {environment: prod}"),
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
