"""Configurations that tests write, and the problems that reading them tells."""

import pytest

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import (
    Configuration,
)
from reviewbot.errors import ConfigurationError, Problem

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


# what can be wrong with it

NOT_A_PATH = "is not a path inside the repository"
NOT_A_MODEL = "is not a model's name"
NOT_A_LOGIN = "is not a login or a team"
