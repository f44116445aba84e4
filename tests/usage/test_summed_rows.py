"""Logs whose rows are sums of calls, and whose mapping does not say how many."""

import json
from pathlib import Path

import pytest

from tests.support.reviewing import CONFIGURATION, Outcome
from tests.support.usage import repository, run

USAGE = """\
usage:
  sources:
    - format: columns
      paths: [logs/*]
      columns: {time: day, model: model, input: in, output: out}
      input_includes_cached: true
      workflow: flow
"""
WORKFLOWS = """\
workflows:
  answer:
    model: openai/gpt-4.1
    prompts: prompts/answer.txt
    traffic: [{calls: 200/month, output_tokens: 300}]
"""
CALLS = ("day", "model", "calls", "in", "out", "flow")
PLACE = f"{CONFIGURATION}:5 (usage.sources[0].columns): "
MEND = "add `calls: calls` to `columns`"


def log(kind: str, calls: int, tokens: int, name: str = "calls") -> str:
    rows = [
        (f"2026-10-{day:02}", "openai/gpt-4.1", calls, calls * tokens, 9 * calls, "answer")
        for day in range(1, 29)
    ]
    names = [name if column == "calls" else column for column in CALLS]
    if kind == "jsonl":
        return "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows)
    return "".join(",".join(map(str, row)) + "\n" for row in (names, *rows))


def told(tmp_path: Path, command: str, text: str, kind: str = "csv", usage: str = USAGE) -> Outcome:
    where = repository(tmp_path / "r", usage=usage, workflows=WORKFLOWS)
    where.write({f"logs/a.{kind}": text})
    return run(where, command)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("csv", "calls"), ("csv", "Requests"), ("jsonl", "calls"), ("jsonl", "requestCount")],
)
def test_a_column_of_calls_that_is_not_mapped(tmp_path: Path, kind: str, name: str) -> None:
    text = log(kind, 40, 100, name)
    used = told(tmp_path, "usage", text, kind)
    assert used.code == 0
    what = f"each row counts as one call, and has a column `{name}` of how many it stands for"
    said = " ".join((used.out + used.errors).split())
    assert f"{PLACE}{what}; add `calls: {name}` to `columns`" in said
    refused = told(tmp_path / "2", "calibrate", text, kind)
    assert refused.code == 3
    assert what in refused.errors
    assert "calls:" not in refused.out


def test_the_mend_works_when_it_is_typed(tmp_path: Path) -> None:
    text = log("csv", 4_000, 1_000)
    said = told(tmp_path, "calibrate", text).errors
    assert f"more than any model takes; {MEND}" in said
    typed = USAGE.replace("columns: {", "columns: {calls: calls, ")
    done = told(tmp_path / "2", "calibrate", text, usage=typed)
    assert done.code == 0, done.errors
    assert "calls: 121_750/month" in done.out


def test_rows_that_no_model_takes_without_a_column(tmp_path: Path) -> None:
    text = log("csv", 4_000, 1_000).replace("calls", "words", 1)
    said = told(tmp_path, "drift", text)
    assert "each row counts as one call; with 4,000,000 input tokens in the mean" in said.out
    assert "add `calls: COLUMN` to `columns`" in said.out


@pytest.mark.parametrize("text", [log("csv", 1, 100), log("csv", 4, 100, "number")])
def test_rows_that_are_calls(tmp_path: Path, text: str) -> None:
    outcome = told(tmp_path, "usage", text)
    assert outcome.code == 0
    assert "each row counts" not in outcome.out + outcome.errors


def test_a_column_of_that_name_that_holds_no_numbers(tmp_path: Path) -> None:
    text = log("csv", 1, 100).replace("4.1,1,", "4.1,tool_a,")
    outcome = told(tmp_path, "usage", text)
    assert outcome.code == 0
    assert "each row counts" not in outcome.out + outcome.errors


def test_an_aggregate_of_such_rows_is_not_calibrated_with(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", usage=USAGE)
    where.write({"logs/a.csv": log("csv", 4_000, 1_000).replace("calls", "words", 1)})
    assert run(where, "usage", "--output").code == 0
    refused = run(where, "calibrate")
    assert refused.code == 3
    assert "a call of answer has 4,000,000 input tokens in the mean" in refused.errors


def test_without_an_aggregate_the_sources_are_read(tmp_path: Path) -> None:
    typed = USAGE.replace("columns: {", "columns: {calls: calls, ")
    done = told(tmp_path, "calibrate", log("csv", 40, 100), usage=typed)
    assert done.code == 0, done.errors
    assert "calls: 1_218/month" in done.out


def test_neither_an_aggregate_nor_paths(tmp_path: Path) -> None:
    usage = USAGE.replace("      paths: [logs/*]\n", "")
    said = told(tmp_path, "calibrate", log("csv", 40, 100), usage=usage)
    assert said.code == 2
    assert "no source in `usage.sources` has `paths`; name logs: `reviewbot calibrate LOG`" in (
        " ".join(said.errors.split())
    )
