"""Which revision's configuration judges a change, and what a first one means."""

import re
from decimal import Decimal

import pytest

from tests.support.one_workflow import BEFORE, LONGER, PLAIN, limited
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
    assert outcome.report["advisory"] == (
        ".github/reviewbot.yml:2 on main is broken (the key 'workflow' is unknown; did you mean "
        "`workflows`?); this change mends it, and its own limits were used"
    )
    assert outcome.usd("after") == Decimal("1.0925")


APPROVAL = "approval: {approvers: [octocat], label: spent, strict: true}\n"


@pytest.mark.parametrize(
    ("broken", "approvers"),
    [
        (f"version: 1\n{APPROVAL}workflow: {{}}\n", ["octocat"]),
        (f"version: 2\n{APPROVAL}", ["octocat"]),
        (f"version: 1\n{APPROVAL.replace('label', 'lable')}workflows: {{}}\n", []),
        (f"version: 1\n{APPROVAL}{APPROVAL}", []),
        (f'{APPROVAL}version: "1\n', []),
        ("version: 1\nworkflow: {}\n", []),
    ],
)
def test_who_may_approve_the_mend_is_read_from_the_broken_base(
    repository: Repository, broken: str, approvers: list[str]
) -> None:
    mended = {CONFIGURATION: PLAIN + "approval: {approvers: [mallory]}\n"}
    outcome = change(repository, {CONFIGURATION: broken, PROMPT: tokens(10)}, mended)
    assert outcome.report["approvers"] == approvers
    assert outcome.code == 1


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_a_broken_base_is_told_once_with_who_may_approve(repository: Repository, form: str) -> None:
    broken = {CONFIGURATION: "version: 1\nworkflow: {}\n", PROMPT: tokens(10)}
    said = change(repository, broken, {CONFIGURATION: PLAIN}, form=form).out
    assert len(re.findall(r"is\s+unknown", said)) == 1
    assert "Nobody can approve: who may cannot be read from the base's broken" in " ".join(
        said.split()
    )
    assert "limits of main" not in said


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
    assert "it was renamed: name 'prompts/here.txt', as `reviewbot init --update` does" in lines[3]
