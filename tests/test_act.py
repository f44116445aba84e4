"""The real `action.yml`, run on this host by act, as a workflow in somebody's repository uses it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from acting import pull_request
from github_server import GitHubServer
from repository import Repository
from reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow

ROOT = Path(__file__).parent.parent
WORKFLOW = """\
on: [pull_request, merge_group, workflow_run]
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - id: costs
        uses: acme/reviewbot@v1
        with:
          report: UPLOADED
      - if: always()
        env:
          OUTPUTS: ${{ toJSON(steps.costs.outputs) }}
          REPORT: ${{ steps.costs.outputs.report }}
        run: |
          echo "$OUTPUTS" > "$RESULTS/outputs.json"
          if [ -n "$REPORT" ]; then cp "$REPORT" "$RESULTS/report.json"; fi
"""


@dataclass(frozen=True)
class Place:
    """Somebody's repository, its GitHub, and where results go."""

    repository: Repository
    server: GitHubServer
    folder: Path
    head: str

    def act(self, event: str, payload: Mapping[str, Any], uploaded: str = "") -> "Result":
        results = self.folder / f"results-{event}-{len(list(self.folder.iterdir()))}"
        results.mkdir()
        about = {"full_name": "acme/prompts", "name": "prompts", "default_branch": "main"}
        (results / "event.json").write_text(
            json.dumps({"repository": about | {"owner": {"login": "acme"}}, **payload})
        )
        (results / "workflow.yml").write_text(WORKFLOW.replace("UPLOADED", uploaded or '""'))
        variables = {
            "GITHUB_API_URL": self.server.url,
            "GITHUB_SERVER_URL": self.server.url,
            "GITHUB_REPOSITORY": "acme/prompts",
            "RESULTS": str(results),
        }
        done = subprocess.run(
            [
                *(str(Path(sys.executable).parent / "act"), event),
                *("--platform", "ubuntu-latest=-self-hosted", "--no-cache-server"),
                *("--eventpath", str(results / "event.json")),
                *("--workflows", str(results / "workflow.yml")),
                *("--local-repository", f"acme/reviewbot@v1={self.folder / 'action'}"),
                *("--secret", "GITHUB_TOKEN=ghs_secret-token"),
                *(part for pair in variables.items() for part in ("--env", "=".join(pair))),
            ],
            cwd=self.repository.path,
            env={key: value for key, value in os.environ.items() if "COVERAGE" not in key},
            capture_output=True,
            check=False,
        )
        log = done.stdout.decode() + done.stderr.decode()
        place = results / "outputs.json"
        outputs = json.loads(place.read_text()) if place.exists() else {}
        return Result(done.returncode, log, outputs, results)


@dataclass(frozen=True)
class Result:
    """How act ended, and what the job's last step saw."""

    code: int
    log: str
    outputs: Mapping[str, str]
    folder: Path


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    repository = Repository.create(tmp_path / "prompts")
    files = configuration({"w": workflow(envelope="{monthly_cost: {hard: $1.09}}")})
    repository.commit({CONFIGURATION: files, PROMPT: tokens(10)})
    repository.branch("work")
    head = repository.commit({PROMPT: tokens(30), "prompts/$(touch pwned)`touch pwned`.txt": "x"})
    action = tmp_path / "action"
    action.mkdir()
    for name in ("action.yml", "requirements-github.lock"):
        shutil.copy(ROOT / name, action)
    skipped = shutil.ignore_patterns("__pycache__")
    for name in ("reviewbot", "templates"):
        shutil.copytree(ROOT / name, action / name, symlinks=True, ignore=skipped)
    with GitHubServer(repository.path) as server:
        server.pull(1, head=head, head_ref="work", author="author")
        yield Place(repository, server, tmp_path, head)
        assert server.violations == []
    assert not list(tmp_path.rglob("pwned"))


def test_a_pull_request(place: Place) -> None:
    result = place.act("pull_request", pull_request(place.head))
    assert result.code == 1
    assert {**result.outputs, "report": "", "comment-url": ""} == {
        "verdict": "fail",
        "monthly-usd-before": "1.0425",
        "monthly-usd-after": "1.0925",
        "monthly-usd-delta": "0.0500",
        "report": "",
        "comment-url": "",
    }
    (comment,) = place.server.comments
    assert result.outputs["comment-url"].endswith(f"/pull/1#issuecomment-{comment.id}")
    assert "reviewbot: fail: w is over a hard limit" in comment.body
    assert "Summary - ## reviewbot: fail: w is over a hard limit" in result.log
    assert json.loads((result.folder / "report.json").read_text())["verdict"] == "fail"
    assert "ghs_secret-token" not in result.log


def test_a_fork_and_the_workflow_that_comments_for_it(place: Place) -> None:
    place.server.permissions = {"contents:read", "pull-requests:read"}
    place.server.pulls[1].head_full_name = "stranger/prompts"
    result = place.act("pull_request", pull_request(place.head, repository="stranger/prompts"))
    assert (result.code, result.outputs["verdict"], place.server.comments) == (1, "fail", [])
    assert {item.method for item in place.server.requests} == {"GET"}
    place.server.permissions = {"contents:read", "pull-requests:write"}
    run = {
        "event": "pull_request",
        "head_sha": place.head,
        "head_branch": "work",
        "head_repository": {"full_name": "stranger/prompts"},
    }
    payload = {"action": "completed", "workflow_run": run}
    published = place.act("workflow_run", payload, str(result.folder / "report.json"))
    (comment,) = place.server.comments
    assert (published.code, published.outputs["verdict"]) == (0, "fail")
    assert "Computed by the pull request's own run" in comment.body


def test_a_merge_group(place: Place) -> None:
    ref = "refs/heads/gh-readonly-queue/main/pr-1-" + "0" * 40
    place.repository.git("update-ref", ref, place.head)
    group = {"base_ref": "refs/heads/main", "head_sha": place.head, "head_ref": ref}
    result = place.act("merge_group", {"action": "checks_requested", "merge_group": group})
    assert (result.code, result.outputs["verdict"], place.server.comments) == (1, "fail", [])
