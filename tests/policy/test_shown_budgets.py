"""Budgets are shown where a change concerns them: in money or in tokens, new ones too."""

import re

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

FILES: dict[str, str | bytes | None] = {"prompts/a.txt": tokens(400), "prompts/b.txt": tokens(10)}


def configured(*budgets: str) -> str:
    traffic = "[{{tenant: {}, calls: 1000/month, output_tokens: 100}}]"
    text = configuration(
        {
            "a": workflow("prompts/a.txt", traffic=traffic.format("acme")),
            "b": workflow("prompts/b.txt", traffic=traffic.format("globex")),
        }
    )
    lines = "".join(f"  - {{{budget}}}\n" for budget in budgets)
    return f"{text}budgets:\n{lines}" if budgets else text


OVER = "name: acme, match: {tenant: acme}, monthly_cost: {soft: $1, hard: $9}"


def test_a_budget_that_the_change_does_not_concern_is_no_warning(repository: Repository) -> None:
    before = {**FILES, CONFIGURATION: configured(OVER)}
    outcome = change(repository, before, {"prompts/b.txt": tokens(12)}, form="terminal")
    assert outcome.code == 0
    assert "acme" not in outcome.out
    assert outcome.out.splitlines()[-1].startswith("reviewbot: pass")


def test_it_stands_in_the_report_all_the_same(repository: Repository) -> None:
    before = {**FILES, CONFIGURATION: configured(OVER)}
    outcome = change(repository, before, {"prompts/b.txt": tokens(12)})
    assert outcome.report["verdict"] == "pass"
    (budget,) = outcome.report["budgets"]
    assert (budget["verdict"], budget["touched"]) == ("warn", False)


def test_one_that_the_change_concerns_is_a_warning(repository: Repository) -> None:
    before = {**FILES, CONFIGURATION: configured(OVER)}
    outcome = change(repository, before, {"prompts/a.txt": tokens(402)})
    assert outcome.report["verdict"] == "warn"


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_the_first_budgets_are_shown(repository: Repository, form: str) -> None:
    before = {**FILES, CONFIGURATION: configured()}
    all_of_it = "name: all, match: {}, monthly_cost: {hard: $50}"
    outcome = change(
        repository,
        before,
        {CONFIGURATION: configured(OVER, all_of_it), "prompts/b.txt": tokens(12)},
        form=form,
    )
    shown = " ".join(outcome.out.split())
    assert "budget acme" in shown
    assert "new, over its limits" in shown
    assert "budget all" in shown
    assert "new, within its limits" in shown
    assert outcome.code == 0


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_a_budget_of_tokens_shows_tokens(repository: Repository, form: str) -> None:
    budget = "name: all, match: {}, monthly_tokens: {hard: 600_000}"
    before = {**FILES, CONFIGURATION: configured(budget)}
    outcome = change(repository, before, {"prompts/a.txt": tokens(900)}, form=form)
    assert outcome.code == 1
    (row,) = [line for line in outcome.out.splitlines() if "budget all" in line][:1]
    assert "$" not in row
    assert "M" in row or "000" in row


BROKEN = "name: all, match: {}, monthly_cost: {hard: $5}, monthly_tokens: {hard: 1_500_000}"
"""Broken by 1,000 more tokens in 1,000 calls of the first workflow."""


def broken(repository: Repository, budget: str = BROKEN) -> None:
    repository.commit({**FILES, CONFIGURATION: configured(budget)})
    repository.branch("work")
    repository.commit({"prompts/a.txt": f"{tokens(400)}\n{tokens(1000)}"})


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("terminal", ["cause a, prompts/a.txt:1–2: ", "try a, undo the change at prompts/a.txt"]),
        ("markdown", ["budget all: take "]),
        ("html", ["<title>1,625,000 tokens</title>", "<title>hard 1,500,000 tokens</title>"]),
        ("sarif", ["Try: take "]),
    ],
)
def test_one_that_the_change_breaks_says_what_to_do(
    repository: Repository, form: str, said: list[str]
) -> None:
    broken(repository)
    outcome = review(repository, form=form)
    shown = " ".join(outcome.out.split())
    assert outcome.code == 1
    for text in (*said, "tokens off", "in a pull request of its own first"):
        assert text in shown


def test_what_is_said_of_a_broken_budget_is_enough(repository: Repository) -> None:
    """To take so many tokens off, and to apply the patch: each gives a review that passes."""
    broken(repository)
    said = " ".join(review(repository, form="terminal").out.split())
    found = re.search(r"take (\d+) of 1,001 tokens off", said)
    assert found is not None
    patch = review(repository, "--suggest").out
    assert "-token token" in patch
    for cut, code in ((int(found[1]) - 2, 1), (int(found[1]), 0)):
        repository.commit({"prompts/a.txt": f"{tokens(400)}\n{tokens(1000 - cut)}"})
        assert review(repository).code == code


@pytest.mark.parametrize("adds", [2, 0])
def test_one_that_was_broken_before_is_kept_by_adding_nothing(
    repository: Repository, adds: int
) -> None:
    """Neither is undoing the change told to be too little."""
    broken(repository, "name: all, match: {}, monthly_cost: {hard: $1}")
    outcome = review(repository, form="terminal")
    said = " ".join(outcome.out.split())
    assert "saves $2.50 a month, leaving $2.02, which is enough" in said
    assert "take off all that it adds: the budget was over its limit already on main" in said
    repository.commit({"prompts/a.txt": tokens(400 + adds)})
    assert review(repository).code == (1 if adds else 0)
