"""Over a hard limit the terminal says how much to take off, and how the limit may be raised."""

import re

import pytest

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


def over(repository: Repository, envelope: str, added: int) -> Outcome:
    limits = f"{{envelope: {{{envelope}}}}}"
    settings = configuration(
        {"w": workflow(traffic="[{calls: 9000/month, output_tokens: 1}]")},
        defaults=limits,
        approval='{approvers: ["@acme/platform"]}',
    )
    before = {CONFIGURATION: settings, PROMPT: f"{tokens(500)}\n"}
    change(repository, before, {PROMPT: f"{tokens(500)}\n{tokens(added)}\n"})
    return review(repository, form="terminal")


@pytest.mark.parametrize(
    ("envelope", "key"),
    [
        ("increase: {soft: 5%, hard: 20%}", "increase"),
        ("input_tokens: {hard: 600}", "input_tokens"),
        ("monthly_cost: {hard: $13}", "monthly_cost"),
        ("cost_per_call: {hard: $0.0015}", "cost_per_call"),
    ],
)
def test_taking_so_many_tokens_off_is_enough(
    repository: Repository, envelope: str, key: str
) -> None:
    outcome = over(repository, envelope, 300)
    said = " ".join(outcome.out.split())
    found = re.search(r"or take (\d+) of (\d+) tokens off, or raise `envelope.(\w+).hard`", said)
    assert found is not None, said
    assert (outcome.code, found[3]) == (1, key)
    assert f"({CONFIGURATION}:3), which @acme/platform may approve" in said
    repository.commit({PROMPT: f"{tokens(500)}\n{tokens(300 - int(found[1]))}\n"})
    assert review(repository, "--base", "main").code == 0


def test_what_is_over_a_soft_limit_only_is_not_undone(repository: Repository) -> None:
    assert "take" not in over(repository, "increase: {soft: 5%, hard: 20%}", 50).out
    outcome = review(repository, "--suggest", form="terminal")
    assert outcome.out == ""
    assert "nothing to suggest: no limit stops this change" in outcome.errors


def test_a_limit_that_several_are_over_is_named_once(repository: Repository) -> None:
    """Beside what each would have to lose."""
    settings = configuration(
        {name: workflow(f"prompts/{name}.txt") for name in ("a", "b", "c")},
        defaults="{envelope: {increase: {hard: 20%}}}",
        approval="{approvers: [kim]}",
    )
    paths = [f"prompts/{name}.txt" for name in ("a", "b", "c")]
    before = {CONFIGURATION: settings, **dict.fromkeys(paths, tokens(500))}
    change(repository, before, dict.fromkeys(paths, tokens(900)))
    said = " ".join(review(repository, form="terminal").out.split())
    assert len(re.findall(r"or take \d+ of 400 tokens off", said)) == 3
    assert said.count("raise `envelope.increase.hard`") == 1
