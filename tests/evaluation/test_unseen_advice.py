"""Following the advice to add a sample: the line is measured, and nothing looks like cheating."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, configuration, review, tokens, workflow

TEMPLATE = "prompts/answer.j2"
FIRST = "{name: typical, variables: {tier: pro}}"


def template(words: int) -> str:
    sides = f"{tokens(300)}\n{{% else %}}\n{tokens(words)}\n"
    return f'{{% if tier == "pro" %}}\n{sides}{{% endif %}}\n'


def settings(*samples: str) -> str:
    told = f"[{', '.join((FIRST, *samples))}]"
    flow = workflow(TEMPLATE, samples=told, envelope="{increase: {hard: 10%}}")
    return configuration({"w": flow}, approval="{approvers: [kim]}")


def change(repository: Repository, words: int, *samples: str) -> None:
    repository.commit({CONFIGURATION: settings(), TEMPLATE: template(2)})
    repository.commit({CONFIGURATION: settings(*samples), TEMPLATE: template(words)})


def test_the_advice_is_followed(repository: Repository) -> None:
    change(repository, 40)
    said = review(repository, "--base", "HEAD~1").workflow()["findings"]
    (advice,) = [item["text"] for item in said if item["rule"] == "unseen"]
    assert advice.endswith(
        "add a sample that does: with `tier: other`, and `weight: 0.001` so that the mean stays"
    )
    sample = "{name: other, weight: 0.001, variables: {tier: other}}"
    repository.commit({CONFIGURATION: settings(sample)})
    outcome = review(repository, "--base", "HEAD~2")
    assert (outcome.code, outcome.rules()) == (0, {})
    assert [item["name"] for item in outcome.workflow()["proposed"]["samples"]] == [
        "typical",
        "other",
    ]


@pytest.mark.parametrize(
    "samples",
    [
        ["{name: other, variables: {tier: other}}"],
        ["{name: other, weight: 0.002, variables: {tier: other}}"],
        [f"{{name: o{n}, weight: 0.001, variables: {{tier: other}}}}" for n in range(2)],
    ],
    ids=["as heavy", "too heavy", "several"],
)
def test_samples_that_move_the_mean_still_need_approval(
    repository: Repository, samples: list[str]
) -> None:
    change(repository, 40, *samples)
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.code == 1
    assert "cheaper by its own samples" in outcome.workflow()["findings"][0]["text"]


def test_light_samples_do_not_add_up(repository: Repository) -> None:
    many = [f"{{name: o{n}, weight: 0.001, variables: {{tier: other}}}}" for n in range(12)]
    repository.commit({CONFIGURATION: settings(*many[:11]), TEMPLATE: template(2)})
    repository.commit({CONFIGURATION: settings(*many), TEMPLATE: template(2)})
    assert review(repository, "--base", "HEAD~1").code == 1
