"""Whole reviews; figures are worked out by hand in the comments.

A call with one user message of n tokens has 3 + 3 + 1 + n input tokens (OpenAI's cookbook).
gpt-4o costs 2.50 USD per million input tokens and 10 per million output tokens on 2026-11-01.
"""

from decimal import Decimal

import pytest

from tests.support.one_workflow import BEFORE, LONGER, PLAIN, SAMPLED, TEMPLATES, limited
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


def test_a_longer_prompt_by_hand(repository: Repository) -> None:
    outcome = change(repository, BEFORE, LONGER)
    found = outcome.workflow()
    assert outcome.code == 0
    assert (found["state"], found["verdict"]) == ("changed", "pass")
    assert found["before"]["samples"][0]["input_tokens"] == 17
    assert found["after"]["samples"][0]["input_tokens"] == 37
    assert outcome.usd("before") == Decimal("1.0425")
    assert outcome.usd("after") == Decimal("1.0925")
    assert found["after"]["usd_per_call"] == "0.0010925"
    assert found["change_usd_per_month"] == "0.05"
    assert found["increase"] == "0.047961630696"
    assert found["after"]["worst_usd_per_month"] is None
    assert found["after"]["exact"] is True
    assert found["after"]["notes"] == []
    assert found["files"] == [PROMPT]
    assert outcome.causes() == {"prompt text": Decimal("0.05")}
    assert outcome.report["totals"]["change_usd_per_month"] == "0.05"


@pytest.mark.parametrize(
    ("envelope", "code", "rules"),
    [
        ("{monthly_cost: {soft: $1.05, hard: $2}}", 0, {"monthly_cost": "warn"}),
        ("{monthly_cost: {soft: $1.05, hard: $1.09}}", 1, {"monthly_cost": "fail"}),
        ("{monthly_cost: {hard: $1.0925}}", 0, {}),
        ("{cost_per_call: {hard: $0.001}}", 1, {"cost_per_call": "fail"}),
        ("{input_tokens: {hard: 36}}", 1, {"input_tokens": "fail"}),
        ("{input_tokens: {soft: 36, over: mean}}", 0, {"input_tokens": "warn"}),
        ("{input_tokens: {hard: 37, over: p95}}", 0, {}),
        ("{increase: {soft: 4%, hard: 5%}}", 0, {"increase": "warn"}),
        ("{increase: {hard: 4%}}", 1, {"increase": "fail"}),
        ("{increase: {hard: 4%}, approvable: true}", 1, {"increase": "needs-approval"}),
        (
            "{increase: {hard: 4%}, input_tokens: {soft: 1}}",
            1,
            {"increase": "fail", "input_tokens": "warn"},
        ),
    ],
)
def test_limits(repository: Repository, envelope: str, code: int, rules: dict[str, str]) -> None:
    outcome = change(repository, limited(envelope), LONGER)
    assert outcome.rules() == rules
    assert outcome.code == code


def test_a_finding_names_actual_limit_and_excess(repository: Repository) -> None:
    outcome = change(repository, limited("{input_tokens: {hard: 30}}"), LONGER)
    (finding,) = outcome.workflow()["findings"]
    assert (finding["actual"], finding["limit"], finding["excess"]) == ("37", "30", "7")
    assert finding["statistic"] == "max"


def test_a_shorter_prompt_saves(repository: Repository) -> None:
    outcome = change(repository, limited("{increase: {hard: 1%}}"), {PROMPT: tokens(2)})
    assert outcome.code == 0
    assert outcome.workflow()["change_usd_per_month"] == "-0.02"


def test_a_high_cost_workflow_needs_approval_inside_its_envelope(repository: Repository) -> None:
    outcome = change(repository, limited("{increase: {hard: 50%}}", high_cost="$1"), LONGER)
    assert outcome.rules() == {"high_cost": "needs-approval"}
    assert outcome.code == 1


def test_a_change_that_concerns_no_prompt(repository: Repository) -> None:
    outcome = change(repository, BEFORE, {"program.py": "print()"})
    assert outcome.code == 0
    assert outcome.report["workflows"] == []
    assert outcome.report["unaffected_workflows"] == ["w"]


def test_main_moving_on_is_not_this_branchs_change(repository: Repository) -> None:
    repository.commit(BEFORE)
    repository.branch("work")
    repository.commit(LONGER)
    repository.git("switch", "--quiet", "main")
    stricter = configuration({"w": workflow(envelope="{input_tokens: {hard: 20}}")})
    repository.commit({CONFIGURATION: stricter, "other.txt": "x"})
    repository.git("switch", "--quiet", "work")
    outcome = review(repository)
    assert outcome.rules() == {"input_tokens": "fail"}
    assert outcome.usd("before") == Decimal("1.0425")
    assert outcome.workflow()["proposed"] is None


def test_what_main_changed_since_is_not_this_branchs_doing(repository: Repository) -> None:
    repository.commit(SAMPLED)
    repository.branch("work")
    repository.commit({"prompts/system.j2": "{{ text }} token"})
    repository.git("switch", "--quiet", "main")
    newer = workflow(
        "[prompts/system.j2, prompts/new.txt]", samples="samples/*", model="openai/gpt-4"
    )
    repository.commit(
        {
            CONFIGURATION: configuration({"w": newer, "x": workflow("prompts/new.txt")}),
            "prompts/new.txt": "x",
            "samples/long.json": '{"text": {"tokens": 90}}',
        }
    )
    repository.git("switch", "--quiet", "work")
    outcome = review(repository)
    found = outcome.workflow()
    assert outcome.code == 0
    assert [item["name"] for item in outcome.report["workflows"]] == ["w"]
    assert found["before"]["model"] == found["after"]["model"] == "openai/gpt-4o"
    assert found["proposed"] is None
    assert outcome.causes() == {"prompt text": Decimal("0.0025")}
    # main's samples gate: (3 x 17 + 97) / 4 = 37
    assert found["before"]["mean_input_tokens"] == "37"


def test_new_test_data_of_a_prompt_is_a_change_of_samples(repository: Repository) -> None:
    text = "model: openai/gpt-4o\nmessages: [{role: user, content: '{{a}}'}]\ntestData:\n"
    files: dict[str, str | bytes | None] = {
        "p.prompt.yml": f"{text}  - {{a: {tokens(10)}}}\n",
        CONFIGURATION: configuration({"w": workflow("p.prompt.yml", model="")}),
    }
    outcome = change(repository, files, {"p.prompt.yml": f"{text}  - {{a: {tokens(2)}}}\n"})
    assert outcome.causes() == {"samples": Decimal("-0.02")}
    assert outcome.rules() == {"loosened": "needs-approval"}


def test_growth_from_nothing_is_above_any_rate(repository: Repository) -> None:
    free = '{as_of: 2026-11-01, overrides: {self/free: {input: "0", output: "0"}}}'
    limit = "{increase: {hard: 1_000%}}"
    before = workflow(model="self/free", encoding="o200k_base", envelope=limit)
    outcome = change(
        repository,
        {PROMPT: tokens(10), CONFIGURATION: configuration({"w": before}, prices=free)},
        {CONFIGURATION: configuration({"w": workflow(envelope=limit)}, prices=free)},
    )
    (finding,) = outcome.workflow()["findings"]
    assert (finding["rule"], finding["verdict"], finding["actual"]) == ("increase", "fail", None)
    assert outcome.code == 1


def test_another_statistic_is_another_limit(repository: Repository) -> None:
    after = {
        CONFIGURATION: configuration(
            {"w": workflow(envelope="{input_tokens: {hard: 20, over: p50}}")}
        )
    }
    outcome = change(repository, limited("{input_tokens: {hard: 20}}"), after)
    assert outcome.rules() == {"loosened": "needs-approval"}


def test_a_configuration_that_was_broken_at_the_merge_base(repository: Repository) -> None:
    repository.commit({CONFIGURATION: "version: 1", PROMPT: tokens(10)})
    repository.branch("work")
    repository.commit({**LONGER, CONFIGURATION: PLAIN})
    repository.git("switch", "--quiet", "main")
    repository.commit({CONFIGURATION: PLAIN})
    repository.git("switch", "--quiet", "work")
    assert review(repository).usd("before") == Decimal("1.0425")


def test_uncommitted_work_is_reviewed_too(repository: Repository) -> None:
    repository.commit(BEFORE)
    repository.write({PROMPT: tokens(20)})
    repository.git("add", "--all")
    repository.write({PROMPT: tokens(30)})
    assert review(repository).report["workflows"] == []
    assert review(repository, "--staged").usd("after") == Decimal("1.0675")
    assert review(repository, "--worktree").usd("after") == Decimal("1.0925")


def test_a_prompt_is_found_through_its_includes_however_deep(repository: Repository) -> None:
    files = {
        "prompts/a/system.j2": '{% include "parts/one.j2" %}',
        "prompts/a/parts/one.j2": '{% import "two.j2" as two %}{{ two.text() }}',
        "prompts/two.j2": "{% macro text() %}{% include 'three.j2' %}{% endmacro %}",
        "prompts/three.j2": tokens(10),
        CONFIGURATION: configuration({"w": workflow("prompts/a/system.j2")}),
    }
    outcome = change(repository, files, {"prompts/three.j2": tokens(30)})
    assert outcome.workflow()["files"] == ["prompts/three.j2"]
    assert outcome.usd("after") == Decimal("1.0925")


def test_a_computed_include_may_be_any_file(repository: Repository) -> None:
    files = {
        "prompts/system.j2": "{% include part %}",
        "prompts/one.txt": tokens(10),
        CONFIGURATION: configuration(
            {"w": workflow("prompts/system.j2", samples="[{name: s, variables: {part: one.txt}}]")}
        ),
    }
    outcome = change(repository, files, {"prompts/one.txt": tokens(30)})
    assert outcome.usd("before") == Decimal("1.0425")
    assert outcome.usd("after") == Decimal("1.0925")


def test_samples_have_weights_and_sizes(repository: Repository) -> None:
    outcome = change(repository, SAMPLED, {"prompts/system.j2": "{{ text }} token"})
    before = outcome.workflow()["before"]
    assert {s["name"]: s["input_tokens"] for s in before["samples"]} == {"long": 57, "short": 17}
    # (3 x 17 + 57) / 4 = 27; 27 x 2.5/1M + 0.001 = 0.0010675
    assert before["mean_input_tokens"] == "27"
    assert outcome.usd("before") == Decimal("1.0675")


def test_the_bases_samples_gate_and_the_heads_are_shown(repository: Repository) -> None:
    outcome = change(repository, SAMPLED, {"samples/long.json": '{"text": {"tokens": 2}}'})
    assert outcome.usd("before") == outcome.usd("after") == Decimal("1.0675")
    # (3 x 17 + 9) / 4 = 15; 15 x 2.5/1M + 0.001 = 0.0010375
    assert outcome.usd("proposed") == Decimal("1.0375")
    assert outcome.causes() == {"samples": Decimal("-0.03")}
    assert outcome.rules() == {"loosened": "needs-approval"}


def test_the_heads_samples_supply_only_what_the_bases_lack(repository: Repository) -> None:
    after = {
        "prompts/system.j2": "{{ text }} {{ more }}",
        "samples/long.json": '{"text": {"tokens": 2}, "more": "token"}',
        "samples/short.yaml": "{weight: 3, variables: {text: {tokens: 1}, more: token}}",
    }
    found = change(repository, SAMPLED, after).workflow()["after"]
    assert {s["name"]: s["input_tokens"] for s in found["samples"]} == {"long": 58, "short": 18}


def test_without_samples_a_template_is_static_and_says_so(repository: Repository) -> None:
    files = {
        "prompts/system.j2": "{{ text }}" + tokens(10),
        CONFIGURATION: configuration({"w": workflow("prompts/system.j2")}),
    }
    outcome = change(repository, files, {"prompts/system.j2": "{{ text.of.it }}" + tokens(30)})
    after = outcome.workflow()["after"]
    assert after["samples"][0]["name"] == "static"
    assert after["exact"] is False
    assert any("largest reading" in note for note in after["notes"])
    assert outcome.usd("after") == Decimal("1.0925")


def test_every_cause_at_once_adds_up(repository: Repository) -> None:
    after = {
        "prompts/system.j2": "{{ text }} token token",
        "samples/long.json": '{"text": {"tokens": 90}}',
        CONFIGURATION: configuration(
            {
                "w": workflow(
                    "prompts/system.j2",
                    samples="samples/*",
                    model="openai/gpt-4.1",
                    max_tokens="80",
                    traffic="[{calls: 3000/month, output_tokens: 100}]",
                )
            },
            prices='{as_of: 2026-11-01, overrides: {openai/gpt-4.1: {input: "1", output: "1"}}}',
        ),
    }
    outcome = change(repository, SAMPLED, after)
    causes = outcome.causes()
    assert list(causes) == [
        *("prompt text", "model price", "parameters", "samples", "traffic", "prices"),
    ]
    # 27 + 2 tokens at 2.5; then 29 x 2 + 100 x 8 instead of 29 x 2.5 + 100 x 10; output 80
    assert causes["prompt text"] == Decimal("0.005")
    assert causes["model price"] == Decimal("0.858") - Decimal("1.0725")
    assert causes["parameters"] == Decimal("-0.16")
    # the long sample grows by 40 tokens, a quarter of the weight: 10 x 2/1M x 1000
    assert causes["samples"] == Decimal("0.02")
    assert causes["traffic"] == Decimal("0.718") * 2
    assert causes["prices"] == Decimal("0.119") * 3 - Decimal("0.718") * 3
    assert sum(causes.values()) == outcome.usd("proposed") - outcome.usd("before")


def test_the_same_inputs_give_the_same_bytes(repository: Repository) -> None:
    repository.commit({**SAMPLED, **TEMPLATES, CONFIGURATION: SAMPLED[CONFIGURATION]})
    repository.branch("work")
    repository.commit({"prompts/system.j2": "{{ text }} and {{ text }}"})
    for form in ("json", "markdown", "terminal"):
        assert review(repository, form=form) == review(repository, form=form)


def test_the_order_of_workflows_changes_nothing(repository: Repository) -> None:
    names = {name: workflow() for name in "abc"}
    repository.commit({**BEFORE, CONFIGURATION: configuration(names)})
    repository.branch("one")
    repository.commit(LONGER)
    first = review(repository).report
    repository.git("switch", "--quiet", "main")
    repository.commit({CONFIGURATION: configuration(dict(reversed(names.items())))})
    repository.branch("two")
    repository.commit(LONGER)
    second = review(repository).report
    assert first["workflows"] == second["workflows"]
    assert first["totals"] == second["totals"]
