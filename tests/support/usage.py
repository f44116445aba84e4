"""Repositories with a configuration for the sample logs, and `reviewbot usage` in them."""

import io
import json
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome

SAMPLES = Path(__file__).parents[1] / "data" / "usage"
TRUTH: dict[str, dict[str, int]] = json.loads((SAMPLES / "truth.json").read_text())
WORKFLOWS = """\
workflows:
  answer:
    model: openai/gpt-4.1
    prompts: prompts/answer.txt
    traffic:
      - {tenant: acme, environment: prod, calls: 200/month, output_tokens: 300}
      - {tenant: acme, environment: staging, calls: 30/month, output_tokens: 300}
  triage:
    model: openai/gpt-4.1-mini
    prompts: prompts/triage.txt
    traffic: [{tenant: globex, environment: prod, calls: 200/month, output_tokens: 30}]
"""


def repository(path: Path, *, usage: str = "", workflows: str = WORKFLOWS) -> Repository:
    """A repository whose configuration names the samples' workflows; `usage` is that key's YAML."""
    made = Repository.create(path)
    head = "version: 1\nprices: {as_of: 2026-11-01}\n"
    made.commit(
        {
            CONFIGURATION: f"{head}{usage}{workflows}",
            "prompts/answer.txt": "Answer the question.",
            "prompts/triage.txt": "Sort the ticket.",
        }
    )
    return made


def run(repository: Repository, command: str, *arguments: str) -> Outcome:
    """Run one of the commands that read logs."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main([command, *arguments, "--repo", str(repository.path)])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


def totals(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """The lines of `--json`, in the shape of truth.json."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for line in outcome.report["lines"]:
        names = (line[name] for name in ("workflow", "tenant", "environment", "model"))
        found["|".join(map(str, names))] = {
            name: line[name] for name in ("calls", "input", "cached", "output", "units")
        }
    return found
