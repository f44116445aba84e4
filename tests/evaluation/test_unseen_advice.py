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
        " (one that lowers it needs approval)"
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


def test_a_place_without_known_values_is_told_the_weight_too(repository: Repository) -> None:
    hidden = f"{{% for item in tier[9:] %}}\n{tokens(40)}\n{{% endfor %}}\n"
    repository.commit({CONFIGURATION: settings(), TEMPLATE: template(2)})
    repository.commit({TEMPLATE: template(2) + hidden})
    said = review(repository, "--base", "HEAD~1").workflow()["findings"]
    (advice,) = [item["text"] for item in said if item["rule"] == "unseen"]
    assert "add a sample that does" in advice
    assert "`weight: 0.001` so that the mean stays" in advice


EXAMPLE = 'Decide.\n{{ "reason": "It is old.", "decision": "No" }}\nThe parcel: %s\nSay why.\n'
ROLE = 'ROLE = "Sort."\n'
WITHOUT_BRANCHES = {
    "a.txt": ("%s", "{%s}", "str-format"),
    "b.txt": ("%s", "$%s", "string-template"),
    "a.py": ('SORT = PromptTemplate.from_template("""%s""".strip())\n', "{%s}", "python"),
    "b.py": ('SORT = """%s""".strip().format(**all)\n', "{%s}", "python"),
    "c.py": (f'{ROLE}SORT = PromptTemplate.from_template(ROLE + """%s""")\n', "{%s}", "python"),
}


@pytest.mark.parametrize("path", WITHOUT_BRANCHES)
def test_a_text_without_branches_hides_nothing_when_a_variable_is_renamed(
    repository: Repository, path: str
) -> None:
    around, field, form = WITHOUT_BRANCHES[path]
    name = f"{path}#SORT" if form == "python" else path

    def files(variable: str) -> dict[str, str]:
        flow = workflow(
            f'{{path: "{name}", format: {form}}}',
            samples=f"[{{name: typical, variables: {{{variable}: {{tokens: 9}}}}}}]",
        )
        source = around % (EXAMPLE % (field % variable))
        return {path: source, CONFIGURATION: configuration({"w": flow})}

    repository.commit(files("parcel"))
    repository.commit(files("package"))
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.workflow()["before"] is not None, outcome.out
    assert "unseen" not in outcome.rules()
