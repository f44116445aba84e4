"""The configuration with measured traffic: the forecast becomes what was spent."""

import csv
import io
import random
import re
import shutil
from contextlib import redirect_stdout
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from reviewbot.cli import main
from tests.support.places import ROOT
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION
from tests.support.usage import SAMPLES, repository, run
from tests.usage.test_prices_and_days import litellm, written

DAYS = 28
COLUMNS = """\
usage:
  sources:
    - format: columns
      columns: {id: id, time: time, model: model, input: input, cached: cached, output: output}
      input_includes_cached: true
      workflow: workflow
      tenant: tenant
      environment: environment
"""


def example(path: Path) -> Repository:
    """The worked example, with columns of a log."""
    shutil.copytree(ROOT / "examples" / "governance" / "repository", path)
    made = Repository.create(path)
    text = (path / CONFIGURATION).read_text()
    made.commit({CONFIGURATION: text.replace("workflows:\n", f"{COLUMNS}workflows:\n", 1)})
    return made


ALIKE = (7, 3)


def log_of_the_example(
    path: Path,
    calls: int,
    *,
    short_and_long: tuple[tuple[int, int], ...] = (ALIKE, ALIKE, ALIKE),
) -> str:
    """Calls of `answer` of three streams, other than configured in everything.

    `short_and_long` are each stream's weights of 1,600 and 2,600 tokens.
    """
    numbers = random.Random(18)
    streams = [
        ("acme", "prod", 0.62, 0.7, short_and_long[0]),
        ("globex", "prod", 0.33, 0.45, short_and_long[1]),
        ("acme", "staging", 0.05, 0.1, short_and_long[2]),
    ]
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            [
                "id",
                "time",
                "model",
                "workflow",
                "tenant",
                "environment",
                "input",
                "cached",
                "output",
            ]
        )
        for number in range(calls):
            stream = numbers.choices(streams, [item[2] for item in streams])[0]
            (tenant, environment, _, hits, weights) = stream
            size = numbers.choices([1_600, 2_600], weights)[0] + numbers.randint(-90, 90)
            seconds = 1_792_800_000 + numbers.randrange(DAYS * 86_400)
            rows.writerow(
                [
                    number, seconds, "openai/gpt-4.1", "answer", tenant, environment, size,
                    1_024 if numbers.random() < hits else 0,
                    max(1, round(numbers.lognormvariate(5.9, 0.5))),
                ]
            )  # fmt: skip
    return str(path)


def test_the_forecast_becomes_what_was_spent(tmp_path: Path) -> None:
    where = example(tmp_path / "r")
    log = log_of_the_example(tmp_path / "log.csv", 60_000)
    before = (where.path / CONFIGURATION).read_text()
    outcome = run(where, "calibrate", log, "--format", "columns", "--write")
    assert outcome.code == 0, outcome.errors
    (off,) = re.findall(
        r"^answer +a month: .*, spent .* \([-+<>]*([\d.]+)%\)", outcome.out, re.MULTILINE
    )
    assert Decimal(off) <= Decimal("0.5"), outcome.out
    after = (where.path / CONFIGURATION).read_text()
    assert [line for line in before.splitlines() if "#" in line] == [
        line for line in after.splitlines() if "#" in line
    ]
    assert len(before.splitlines()) == len(after.splitlines())
    again = run(where, "calibrate", log, "--format", "columns")
    assert "the configuration says what was measured" in again.out


def edit_the_prompt(where: Repository) -> None:
    path = "prompts/support/answer.user.j2"
    where.commit({path: (where.path / path).read_text() + "Be brief.\n"})


def test_each_stream_costs_what_it_spent_where_their_calls_differ_in_size(tmp_path: Path) -> None:
    where = example(tmp_path / "r")
    log = log_of_the_example(tmp_path / "log.csv", 40_000, short_and_long=((9, 1), (4, 6), (7, 3)))
    spent = run(
        where, "usage", log, "--format", "columns", "--json", "--by", "workflow,tenant,environment"
    ).report
    outcome = run(where, "calibrate", log, "--format", "columns", "--write")
    assert outcome.code == 0, outcome.errors
    assert "sample_weights: {" in outcome.out
    again = run(where, "calibrate", log, "--format", "columns")
    assert "the configuration says what was measured" in again.out
    where.commit({CONFIGURATION: (where.path / CONFIGURATION).read_text()})
    edit_the_prompt(where)
    report = run(where, "check", "--base", "HEAD^", "--format", "json").report
    (answer,) = [item for item in report["workflows"] if item["name"] == "answer"]
    forecasts = {
        (stream["tenant"], stream["environment"]): Decimal(stream["usd_per_month"])
        for stream in answer["before"]["streams"]
    }
    for line in spent["lines"]:
        a_month = Decimal(line["units"]) / 10**10 / DAYS * Decimal("30.4375")
        forecast = forecasts[line["tenant"], line["environment"]]
        assert abs(forecast / a_month - 1) < Decimal("0.01"), (line["tenant"], forecast, a_month)


def test_weights_of_a_sample_that_is_not_there_are_no_figure(tmp_path: Path) -> None:
    where = example(tmp_path / "r")
    text = (where.path / CONFIGURATION).read_text()
    old = "growth: 2%/month}"
    assert old in text
    where.commit(
        {CONFIGURATION: text.replace(old, f"{old[:-1]}, sample_weights: {{long: 1}}}}", 1)}
    )
    edit_the_prompt(where)
    outcome = run(where, "check", "--base", "HEAD^", "--format", "json")
    assert outcome.code == 3
    assert "the sample 'typical' has no weight" in outcome.out
    assert "write `sample_weights: {long: 1, typical: " in outcome.out


def test_nothing_is_written_unasked(tmp_path: Path) -> None:
    where = repository(tmp_path)
    before = (where.path / CONFIGURATION).read_text()
    log = str(SAMPLES / "litellm_spendlogs.jsonl.gz")
    outcome = run(where, "calibrate", log, "--format", "litellm")
    assert outcome.code == 0, outcome.errors
    assert "+      - {tenant: acme, environment: prod, calls: 243.5/month, output_tokens: 340" in (
        outcome.out
    )
    assert (where.path / CONFIGURATION).read_text() == before


def test_the_committed_aggregate_is_as_good_as_the_log(tmp_path: Path) -> None:
    where = repository(tmp_path)
    log = str(SAMPLES / "litellm_spendlogs.jsonl.gz")
    from_log = run(where, "calibrate", log, "--format", "litellm")
    assert run(where, "usage", log, "--format", "litellm", "--output").code == 0
    assert run(where, "calibrate").out == from_log.out


def test_a_stream_that_is_measured_and_not_configured_is_added(tmp_path: Path) -> None:
    where = repository(tmp_path)
    log = str(SAMPLES / "litellm_spendlogs.jsonl.gz")
    assert run(where, "calibrate", log, "--format", "litellm", "--write").code == 0
    data = yaml.safe_load((where.path / CONFIGURATION).read_text())
    assert data["workflows"]["triage"]["traffic"] == [
        {"tenant": "globex", "environment": "prod", "calls": "91.3/month", "output_tokens": 24},
        {"tenant": "acme", "environment": "prod", "calls": "304.4/month", "output_tokens": 24},
    ]


@pytest.mark.parametrize(("log_format", "name"), [("focus", "focus.csv")])
def test_what_the_log_does_not_have_is_refused_and_not_guessed(
    tmp_path: Path, log_format: str, name: str
) -> None:
    where = repository(tmp_path)
    outcome = run(where, "calibrate", str(SAMPLES / name), "--format", log_format, "--write")
    assert outcome.code == 3
    assert "does not have calls of answer, and none is guessed" in outcome.errors
    assert where.git("status", "--porcelain") == ""


def test_without_a_log_and_an_aggregate_the_mend_is_said(tmp_path: Path) -> None:
    outcome = run(repository(tmp_path), "calibrate")
    assert outcome.code == 2
    assert "name logs: `reviewbot calibrate LOG`" in outcome.errors


BLOCK = """\
workflows:
  answer:   # answers
    model: openai/gpt-4.1
    prompts: prompts/answer.txt
    # who calls
    traffic:
      - tenant: acme       # our first
        environment: prod
        calls: 200/month   # a guess
        output_tokens: 300 # too
    envelope: {increase: {hard: 20%}}
"""


def test_block_style_comments_and_order_stay(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", workflows=BLOCK)
    details = {"prompt_tokens_details": {"cached_tokens": 0}}
    rows = [
        litellm(
            number,
            team_id=tenant,
            startTime=f"2026-11-{1 + number % 10:02}T12:00:00Z",
            metadata={"additional_usage_values": details},
        )
        for number, tenant in enumerate(["acme"] * 200 + ["globex"] * 100)
    ]
    log = written(tmp_path / "log.jsonl", rows)
    outcome = run(where, "calibrate", log, "--format", "litellm", "--write")
    assert outcome.code == 0, outcome.errors
    expected = BLOCK.replace("calls: 200/month  ", "calls: 608.8/month  ").replace(
        "output_tokens: 300", "output_tokens: 10"
    )
    assert expected in (where.path / CONFIGURATION).read_text()
    assert "calls that fit no stream" in outcome.out
    assert "calls have 100 input tokens in the mean, which its prompt alone (" in outcome.out


def test_too_little_is_not_what_the_configuration_says(tmp_path: Path) -> None:
    log = written(tmp_path / "log.jsonl", [litellm(1)])
    outcome = run(repository(tmp_path / "r"), "calibrate", log, "--format", "litellm")
    assert "a stream of 1 call is too few to tell" in outcome.out
    assert outcome.out.endswith("nothing is proposed: too little was measured\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_notes_are_as_wide_as_the_terminal_and_whole_in_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    log = written(tmp_path / "log.jsonl", [litellm(1, team_id="nobody")])
    where = repository(tmp_path / "r")
    piped = run(where, "calibrate", log, "--log-type", "litellm").out
    with redirect_stdout(Terminal()) as terminal:
        main(["calibrate", log, "--log-type", "litellm", "--repo", str(where.path)])
    shown = terminal.getvalue()
    assert max(map(len, shown.splitlines())) <= 70 < max(map(len, piped.splitlines()))
    assert shown.split() == piped.split()
