"""The real `action.yml`, run on this host by act, as a workflow in somebody's repository uses it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.acting import pull_request
from tests.support.github_server import GitHubServer
from tests.support.installing import LOCKS, python_with_packages
from tests.support.places import ROOT
from tests.support.repetitions import LONG
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow

MARKER = re.compile(r"<!-- reviewbot [^\n]*-->\r?\n")
LIMIT = "{monthly_cost: {hard: $1.09}}"
WORKFLOWS = {"w": workflow(envelope=LIMIT)}
TOKEN = "ghs_secret-token"
# Names that run a command, set an output or name the token wherever they are not just data.
TOUCH = "touch $RESULTS/pwned"
BRANCH = "$(touch${IFS}$RESULTS/pwned)"
NAMES = (
    f"$({TOUCH}).txt",
    f"`{TOUCH}`.txt",
    f'";{TOUCH};".txt',
    f"';{TOUCH};'.txt",
    "${{ github.token }}.txt",
    "::set-output name=comment-url::evil.txt",
)
# No path of a configuration, but a commit can bring it; it is the first of its folder.
LINES = "!\n::set-output name=comment-url::evil\n::add-mask::fail\nb.txt"
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
          python: PYTHON
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

    def act(
        self,
        event: str,
        payload: Mapping[str, Any],
        uploaded: str = "",
        *,
        is_installed: bool = True,
    ) -> "Result":
        """Run the workflow for an event; unless `is_installed`, the action downloads packages."""
        results = self.folder / f"results-{event}-{len(list(self.folder.iterdir()))}"
        results.mkdir()
        about = {"full_name": "acme/prompts", "name": "prompts", "default_branch": "main"}
        (results / "event.json").write_text(
            json.dumps({"repository": about | {"owner": {"login": "acme"}}, **payload})
        )
        python = python_with_packages(results) if is_installed and not LONG else "python3"
        text = WORKFLOW.replace("UPLOADED", uploaded or '""').replace("PYTHON", str(python))
        (results / "workflow.yml").write_text(text)
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
                *("--action-cache-path", str(self.folder / "cache")),
                *("--secret", f"GITHUB_TOKEN={TOKEN}"),
                *(part for pair in variables.items() for part in ("--env", "=".join(pair))),
            ],
            cwd=self.repository.path,
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

    @property
    def report(self) -> Any:
        return json.loads((self.folder / "report.json").read_text())

    @property
    def annotations(self) -> list[str]:
        """The workflow commands of annotations in the job's log."""
        return re.findall(
            r"^\[[^]]*\] +\S+ +(::(?:error|warning|notice) .*)$", self.log, re.MULTILINE
        )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    repository = Repository.create(tmp_path / "prompts")
    repository.commit({CONFIGURATION: configuration(WORKFLOWS), PROMPT: tokens(10)})
    repository.branch("work")
    head = repository.commit({PROMPT: tokens(30)})
    action = tmp_path / "action"
    action.mkdir()
    for name in ("action.yml", *LOCKS):
        shutil.copy(ROOT / name, action)
    skipped = shutil.ignore_patterns("__pycache__")
    for name in ("reviewbot", "templates"):
        shutil.copytree(ROOT / name, action / name, symlinks=True, ignore=skipped)
    with GitHubServer(repository.path) as server:
        server.pull(1, head=head, head_ref="work", author="author")
        yield Place(repository, server, tmp_path, head)
        assert server.violations == []
    assert not list(tmp_path.rglob("pwned"))
    shutil.rmtree(tmp_path / "cache")


def test_a_pull_request(place: Place) -> None:
    result = place.act("pull_request", pull_request(place.head), is_installed=False)
    assert result.code == 1
    assert {**result.outputs, "report": "", "page": "", "comment-url": ""} == {
        "verdict": "fail",
        "monthly-usd-before": "1.0425",
        "monthly-usd-after": "1.0925",
        "monthly-usd-delta": "0.0500",
        "report": "",
        "page": "",
        "comment-url": "",
    }
    (comment,) = place.server.comments
    assert result.outputs["comment-url"].endswith(f"/pull/1#issuecomment-{comment.id}")
    assert MARKER.match(comment.body)
    assert "reviewbot: fail" in comment.body
    (annotation,) = result.annotations
    place_of_it = f"::error title=reviewbot%3A w,file={PROMPT},line=1,endLine=1::"
    adds = "these lines add +20 tokens a call, +$0.05 a month"
    assert annotation.startswith(f"{place_of_it}{adds}; $1.04 → $1.09 a month (+$0.05, +4.8%25);")
    assert "Summary - ## ❌ w costs" in result.log
    assert result.report["verdict"] == "fail"
    assert TOKEN not in result.log


def test_a_pull_request_within_its_limits(place: Place) -> None:
    head = place.repository.commit({PROMPT: tokens(11)})
    place.server.pulls[1].head_sha = head
    result = place.act("pull_request", pull_request(head))
    assert (result.code, result.outputs["verdict"], result.annotations) == (0, "pass", [])
    (comment,) = place.server.comments
    assert MARKER.match(comment.body)
    assert "reviewbot: pass" in comment.body
    assert "Summary - ## ✅ No limit is broken" in result.log


def test_a_hostile_fork_and_the_workflow_that_comments_for_it(place: Place) -> None:
    files = {f"many/{name}": tokens(10) for name in NAMES}
    both = WORKFLOWS | {"many": workflow(json.dumps(list(files)), envelope=LIMIT)}
    unowned = {f"prompts/{name}": "x" for name in (*NAMES, LINES)}
    changes = {CONFIGURATION: configuration(both)} | files | unowned
    head = place.repository.commit(changes)
    pull = place.server.pulls[1]
    pull.head_sha, pull.head_ref, pull.head_full_name = head, BRANCH, "stranger/prompts"
    place.server.permissions = {"contents:read", "pull-requests:read"}
    payload = pull_request(head, repository="stranger/prompts")
    payload["pull_request"]["head"]["ref"] = BRANCH
    result = place.act("pull_request", payload)
    assert (result.code, result.outputs["verdict"], place.server.comments) == (1, "fail", [])
    assert result.outputs["comment-url"] == ""
    assert {item.method for item in place.server.requests} == {"GET"}
    (many,) = [item for item in result.report["workflows"] if item["name"] == "many"]
    assert set(files) <= set(many["files"])
    assert len(result.annotations) == len(NAMES) + 1
    escaped = "file=many/%3A%3Aset-output name=comment-url%3A%3Aevil.txt,"
    assert sum(escaped in item for item in result.annotations) == 1
    assert "prompts/!\\x0a::set-output" in result.log

    place.server.permissions = {"contents:read", "pull-requests:write"}
    run = {
        "event": "pull_request",
        "head_sha": head,
        "head_branch": BRANCH,
        "head_repository": {"full_name": "stranger/prompts"},
    }
    payload = {"action": "completed", "workflow_run": run}
    published = place.act("workflow_run", payload, str(result.folder / "report.json"))
    (comment,) = place.server.comments
    assert (published.code, published.outputs["verdict"]) == (0, "fail")
    assert published.outputs["comment-url"].endswith(f"/pull/1#issuecomment-{comment.id}")
    assert MARKER.match(comment.body)
    assert "Computed by the pull request's own run" in comment.body
    for text in (result.log, published.log, comment.body):
        assert TOKEN not in text


def test_a_merge_group(place: Place) -> None:
    ref = "refs/heads/gh-readonly-queue/main/pr-1-" + "0" * 40
    place.repository.git("update-ref", ref, place.head)
    group = {"base_ref": "refs/heads/main", "head_sha": place.head, "head_ref": ref}
    result = place.act("merge_group", {"action": "checks_requested", "merge_group": group})
    assert (result.code, result.outputs["verdict"], place.server.comments) == (1, "fail", [])
