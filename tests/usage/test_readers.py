"""One made-up traffic in every format comes to the same integers."""

import json
from pathlib import Path

import duckdb
import pytest

from reviewbot.configuration.usage_settings import LogFormat
from reviewbot.usage import readers
from tests.support.usage import SAMPLES, TRUTH, repository, run, totals

BY = ("--by", "workflow,tenant,environment,model", "--json")
OPENAI = """\
usage:
  sources:
    - format: openai-usage
      workflow: {names: {key_answer: answer, key_triage: triage}}
      tenant: {pattern: "^proj_(.+)-"}
      environment: {pattern: "-([a-z]+)$"}
"""
OPENROUTER = """\
usage:
  sources:
    - format: openrouter
      workflow: {field: api_key_name, pattern: "^(.+)-"}
      environment: {field: api_key_name, pattern: "-(.+)$"}
"""
HELICONE = """\
usage:
  sources:
    - format: columns
      columns:
        id: request_id
        time: request_created_at
        provider: provider
        model: model
        input: prompt_tokens
        cached: prompt_cache_read_tokens
        written: prompt_cache_write_tokens
        output: completion_tokens
        cost: cost
        status: status
        succeeded: ["200"]
      input_includes_cached: false
      cost_unit: nano_usd
      workflow: properties.Feature
      tenant: user_id
      environment: properties.Environment
"""
FORMATS = [
    ("litellm", ["litellm_spendlogs.jsonl.gz"], ""),
    ("otlp", ["otlp_genai.jsonl.gz"], ""),
    ("otlp", ["otlp_openinference.jsonl.gz"], ""),
    ("otlp", ["otlp_openllmetry.jsonl.gz"], ""),
    ("langfuse", ["langfuse_observations.jsonl.zst"], ""),
    ("openai-usage", ["openai_usage_1.json", "openai_usage_2.json"], OPENAI),
    ("openrouter", ["openrouter_activity.csv"], OPENROUTER),
    ("columns", ["helicone_requests.jsonl.zst"], HELICONE),
    ("focus", ["focus.csv"], ""),
]


@pytest.mark.parametrize(("log_format", "names", "usage"), FORMATS, ids=lambda item: str(item)[:30])
def test_a_format_comes_to_the_truth_and_has_no_calls_where_the_log_has_none(
    tmp_path: Path, log_format: str, names: list[str], usage: str
) -> None:
    logs = [str(SAMPLES / name) for name in names]
    where = repository(tmp_path, usage=usage)
    outcome = run(where, "usage", *logs, "--format", log_format, *BY)
    assert outcome.code == 0, outcome.errors
    lacking = {"calls": None} if log_format == "focus" else {}
    assert totals(outcome) == {key: truth | lacking for key, truth in TRUTH.items()}


def test_the_same_call_of_overlapping_files_counts_once(tmp_path: Path) -> None:
    log = SAMPLES / "litellm_spendlogs.jsonl.gz"
    again = tmp_path / "again.jsonl.gz"
    again.write_bytes(log.read_bytes())
    where = repository(tmp_path / "r")
    outcome = run(where, "usage", str(log), str(again), "--format", "litellm", *BY)
    assert totals(outcome) == TRUTH
    assert outcome.report["left_out"] == {
        "failed": 2,
        "own_cache": 0,
        "duplicates": 618,
        "outside": 0,
    }


def test_an_amount_of_anthropics_cost_report_is_in_cents(tmp_path: Path) -> None:
    log = str(SAMPLES / "anthropic_cost.json")
    outcome = run(repository(tmp_path), "usage", log, "--format", "anthropic-cost", "--json")
    (line,) = outcome.report["lines"]
    assert line["units"] == 6_480_000_000
    assert (line["calls"], line["input"], line["output"]) == (None, None, None)


def test_another_currency_than_usd_is_never_read_as_usd(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    for log_format, name, usd, other in (
        ("focus", "focus.csv", ",USD,", ",EUR,"),
        ("anthropic-cost", "anthropic_cost.json", "USD", "EUR"),
    ):
        text = (SAMPLES / name).read_text()
        log = tmp_path / name
        log.write_text(text.replace(usd, other))
        outcome = run(where, "usage", str(log), "--format", log_format)
        assert outcome.code == 3
        assert "in USD" in outcome.errors


def test_anthropics_usage_has_all_input_and_no_calls(tmp_path: Path) -> None:
    log = str(SAMPLES / "anthropic_usage.json")
    outcome = run(repository(tmp_path), "usage", log, "--format", "anthropic-usage", "--json")
    (line,) = outcome.report["lines"]
    assert line["calls"] is None
    assert line["cached"] == 160_000 * 28
    assert line["written"] == 4_000 * 28
    assert line["input"] == sum(90_000 + day + 164_000 for day in range(28))


def test_bedrocks_disjoint_counts_are_added_and_its_cut_last_day_is_named(tmp_path: Path) -> None:
    log = str(SAMPLES / "bedrock_invocations.jsonl")
    outcome = run(repository(tmp_path), "usage", log, "--format", "bedrock", "--json")
    assert outcome.report["until"] == "2026-11-01"
    assert any("2026-11-02 is left out" in note for note in outcome.report["notes"])
    assert sum(line["calls"] for line in outcome.report["lines"]) == 198


def test_the_configurations_formats_are_the_readers() -> None:
    assert readers.names() == tuple(sorted(LogFormat))


def test_every_part_of_a_langfuse_observations_usage_counts(tmp_path: Path) -> None:
    """Its parts are disjoint, and instrumentations have parts of their own."""
    details = {"input": 10, "input_audio_tokens": 5, "input_cached_tokens": 20, "total": 99}
    details |= {"input_cache_creation_1h": 3, "output": 7, "output_audio_tokens": 2}
    row: dict[str, object] = {"id": "a", "start_time": "2026-11-01T00:00:00Z", "level": "DEFAULT"}
    row |= {"type": "GENERATION", "provided_model_name": "gpt-4.1", "total_cost": 0.5}
    row |= {"metadata": {"tenant": "acme", "x": 1}}
    (tmp_path / "log.jsonl").write_text(json.dumps(row | {"usage_details": details}))
    where = repository(tmp_path / "r")
    read = f"FROM read_json('{tmp_path}/log.jsonl', map_inference_threshold={{}})"
    details_as_text = (
        "SELECT * REPLACE (to_json(usage_details) AS usage_details, to_json(metadata) AS metadata)"
    )
    duckdb.sql(f"COPY ({details_as_text} {read.format(0)}) TO '{tmp_path}/log.csv'")
    duckdb.sql(f"COPY ({read.format(-1)}) TO '{tmp_path}/struct.parquet'")
    duckdb.sql(f"COPY ({read.format(0)}) TO '{tmp_path}/map.parquet'")
    for name in ("log.jsonl", "log.csv", "struct.parquet", "map.parquet"):
        outcome = run(where, "usage", str(tmp_path / name), "--format", "langfuse", "--json")
        assert outcome.code == 0, outcome.errors
        (line,) = outcome.report["lines"]
        figures = [line[key] for key in ("input", "cached", "written", "output", "reasoning")]
        assert figures == [38, 20, 3, 9, None]
        assert line["tenant"] == "acme"
