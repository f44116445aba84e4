"""Each finding of `drift` is in its title, and is said as what it is."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.usage import SAMPLES, repository, run
from tests.usage.test_drift import DAYS, Change, month
from tests.usage.test_forecast_check import drift
from tests.usage.test_prices_and_days import litellm, written
from tests.usage.test_unmapped_drift import FORMAT


def test_a_forecast_that_is_off_is_named_in_the_title(tmp_path: Path) -> None:
    told = drift(tmp_path, 40).out
    title = told.partition("\n")[0]
    assert "1 merged change not as forecast" in title
    assert "; no hard limit is broken; " in title


LIMITED = """\
workflows:
  answer:
    model: openai/gpt-4.1
    prompts: prompts/answer.txt
    traffic: [{{calls: 9/day, output_tokens: 10}}]
    envelope: {{monthly_cost: {0}, cost_per_call: {0}}}
"""


@pytest.mark.parametrize(
    ("limit", "code", "title", "line"),
    [
        ("{soft: $9}", 0, "2 soft limits not to be judged", "soft $9.00 "),
        ("{hard: $9}", 3, "2 hard limits cannot be judged", "hard $9.00 "),
        ("{soft: $8, hard: $9}", 3, "2 hard limits cannot be judged", "hard $9.00, soft $8.00 "),
    ],
    ids=["soft", "hard", "both"],
)
def test_a_limit_that_cannot_be_judged_says_which_bound_and_why(
    tmp_path: Path, limit: str, code: int, title: str, line: str
) -> None:
    unpriced = litellm("one", model="x", request_tags=["feature:answer"])
    log = written(tmp_path / "log.jsonl", [unpriced])
    outcome = run(
        repository(tmp_path / "r", workflows=LIMITED.format(limit)), "drift", log, *FORMAT
    )
    assert outcome.code == code
    assert outcome.out.startswith(f"drift: {title}")
    why = "cannot be judged: the log does not tell what all its calls cost"
    assert f"? answer monthly_cost: {line}{why}" in outcome.out
    a_call = line.replace(".00", ".000")
    assert f"? answer cost_per_call: {a_call}cannot be judged: " in outcome.out


WRITES = """\
usage:
  sources:
    - format: columns
      columns:
        {time: time, model: model, provider: provider, calls: calls, input: input, cached: cached,
        written: written, output: output}
      input_includes_cached: true
      workflow: flow
"""


def test_a_cause_that_is_the_writing_of_the_cache_says_so(tmp_path: Path) -> None:
    workflows = LIMITED.format("{soft: $9000}").replace(
        "openai/gpt-4.1", "anthropic/claude-haiku-4-5"
    )
    where = repository(tmp_path / "r", usage=WRITES, workflows=workflows)
    first = date(2026, 10, 1)
    calls = [
        {
            "time": f"{first + timedelta(number)}T00:00:00Z",
            "model": "claude-haiku-4-5",
            "provider": "anthropic",
            "calls": 1_000,
            "input": 9_000_000,
            "cached": 0,
            "written": 900_000 if number < 40 else 9_000_000,
            "output": 1_000,
            "flow": "answer",
        }
        for number in range(50)
    ]
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(call) + "\n" for call in calls))
    outcome = run(where, "drift", str(tmp_path / "log.jsonl"), "--log-type", "columns")
    because = outcome.out.partition("because: ")[2].partition("\n")[0]
    assert because.startswith("cached share +$")
    assert " (written 19.6% → 100%)" in because
    assert "⚠ answer: $" in outcome.out, "no space where no tenant is"


FOCUS = """\
workflows:
  answer:
    model: openai/gpt-4.1
    prompts: prompts/answer.txt
    traffic: [{tenant: acme, calls: 9/day, output_tokens: 10}]
    envelope: {monthly_cost: {soft: $99}, cost_per_call: {hard: $1}}
"""


def test_a_log_without_calls_is_not_said_to_lack_its_spend(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", workflows=FOCUS)
    outcome = run(where, "drift", str(SAMPLES / "focus.csv"), "--log-type", "focus")
    assert outcome.code == 3
    why = "cannot be judged: the log does not tell how many calls there were, or what all of them cost"
    assert f"? answer cost_per_call: hard $1.000 {why}\n" in outcome.out


def since(first: int, last: int = DAYS) -> Change:
    return lambda tenant, day: (2.5 if tenant == "acme" and first <= day < last else 1, 1, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (since(DAYS - 1), "on 2026-11-19, $"),
        (since(DAYS - 3), "in the 3 days to 2026-11-19, $"),
        (since(DAYS - 10), "in the 7 days to 2026-11-17, $"),
        (since(DAYS - 5, DAYS - 4), "on 2026-11-15, $"),
    ],
    ids=["today", "three days", "ten days", "over"],
)
def test_the_days_of_an_alarm_are_named(tmp_path: Path, change: Change, told: str) -> None:
    outcome, _ = month(tmp_path, change)
    (line,) = [item for item in outcome.out.splitlines() if "expected (×" in item]
    assert told in line, line
    assert ("; since 2026-11-1" in line) == ("in the" in told)


def test_a_chart_says_how_high_its_bars_are(tmp_path: Path) -> None:
    outcome, _ = month(tmp_path, since(DAYS - 1), "--format", "html")
    assert re.search(r">at most \$\d+\.\d\d a day</text>", outcome.out)
