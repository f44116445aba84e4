"""What a review says of limits that were broken before, and of those that the change sets itself."""

import html

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

APPROVERS = "{approvers: [kim]}"


def limited(*envelopes: str) -> str:
    names = "wxyz"
    return configuration(
        {name: workflow(envelope=own) for name, own in zip(names, envelopes, strict=False)},
        approval=APPROVERS,
    )


@pytest.mark.parametrize(
    ("envelope", "said", "more"),
    [
        ("{monthly_cost: {hard: $1}}", "$3.27 after $3.52", "take $2.27 more off"),
        ("{monthly_cost: {soft: $1}}", "$3.27 after $3.52", "take $2.27 more off"),
        ("{cost_per_call: {hard: $0.001}}", "$0.003268 after $0.003518", "take $0.002268 more off"),
        ("{input_tokens: {hard: 100}}", "907 after 1,007", "take 807 more off"),
    ],
)
def test_a_saving_is_no_cause_of_a_limit_that_was_broken_before(
    repository: Repository, envelope: str, said: str, more: str
) -> None:
    outcome = change(
        repository,
        {PROMPT: tokens(1000), CONFIGURATION: limited(envelope)},
        {PROMPT: tokens(900)},
        form="terminal",
    )
    words = " ".join(outcome.out.split())
    assert f"before {said}: over its limit already on main, and now less try {more}" in words
    assert "cause" not in words
    assert ("which kim may approve" in words) == ("hard" in envelope)
    assert outcome.code == 0
    comment = review(repository, form="markdown").out.replace("\\", "")
    assert f"- w: {said}: over its limit already on main" in comment
    assert "**Cause**" not in comment
    page = review(repository, form="html").out
    assert f"{said}: over its limit already on main, and now less; {more}" in page
    assert "over its limit already on main" in review(repository, "--suggest").errors


@pytest.mark.parametrize("after", [1100, 1000])
def test_what_grows_is_the_cause(repository: Repository, after: int) -> None:
    files: dict[str, str | bytes | None] = {
        PROMPT: tokens(1000),
        CONFIGURATION: limited("{monthly_cost: {hard: $1}}"),
    }
    outcome = change(repository, files, {PROMPT: f"{tokens(after)}."}, form="terminal")
    assert "cause" in outcome.out
    assert "already on main" not in outcome.out


def test_limits_of_the_change_that_are_broken_are_told(repository: Repository) -> None:
    before = limited(*["{monthly_cost: {hard: $9}}"] * 3)
    after = limited("{monthly_cost: {hard: $1}}", "{cost_per_call: {hard: $0.001}}", "{}")
    outcome = change(
        repository,
        {PROMPT: tokens(1000), CONFIGURATION: before},
        {CONFIGURATION: after},
        form="terminal",
    )
    words = " ".join(outcome.out.split())
    said = (
        "The limits of main were used; with this change's own settings 2 workflows are over: "
        "x ($3.52 a month, hard $0.001000 a call), w ($3.52 a month, hard $1.00)."
    )
    assert said in words
    comment = review(repository, form="markdown").out.replace("\\", "")
    assert said in comment
    assert said in html.unescape(review(repository, form="html").out)
    repository.commit({CONFIGURATION: limited("{monthly_cost: {hard: $8}}")})
    kept = review(repository, form="terminal")
    assert "own settings" not in kept.out


def test_the_hard_limit_is_named_first_of_several_that_are_raised(repository: Repository) -> None:
    before = "{monthly_cost: {soft: $5, hard: $6}, input_tokens: {soft: 2000, hard: 3000}, increase: {soft: 5%, hard: 9%}}"
    after = "{monthly_cost: {soft: $6, hard: $7}, input_tokens: {soft: 2001, hard: 3001}, increase: {soft: 6%, hard: 10%}}"
    outcome = change(
        repository,
        {PROMPT: tokens(1000), CONFIGURATION: limited(before)},
        {CONFIGURATION: limited(after)},
        form="terminal",
    )
    shown = [line for line in outcome.out.splitlines() if "envelope." in line]
    assert len(shown) >= 3
    assert not any(".soft`" in line for line in shown[:3]), shown
    assert "and 3 more findings" in outcome.out


def test_a_broken_limit_can_be_raised_with_approval(repository: Repository) -> None:
    outcome = change(
        repository,
        {PROMPT: tokens(1000), CONFIGURATION: limited("{monthly_cost: {hard: $1}}")},
        {CONFIGURATION: limited("{monthly_cost: {hard: $4}}")},
        form="terminal",
    )
    words = " ".join(outcome.out.split())
    assert "$3.52: over its limit already on main, and this change adds nothing" in words
    assert "reviewbot: needs approval: " in words
    assert "is raised from $1 to $4" in words


def test_a_limit_that_is_broken_further_fails(repository: Repository) -> None:
    outcome = change(
        repository,
        {PROMPT: tokens(1000), CONFIGURATION: limited("{monthly_cost: {hard: $1}}")},
        {PROMPT: tokens(1001), CONFIGURATION: limited("{monthly_cost: {hard: $4}}")},
        form="terminal",
    )
    assert "reviewbot: fail: " in outcome.out


def test_a_soft_limit_of_the_change_is_said_to_only_warn(repository: Repository) -> None:
    outcome = change(
        repository,
        {PROMPT: tokens(1000), CONFIGURATION: limited("{monthly_cost: {soft: $9}}")},
        {CONFIGURATION: limited("{monthly_cost: {soft: $1}}")},
        form="terminal",
    )
    said = "own settings 1 workflow is over its soft limit, which only warns: w ($3.52 a month"
    assert said in " ".join(outcome.out.split())
    assert outcome.code == 0
