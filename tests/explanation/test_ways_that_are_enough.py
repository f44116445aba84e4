"""Which ways back are told to be enough: those that leave nothing to complain of."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    tokens,
    workflow,
)

TIERS = (
    "{premium: [openai/gpt-4.1], standard: [openai/gpt-4.1-mini], economy: [openai/gpt-4o-mini]}"
)
TRAFFIC = "[{calls: 1000000/month, output_tokens: 100}]"
PREMIUM = "openai/gpt-4.1"


def grown(repository: Repository, settings: str) -> Outcome:
    """A change that doubles both prompts."""
    texts = {PROMPT: tokens(1000), "prompts/other.txt": tokens(1000)}
    return change(
        repository,
        {CONFIGURATION: settings, **texts},
        {name: f"{text} {text}" for name, text in texts.items()},
    )


def fits(outcome: Outcome, name: str = "w") -> dict[str, bool]:
    return {
        item["value"] or item["kind"]: item["fits"] for item in outcome.workflow(name)["ways_back"]
    }


def test_a_tier_that_is_not_deserved_is_not_enough(repository: Repository) -> None:
    settings = {"w": workflow(model=PREMIUM, traffic=TRAFFIC, complexity="low")}
    outcome = grown(repository, configuration(settings, tiers=TIERS))
    assert outcome.rules() == {"complexity": "warn"}
    assert fits(outcome) == {
        "openai/gpt-4o-mini": True,
        "openai/gpt-4.1-mini": False,
        "changed lines": False,
    }


def test_a_hard_limit_asks_for_no_other_tier(repository: Repository) -> None:
    limits = "{monthly_cost: {hard: $3000}}"
    settings = {"w": workflow(model=PREMIUM, traffic=TRAFFIC, complexity="low", envelope=limits)}
    outcome = grown(repository, configuration(settings, tiers=TIERS))
    assert outcome.rules() == {"monthly_cost": "fail", "complexity": "warn"}
    assert set(fits(outcome).values()) == {True}


@pytest.mark.parametrize(("threshold", "enough"), [("$4000", True), ("$2500", False)])
def test_high_cost_before_the_change_needs_approval_whatever_it_costs_then(
    repository: Repository, threshold: str, *, enough: bool
) -> None:
    # 1,007 or 2,007 tokens at 2 USD a million, 100 at 8: 2,814 and 4,814 USD
    settings = configuration(
        {"w": workflow(model=PREMIUM, traffic=TRAFFIC)}, tiers=TIERS, high_cost=threshold
    )
    outcome = grown(repository, settings)
    assert outcome.rules() == {"high_cost": "needs-approval"}
    assert fits(outcome)["openai/gpt-4o-mini"] is enough


def test_a_budget_of_one_tier_is_no_affair_of_others(repository: Repository) -> None:
    settings = {
        "w": workflow(model=PREMIUM, traffic=TRAFFIC),
        "other": workflow("prompts/other.txt", model="openai/gpt-4.1-mini", traffic=TRAFFIC),
    }
    budgets = "[{name: premium, match: {tier: premium}, monthly_cost: {hard: $3000}}]"
    outcome = grown(repository, configuration(settings, tiers=TIERS, budgets=budgets))
    assert outcome.workflow()["ways_back"] != []
    assert outcome.workflow("other")["ways_back"] == []


def test_a_budget_of_tokens_is_not_kept_by_a_cheaper_model(repository: Repository) -> None:
    # 1 million calls x 2,107 tokens; half of the growth has to go
    traffic = "[{tenant: a, calls: 1000000/month, output_tokens: 100}]"
    budgets = "[{name: t, match: {tenant: a}, monthly_tokens: {hard: 1_500_000_000}}]"
    settings = {"w": workflow(model=PREMIUM, traffic=traffic)}
    outcome = grown(repository, configuration(settings, tiers=TIERS, budgets=budgets))
    assert fits(outcome) == {
        "openai/gpt-4o-mini": False,
        "openai/gpt-4.1-mini": False,
        "changed lines": True,
    }


def test_savings_for_another_tenant_do_not_keep_a_budget(repository: Repository) -> None:
    traffic = (
        "[{tenant: a, calls: 1000000/month, output_tokens: 100},"
        " {tenant: b, calls: 1000000/month, output_tokens: 100, can_wait: true}]"
    )
    budgets = "[{name: t, match: {tenant: a}, monthly_cost: {hard: $4000}}]"
    settings = {"w": workflow(model=PREMIUM, traffic=traffic)}
    outcome = grown(repository, configuration(settings, tiers=TIERS, budgets=budgets))
    told = fits(outcome)
    assert told["batch"] is False
    assert told["changed lines"] is True
