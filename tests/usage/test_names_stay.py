"""Nothing of a log but its sums and the configuration's names reaches an output or a file."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from reviewbot.outputs.formats import FORMATS
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, review, tokens, workflow
from tests.support.usage import run

CANARY = "CANARY-7f3a"
FIRST = date(2026, 9, 27)
USAGE = '{sources: [{format: litellm, workflow: {tag: "feature:"}, tenant: team_id}]}'
TRAFFIC = "[{tenant: acme, calls: 100/month, output_tokens: 10}]"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the aggregate of a log full of canaries, and a change of its prompt."""
    folder = tmp_path_factory.mktemp("names")
    repository = Repository.create(folder / "r")
    settings = configuration({"w": workflow(traffic=TRAFFIC)}, usage=USAGE)
    repository.commit({CONFIGURATION: settings, PROMPT: tokens(1_000)})
    calls = [_call(day, number) for day in range(30) for number in range(20)]
    log = folder / "spend.jsonl"
    log.write_text("".join(f"{json.dumps(call)}\n" for call in calls))
    written = run(repository, "usage", str(log), "--format", "litellm", "--output")
    assert written.code == 0, written.errors
    assert CANARY not in written.out + written.errors
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "usage")
    repository.branch("work")
    repository.commit({PROMPT: tokens(2_000)})
    return folder


def _call(day: int, number: int) -> dict[str, object]:
    return {
        "request_id": f"{CANARY}-{day}-{number}",
        "startTime": f"{FIRST + timedelta(day)}T{number:02}:10:00Z",
        "model": "gpt-4o" if number % 5 else f"{CANARY}-model",
        "prompt_tokens": 1_100,
        "completion_tokens": 50,
        "spend": 0.01,
        "api_key": f"sk-{CANARY}",
        "team_id": "acme" if number % 3 else f"{CANARY}-tenant",
        "request_tags": ["feature:w" if number % 4 else f"feature:{CANARY}", f"env:{CANARY}"],
        "metadata": {"user_api_key_alias": CANARY, "status": "success"},
        "messages": [{"role": "user", "content": f"{CANARY} prompt"}],
        "status": "success" if number % 7 else f"{CANARY}-failure",
    }


def test_the_aggregate_names_what_the_configuration_names(place: Path) -> None:
    text = (place / "r" / ".github" / "reviewbot-usage.json").read_text()
    assert "acme" in text
    assert CANARY not in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_review_with_measured_traffic_has_no_other_name(place: Path, form: str) -> None:
    outcome = review(Repository(place / "r"), form=form)
    assert "measured" in outcome.out.lower()
    assert CANARY not in outcome.out + outcome.errors


@pytest.mark.parametrize("form", ["terminal", "markdown", "json", "html"])
def test_a_drift_has_no_other_name(place: Path, form: str) -> None:
    log = str(place / "spend.jsonl")
    outcome = run(Repository(place / "r"), "drift", log, "--log-type", "litellm", "--format", form)
    assert "acme" in outcome.out
    assert CANARY not in outcome.out + outcome.errors
