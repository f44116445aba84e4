"""Cost call by call, spans counted once, and days cut at UTC."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.usage import repository, run

GEMINI = """\
workflows:
  answer:
    model: google/gemini-2.5-pro
    prompts: prompts/answer.txt
    traffic: [{calls: 10/month, output_tokens: 500}]
"""


def litellm(number: int | str, **values: Any) -> dict[str, Any]:
    return {
        "request_id": f"call-{number}",
        "startTime": "2026-11-01T12:00:00Z",
        "model": "gpt-4.1",
        "custom_llm_provider": "openai",
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "status": "success",
        "request_tags": ["feature:answer", "env:prod"],
        "team_id": "acme",
        "metadata": {"additional_usage_values": {"prompt_tokens_details": {"cached_tokens": 0}}},
    } | values


def written(path: Path, rows: list[dict[str, Any]]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return str(path)


def test_calls_beyond_a_price_cliff_are_priced_by_themselves(tmp_path: Path) -> None:
    model = {"model": "gemini-2.5-pro", "custom_llm_provider": "gemini", "completion_tokens": 500}
    rows = [litellm(n, prompt_tokens=50_000, **model) for n in range(9)]
    rows.append(litellm(9, prompt_tokens=300_000, **model))
    where = repository(tmp_path / "r", workflows=GEMINI)
    log = written(tmp_path / "log.jsonl", rows)
    outcome = run(where, "usage", log, "--format", "litellm", "--json")
    assert outcome.report["units"] == 13_650_000_000


def test_a_spend_of_nothing_for_tokens_is_unknown_and_computed(tmp_path: Path) -> None:
    log = written(tmp_path / "log.jsonl", [litellm(1, spend=0.0)])
    outcome = run(repository(tmp_path / "r"), "usage", log, "--format", "litellm", "--json")
    assert outcome.report["units"] == (100 * 2 + 10 * 8) * 10_000


def test_a_cost_that_is_computed_is_said_to_be(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    said = []
    for number in (0, 2, 4):
        rows = [litellm(n, **({"spend": 0.00028} if n < number else {})) for n in range(4)]
        log = written(tmp_path / "log.jsonl", rows)
        said.append(run(where, "usage", log, "--format", "litellm", "--json").report["notes"])
    computed = "${} ({} of spend) is computed from tokens: the log has no cost for these calls"
    assert computed.format("0.0011", "100.0%") in said[0]
    assert computed.format("0.0011", "100.0%") in said[1], "of a day all or nothing"
    assert said[2] == []


OWN = "prices: {as_of: 2026-11-01, overrides: {my-chat: {input: 1, output: 2}, \
azure/prod: {counts_as: openai/gpt-4.1}, dear: {counts_as: openai/gpt-4.1, input: 9, output: 9}}}"


@pytest.mark.parametrize(
    ("values", "model", "units"),
    [
        ({"model": "my-chat"}, "my-chat", 1_200_000),
        ({"model": "prod", "custom_llm_provider": "azure"}, "gpt-4.1", 2_800_000),
        ({"model": "dear"}, "dear", 9_900_000),
        ({"model": "of-workflow"}, "gpt-4.1-mini", 560_000),
        ({"model": "unheard"}, None, None),
    ],
)
def test_a_model_of_their_own_costs_what_the_configuration_says(
    tmp_path: Path, values: dict[str, str], model: str | None, units: int | None
) -> None:
    where = repository(tmp_path / "r")
    path = where.path / ".github" / "reviewbot.yml"
    text = path.read_text().replace("prices: {as_of: 2026-11-01}", OWN)
    mini = "model: openai/gpt-4.1-mini"
    own = "model: openai/of-workflow\n    counts_as: openai/gpt-4.1-mini"
    path.write_text(text.replace(mini, own))
    log = written(tmp_path / "log.jsonl", [litellm(1, **values)])
    report = run(where, "usage", log, "--format", "litellm", "--json", "--by", "model").report
    assert [(line["model"], line["units"]) for line in report["lines"]] == [(model, units)]
    told = "spend unknown of 1 calls of models (- in `--by model`) that are in no price list"
    assert any(note.startswith(told) for note in report["notes"]) == (model is None)


def test_prices_of_the_log_that_do_not_agree_are_said(tmp_path: Path) -> None:
    log = written(tmp_path / "log.jsonl", [litellm(n, spend=0.84) for n in range(10)])
    outcome = run(repository(tmp_path / "r"), "usage", log, "--format", "litellm")
    assert "log's own cost is $8.40" in outcome.out
    assert "(-100%): check `prices`" in " ".join(outcome.out.split())


def test_the_loggers_own_cache_and_failed_calls_stand_apart(tmp_path: Path) -> None:
    rows = [
        litellm(1),
        litellm(2, cache_hit="True"),
        litellm(3, status="failure", prompt_tokens=None, completion_tokens=None),
    ]
    log = written(tmp_path / "log.jsonl", rows)
    outcome = run(repository(tmp_path / "r"), "usage", log, "--format", "litellm", "--json")
    assert sum(line["calls"] for line in outcome.report["lines"]) == 1
    assert outcome.report["left_out"]["own_cache"] == 1
    assert outcome.report["left_out"]["failed"] == 1


def test_calls_that_do_not_say_whether_they_succeeded_are_named_once(tmp_path: Path) -> None:
    rows = [litellm(n) for n in range(4)]
    for row in rows[:3]:
        del row["status"]
    log = written(tmp_path / "log.jsonl", rows)
    where = repository(tmp_path / "r")
    outcome = run(where, "usage", log, "--format", "litellm", "--json")
    told = (
        "of 4 rows (litellm) have no `status`: failed calls among them are counted like the others"
    )
    assert outcome.report["notes"] == [f"note: 3 {told}", *outcome.report["notes"][1:]]
    assert "failed calls among" not in str(outcome.report["notes"][1:])
    log = written(tmp_path / "log.jsonl", [litellm(n) for n in range(4)])
    assert "failed calls among" not in run(where, "usage", log, "--format", "litellm").out


def test_a_source_without_a_status_is_named_in_its_table_and_in_its_query(tmp_path: Path) -> None:
    columns = "time: startTime, model: model, input: prompt_tokens, output: completion_tokens"
    with_status = f"{columns}, status: status, succeeded: [success]"
    log = written(tmp_path / "log.jsonl", [litellm(1)])
    told = []
    for number, named in enumerate((columns, with_status)):
        usage = f"usage: {{sources: [{{format: columns, columns: {{{named}}}, input_includes_cached: true}}]}}\n"
        where = repository(tmp_path / f"r{number}", usage=usage)
        table = run(where, "usage", log).out
        query = run(where, "usage", "--print-sql", "spark", "--table", "calls").out
        told.append(("have no `columns.status`" in table, query.startswith("-- the source names")))
    assert told == [(True, True), (False, False)]


def test_an_id_that_is_not_of_a_call_is_told(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    for repeated, is_told in ((1, False), (5, True)):
        rows = [litellm(max(n, repeated)) for n in range(30)]
        log = written(tmp_path / "log.jsonl", rows)
        notes = run(where, "usage", log, "--format", "litellm", "--json").report["notes"]
        assert f"rows not counted: {repeated} logged twice" in notes
        assert any("not of a call" in note for note in notes) == is_told


def test_a_time_with_an_offset_belongs_to_its_utc_day(tmp_path: Path) -> None:
    log = written(tmp_path / "l.jsonl", [litellm(1, startTime="2026-11-02T01:30:00+02:00")])
    outcome = run(
        repository(tmp_path / "r"), "usage", log, "--format", "litellm", "--json", "--by", "day"
    )
    assert [line["day"] for line in outcome.report["lines"]] == ["2026-11-01"]


def test_a_first_and_a_last_day_that_are_cut_are_left_out_and_named(tmp_path: Path) -> None:
    rows = [
        litellm(day * 24 + hour, startTime=f"2026-11-{day:02}T{hour:02}:10:00Z")
        for day in range(1, 9)
        for hour in range(24)
        if not (day == 1 and hour < 9) and not (day == 8 and hour > 14)
    ]
    log = written(tmp_path / "log.jsonl", rows)
    outcome = run(repository(tmp_path / "r"), "usage", log, "--format", "litellm", "--json")
    assert (outcome.report["since"], outcome.report["until"]) == ("2026-11-02", "2026-11-07")
    assert sum(line["calls"] for line in outcome.report["lines"]) == 6 * 24
    told = " ".join(outcome.report["notes"])
    assert "2026-11-01 is left out: its calls begin at 09:10 UTC" in told
    assert "2026-11-08 is left out: its calls end at 14:10 UTC" in told


@pytest.mark.parametrize("strange", ["2026-11-20", "2099-01-01", "2015-03-01"])
def test_a_gap_of_more_than_a_week_is_told(tmp_path: Path, strange: str) -> None:
    usual = [f"2026-11-0{day}T{hour:02}:00:00Z" for day in range(1, 7) for hour in (0, 12, 23)]
    times = [*usual, *(f"{strange}T{hour:02}:00:00Z" for hour in (0, 23))]
    rows = [litellm(n, startTime=time) for n, time in enumerate(times)]
    where = repository(tmp_path / "r")
    log = written(tmp_path / "log.jsonl", rows)
    told = run(where, "usage", log, "--format", "litellm", "--json").report["notes"]
    assert len([note for note in told if note.startswith("note: no call from ")]) == 1
    log = written(tmp_path / "log.jsonl", rows[:-2])
    told = run(where, "usage", log, "--format", "litellm", "--json").report["notes"]
    assert not [note for note in told if "no call from" in note]
    period = ("--since", "2026-10-01", "--until", "2026-11-06")
    told = run(where, "usage", log, "--format", "litellm", "--json", *period).report["notes"]
    assert told[0].startswith("note: no call from 2026-10-01 to 2026-10-31 (31 days)")


def test_a_period_is_what_is_asked_for(tmp_path: Path) -> None:
    rows = [litellm(day, startTime=f"2026-11-{day:02}T12:00:00Z") for day in range(1, 9)]
    log = written(tmp_path / "log.jsonl", rows)
    period = ("--since", "2026-11-03", "--until", "2026-11-04")
    where = repository(tmp_path / "r")
    outcome = run(where, "usage", log, "--format", "litellm", "--json", *period)
    assert sum(line["calls"] for line in outcome.report["lines"]) == 2
    assert outcome.report["left_out"]["outside"] == 6


def span(name: str, parent: str = "", **attributes: Any) -> dict[str, Any]:
    given = {"gen_ai.request.model": "gpt-4.1", "gen_ai.usage.output_tokens": 10} | attributes
    return {
        "traceId": "aa",
        "spanId": name,
        "parentSpanId": parent,
        "startTimeUnixNano": "1793534400000000000",
        "attributes": [
            {
                "key": key,
                "value": {"intValue": str(value)}
                if isinstance(value, int)
                else {"stringValue": value},
            }
            for key, value in given.items()
        ],
    }


def test_agents_and_frameworks_do_not_count_their_childrens_tokens_again(tmp_path: Path) -> None:
    chat: dict[str, Any] = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 100}
    agent: dict[str, Any] = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.usage.input_tokens": 200,
    }
    spans = [
        span("agent", **agent),
        span("framework", "agent", **chat),
        span("client", "framework", **chat),
        span("second", "agent", **chat),
    ]
    log = written(
        tmp_path / "spans.jsonl",
        [{"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"spans": spans}]}]}],
    )
    outcome = run(repository(tmp_path / "r"), "usage", log, "--format", "otlp", "--json")
    (line,) = outcome.report["lines"]
    assert (line["calls"], line["input"], line["output"]) == (2, 200, 20)
    assert line["cached"] is None
    assert line["units"] is None


def test_a_log_of_which_nothing_counts_says_why(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    for rows, days, told in (
        ([litellm(1, status="failure")], [], "no call of the log counts: 1 failed"),
        (
            [litellm(1)],
            ["--since", "2026-11-02", "--until", "2026-11-03"],
            "no call is of the days asked for: the log has calls from 2026-11-01 to 2026-11-01",
        ),
    ):
        log = written(tmp_path / "log.jsonl", rows)
        outcome = run(where, "usage", log, "--format", "litellm", *days)
        assert outcome.code == 3
        assert told in outcome.errors
