"""Mistakes with logs: each message says what is wrong, in which line, and a mend that works."""

import builtins
import io
import sys
import tomllib
from contextlib import chdir, redirect_stderr
from pathlib import Path
from typing import Any

import pytest

from reviewbot.cli import main
from reviewbot.errors import UsageError
from reviewbot.usage.engine import open_engine
from reviewbot.usage.row_lines import line_of_row
from reviewbot.usage.sources import LogFile
from tests.support.usage import repository, run

SOURCE = """\
usage:
  sources:
    - format: columns
      paths: [logs/*.csv]
      columns: {time: day, model: model, input: "in", output: out, calls: calls}
      input_includes_cached: true
"""
HEAD = "day,model,in,out,calls\n"
ROW = "2026-10-01,openai/gpt-4.1,9,9,1\n"


def told(tmp_path: Path, files: dict[str, str], *logs: str, source: str = SOURCE) -> str:
    where = repository(tmp_path / "r", usage=source)
    for name, text in files.items():
        path = where.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with chdir(where.path):
        outcome = run(where, "usage", *logs)
    assert outcome.code in {2, 3}
    return outcome.errors


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            HEAD + ROW + ROW.replace(",1\n", ",abc\n"),
            "a.csv:3: 1 of 2 rows have a count in `calls`",
        ),
        (
            HEAD + ROW.replace("2026-10-01", "01.10.2026"),
            "a.csv:2: 1 of 1 rows have no time in `day`",
        ),
        (
            HEAD + ROW.replace("openai/gpt-4.1", '"a\nb"') + ROW.replace(",9,", ",x,"),
            "a.csv:4: 1 of 2",
        ),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, text: str, what: str) -> None:
    assert what in told(tmp_path, {"logs/a.csv": text})


def test_the_mend_of_a_time_shows_one(tmp_path: Path) -> None:
    text = HEAD + ROW.replace("2026-10-01", "01.10.2026")
    assert "times are written as 2026-10-01 or" in told(tmp_path, {"logs/a.csv": text})


def test_a_misspelt_workflow_is_told_at_its_source(tmp_path: Path) -> None:
    source = SOURCE + "      workflow: {field: model, names: {x: answr, y: retired, z: triage}}\n"
    errors = told(tmp_path, {"logs/a.csv": HEAD + ROW}, source=source)
    assert "reviewbot.yml:5 (usage.sources[0]): `workflow.names` has 'answr'" in errors
    assert "did you mean `answer`?" in errors
    assert "retired" not in errors


def test_a_log_of_another_format_is_one_message(tmp_path: Path) -> None:
    source = SOURCE.partition("      columns")[0].replace("columns", "litellm")
    text = "startTime,model,tokens\n2026-10-01,openai/gpt-4.1,9\n"
    errors = told(tmp_path, {"logs/a.csv": text}, source=source)
    assert errors.count("a.csv") == 1
    assert "it lacks 4 of the 6 columns of the format litellm, `request_id` or `id`" in errors
    assert "; its own are " in errors
    assert "; name its own format with --log-type, or " in errors
    assert "`--log-type columns`" in errors


def test_columns_that_are_not_there_are_told_with_those_that_are(tmp_path: Path) -> None:
    errors = told(tmp_path, {"logs/a.csv": "created,model,tokens_in\n"})
    assert "there are no columns `day`, `in`, `out`, `calls`" in errors
    assert "; its own are created, model, tokens_in; " in errors


@pytest.mark.parametrize(
    ("logs", "what", "mend"),
    [
        (("cals.csv",), "there is no file cals.csv", "did you mean calls.csv?"),
        (("logz/*.csv",), "there is no folder logz", "correct the path"),
        (("logs/*.tsv",), "no file matches logs/*.tsv", "correct the pattern, or add the logs"),
        (("s3://bucket/calls.csv",), "a log is given as a URL", "aws s3 cp URL ."),
        (("https://a.example/calls.csv",), "a log is given as a URL", "curl -fsSO URL"),
    ],
)
def test_a_log_that_is_not_there_has_its_mend(
    tmp_path: Path, logs: tuple[str, ...], what: str, mend: str
) -> None:
    errors = told(tmp_path, {"calls.csv": HEAD + ROW, "logs/a.csv": HEAD + ROW}, *logs)
    assert f"{what}" in errors
    assert mend in errors


@pytest.mark.parametrize("word", ["HEAD", "main", "HEAD~3"])
def test_a_revision_is_no_log(tmp_path: Path, word: str) -> None:
    errors = told(tmp_path, {}, word)
    assert f"there is no log {word!r}, but a revision" in errors
    assert f"what a change costs says `reviewbot check --base {word}`" in errors


def test_a_wrong_entry_of_paths_is_told_at_its_line(tmp_path: Path) -> None:
    paths = "\n        - logs/*.csv\n        - calls.csv\n        - ../calls.csv\n"
    source = SOURCE.replace(" [logs/*.csv]\n", paths)
    errors = told(tmp_path, {"logs/a.csv": HEAD + ROW}, source=source)
    assert "reviewbot.yml:8 (usage.sources[0].paths[1]): there is no file calls.csv" in errors
    assert "reviewbot.yml:9 (usage.sources[0].paths[2]): ../calls.csv lies outside" in errors


@pytest.mark.parametrize(
    ("labels", "what"),
    [
        (
            "workflw",
            "'workflw' is none of workflow,tenant,environment,tier,model,day; did you mean",
        ),
        ("day,", "use some of workflow,tenant,environment,tier,model,day, each once"),
        ("day, day", "use some of"),
    ],
)
def test_a_wrong_word_of_by_names_those_that_there_are(
    labels: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["usage", "--by", labels])
    assert raised.value.code == 2
    assert what in capsys.readouterr().err


@pytest.mark.parametrize("path", ["/nowhere/calls.csv", "../calls.csv"])
def test_a_configured_log_outside_is_not_told_as_missing(tmp_path: Path, path: str) -> None:
    errors = told(tmp_path, {}, source=SOURCE.replace("logs/*.csv", path))
    assert f"{path} lies outside the repository" in errors


def test_a_lacking_extra_is_told_with_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_duckdb(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "duckdb":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_duckdb)
    with pytest.raises(UsageError) as caught, open_engine(()):
        pass
    command = caught.value.problems[0].mend.removeprefix("install it: ")
    extra = tomllib.loads(Path("pyproject.toml").read_text())["project"]["optional-dependencies"]
    quoted = " ".join(f'"{item}"' for item in extra["usage"])
    assert command == f"pip install {quoted}"


@pytest.mark.parametrize(
    ("name", "text", "row", "line"),
    [
        ("a.jsonl", "{}\n\n{}\n", 2, 3),
        ("a.csv", "\na,b\n1,2\n\n3,4\n", 2, 5),
        ("a.tsv", "a\tb\n1\t2\n", 1, 2),
        ("a.csv", "a\n1\n", 2, None),
        ("a.json", "[{},\n{}]", 2, None),
        ("a.csv.gz", "a\n1\n", 1, None),
        ("a.csv", 'a\n"1', 5, None),
    ],
)
def test_the_line_of_a_row(
    tmp_path: Path, name: str, text: str, row: int, line: int | None
) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert line_of_row(LogFile(path=str(path), name=name), row) == line


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("duckdb", ["usage", "log.jsonl", "--log-type", "litellm"]),
        ("duckdb", ["usage"]),
        ("duckdb", ["drift", "log.jsonl", "--log-type", "litellm"]),
        ("duckdb", ["calibrate", "log.jsonl", "--log-type", "litellm"]),
        ("sqlglot", ["usage", "--print-sql", "spark", "--table", "calls"]),
    ],
)
def test_the_missing_extra_is_named_before_any_fault_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, arguments: list[str]
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    errors = io.StringIO()
    with redirect_stderr(errors):
        code = main([*arguments, "--repo", str(tmp_path)])
    assert code == 2
    assert "not installed; install it: pip install" in errors.getvalue()
    assert "duckdb>=" in errors.getvalue()
