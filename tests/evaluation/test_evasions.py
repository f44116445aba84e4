"""Ways to make a dearer prompt pass, each of which must end in a verdict that stops it.

A change of the workflow file that runs the action is out of reach here: it decides what is run at
all, and only a rule of the repository (CODEOWNERS, a required workflow) can hold it.
"""

from decimal import Decimal

import pytest

from tests.support.gating import Files, stopped
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

LIMITS = "{increase: {hard: 5%}, monthly_cost: {hard: $3}}"
TEMPLATE = "prompts/p.j2"
SAMPLE = "s/t.yaml"


def settings(name: str = "w", prompts: str = PROMPT, **more: str) -> str:
    return configuration({name: workflow(prompts, envelope=LIMITS, **more)})


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
    assert outcome.rules() == {"loosened": "needs-approval", "unseen": "needs-approval"}


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
