"""A column that a format has, or that the configuration names, is there: nothing passes as unknown."""

import json
from pathlib import Path

import pytest

from tests.support.usage import SAMPLES, repository, run

COLUMNS = """\
usage:
  sources:
    - format: columns
      columns:
        {time: at, model: model, input: inp, output: outp, id: id, provider: by, service_tier: tier,
        calls: n, cached: hit, written: put, reasoning: think, cost: usd, status: state,
        succeeded: [ok]}
      input_includes_cached: true
      workflow: labels.flow
      tenant: who
"""
CALL = {
    "at": "2026-11-01T00:00:00Z",
    "model": "gpt-4.1",
    "inp": 9,
    "outp": 9,
    "id": "a",
    "by": "openai",
    "tier": "flex",
    "n": 1,
    "hit": 1,
    "put": 1,
    "think": 1,
    "usd": 0.5,
    "state": "ok",
    "labels": {"flow": "answer"},
    "who": "acme",
}


def lines(path: Path, *rows: dict[str, object]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.mark.parametrize("name", CALL)
def test_a_figure_that_no_row_of_json_lines_has_is_refused(tmp_path: Path, name: str) -> None:
    row = {("other" if key == name else key): value for key, value in CALL.items()}
    log = lines(tmp_path / "log.jsonl", row, row)
    outcome = run(repository(tmp_path / "r", usage=COLUMNS), "usage", log, "--output")
    assert outcome.code == 3
    field = "labels.flow" if name == "labels" else name
    assert f"log.jsonl: no row has `{field}`, which `usage.sources` names" in outcome.errors


def test_a_row_of_json_lines_may_leave_out_what_others_have(tmp_path: Path) -> None:
    few = {name: CALL[name] for name in ("at", "model", "inp", "outp", "n", "state")}
    log = lines(tmp_path / "log.jsonl", few, CALL)
    outcome = run(repository(tmp_path / "r", usage=COLUMNS), "usage", log)
    assert outcome.code == 0, outcome.errors


SOURCE = "usage: {{sources: [{{format: {}, workflow: {{field: {}}}}}]}}\n"
LACKING = [
    ("openrouter", "openrouter_activity.csv", "generation_id"),
    ("openrouter", "openrouter_activity.csv", "model_permaslug"),
    ("openrouter", "openrouter_activity.csv", "tokens_cached"),
    ("openrouter", "openrouter_activity.csv", "cost_total"),
    ("openrouter", "openrouter_activity.csv", "cancelled"),
    ("focus", "focus.csv", "EffectiveCost"),
    ("focus", "focus.csv", "SkuMeter"),
    ("focus", "focus.csv", "ConsumedUnit"),
    ("focus", "focus.csv", "SkuPriceDetails"),
]


@pytest.mark.parametrize(("form", "sample", "name"), LACKING, ids=lambda item: item[:20])
def test_a_column_that_its_format_has_is_missed(
    tmp_path: Path, form: str, sample: str, name: str
) -> None:
    text = (SAMPLES / sample).read_text()
    assert name in text.splitlines()[0]
    (tmp_path / sample).write_text(text.replace(name, f"{name}_2", 1))
    outcome = run(repository(tmp_path / "r"), "usage", str(tmp_path / sample), "--format", form)
    assert outcome.code == 3
    assert f"{sample}: there is no column `{name}" in outcome.errors
    assert "which the format" in outcome.errors


@pytest.mark.parametrize("form", ["litellm", "langfuse"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_cost_that_was_renamed_in_a_table_is_missed(
    tmp_path: Path, form: str, ending: str
) -> None:
    import duckdb

    names = {
        "litellm": "request_id,startTime,model,prompt_tokens,completion_tokens,{}",
        "langfuse": "id,start_time,provided_model_name,usage_details,environment,{}",
    }[form].split(",")
    values = {
        "litellm": "'a','2026-11-01T00:00:00Z','gpt-4.1',9,9,0.5",
        "langfuse": "'a','2026-11-01T00:00:00Z','gpt-4.1','{\"input\":9,\"output\":9}','x',0.5",
    }[form]
    cost = {"litellm": "spend", "langfuse": "total_cost"}[form]
    where = repository(tmp_path / "r")
    for column, code in ((cost, 0), ("other", 3)):
        columns = ", ".join(f'"{name.format(column)}"' for name in names)
        log = tmp_path / f"{column}.{ending}"
        duckdb.sql(f"COPY (SELECT * FROM (VALUES ({values})) t({columns})) TO '{log}'")
        outcome = run(where, "usage", str(log), "--format", form)
        assert outcome.code == code, outcome.errors
    assert f"there is no column `{cost}` or " in outcome.errors


@pytest.mark.parametrize(("form", "name"), [("openrouter", "app"), ("focus", "Tags.x")])
def test_a_column_that_a_source_names_is_missed_in_every_format(
    tmp_path: Path, form: str, name: str
) -> None:
    sample = {"openrouter": "openrouter_activity.csv", "focus": "focus.csv"}[form]
    text = (SAMPLES / sample).read_text().replace("Tags", "Labels", 1)
    (tmp_path / sample).write_text(text)
    where = repository(tmp_path / "r", usage=SOURCE.format(form, name))
    outcome = run(where, "usage", str(tmp_path / sample), "--format", form)
    assert outcome.code == 3
    assert f"there is no column `{name}`, which `usage.sources` names" in outcome.errors


@pytest.mark.parametrize(
    "form", ["otlp", "openai-usage", "anthropic-usage", "anthropic-cost", "bedrock"]
)
def test_a_table_of_a_format_that_comes_as_json_is_refused(tmp_path: Path, form: str) -> None:
    (tmp_path / "log.csv").write_text("model,input\ngpt-4.1,9\n")
    outcome = run(repository(tmp_path / "r"), "usage", str(tmp_path / "log.csv"), "--format", form)
    assert outcome.code == 3
    assert "log.csv: " in outcome.errors


@pytest.mark.parametrize("form", ["openrouter", "focus", "litellm", "columns"])
def test_a_table_with_no_column_of_its_format_is_told_once(tmp_path: Path, form: str) -> None:
    where = repository(tmp_path / "r", usage=COLUMNS)
    for text, said in (("", "the file is empty"), ("a,b\n1,2\n", "has none of the columns of")):
        (tmp_path / "log.csv").write_text(text)
        outcome = run(where, "usage", str(tmp_path / "log.csv"), "--format", form)
        assert outcome.code == 3
        assert outcome.errors.count("log.csv") == 1
        assert said in outcome.errors


@pytest.mark.parametrize("form", ["litellm", "langfuse", "bedrock"])
def test_an_owner_that_no_row_of_json_lines_tells_is_refused(tmp_path: Path, form: str) -> None:
    sample = {
        "litellm": "litellm_spendlogs.jsonl.gz",
        "langfuse": "langfuse_observations.jsonl.zst",
        "bedrock": "bedrock_invocations.jsonl",
    }[form]
    where = repository(tmp_path / "r", usage=SOURCE.format(form, "metadata.tennant"))
    outcome = run(where, "usage", str(SAMPLES / sample), "--format", form)
    assert outcome.code == 3
    assert "no row has `metadata.tennant`, which `usage.sources` names" in outcome.errors
