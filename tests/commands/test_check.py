"""Whole reviews; figures are worked out by hand in the comments.

A call with one user message of n tokens has 3 + 3 + 1 + n input tokens (FACTS: the cookbook's rule).
gpt-4o costs 2.50 USD per million input tokens and 10 per million output tokens on 2026-11-01.
"""

from decimal import Decimal

import pytest

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

PLAIN = configuration({"w": workflow()})
# 17 x 2.5/1M + 100 x 10/1M = 0.0010425 a call; 37 x 2.5/1M + 0.001 = 0.0010925
BEFORE = {CONFIGURATION: PLAIN, PROMPT: tokens(10)}
LONGER = {PROMPT: tokens(30)}


def limited(envelope: str, **more: str) -> dict[str, str]:
    return {**BEFORE, CONFIGURATION: configuration({"w": workflow(envelope=envelope)}, **more)}


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


SAMPLED = {
    "prompts/system.j2": "{{ text }}",
    "samples/short.yaml": "{weight: 3, variables: {text: {tokens: 10}}}",
    "samples/long.json": '{"text": {"tokens": 50}}',
    CONFIGURATION: configuration({"w": workflow("prompts/system.j2", samples="samples/*")}),
}


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
    assert any("static" in note for note in after["notes"])
    assert outcome.usd("after") == Decimal("1.0925")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (workflow(), workflow(traffic="[{calls: 10/month, output_tokens: 100}]")),
        (workflow(), workflow(traffic="[{calls: 1000/month, output_tokens: 1}]")),
        (
            workflow(),
            workflow(traffic="[{calls: 1000/month, output_tokens: 100, service_tier: batch}]"),
        ),
    ],
)
def test_fewer_calls_do_not_buy_a_longer_prompt(
    repository: Repository, before: str, after: str
) -> None:
    hard = "{monthly_cost: {hard: $1.09}}"
    outcome = change(
        repository,
        {**BEFORE, CONFIGURATION: configuration({"w": before[:-1] + f", envelope: {hard}}}"})},
        {**LONGER, CONFIGURATION: configuration({"w": after[:-1] + f", envelope: {hard}}}"})},
    )
    assert outcome.rules() == {"monthly_cost": "fail", "loosened": "needs-approval"}
    assert outcome.usd("after") == Decimal("1.0925")
    assert outcome.usd("proposed") < Decimal("1.09")
    assert outcome.workflow()["proposed_findings"] == []


@pytest.mark.parametrize(
    "envelope",
    [
        "{monthly_cost: {hard: $100}}",
        "{monthly_cost: {soft: $0.5}}",
        "{increase: {hard: 90%}}",
        "",
        "{monthly_cost: {hard: $1.09}, approvable: true}",
    ],
)
def test_a_raised_limit_is_judged_by_the_old_one(repository: Repository, envelope: str) -> None:
    after = {**LONGER, CONFIGURATION: configuration({"w": workflow(envelope=envelope)})}
    outcome = change(repository, limited("{monthly_cost: {hard: $1.09}}"), after)
    assert outcome.rules() == {"monthly_cost": "fail", "loosened": "needs-approval"}
    assert outcome.code == 1


def test_a_lowered_limit_needs_no_approval(repository: Repository) -> None:
    after = {
        CONFIGURATION: configuration({"w": workflow(envelope="{monthly_cost: {hard: $1.08}}")})
    }
    outcome = change(repository, limited("{monthly_cost: {hard: $1.09}}"), after)
    assert outcome.code == 0
    assert outcome.rules() == {}


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("high_cost", "$1", "$1_000"),
        ("approval", "{approvers: [octocat]}", "{approvers: [octocat, author]}"),
        ("tiers", "{premium: [openai/gpt-4o]}", "{premium: []}"),
        ("coverage", "{ignore: []}", "{ignore: ['**']}"),
    ],
)
def test_an_edited_rule_needs_approval(
    repository: Repository, key: str, old: str, new: str
) -> None:
    outcome = change(
        repository,
        {**BEFORE, CONFIGURATION: configuration({"w": workflow()}, **{key: old})},
        {CONFIGURATION: configuration({"w": workflow()}, **{key: new})},
    )
    assert outcome.code == 1
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"]) == ("loosened", "needs-approval")
    assert key in finding["text"]


def test_prices_of_the_base_gate(repository: Repository) -> None:
    cheap = '{as_of: 2026-11-01, overrides: {openai/gpt-4o: {input: "0.01", output: "0.01"}}}'
    outcome = change(
        repository,
        limited("{monthly_cost: {hard: $1.09}}"),
        {
            **LONGER,
            CONFIGURATION: configuration(
                {"w": workflow(envelope="{monthly_cost: {hard: $1.09}}")}, prices=cheap
            ),
        },
    )
    assert outcome.rules() == {"monthly_cost": "fail", "loosened": "needs-approval"}
    # (37 + 100) x 0.01/1M x 1000 = 0.00137
    assert outcome.usd("proposed") == Decimal("0.00137")
    assert outcome.causes() == {"prompt text": Decimal("0.05"), "prices": Decimal("-1.09113")}


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


def test_a_new_workflow_falls_under_the_bases_defaults(repository: Repository) -> None:
    defaults = "{envelope: {input_tokens: {hard: 20}}}"
    new = workflow("prompts/new.txt", envelope="{input_tokens: {hard: 1000}}")
    outcome = change(
        repository,
        {**BEFORE, CONFIGURATION: configuration({"w": workflow()}, defaults=defaults)},
        {
            "prompts/new.txt": tokens(30),
            CONFIGURATION: configuration({"w": workflow(), "n": new}, defaults=defaults),
        },
    )
    found = outcome.workflow("n")
    assert (found["state"], found["before"]) == ("new", None)
    assert outcome.rules("n") == {"input_tokens": "fail"}
    assert found["proposed_findings"] == []
    assert found["change_usd_per_month"] == "1.0925"
    assert outcome.causes("n") == {"prompt text": Decimal("1.0925")}


def test_a_removed_workflow_whose_prompts_stay_needs_approval(repository: Repository) -> None:
    both = configuration({"w": workflow(), "x": workflow()})
    outcome = change(repository, {**BEFORE, CONFIGURATION: both}, {CONFIGURATION: PLAIN})
    assert outcome.rules("x") == {"removed": "needs-approval"}
    assert outcome.code == 1


@pytest.mark.parametrize(
    "after",
    [
        workflow(),
        workflow("[prompts/system.txt, prompts/other.txt]"),
        workflow(tools="t/tools.json"),
    ],
)
def test_a_prompt_or_tools_taken_out_of_a_workflow_need_approval(
    repository: Repository, after: str
) -> None:
    before = workflow("[prompts/system.txt, prompts/other.txt]", tools="t/tools.json")
    files = {PROMPT: "x", "prompts/other.txt": tokens(10), "t/tools.json": '[{"name": "f"}]'}
    outcome = change(
        repository,
        {**files, CONFIGURATION: configuration({"w": before})},
        {CONFIGURATION: configuration({"w": after})},
    )
    assert outcome.rules() == {"removed": "needs-approval"}
    assert outcome.code == 1


def test_a_workflow_removed_with_its_prompts_saves_its_month(repository: Repository) -> None:
    both = configuration({"w": workflow(), "x": workflow("prompts/x.txt")})
    outcome = change(
        repository,
        {**BEFORE, CONFIGURATION: both, "prompts/x.txt": tokens(10)},
        {CONFIGURATION: PLAIN, "prompts/x.txt": None},
    )
    assert outcome.code == 0
    assert outcome.workflow("x")["change_usd_per_month"] == "-1.0425"


def test_the_first_configuration_is_advisory(repository: Repository) -> None:
    outcome = change(repository, {PROMPT: tokens(10)}, {CONFIGURATION: PLAIN, **LONGER})
    assert "main has no .github/reviewbot.yml" in outcome.report["advisory"]
    assert outcome.workflow()["state"] == "changed"
    assert outcome.usd("before") == Decimal("1.0425")


def test_with_the_first_configuration_a_renamed_prompt_has_a_before(repository: Repository) -> None:
    outcome = change(
        repository,
        {"old/system.txt": tokens(100)},
        {"old/system.txt": None, PROMPT: tokens(101), CONFIGURATION: PLAIN},
    )
    assert outcome.workflow()["before"]["max_input_tokens"] == 107
    assert outcome.workflow()["after"]["max_input_tokens"] == 108


def test_with_the_first_configuration_a_new_prompt_is_new(repository: Repository) -> None:
    outcome = change(repository, {"a.txt": "a"}, BEFORE)
    assert outcome.workflow()["state"] == "new"


def test_a_configuration_that_is_broken_on_main_can_be_mended(repository: Repository) -> None:
    broken = {CONFIGURATION: "version: 1\nworkflow: {}\n", PROMPT: tokens(10)}
    outcome = change(repository, broken, {CONFIGURATION: PLAIN, **LONGER})
    assert "broken on main" in outcome.report["advisory"]
    assert outcome.usd("after") == Decimal("1.0925")


def test_a_removed_configuration_is_an_error(repository: Repository) -> None:
    outcome = change(repository, BEFORE, {CONFIGURATION: None})
    assert outcome.code == 2
    assert "removes the configuration" in outcome.errors


def test_a_named_configuration_that_is_not_there_is_an_error(repository: Repository) -> None:
    outcome = change(repository, {"a.txt": "a"}, {"a.txt": "b"}, "--config=.github/typo.yml")
    assert outcome.code == 2
    assert ".github/typo.yml: there is no configuration" in outcome.errors


@pytest.mark.parametrize("name", [".github/reviewbot.yaml", "reviewbot.yml", ".reviewbot.YML"])
def test_a_configuration_of_another_name_is_never_overlooked(
    repository: Repository, name: str
) -> None:
    outcome = change(repository, {name: PLAIN, PROMPT: tokens(9)}, {PROMPT: tokens(10)})
    assert outcome.code == 2
    assert f"{name}: there is no .github/reviewbot.yml, but this file" in outcome.errors
    assert f"--config {name}" in outcome.errors


def test_another_configuration_file(repository: Repository) -> None:
    files = {"reviewbot.yaml": PLAIN, PROMPT: tokens(10)}
    assert change(repository, files, LONGER, "--config", "reviewbot.yaml").code == 0


def test_a_configuration_that_is_a_link_is_refused(repository: Repository) -> None:
    repository.commit(BEFORE)
    repository.branch("work")
    repository.write({CONFIGURATION: None, "elsewhere.yml": PLAIN})
    (repository.path / CONFIGURATION).symlink_to("../elsewhere.yml")
    repository.commit({})
    outcome = review(repository)
    assert outcome.code == 2
    assert "symbolic link" in outcome.errors


def test_all_missing_files_are_named_in_one_run(repository: Repository) -> None:
    more = {
        "a": workflow("prompts/nowhere.txt"),
        "b": workflow(tools="nowhere/tools.json"),
        "c": workflow(samples="nowhere/*.yaml"),
        "d": workflow("prompts/moved.txt"),
    }
    text = "\n".join(f"line {number}" for number in range(30))
    outcome = change(
        repository,
        {**BEFORE, "prompts/moved.txt": text},
        {CONFIGURATION: configuration(more), "prompts/moved.txt": None, "prompts/here.txt": text},
    )
    assert outcome.code == 2
    lines = outcome.errors.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("reviewbot: .github/reviewbot.yml:4 (workflows.a.prompts): ")
    assert "'nowhere/tools.json': there is no such file" in lines[1]
    assert "no file matches 'nowhere/*.yaml'" in lines[2]
    assert "it was renamed: name 'prompts/here.txt'" in lines[3]


TEMPLATES = {
    "prompts/one.j2": "Hello\n{{ name }}",
    "prompts/two.txt": tokens(10),
    CONFIGURATION: configuration(
        {
            "one": workflow("prompts/one.j2", samples="[{name: s, variables: {name: you}}]"),
            "two": workflow("prompts/two.txt"),
        }
    ),
}


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
    assert outcome.report["unowned"] == [
        {"path": "app/greet.prompt.yml", "changed": False},
        {"path": "prompts/new.j2", "changed": True},
        {"path": "prompts/old.md", "changed": False},
    ]


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
