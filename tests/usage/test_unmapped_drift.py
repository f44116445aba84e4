"""A log of which little or nothing belongs to a workflow is no log with which everything holds."""

from pathlib import Path
from typing import Any

import pytest

from reviewbot.cli import main
from tests.support.usage import SAMPLES, repository, run
from tests.usage.test_prices_and_days import litellm, written

WORKFLOWS = """\
workflows:
  answer:
    model: openai/gpt-4.1
    prompts: prompts/answer.txt
    traffic: [{calls: 9/day, output_tokens: 10}]
    envelope: {monthly_cost: {hard: $99}}
"""
FORMAT = ("--log-type", "litellm")


def rows(*names: str, **values: Any) -> list[dict[str, Any]]:
    return [
        litellm(f"{name}{n}", request_tags=[f"feature:{name}", "env:prod"], **values)
        for name in names
        for n in range(9)
    ]


def test_a_log_that_maps_to_nothing_is_refused(tmp_path: Path) -> None:
    log = written(tmp_path / "log.jsonl", rows("other"))
    outcome = run(repository(tmp_path / "r"), "drift", log, *FORMAT)
    assert outcome.code == 3
    assert "no call of the log belongs to a workflow of the configuration" in outcome.errors


@pytest.mark.parametrize(
    ("values", "told"),
    [({}, "$0.0025 (50% of spend)"), ({"model": "x"}, "unknown spend")],
    ids=["known", "unknown"],
)
def test_spend_of_no_workflow_is_something_off(
    tmp_path: Path, values: dict[str, Any], told: str
) -> None:
    log = written(tmp_path / "log.jsonl", [*rows("answer"), *rows("other", **values)])
    outcome = run(repository(tmp_path / "r", workflows=WORKFLOWS), "drift", log, *FORMAT)
    assert outcome.out.startswith(f"drift: {told} of no workflow; no hard limit is broken; ")
    assert f"⚠ no workflow: {told}" in outcome.out


def test_a_cent_of_no_workflow_is_told_and_nothing_is_off(tmp_path: Path) -> None:
    few = [litellm("other1", request_tags=["feature:other", "env:prod"])]
    log = written(tmp_path / "log.jsonl", [*rows("answer"), *few])
    outcome = run(repository(tmp_path / "r", workflows=WORKFLOWS), "drift", log, *FORMAT)
    assert "· no workflow: $0.00028 (10% of spend)" in outcome.out
    assert outcome.out.startswith("drift: everything holds")


@pytest.mark.parametrize("command", ["usage", "drift", "calibrate"])
def test_what_is_missing_on_the_command_line_is_told_for_the_command(
    tmp_path: Path, command: str
) -> None:
    where = repository(tmp_path / "r")
    log = written(tmp_path / "log.jsonl", rows("answer"))
    offered = f"`reviewbot {command} {log} --log-type litellm`"
    assert f"its fields are those of litellm: {offered}" in run(where, command, log).errors
    other = tmp_path / "other.jsonl"
    other.write_text('{"a": 1}\n')
    told = run(where, command, str(other)).errors
    assert "name it: --log-type with one of anthropic-cost, " in told
    if command != "calibrate":
        mend = f"reviewbot {command} 'logs/*.jsonl' --log-type litellm"
        assert mend in run(where, command).errors


def test_the_logs_format_in_place_of_the_reports_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["drift", "log.jsonl", "--format", "litellm"])
    assert "did you mean `--log-type litellm`?" in capsys.readouterr().err


def test_nothing_that_can_be_held_is_not_everything_that_holds(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    outcome = run(where, "drift", str(SAMPLES / "focus.csv"), "--log-type", "focus")
    told = "drift: no limit is set, and the log has no configured figure; $"
    assert outcome.out.startswith(told)


@pytest.mark.parametrize(
    ("models", "told"),
    [
        (["gpt-4.1-2025-04-14", "gpt-4.1"], ""),
        (
            ["gpt-4.1-mini", "my-own"],
            "18 of 18 calls are of gpt-4.1-mini, a model that is in no price list",
        ),
        (["gpt-4.1", "gpt-4.1-mini"], "9 of 18 calls are of gpt-4.1-mini, and `model` says openai"),
    ],
)
def test_calls_of_another_model_than_the_configured_are_told(
    tmp_path: Path, models: list[str], told: str
) -> None:
    calls = [
        litellm(f"{model}{n}", request_tags=["feature:answer"], model=model)
        for model in models
        for n in range(9)
    ]
    log = written(tmp_path / "log.jsonl", calls)
    where = repository(tmp_path / "r", workflows=WORKFLOWS)
    for command in ("drift", "calibrate"):
        out = run(where, command, log, *FORMAT).out
        assert f"answer: {told}" in out if told else "`model` says" not in out
