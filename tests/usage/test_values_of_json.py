"""What a number in a log may be: a number, also in quotes, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.usage import repository, run
from tests.usage.test_prices_and_days import litellm, span, written

NO_NUMBERS = {
    "true": True,
    "false": False,
    "an object": {"tokens": 5},
    "a list": [5],
    "empty": "",
    "a word": "five",
    "with a unit": "5 tokens",
    "hexadecimal": "0x10",
    "NaN": float("nan"),
    "infinite": float("inf"),
    "negative": -5,
    "a fraction": 5.5,
    "beyond 64 bits": 2**63,
    "beyond a float": 10**400,
}


@pytest.mark.parametrize("value", NO_NUMBERS.values(), ids=NO_NUMBERS)
@pytest.mark.parametrize("field", ["prompt_tokens", "completion_tokens"])
def test_what_is_no_count_is_refused_with_file_field_and_row(
    tmp_path: Path, field: str, value: Any
) -> None:
    rows = [litellm(1), litellm(2, **{field: value}), litellm(3)]
    log = written(tmp_path / "spend.jsonl", rows)
    outcome = run(repository(tmp_path / "r"), "usage", log, "--format", "litellm", "--output")
    assert outcome.code == 3
    assert f"{log}:2: 1 of 3 rows have a count in `{field}` that is negative, not" in outcome.errors
    assert "(the first is row 2)" in outcome.errors


@pytest.mark.parametrize("value", [True, {"usd": 1}, [1], "", "free", float("nan"), -0.1, 1e9])
def test_what_is_no_cost_is_refused(tmp_path: Path, value: Any) -> None:
    log = written(tmp_path / "spend.jsonl", [litellm(1, spend=0.1), litellm(2, spend=value)])
    outcome = run(repository(tmp_path / "r"), "usage", log, "--format", "litellm")
    assert outcome.code == 3
    assert f"{log}:2: 1 of 2 rows have a cost that is negative or no number" in outcome.errors
    assert "(the first is row 2)" in outcome.errors


@pytest.mark.parametrize("value", [100, "100", 100.0, "1e2"])
def test_a_number_may_be_written_in_any_way_and_in_quotes(tmp_path: Path, value: Any) -> None:
    """ClickHouse's JSON has 64-bit numbers in quotes, and OTLP's too."""
    log = written(tmp_path / "spend.jsonl", [litellm(1, prompt_tokens=value)])
    outcome = run(repository(tmp_path / "r"), "usage", log, "--format", "litellm", "--json")
    assert [line["input"] for line in outcome.report["lines"]] == [100]


def openai(**values: Any) -> dict[str, Any]:
    result = {"model": "gpt-4.1", "input_tokens": 9, "output_tokens": 9, "num_model_requests": 1}
    bucket = {"start_time": 1793534400, "end_time": 1793620800, "results": [result | values]}
    return {"object": "page", "data": [bucket]}


def anthropic(**values: Any) -> dict[str, Any]:
    result = {"model": "claude-sonnet-4-5", "uncached_input_tokens": 9, "output_tokens": 9} | values
    day = {"starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-02T00:00:00Z"}
    return {"data": [day | {"results": [result]}]}


def langfuse(**values: Any) -> dict[str, Any]:
    row = {"id": "a", "start_time": "2026-11-01T00:00:00Z", "type": "GENERATION"}
    return row | {
        "provided_model_name": "gpt-4.1",
        "usage_details": {"input": 9, "output": 9} | values,
    }


def bedrock(**values: Any) -> dict[str, Any]:
    row = {"requestId": "a", "timestamp": "2026-11-01T00:00:00Z", "modelId": "amazon.nova-pro-v1:0"}
    return row | {"input": {"inputTokenCount": 9} | values, "output": {"outputTokenCount": 9}}


def otlp(**values: Any) -> dict[str, Any]:
    chat: dict[str, Any] = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 9}
    made = span("a", **chat)
    made["attributes"] += [{"key": key, "value": value} for key, value in values.items()]
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": [made]}]}]}


CASES = [
    ("openai-usage", openai(input_tokens=True)),
    ("openai-usage", openai(num_model_requests=True)),
    ("anthropic-usage", anthropic(output_tokens=True)),
    ("anthropic-usage", anthropic(cache_creation={"ephemeral_1h_input_tokens": True})),
    ("langfuse", langfuse(input=True)),
    ("langfuse", langfuse(input_cached_tokens=True)),
    ("langfuse", langfuse(output_reasoning_tokens=True)),
    ("bedrock", bedrock(inputTokenCount=True)),
    ("bedrock", bedrock(cacheReadInputTokenCount=True)),
    ("otlp", otlp(**{"gen_ai.usage.cache_read.input_tokens": {"boolValue": True}})),
]


@pytest.mark.parametrize(("log_format", "document"), CASES)
def test_true_is_no_number_in_any_format(
    tmp_path: Path, log_format: str, document: dict[str, Any]
) -> None:
    log = written(tmp_path / "log.json", [document])
    outcome = run(repository(tmp_path / "r"), "usage", log, "--log-type", log_format)
    assert outcome.code == 3
    assert f"{log}: 1 of 1 rows have a count " in outcome.errors
    assert "1 of the file)" in outcome.errors or "(the first is row 1)" in outcome.errors
