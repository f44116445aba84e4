"""Budgets are shown where a change concerns them: in money or in tokens, new ones too."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, tokens, workflow

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
