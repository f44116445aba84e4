"""`drift: true` of the action: what is left of a run, whatever becomes of it."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from reviewbot.commands.action import run_action
from tests.support.github_server import Fault, GitHubServer
from tests.support.github_server.faults import always
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION
from tests.support.usage import repository

USAGE = """\
usage:
  sources:
    - format: columns
      paths: logs/*.csv
      columns: {time: time, model: model, input: inp, output: outp, calls: calls, cost: usd}
      input_includes_cached: true
      workflow: flow
"""
WORKFLOWS = """\
workflows:
  answer:
    model: openai/gpt-4.1
    prompts: prompts/answer.txt
    traffic: [{calls: 100/month, output_tokens: 100}]
    envelope: {monthly_cost: {hard: $1}}
"""
HEADER = "time,model,inp,outp,calls,flow,usd\n"
DAYS = "".join(f"2026-11-{day:02},gpt-4.1,1000,1000,1000,answer,9\n" for day in range(1, 11))


class Ended(NamedTuple):
    """The exit code, and what stands in the log, the summary and the outputs."""

    code: int
    log: str
    summary: str
    outputs: str


@pytest.fixture
def where(tmp_path: Path) -> Repository:
    found = repository(tmp_path / "checkout", usage=USAGE, workflows=WORKFLOWS)
    found.write({"logs/calls.csv": f"{HEADER}{DAYS}"})
    return found


def ended(where: Repository, folder: Path, **inputs: str) -> Ended:
    """One run of the action with `drift: true`."""
    folder.joinpath("event.json").write_text(json.dumps({"schedule": "17 6 * * *"}))
    log = io.StringIO()
    environment = {
        "REVIEWBOT_DRIFT": "true",
        "REVIEWBOT_CONFIG": CONFIGURATION,
        "GITHUB_WORKSPACE": str(where.path),
        "GITHUB_EVENT_NAME": "schedule",
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_REPOSITORY": "acme/prompts",
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_OUTPUT": str(folder / "output"),
        **inputs,
    }
    code = run_action(environment, out=log, now=lambda: datetime(2026, 11, 12, tzinfo=UTC))
    texts = [
        place.read_text() if (place := folder / name).exists() else ""
        for name in ("summary", "output")
    ]
    return Ended(code, log.getvalue(), *texts)


def test_inputs_that_are_empty_have_their_defaults(where: Repository, tmp_path: Path) -> None:
    with GitHubServer(where.path) as server:
        server.permissions = {"issues:write"}
        found = ended(
            where,
            tmp_path,
            REVIEWBOT_TOKEN="ghs_token",
            REVIEWBOT_CONFIG="",
            REVIEWBOT_WORKING_DIRECTORY="",
            REVIEWBOT_COMMENT_AUTHOR="",
            REVIEWBOT_DRY_RUN="",
            GITHUB_API_URL=server.url,
        )
        assert found.code == 1, found.log
        assert "## a hard limit is broken" in found.summary
        assert len(server.issues) == 1
        assert "/acme/prompts/issues/1" in found.log
    assert server.violations == []


def test_a_dry_run_needs_no_token_and_writes_no_issue(where: Repository, tmp_path: Path) -> None:
    found = ended(where, tmp_path, REVIEWBOT_DRY_RUN="true")
    assert found.code == 1
    assert "## a hard limit is broken" in found.summary


def test_why_there_is_no_report_is_said_everywhere(where: Repository, tmp_path: Path) -> None:
    found = ended(where, tmp_path, REVIEWBOT_DRY_RUN="true", REVIEWBOT_CONFIG="none.yml")
    assert found.code == 2
    assert "::error" in found.log
    assert "there is no configuration" in found.log
    assert "there is no configuration" in found.summary
    assert "unmeasured" in found.outputs


def test_an_issue_that_cannot_be_written_leaves_the_report(
    where: Repository, tmp_path: Path
) -> None:
    found = ended(where, tmp_path)
    assert found.code == 2
    assert "## a hard limit is broken" in found.summary
    assert "needs the variable GITHUB_TOKEN" in found.log
    assert r"needs the variable GITHUB\_TOKEN" in found.summary


def test_what_github_refuses_hides_no_broken_limit(where: Repository, tmp_path: Path) -> None:
    with GitHubServer(where.path) as server:
        gone = Fault.status(410, "Issues are disabled for this repo")
        server.faults = always(gone, path="/issues")
        found = ended(where, tmp_path, REVIEWBOT_TOKEN="t", GITHUB_API_URL=server.url)
    assert found.code == 1
    assert "::error" in found.log
    assert "Issues are disabled" in found.log
    assert "turn issues on" in found.summary


def test_a_table_of_an_engine_is_no_log_of_the_action(tmp_path: Path) -> None:
    usage = USAGE.replace("      paths: logs/*.csv\n", "")
    where = repository(tmp_path / "checkout", usage=usage, workflows=WORKFLOWS)
    found = ended(where, tmp_path, REVIEWBOT_DRY_RUN="true", REVIEWBOT_ENGINE_URL="trino://host")
    assert found.code == 2
    assert "`usage.sources` has no `paths`; add them, or name files" in found.log
    assert "is read by `reviewbot drift --engine --table NAME`" in found.log
    assert "trino" not in found.log
