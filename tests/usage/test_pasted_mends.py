"""What `usage` offers to paste is pasted: every offered line ends the mistake."""

import json
import re
from contextlib import chdir
from pathlib import Path

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome
from tests.support.usage import repository, run

CSV = "date,model_name,input_tokens,output_tokens,cached_tokens,feature\n"
ROW = "2026-10-01,gpt-4.1,100,50,10,{}\n"


def pasted(where: Repository, outcome: Outcome, *, name: str = "") -> str:
    """The configuration with the offered line in its place; `name` is what NAME stands for."""
    told = " ".join((outcome.out + outcome.errors).split())
    text = (where.path / CONFIGURATION).read_text()
    whole = re.search(r"`(usage: .*?\]\})`", told)
    item = re.search(r"add `(- \{format: .*?\})` to `usage.sources`", told)
    entry = re.search(r"write `(workflow: .*?)`", told)
    if whole:
        text = f"{whole[1]}\n{text}"
    elif item:
        text = text.replace("  sources:\n", f"  sources:\n    {item[1]}\n", 1)
    else:
        assert entry, told
        text = re.sub(r"\n      workflow:.*", "", text)
        text = re.sub(r"\n    - format:.*", rf"\g<0>\n      {entry[1]}", text, count=1)
    return text.replace("NAME:", f"{name}:")


def usage(where: Repository, *words: str) -> Outcome:
    with chdir(where.path):
        return run(where, "usage", *words)


def calls(path: Path, **fields: list[str]) -> None:
    """A log of LiteLLM with one call for each value of the fields."""
    count = max(map(len, fields.values()))
    path.write_text(
        "".join(
            json.dumps(
                {
                    "request_id": f"r{number}",
                    "startTime": "2026-10-01T10:00:00Z",
                    "model": "gpt-4.1",
                    "prompt_tokens": 100,
                    "completion_tokens": 50,
                    "spend": 0.01,
                    **{name: [values[number]] for name, values in fields.items()},
                }
            )
            + "\n"
            for number in range(count)
        )
    )


SOURCES = {
    "none": "",
    "another": "usage:\n  sources:\n    - format: focus\n      paths: [focus.csv]\n",
    "its own": "usage:\n  sources:\n    - format: litellm\n      paths: [a.jsonl]\n",
    "a tag": 'usage:\n  sources:\n    - format: litellm\n      workflow: {tag: "feature:"}\n',
}


@pytest.mark.parametrize("settings", SOURCES.values(), ids=SOURCES)
def test_a_misspelt_workflow_is_mended_by_the_line_that_is_offered(
    tmp_path: Path, settings: str
) -> None:
    where = repository(tmp_path / "r", usage=settings)
    calls(where.path / "a.jsonl", request_tags=["feature:anwser", "feature:answer"])
    told = usage(where, "a.jsonl", "--log-type", "litellm")
    assert "no workflow: $0.01 (50.0% of spend)" in told.out
    assert "NAME is what the log says for `answer`" in " ".join(told.out.split())
    where.write({CONFIGURATION: pasted(where, told, name="anwser")})
    mended = usage(where, "a.jsonl", "--log-type", "litellm")
    assert mended.code == 0, mended.errors
    assert "no workflow" not in mended.out
    assert re.search(r"answer +2 ", mended.out)


def test_a_name_that_is_added_leaves_the_others(tmp_path: Path) -> None:
    settings = SOURCES["its own"] + "      workflow: {names: {anwser: answer}}\n"
    where = repository(tmp_path / "r", usage=settings)
    calls(where.path / "a.jsonl", request_tags=["feature:anwser", "feature:answer", "feature:tr"])
    told = usage(where)
    assert re.search(r"answer +2 ", told.out)
    said = " ".join(told.out.split())
    assert f"add `NAME: WORKFLOW` to `workflow.names` ({CONFIGURATION}:5)" in said
    text = (where.path / CONFIGURATION).read_text()
    where.write({CONFIGURATION: text.replace("{anwser:", "{tr: triage, anwser:")})
    assert "no workflow" not in usage(where).out


@pytest.mark.parametrize("words", [("--log-type", "csv"), ("--format", "columns"), ()])
@pytest.mark.parametrize("settings", ["", SOURCES["another"]])
def test_a_table_of_own_columns_is_told_with_the_source_that_reads_it(
    tmp_path: Path, words: tuple[str, ...], settings: str
) -> None:
    where = repository(tmp_path / "r", usage=settings)
    (where.path / "calls.csv").write_text(CSV + ROW.format("answer") + ROW.format("triage"))
    if settings and not words:
        words = ("--format", "openrouter")
    told = usage(where, "calls.csv", *words)
    assert told.code in {2, 3}
    assert "time: date, model: model_name, input: input_tokens, output: output" in told.errors
    assert "workflow: feature" in told.errors
    where.write({CONFIGURATION: pasted(where, told)})
    mended = usage(where, "calls.csv", "--log-type", "columns")
    assert mended.code == 0, mended.errors
    assert "no workflow" not in mended.out
    assert "triage" in mended.out


def test_a_column_of_which_the_name_says_nothing_is_left_to_the_user(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    (where.path / "calls.csv").write_text("date,acme-gpt,in,out\n")
    told = usage(where, "calls.csv", "--format", "columns")
    assert "columns: {time: date, model: COLUMN, input: in, output: out}" in told.errors
    assert "; write for COLUMN the column that has it" in told.errors
    assert "acme-gpt" not in told.errors


def test_a_log_whose_format_is_not_named_is_told_by_its_fields(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    calls(where.path / "a.jsonl", request_tags=["feature:answer"])
    told = usage(where, "a.jsonl")
    assert told.code == 2
    offered = "reviewbot usage a.jsonl --log-type litellm"
    assert f"its fields are those of litellm: `{offered}`" in told.errors
    assert usage(where, *offered.split()[2:]).code == 0
