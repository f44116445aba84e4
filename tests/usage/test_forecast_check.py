"""Forecasts of merged changes against what happened."""

import csv
import os
import random
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from pathlib import Path
from statistics import NormalDist

import pytest

from reviewbot.commands._common.merged_changes import merged_changes
from reviewbot.configuration.reading import read_configuration
from reviewbot.repository.git import Git
from reviewbot.usage.aggregate import LeftOut, Row, Stream, Sums, Usage
from reviewbot.usage.forecast_check import Merged, Told, check_forecasts, compare_days
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, configuration, workflow
from tests.support.usage import repository, run
from tests.usage.test_drift import HEAD, WORKFLOWS

MERGES = 1_000
SCATTER_TOKENS = 330
CALLS = 3_300
FIRST = date(2026, 10, 1)
MERGE_DAY = FIRST + timedelta(28)


@pytest.mark.parametrize(("days", "added"), [(5, 17), (7, 17), (7, 0), (14, 150)])
def test_the_interval_holds_the_truth_of_merges(days: int, added: int) -> None:
    numbers = random.Random(days + added)
    daily = SCATTER_TOKENS / sqrt(CALLS)
    held = 0
    for _ in range(MERGES):
        before = [numbers.gauss(1_200, daily) for _ in range(28)]
        after = [numbers.gauss(1_200 + added, daily) for _ in range(days)]
        measured, margin = compare_days(before, after)
        held += abs(measured - added) <= margin
    assert 0.93 <= held / MERGES <= 0.97


def test_many_days_give_the_interval_of_a_normal_distribution() -> None:
    numbers = random.Random(1)
    sides = [[numbers.gauss(0, 1) for _ in range(4_000)] for _ in range(2)]
    _, margin = compare_days(*sides)
    assert margin == pytest.approx(NormalDist().inv_cdf(0.975) * sqrt(2 / 4_000), rel=0.05)


def usage(calls: int, added: float, seed: int) -> Usage:
    """Eight weeks of one workflow; `added` tokens a call from the merge on."""
    numbers = random.Random(seed)
    rows = []
    for number in range(36):
        day = FIRST + timedelta(number)
        mean = 1_200 + (added if day > MERGE_DAY else 0)
        total = round(numbers.gauss(mean * calls, SCATTER_TOKENS * sqrt(calls)))
        stream = Stream(
            workflow="answer", tenant=None, environment=None, model="m", service_tier="standard"
        )
        sums = Sums(
            calls=calls,
            input=total,
            cached=0,
            written=0,
            output=calls,
            reasoning=0,
            reported_units=0,
            computed_units=0,
        )
        rows.append(Row(stream=stream, day=day, band=0, sums=sums))
    return Usage(
        since=FIRST,
        until=FIRST + timedelta(35),
        rows=tuple(rows),
        sizes=(),
        left_out=LeftOut(),
        unnamed={},
        notes=(),
    )


def told(calls: int, *, added: float, forecast: int) -> list[Told]:
    merged = Merged(
        workflow="answer",
        commit="3f2a1bc",
        title="Say more",
        day=MERGE_DAY,
        tokens_a_call=Decimal(forecast),
    )
    return [check_forecasts(usage(calls, added, seed), [merged])[0].told for seed in range(100)]


def test_a_hundred_calls_a_day_cannot_tell_a_small_change() -> None:
    answers = told(100, added=17, forecast=17)
    assert answers.count(Told.TOO_FEW) >= 70
    assert answers.count(Told.OFF) <= 8


def test_many_calls_tell_that_a_change_is_as_forecast_and_that_it_is_not() -> None:
    assert told(3_300, added=17, forecast=17).count(Told.AS_FORECAST) >= 75
    assert told(3_300, added=60, forecast=17).count(Told.OFF) >= 95


def test_two_days_are_too_few() -> None:
    merged = Merged(
        workflow="answer",
        commit="3f2a1bc",
        title="Say more",
        day=FIRST + timedelta(33),
        tokens_a_call=Decimal(17),
    )
    (check,) = check_forecasts(usage(3_300, 17, 1), [merged])
    assert (check.told, check.measured_tokens) == (Told.TOO_FEW, None)


def drift(
    tmp_path: Path, added: int, *arguments: str, title: str = "Say where from (#412)"
) -> Outcome:
    """Four weeks before a merge that adds 14 tokens, and two after it that add `added`."""
    where = repository(
        tmp_path / "r",
        usage=HEAD,
        workflows=WORKFLOWS.format(budget="{hard: $900}", envelope="{soft: $5000}"),
    )
    text = "Answer the question. Say where you have it from, with a link to the page."
    change(where, text, title)
    with (tmp_path / "log.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            [
                "time",
                "model",
                "workflow",
                "tenant",
                "environment",
                "calls",
                "input",
                "cached",
                "output",
            ]
        )
        for number in range(42):
            day = FIRST + timedelta(number)
            size = 4 + (number % 3) / 10 + (added if day > MERGE_DAY else 0)
            made = ("openai/gpt-4.1", "answer", "acme", "prod", 5_000, round(5_000 * size))
            rows.writerow((f"{day}T00:00:00Z", *made, 0, 500_000))
    return run(where, "drift", str(tmp_path / "log.csv"), "--log-type", "columns", *arguments)


def change(where: Repository, prompt: str, title: str) -> None:
    where.write({"prompts/answer.txt": prompt})
    where.git("add", "--all")
    where.git(
        "commit", "--quiet", "--message", title,
        GIT_COMMITTER_DATE=f"{MERGE_DAY}T12:00:00Z",
    )  # fmt: skip


def test_a_merged_change_is_held_against_the_log(tmp_path: Path) -> None:
    outcome = drift(tmp_path, 14)
    assert "Say where from (#412): as forecast; forecast +14.0 input tokens a call" in outcome.out
    assert "measured +14.0 (±0.1)" in outcome.out


def test_a_hostile_title_of_a_merged_change_is_one_line(tmp_path: Path) -> None:
    outcome = drift(tmp_path, 14, title="Shorten\u2028the \x1c prompt")
    assert "as forecast" in outcome.out
    assert outcome.code == 0


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_a_hostile_title_steers_no_terminal_and_no_page(tmp_path: Path, form: str) -> None:
    title = "Shorten \x1b[31m\u202e <img src=x> --> the prompt"
    outcome = drift(tmp_path, 14, "--format", form, title=title)
    assert "Shorten" in outcome.out
    assert not {"\x1b", "\u202e"} & set(outcome.out)
    assert ("<img" in outcome.out) == (form == "terminal")


def test_a_change_that_did_something_else_warns(tmp_path: Path) -> None:
    outcome = drift(tmp_path, 40, "--format", "json")
    (check,) = outcome.report["forecasts"]
    assert check["told"] == "not as forecast"
    assert check["merged"]["tokens_a_call"] == "14.0"
    assert outcome.report["outcome"] == "warn"
    assert outcome.code == 0


@pytest.mark.parametrize(("commits", "said"), [(13, "2 earlier"), (102, "at least 90 earlier")])
def test_earlier_changes_are_counted_or_said_to_be_more(
    tmp_path: Path, commits: int, said: str
) -> None:
    where = Repository.create(tmp_path)
    for number in range(commits):
        where.write({"prompts/a.md": f"{number}"})
        where.git("add", "--all")
        where.git("commit", "--quiet", "--message", f"{number}")
    settings = read_configuration(
        configuration({"w": workflow("prompts/a.md")}), file=CONFIGURATION
    )
    _, notes = merged_changes(
        Git(directory=str(where.path), environment=os.environ),
        settings,
        CONFIGURATION,
        since=date(2000, 1, 1),
        until=date(2090, 1, 1),
    )
    assert notes[0] == f"{said} merged changes are not checked"
