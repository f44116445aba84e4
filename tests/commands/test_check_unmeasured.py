"""What cannot be measured is said, and the rest is measured."""

from decimal import Decimal

import pytest

from tests.support.one_workflow import BEFORE, LONGER, TEMPLATES
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    TRAFFIC,
    change,
    configuration,
    review,
    tokens,
    workflow,
)


def test_what_cannot_be_rendered_is_unmeasured_and_the_rest_is_measured(
    repository: Repository,
) -> None:
    after = {"prompts/one.j2": "Hello\n\n{{ nam }}", "prompts/two.txt": tokens(30)}
    outcome = change(repository, TEMPLATES, after)
    assert outcome.code == 3
    assert outcome.workflow("one")["verdict"] == "unmeasured"
    (problem,) = outcome.workflow("one")["problems"]
    assert problem["place"] == {"file": "prompts/one.j2", "line": 3, "key": None}
    assert "nam" in problem["what"]
    assert outcome.workflow("one")["after"] is None
    assert outcome.workflow("one")["change_usd_per_month"] is None
    assert outcome.usd("after", "two") == Decimal("1.0925")
    assert outcome.report["totals"]["unmeasured_workflows"] == 1
    assert outcome.report["totals"]["change_usd_per_month"] == "0.05"


def test_a_prompt_that_was_broken_before_can_be_mended(repository: Repository) -> None:
    before = {**TEMPLATES, "prompts/one.j2": "{{ nam }}"}
    outcome = change(repository, before, {"prompts/one.j2": "{{ name }}"})
    assert outcome.rules("one") == {"before_unmeasured": "needs-approval"}
    assert outcome.workflow("one")["change_usd_per_month"] is None
    assert outcome.code == 1


def test_a_prompt_that_stays_broken_does_not_stop_others(repository: Repository) -> None:
    files: dict[str, str | bytes | None] = {**BEFORE, "prompts/bad.txt": b"\xff"}
    files[CONFIGURATION] = configuration({"w": workflow(), "bad": workflow("prompts/bad.txt")})
    outcome = change(repository, files, LONGER)
    assert [item["name"] for item in outcome.report["workflows"]] == ["w"]
    assert outcome.code == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"model": "openai/gpt-99"}, "gpt-99"),
        ({"model": "openai/gpt-4.1", "traffic": TRAFFIC[:-2] + ", service_tier: flex}]"}, "flex"),
        ({"model": ""}, "names no model"),
    ],
)
def test_what_has_no_price_is_unmeasured(
    repository: Repository, settings: dict[str, str], said: str
) -> None:
    outcome = change(
        repository, {PROMPT: "x"}, {CONFIGURATION: configuration({"w": workflow(**settings)})}
    )
    assert outcome.code == 3
    assert outcome.workflow()["after"] is None
    assert any(said in problem["what"] for problem in outcome.workflow()["problems"])


def test_a_price_that_only_the_change_knows_needs_approval(repository: Repository) -> None:
    own = '{as_of: 2026-11-01, overrides: {self/llama: {input: "1", output: "1"}}}'
    model = workflow(model="self/llama", encoding="o200k_base")
    outcome = change(repository, BEFORE, {CONFIGURATION: configuration({"w": model}, prices=own)})
    assert outcome.rules()["price_proposed"] == "needs-approval"
    assert (
        outcome.workflow()["after"]["streams"][0]["price_source"] == "prices.overrides, self/llama"
    )


def test_a_placeholder_without_a_variable_is_named_with_its_line(repository: Repository) -> None:
    text = "model: openai/gpt-4o\nmessages:\n  - role: user\n    content: |\n      Hi\n      {{name}}\n"
    files = {
        "prompts/greet.prompt.yml": text + "testData: [{name: you}]\n",
        CONFIGURATION: configuration({"w": workflow("prompts/greet.prompt.yml", model="")}),
    }
    outcome = change(
        repository, files, {"prompts/greet.prompt.yml": text + "testData: [{nam: you}]\n"}
    )
    assert outcome.code == 3
    assert outcome.workflow()["proposed"] is None
    (problem,) = outcome.workflow()["problems"]
    assert problem["place"]["line"] == 6


def test_files_that_belong_to_no_workflow_are_listed(repository: Repository) -> None:
    files = {
        **BEFORE,
        "prompts/old.md": "x",
        "prompts/data.csv": "x",
        "docs/readme.md": "x",
        "app/greet.prompt.yml": "messages: []",
    }
    outcome = change(repository, files, {"prompts/new.j2": "x"})
    keys = ("path", "changed", "grown", "tokens")
    assert [tuple(item[key] for key in keys) for item in outcome.report["unowned"]] == [
        ("app/greet.prompt.yml", False, False, None),
        ("prompts/new.j2", True, True, 1),
        ("prompts/old.md", False, False, None),
    ]
    coverage = {"covered": 1, "known": 4, "calls": 0, "calls_covered": 0}
    assert outcome.report["coverage"] == coverage
    assert "coverage: 1 of 4 prompts are measured by a workflow" in outcome.report["notes"][-1]


def test_coverage_says_what_else_is_a_prompt(repository: Repository) -> None:
    coverage = "{prompts: ['agents/**'], ignore: [prompts/old.md]}"
    files = {
        **BEFORE,
        CONFIGURATION: configuration({"w": workflow()}, coverage=coverage),
        "prompts/old.md": "x",
        "agents/a/b.rst": "x",
    }
    outcome = change(repository, files, {"x": "x"})
    assert [item["path"] for item in outcome.report["unowned"]] == ["agents/a/b.rst"]


def test_without_a_configuration_what_cannot_be_measured_is_said(repository: Repository) -> None:
    prompt = "You are a helpful assistant. {% if x %} {{ foo(1) | nosuch }} {% endif %}"
    repository.commit({"prompts/bad.j2": prompt})
    repository.branch("work")
    repository.commit({"prompts/bad.j2": f"{prompt} {tokens(3_000)}"})
    outcome = review(repository, form="terminal")
    assert outcome.code == 0
    shown = " ".join(outcome.out.split())
    assert "nothing that the change concerns could be measured" in shown
    assert "prompts/bad.j2" in shown
    assert "nosuch" in shown
