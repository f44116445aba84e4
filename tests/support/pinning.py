"""Repositories with a pinned baseline."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from reviewbot.cli import main
from reviewbot.github.approvals.judging import approve
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.policy.baseline import (
    Pinned,
    PinnedSample,
)
from reviewbot.policy.fingerprint import report_items
from reviewbot.report import Verdict
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    configuration,
    tokens,
    workflow,
)

FILE = ".github/baseline.json"
ENVELOPE = "{increase: {hard: 10%}}"
INPUT_ONLY = "[{calls: 1000/month, output_tokens: 0}]"
OVERHEAD = 7
"""Tokens of a gpt-4o call beside those of its one message's text."""
PINNED = Pinned(
    model="openai/gpt-4o",
    encoding=None,
    max_tokens=None,
    prefix_tokens=1000,
    samples=(PinnedSample(name="static", weight=Decimal(1), input_tokens=1000),),
)


def settings(baseline: str = FILE, names: str = "w", **more: str) -> str:
    keys = {"envelope": ENVELOPE, "traffic": INPUT_ONLY} | more
    top = {"baseline": baseline} if baseline else {}
    return configuration({name: workflow(**keys) for name in names.split()}, **top)


def prompt(input_tokens: int) -> str:
    """A prompt whose call takes so many input tokens."""
    return tokens(input_tokens - OVERHEAD)


def command(repository: Repository, *arguments: str) -> Outcome:
    """Run `reviewbot baseline` there."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["baseline", "--repo", str(repository.path), *arguments])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


def pinned(repository: Repository, input_tokens: int = 1000, **more: str) -> str:
    """Commit on main a prompt of so many tokens, and the baseline that the command makes of it."""
    commit = repository.commit({PROMPT: prompt(input_tokens), CONFIGURATION: settings(**more)})
    assert command(repository).code == 0
    repository.commit({}, "baseline")
    return commit


def text(repository: Repository) -> str:
    return (repository.path / FILE).read_text()


def edited(repository: Repository, **changes: Any) -> str:
    """The file with fields of its one workflow changed."""
    data = json.loads(text(repository))
    data["workflows"]["w"] |= changes
    return json.dumps(data)


def grown(input_tokens: int) -> dict[str, Any]:
    return {
        "prefix_tokens": input_tokens,
        "samples": [{"name": "static", "weight": "1", "input_tokens": input_tokens}],
    }


def findings(outcome: Outcome) -> list[tuple[str, str]]:
    return [(item["rule"], item["verdict"]) for item in outcome.report["findings"]]


def approved(outcome: Outcome) -> Verdict:
    """The verdict once somebody has agreed to all that asks for it."""
    report = read_report(outcome.out.encode(), file="report.json")
    return approve(report, (), report_items(report)).verdict


def stopped(outcome: Outcome) -> bool:
    return outcome.code == 1 and outcome.report["verdict"] in {"needs-approval", "fail"}


def entry(input_tokens: int, prefix: int, model: str = "openai/gpt-4o") -> Pinned:
    sample = PinnedSample(name="a", weight=Decimal(1), input_tokens=input_tokens)
    return replace(PINNED, model=model, prefix_tokens=prefix, samples=(sample,))
