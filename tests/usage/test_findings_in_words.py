"""Each finding of `drift` is in its title, and is said as what it is."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.usage import repository, run
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
    why = "cannot be judged: the log does not tell the spend of all its calls"
    assert f"? answer monthly_cost: {line}{why}" in outcome.out
    a_call = line.replace(".00", ".000")
    assert f"? answer cost_per_call: {a_call}{why}" in outcome.out


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
