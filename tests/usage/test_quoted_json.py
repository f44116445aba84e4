"""Objects and lists that stand as text in JSON lines, as databases write a column of JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.usage import repository, run
from tests.usage.test_prices_and_days import litellm, written

KNOWN = {"additional_usage_values": {"prompt_tokens_details": {"cached_tokens": 40}}}
MAPPED = "usage: {sources: [{format: litellm, workflow: metadata.flow}]}\n"


def quoted(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    return row | {name: json.dumps(row[name]) for name in fields}


def test_text_of_json_is_read_as_what_it_is(tmp_path: Path) -> None:
    rows = [litellm(1, metadata=KNOWN), litellm(2, metadata=KNOWN | {"other": [1, "x"]})]
    where = repository(tmp_path / "r")
    plain = written(tmp_path / "plain.jsonl", rows)
    told = run(where, "usage", plain, "--log-type", "litellm", "--json").report
    for fields in (("metadata",), ("request_tags",), ("metadata", "request_tags")):
        log = written(tmp_path / "log.jsonl", [rows[0], quoted(rows[1], *fields)])
        outcome = run(where, "usage", log, "--log-type", "litellm", "--json")
        assert outcome.code == 0, outcome.errors
        assert outcome.report == told


def test_a_configured_field_inside_of_text_is_found(tmp_path: Path) -> None:
    row = quoted(litellm(1, metadata=KNOWN | {"flow": "triage"}), "metadata")
    log = written(tmp_path / "log.jsonl", [row])
    outcome = run(repository(tmp_path / "r", usage=MAPPED), "usage", log, "--json")
    assert [line["workflow"] for line in outcome.report["lines"]] == ["triage"]


@pytest.mark.parametrize("blank", ["", " ", "null", None])
def test_blank_text_is_nothing_known(tmp_path: Path, blank: str | None) -> None:
    log = written(tmp_path / "log.jsonl", [litellm(1, metadata=blank)])
    outcome = run(repository(tmp_path / "r"), "usage", log, "--log-type", "litellm", "--json")
    assert outcome.code == 0, outcome.errors
    assert [line["cached"] for line in outcome.report["lines"]] == [None]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"metadata": "secret-word"}, "`metadata` is no object"),
        ({"metadata": 5}, "`metadata` is no object"),
        ({"metadata": "[1]"}, "`metadata` is no object"),
        ({"metadata": '{"a": '}, "`metadata` is no object"),
        (
            {"metadata": {"additional_usage_values": "secret-word"}},
            "`metadata.additional_usage_values` is no object",
        ),
        ({"request_tags": "feature:secret-word"}, "`request_tags` is no list"),
        ({"request_tags": '{"a": 1}'}, "`request_tags` is no list"),
    ],
)
def test_what_is_neither_is_refused_with_its_field_and_row(
    tmp_path: Path, values: dict[str, Any], told: str
) -> None:
    rows = [litellm(1), quoted(litellm(2), "metadata"), litellm(3) | values, litellm(4) | values]
    log = written(tmp_path / "log.jsonl", rows)
    outcome = run(repository(tmp_path / "r"), "usage", log, "--log-type", "litellm", "--output")
    assert outcome.code == 3
    assert f"{log}:3: {told} in 2 of 4 rows (the first is row 3)" in outcome.errors
    assert "secret-word" not in outcome.errors


def test_langfuses_quoted_usage_is_read(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "start_time": "2026-11-01T00:00:00Z",
        "type": "GENERATION",
        "name": "answer",
        "provided_model_name": "gpt-4.1",
        "usage_details": {"input": 60, "input_cached_tokens": 40, "output": 10},
        "metadata": {"tenant": "acme"},
    }
    log = written(tmp_path / "log.jsonl", [quoted(row, "usage_details", "metadata")])
    outcome = run(repository(tmp_path / "r"), "usage", log, "--log-type", "langfuse", "--json")
    assert outcome.code == 0, outcome.errors
    (line,) = outcome.report["lines"]
    assert (line["input"], line["cached"], line["output"]) == (100, 40, 10)
    assert line["tenant"] == "acme"
