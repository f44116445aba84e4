"""Logs that fit the configuration in nothing: each is told by the names of the configuration."""

import json
from contextlib import chdir
from pathlib import Path

import pytest

from tests.support.reviewing import CONFIGURATION, Outcome
from tests.support.usage import repository, run

SECRET = "customer-4711"
HEAD = "day,model,in,out,flow,state\n"
COLUMNS = (
    "{time: day, model: model, input: in, output: out, status: state, succeeded: [success, ok]}"
)


def source(workflow: str = "flow", columns: str = COLUMNS) -> str:
    return (
        "usage:\n  sources:\n    - format: columns\n      paths: [logs/*.csv]\n"
        f"      columns: {columns}\n      input_includes_cached: true\n      workflow: {workflow}\n"
    )


def row(flow: str = "answer", state: str = "ok") -> str:
    return f"2026-10-01,openai/gpt-4.1,9,9,{flow},{state}\n"


def usage(tmp_path: Path, settings: str, *rows: str, options: tuple[str, ...] = ()) -> Outcome:
    where = repository(tmp_path / "r", usage=settings)
    (where.path / "logs").mkdir()
    (where.path / "logs" / "a.csv").write_text(HEAD + "".join(rows))
    with chdir(where.path):
        return run(where, "usage", *options)


def test_values_that_fit_nothing_are_told_with_what_is_expected(tmp_path: Path) -> None:
    outcome = usage(tmp_path, source(), row(state=SECRET), row(state="SUCCESS"))
    assert outcome.code == 3
    assert ".github/reviewbot.yml:5 (usage.sources[0].columns.succeeded): " in outcome.errors
    assert "none of 2 rows has one of `success`, `ok` in `state`" in outcome.errors
    assert "write under `succeeded` what `state` says of good calls" in outcome.errors
    assert SECRET not in outcome.errors + outcome.out


def test_without_the_mapping_every_row_counts(tmp_path: Path) -> None:
    """The second mend works when it is typed."""
    columns = COLUMNS.replace(", status: state, succeeded: [success, ok]", "")
    outcome = usage(tmp_path, source(columns=columns), row(state=SECRET))
    assert outcome.code == 0


def test_one_value_and_one_row(tmp_path: Path) -> None:
    columns = COLUMNS.replace("[success, ok]", "[success]")
    outcome = usage(tmp_path, source(columns=columns), row())
    assert "the only row has not `success` in `state`" in outcome.errors


def test_a_source_that_fits_nothing_beside_another_is_noted(tmp_path: Path) -> None:
    second = source(columns=COLUMNS.replace("[success, ok]", "[good]")).partition("sources:\n")[2]
    settings = source() + second.replace("logs/*", "other/*")
    where = repository(tmp_path / "r", usage=settings)
    for folder in ("logs", "other"):
        (where.path / folder).mkdir()
        (where.path / folder / "a.csv").write_text(HEAD + row())
    with chdir(where.path):
        outcome = run(where, "usage")
    assert outcome.code == 0
    told = " ".join((outcome.out + outcome.errors).split())
    assert "(usage.sources[1].columns.succeeded): the only row has not `good` in `state`" in told


def test_a_log_of_another_format_says_by_which_field_calls_failed(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    call = {
        "startTime": "2026-10-01T00:00:00Z",
        "model": "openai/gpt-4.1",
        "prompt_tokens": 1,
        "completion_tokens": 1,
        "status": "failure",
    }
    (where.path / "a.jsonl").write_text(json.dumps(call) + "\n")
    with chdir(where.path):
        outcome = run(where, "usage", "a.jsonl", "--log-type", "litellm")
    assert "no call of the log counts: 1 failed (by their `status`)" in outcome.errors


@pytest.mark.parametrize(
    ("names", "rows", "parts"),
    [
        (
            "{field: flow, names: {x: retired, y: answer}}",
            (row("x"), row("y")),
            [
                "`retired`, to which `names` of usage.sources lead and which `workflows` lacks: correct it"
            ],
        ),
        (
            "{field: flow, names: {x: retired, y: gone-too}}",
            (row("x"), row("y"), row(SECRET)),
            [
                "`gone-too`, `retired`, to which",
                "correct them",
                "; and the log has 1 name that `workflows` lacks",
                f"mend: add `NAME: WORKFLOW` to `workflow.names` ({CONFIGURATION}:5);",
            ],
        ),
        (
            "flow",
            (row(SECRET), row()),
            [
                "the log has 1 name that `workflows` lacks",
                f"NAME: WORKFLOW}}}}` in place of its `workflow`, in the source at {CONFIGURATION}:5;",
            ],
        ),
        ("{field: flow, names: {x: 'a`\x7f'}}", (row(),), []),
    ],
)
def test_workflows_that_the_mapping_leads_to_are_named_and_no_others(
    tmp_path: Path, names: str, rows: tuple[str, ...], parts: list[str]
) -> None:
    outcome = usage(tmp_path, source(names), *rows)
    told = " ".join((outcome.out + outcome.errors).split())
    for part in parts:
        assert part in told
    assert SECRET not in told
    as_json = usage(tmp_path / "json", source(names), *rows, options=("--json",))
    assert SECRET not in as_json.out + as_json.errors


def test_a_misspelt_workflow_is_told_by_the_one_that_it_is_near(tmp_path: Path) -> None:
    outcome = usage(tmp_path, source("flow"), row("anwser"), row(SECRET))
    told = " ".join((outcome.out + outcome.errors).split())
    assert "the log has 2 names that `workflows` lacks (one is near `answer`)" in told
    assert "anwser" not in told
    names = "{field: flow, names: {anwser: answer}}"
    mended = usage(tmp_path / "mended", source(names), row("anwser"))
    assert "no workflow" not in mended.out + mended.errors


def test_many_names_are_bounded(tmp_path: Path) -> None:
    names = ", ".join(f"k{number}: gone-{number}" for number in range(9))
    rows = [row(f"k{number}") for number in range(9)]
    outcome = usage(tmp_path, source(f"{{field: flow, names: {{{names}}}}}"), *rows)
    assert "`gone-4` and 4 more, to which" in " ".join((outcome.out + outcome.errors).split())


@pytest.mark.parametrize("mark", [";", "|"])
def test_columns_that_another_mark_parts_are_told_as_that(tmp_path: Path, mark: str) -> None:
    where = repository(tmp_path / "r", usage=source())
    (where.path / "logs").mkdir()
    (where.path / "logs" / "a.csv").write_text((HEAD + row(SECRET)).replace(",", mark))
    with chdir(where.path):
        outcome = run(where, "usage")
    assert (
        f"logs/a.csv: its columns are parted by `{mark}`; export it with commas" in outcome.errors
    )
    assert SECRET not in outcome.errors


def test_a_spreadsheet_is_told_as_that(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", usage=source())
    (where.path / "a.xlsx").write_bytes(b"PK\3\4")
    with chdir(where.path):
        outcome = run(where, "usage", "a.xlsx")
    assert "a.xlsx: logs are CSV, JSON or Parquet, not .xlsx; export the sheet" in outcome.errors


def test_spend_without_cached_tokens_names_their_column(tmp_path: Path) -> None:
    outcome = usage(tmp_path, source(), row())
    told = " ".join((outcome.out + outcome.errors).split())
    assert "spend unknown of gpt-4.1: the log tells no cached tokens, which cost less" in told
    columns = COLUMNS.replace("output: out", "output: out, cached: cache")
    where = repository(tmp_path / "mended", usage=source(columns=columns))
    (where.path / "logs").mkdir()
    text = HEAD.replace("in,", "in,cache,") + row().replace("9,9,", "9,1,9,")
    (where.path / "logs" / "a.csv").write_text(text)
    with chdir(where.path):
        mended = run(where, "usage")
    assert "spend unknown" not in mended.out + mended.errors


def test_a_renamed_column_is_told_with_its_key_and_the_near_one(tmp_path: Path) -> None:
    columns = COLUMNS.replace("input: in", "input: input_tokens")
    where = repository(tmp_path / "r", usage=source(columns=columns))
    head = HEAD.replace("in,", "prompt_input_tokens,", 1)
    where.write({"logs/a.csv": head + row()})
    outcome = run(where, "usage")
    said = " ".join(outcome.errors.split())
    assert outcome.code == 3
    assert "logs/a.csv: there is no column `input_tokens`" in said
    assert f"which `usage.sources` names as `columns.input` ({CONFIGURATION}:5)" in said
    assert "; did you mean `prompt_input_tokens` for `input_tokens`? Else export it again" in said
