"""Budgets, envelopes and configured traffic against a month of calls."""

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reviewbot.cli import main
from reviewbot.outputs.drift.issue import issue_body, issue_title
from reviewbot.usage.alert_content import Changes
from reviewbot.usage.drift import Drift
from reviewbot.usage.drift import Outcome as DriftOutcome
from tests.support.github_server import GitHubServer
from tests.support.repository import Repository
from tests.support.reviewing import Outcome
from tests.support.usage import repository, run

FIRST = date(2026, 10, 1)
DAYS = 50
CALLS = 1_000
HEAD = """\
tiers: {premium: [openai/gpt-4.1], economy: [openai/gpt-4.1-mini]}
usage:
  sources:
    - format: columns
      columns:
        {time: time, model: model, calls: calls, input: input, cached: cached, output: output}
      input_includes_cached: true
      workflow: workflow
      tenant: tenant
      environment: environment
"""
WORKFLOWS = """\
workflows:
  answer:
    model: openai/gpt-4.1
    prompts: prompts/answer.txt
    traffic:
      - {{tenant: acme, environment: prod, calls: 1_000/day, output_tokens: 100}}
      - {{tenant: globex, environment: prod, calls: 1_000/day, output_tokens: 100}}
    envelope: {{monthly_cost: {envelope}}}
budgets:
  - {{name: acme, match: {{tenant: acme}}, monthly_cost: {budget}}}
"""
Change = Callable[[str, int], tuple[float, float, float]]
"""Factors of calls, input and output, by tenant and day from 0."""


def steady(_tenant: str, _day: int) -> tuple[float, float, float]:
    return 1, 1, 1


def month(
    tmp_path: Path,
    change: Change = steady,
    *arguments: str,
    budget: str = "{hard: $900}",
    envelope: str = "{soft: $5000}",
) -> tuple[Outcome, Repository]:
    """Two tenants of `answer`, 1,000 calls a day (fewer on weekends) of 10 input, 100 output."""
    where = repository(
        tmp_path / "r", usage=HEAD, workflows=WORKFLOWS.format(budget=budget, envelope=envelope)
    )
    log = tmp_path / "log.csv"
    with log.open("w", newline="") as file:
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
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            for tenant in ("acme", "globex"):
                calls, size, output = change(tenant, number)
                made = round(calls * (CALLS if day.weekday() < 5 else CALLS * 0.4))
                wave = 1 + 0.02 * ((number * 7) % 5 - 2)
                total = round(made * wave)
                rows.writerow(
                    (
                        *(f"{day}T00:00:00Z", "openai/gpt-4.1", "answer", tenant, "prod", total),
                        *(round(total * 10 * size), 0, round(total * 100 * output)),
                    )
                )
    return run(where, "drift", str(log), "--log-type", "columns", *arguments), where


def test_weekends_are_no_alarm_and_what_holds_passes(tmp_path: Path) -> None:
    outcome, _ = month(tmp_path)
    assert outcome.code == 0, outcome.errors
    assert "expected (×" not in outcome.out
    assert "2 limits hold" in outcome.out


def test_growth_of_one_percent_a_day_is_no_alarm(tmp_path: Path) -> None:
    outcome, _ = month(tmp_path, lambda _, day: (1.01**day, 1, 1))
    assert "expected (×" not in outcome.out


def test_a_hard_budget_that_is_broken_fails_and_a_soft_one_warns(tmp_path: Path) -> None:
    outcome, _ = month(tmp_path, steady, budget="{soft: $5, hard: $15}")
    assert outcome.code == 1
    assert outcome.out.startswith("drift: a hard limit is broken; ")
    over = "✗ budget acme: over its hard limit of $15.00 (soft $5.00); the period as a month $20."
    assert outcome.out.splitlines()[1].startswith(over)
    soft, _ = month(tmp_path / "soft", steady, budget="{soft: $5, hard: $900}")
    assert soft.code == 0
    assert soft.out.startswith("drift: 1 broken soft limit; no hard limit is broken; ")
    assert "⚠ budget acme: over its soft limit of $5.00 (hard $900.00); " in soft.out
    both, _ = month(tmp_path / "both", steady, budget="{hard: $15}", envelope="{hard: $20}")
    assert both.out.startswith("drift: 2 hard limits are broken; ")


def test_the_months_pace_counts_its_days_so_far(tmp_path: Path) -> None:
    outcome, _ = month(tmp_path, steady, "--format", "json")
    (standing,) = [s for s in outcome.report["standings"] if s["name"] == "budget acme"]
    november = outcome.report["until"]
    assert november == "2026-11-19"
    so_far, pace = Decimal(standing["so_far"]), Decimal(standing["at_pace"])
    assert abs(pace - so_far / 19 * 30) < Decimal("1e-9")


def longer_output(tenant: str, day: int) -> tuple[float, float, float]:
    return 1, 1, 2.5 if tenant == "acme" and day >= DAYS - 3 else 1


def test_an_alarm_says_since_when_how_much_why_and_the_way_back(tmp_path: Path) -> None:
    outcome, _ = month(tmp_path, longer_output, "--format", "json")
    (alarm,) = outcome.report["alarms"]
    assert (alarm["workflow"], alarm["tenant"]) == ("answer", "acme")
    assert alarm["since"] == "2026-11-17"
    assert alarm["is_open"]
    excess = alarm["excess"]["units"] - alarm["excess"]["expected_units"]
    assert sum(part["units"] for part in alarm["causes"]) == excess
    largest = max(alarm["causes"], key=lambda part: part["units"])
    assert largest["name"] == "output tokens a call"
    assert largest["units"] > 0.9 * excess
    assert alarm["suggestions"][0]["units_a_month"] > 0
    told = " ".join(item["text"] for item in alarm["suggestions"])
    assert "output as before, 100 tokens a call (`max_tokens`)" in told
    assert "the cheaper tier, openai/gpt-4.1-mini" in told
    assert "explicit approval" in told


def more_calls(tenant: str, day: int) -> tuple[float, float, float]:
    return 2.5 if tenant == "acme" and day == DAYS - 1 else 1, 1, 1


def slowly_longer(tenant: str, day: int) -> tuple[float, float, float]:
    return 1.01**day, 1, 1.015 ** max(0, day - DAYS + 21) if tenant == "acme" else 1


@pytest.mark.parametrize(
    ("change", "largest"),
    [
        (longer_output, "output tokens a call"),
        (more_calls, "calls"),
        (slowly_longer, "output tokens a call"),
    ],
)
def test_no_cause_is_a_price_where_no_price_changed(
    tmp_path: Path, change: Change, largest: str
) -> None:
    outcome, _ = month(tmp_path, change)
    because = outcome.out.partition("because: ")[2].partition("\n")[0]
    assert because.startswith(f"{largest} +$")
    assert "price" not in because


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_no_broken_word_and_a_pipe_whole_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    outcome, where = month(tmp_path, longer_output)
    arguments = ["drift", str(tmp_path / "log.csv"), "--log-type", "columns"]
    with redirect_stdout(Terminal()) as terminal:
        assert main([*arguments, "--repo", str(where.path)]) == outcome.code
    lines = terminal.getvalue().splitlines()
    assert max(map(len, lines)) <= 70 < max(map(len, outcome.out.splitlines()))
    assert " ".join(terminal.getvalue().split()) == " ".join(outcome.out.split())
    below = lines[next(n for n, line in enumerate(lines) if "approval" in line) + 1]
    assert below.startswith("      "), "what goes on stands below its beginning"


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_settings_are_shown_as_code(tmp_path: Path, form: str) -> None:
    outcome, _ = month(tmp_path, longer_output, "--format", form)
    assert re.search(r"<code>max\\?_tokens</code>", outcome.out)
    assert re.search(r"set <code>high\\?_cost</code> below", outcome.out)
    assert "`" not in outcome.out


def test_the_merged_change_before_an_alarm_is_named(tmp_path: Path) -> None:
    month(tmp_path, longer_output)
    where = Repository(tmp_path / "r")
    where.write({"prompts/answer.txt": "Answer at length, with every detail."})
    where.git("add", "--all")
    where.git(
        "commit", "--quiet", "--message", "Answer at length (#412) `x`",
        GIT_COMMITTER_DATE="2026-11-16T12:00:00Z",
    )  # fmt: skip
    outcome = run(where, "drift", str(tmp_path / "log.csv"), "--log-type", "columns")
    assert "2026-11-16 Answer at length (#412) `x`" in outcome.out
    shown = run(
        where, "drift", str(tmp_path / "log.csv"), "--log-type", "columns", "--format", "markdown"
    )
    assert "Answer at length" in shown.out


def test_configured_figures_beyond_their_tolerance_are_named(tmp_path: Path) -> None:
    outcome, _ = month(tmp_path, lambda _, __: (2, 1, 1.5))
    assert outcome.code == 0
    assert "answer acme/prod: calls a month configured 30,438, measured" in outcome.out
    assert (
        "answer acme/prod: output tokens a call configured 100, measured 150 (+50%)" in outcome.out
    )
    assert "run `reviewbot calibrate`" in outcome.out


def test_the_page_has_a_bar_for_each_day_and_marks_what_is_off(tmp_path: Path) -> None:
    outcome, _ = month(tmp_path, longer_output, "--format", "html")
    assert outcome.out.count('class="usual"') == 32
    assert re.findall(r'class="off".*<title>(.*): \$', outcome.out) == [
        "2026-11-17",
        "2026-11-18",
        "2026-11-19",
    ]
    assert "<script" not in outcome.out
    assert "default-src 'none'" in outcome.out
    assert "answer acme/prod: $" in outcome.out


@pytest.mark.parametrize("form", ["terminal", "markdown", "json", "html"])
def test_every_format_is_the_same_twice(tmp_path: Path, form: str) -> None:
    first, where = month(tmp_path, longer_output, "--format", form)
    log = str(tmp_path / "log.csv")
    again = run(where, "drift", log, "--log-type", "columns", "--format", form)
    assert first.out == again.out
    assert first.out
    if form == "json":
        json.loads(first.out)


def test_a_hard_limit_that_the_log_cannot_tell_is_no_pass(tmp_path: Path) -> None:
    workflows = WORKFLOWS.format(budget="{hard: $900}", envelope="{hard: $900}")
    where = repository(tmp_path / "r", usage=HEAD, workflows=workflows)
    (tmp_path / "log.csv").write_text(
        "time,model,workflow,tenant,environment,calls,input,cached,output\n"
        "2026-11-01T00:00:00Z,in-house-7b,answer,acme,prod,10,100,0,10\n"
    )
    outcome = run(where, "drift", str(tmp_path / "log.csv"), "--log-type", "columns")
    assert outcome.code == 3
    assert "cannot be judged" in outcome.out
    assert (
        "answer acme/prod: no spend is known on 1 of 1 days, so no alarm sees them" in outcome.out
    )


def test_an_issue_is_opened_and_closed_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GitHubServer(Repository.create(tmp_path / "theirs").path) as server:
        server.permissions = {"issues:write"}
        for name, value in (
            ("GITHUB_API_URL", server.url),
            ("GITHUB_REPOSITORY", "acme/prompts"),
            ("GITHUB_TOKEN", "ghs_token"),
        ):
            monkeypatch.setenv(name, value)
        spike = lambda tenant, day: (4 if tenant == "acme" and day >= 46 else 1, 1, 1)  # noqa: E731
        outcome, where = month(tmp_path, spike, "--issue", budget="{hard: $15}")
        assert outcome.code == 1
        (issue,) = server.issues
        assert f"an issue is open: {server.url}/acme/prompts/issues/1" in outcome.errors
        assert issue.title == (
            "Spend is off: 1 broken hard limit, 1 unusual rise (.github/reviewbot.yml)"
        )
        assert "✗ budget acme" in issue.body
        assert "×" in issue.body
        assert "Since last told: 2 new." in issue.body
        again = run(where, "drift", str(tmp_path / "log.csv"), "--log-type", "columns", "--issue")
        assert "there is no news" in again.errors
        quiet, _ = month(tmp_path / "later", steady, "--issue")
        assert "all has ended, and the issue is closed" in quiet.errors
        assert issue.state == "closed"
        assert issue.title == "Spend is as expected again (.github/reviewbot.yml)"
        assert server.violations == []


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_an_issue_needs_a_repository_and_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/prompts")
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_token")
    monkeypatch.delenv(missing)
    outcome, _ = month(tmp_path, steady, "--issue")
    assert outcome.code == 2
    assert f"--issue needs the variable {missing}" in outcome.errors


def test_the_title_of_an_issue_is_bounded_and_one_line() -> None:
    drift = Drift(
        outcome=DriftOutcome.WARN,
        since=FIRST,
        until=FIRST,
        units=1,
        unmapped_units=0,
        standings=(),
        alarms=(),
        merged={},
        differences=(),
        forecasts=(),
    )
    title = issue_title(drift, f"teams/{'x' * 4_000}/\n{chr(0x202E)}reviewbot.yml")
    assert len(title) < 256
    assert title.isprintable()
    assert title.endswith("reviewbot.yml)")


@pytest.mark.parametrize(("until", "is_told"), [("2026-10-05", False), ("2026-10-04", True)])
def test_a_committed_aggregate_that_is_old_beside_the_logs_is_named(
    tmp_path: Path, until: str, *, is_told: bool
) -> None:
    """The logs end on 2026-11-19; 45 days are allowed."""
    month(tmp_path)
    where = Repository(tmp_path / "r")
    old = {"version": 1, "since": "2026-10-01", "until": until, "streams": []}
    where.commit({".github/reviewbot-usage.json": json.dumps(old)})
    outcome = run(where, "drift", str(tmp_path / "log.csv"), "--log-type", "columns")
    assert ("reviewbot-usage.json is stale: it ends on" in outcome.out) is is_told
    assert outcome.code == 0


def test_the_body_of_an_issue_is_bounded() -> None:
    notes = tuple(f"note {number} {'x' * 80}" for number in range(2_000))
    drift = Drift(
        outcome=DriftOutcome.WARN,
        since=FIRST,
        until=FIRST,
        units=1,
        unmapped_units=0,
        standings=(),
        alarms=(),
        merged={},
        differences=(),
        forecasts=(),
        notes=notes,
    )
    body = issue_body(drift, Changes(opened=0, doubled=0, ended=1), "a[b](c)", 60_500)
    assert len(body) < 61_000
    assert "lines more: run `reviewbot drift`" in body
    assert "Since last told: 1 over." in body
    assert "[b](c)" not in body
