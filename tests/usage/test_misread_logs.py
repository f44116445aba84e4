"""A log that is misread is told with its cause: its format, its encoding, the line that is cut."""

import gzip
from pathlib import Path

import pytest

from tests.support.reviewing import Outcome
from tests.support.usage import SAMPLES, repository, run

LITELLM = gzip.decompress((SAMPLES / "litellm_spendlogs.jsonl.gz").read_bytes()).decode("utf-8")
SAMPLE = {
    "otlp": (gzip.decompress((SAMPLES / "otlp_genai.jsonl.gz").read_bytes()), ".jsonl"),
    "litellm": (LITELLM.encode("utf-8"), ".jsonl"),
    "bedrock": ((SAMPLES / "bedrock_invocations.jsonl").read_bytes(), ".jsonl"),
    "openrouter": ((SAMPLES / "openrouter_activity.csv").read_bytes(), ".csv"),
    "focus": ((SAMPLES / "focus.csv").read_bytes(), ".csv"),
    "openai-usage": ((SAMPLES / "openai_usage_1.json").read_bytes(), ".json"),
    "anthropic-usage": ((SAMPLES / "anthropic_usage.json").read_bytes(), ".json"),
}


def usage(tmp_path: Path, name: str, content: bytes, form: str) -> Outcome:
    """What the command says of a log, in one line."""
    (tmp_path / name).write_bytes(content)
    where = repository(tmp_path / "r")
    return run(where, "usage", str(tmp_path / name), "--format", form)


@pytest.mark.parametrize("form", SAMPLE)
def test_the_format_that_the_fields_are_of_is_named_and_works(tmp_path: Path, form: str) -> None:
    content, ending = SAMPLE[form]
    other = "litellm" if form != "litellm" else "otlp"
    outcome = usage(tmp_path, f"log{ending}", content, other)
    assert outcome.code == 3
    mend = f"its fields are those of {form}: `--log-type {form}`"
    assert mend in " ".join(outcome.errors.split())
    assert usage(tmp_path / "r", f"log{ending}", content, form).code == 0


def test_other_columns_are_told_with_those_of_the_format(tmp_path: Path) -> None:
    outcome = usage(tmp_path, "x.csv", b"time,model,tokens\n2026-11-01,gpt-4.1,5\n", "openrouter")
    said = " ".join(outcome.errors.split())
    assert "none of the columns of the format openrouter, generation_id, created_at," in said
    assert "its own are time, model, tokens;" in said
    assert "{time: time, model: model, input: COLUMN, output: COLUMN}" in said
    secret = usage(tmp_path / "r", "y.csv", b"2026-11-01,secret,5\n2026-11-02,b,5\n", "openrouter")
    assert "secret" not in secret.errors
    for number, row in enumerate(
        (b"acme,gpt,alice,call\nglobex,gpt,bob,call\n", b"day,Acme Corp,alice\n1,2,3\n")
    ):
        place = tmp_path / str(number)
        place.mkdir()
        said = usage(place, "z.csv", row, "litellm").errors.lower()
        assert not [name for name in ("acme", "alice", "gpt,") if name in said], said


def test_a_time_by_another_name_is_told_with_where_to_name_it(tmp_path: Path) -> None:
    content = LITELLM.replace("startTime", "start_time").encode()
    said = " ".join(usage(tmp_path, "x.jsonl", content, "litellm").errors.split())
    assert "no time in `startTime`" in said
    assert "`columns: {time: FIELD}` of a source of the format `columns` in `usage.sources`" in said


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (LITELLM.rstrip()[:-20], f".jsonl:{len(LITELLM.splitlines())}: the last line is cut short"),
        (
            LITELLM.replace('"model": ', '"model" ', 1),
            ".jsonl:1: this line is not JSON",
        ),
    ],
)
def test_the_line_that_is_no_json_is_named(tmp_path: Path, content: str, what: str) -> None:
    outcome = usage(tmp_path, "log.jsonl", content.encode(), "litellm")
    assert (outcome.code, what in " ".join(outcome.errors.split())) == (3, True), outcome.errors


@pytest.mark.parametrize("name", ["log.jsonl", "log.csv"])
def test_utf_16_is_named_with_what_makes_utf_8_of_it(tmp_path: Path, name: str) -> None:
    outcome = usage(tmp_path, name, LITELLM.encode("utf-16"), "litellm")
    assert outcome.code == 3
    said = " ".join(outcome.errors.split())
    assert "the file is UTF-16, and logs are UTF-8; save it as UTF-8: `iconv -f UTF-16" in said
