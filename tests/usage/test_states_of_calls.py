"""A call that does not say whether it succeeded counts, and is said to; no call is lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.usage import SAMPLES, repository, run
from tests.usage.test_prices_and_days import litellm, written

USAGE = """\
usage:
  sources:
    - format: columns
      columns: {time: at, model: model, input: inp, output: outp, status: state, succeeded: [ok]}
      input_includes_cached: true
      workflow: flow
"""
NAMES = ("at", "model", "inp", "outp", "state", "flow")
BLANK = ["", " ", None]


def call(state: str | None) -> tuple[Any, ...]:
    return ("2026-11-01T00:00:00Z", "gpt-4.1", 9, 9, state, "answer")


def csv(path: Path, *states: str | None) -> str:
    rows = (NAMES, *map(call, states))
    path.write_text("".join(f"{','.join(str(x or '') for x in row)}\n" for row in rows))
    return str(path)


def lines(path: Path, *states: str | None) -> str:
    rows = (dict(zip(NAMES, call(state), strict=True)) for state in states)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return str(path)


def counted(tmp_path: Path, log: str, form: str) -> tuple[int, str]:
    """How many calls count, and what is said of those that may have failed."""
    where = repository(tmp_path / "r", usage=USAGE)
    outcome = run(where, "usage", log, "--log-type", form, "--json")
    assert outcome.code == 0, outcome.errors
    notes = [note for note in outcome.report["notes"] if "failed calls among them" in note]
    calls = sum(line["calls"] for line in outcome.report["lines"])
    return calls, " ".join(notes).removeprefix("note: ").partition(": ")[0]


@pytest.mark.parametrize("blank", BLANK, ids=["empty", "space", "null"])
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_blank_state_is_unknown_and_no_failure(
    tmp_path: Path, ending: str, blank: str | None
) -> None:
    write = csv if ending == "csv" else lines
    log = write(tmp_path / f"log.{ending}", "ok", blank, "timeout")
    assert counted(tmp_path, log, "columns") == (
        2,
        "1 of 3 rows (columns) have no `columns.status`",
    )


def test_only_blank_states_are_as_unknown_as_none(tmp_path: Path) -> None:
    log = csv(tmp_path / "log.csv", "", "")
    assert counted(tmp_path, log, "columns") == (
        2,
        "2 of 2 rows (columns) have no `columns.status`",
    )


@pytest.mark.parametrize("blank", BLANK, ids=["empty", "space", "null"])
def test_litellms_blank_status_is_unknown_too(tmp_path: Path, blank: str | None) -> None:
    log = written(tmp_path / "log.jsonl", [litellm(1), litellm(2, status=blank)])
    assert counted(tmp_path, log, "litellm") == (2, "1 of 2 rows (litellm) have no `status`")


def test_bedrocks_blank_error_is_none(tmp_path: Path) -> None:
    text = (SAMPLES / "bedrock_invocations.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    log = written(tmp_path / "log.jsonl", [{"errorCode": ""} | row for row in rows])
    where = repository(tmp_path / "r")
    plain = written(tmp_path / "plain.jsonl", rows)
    found = [run(where, "usage", name, "--log-type", "bedrock") for name in (plain, log)]
    assert found[0].out
    assert found[1].out == found[0].out
