"""How `action.yml` installs reviewbot, whatever a job has set for pip, and what a failure leaves."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.commands.test_drift_job import DAYS, HEADER, USAGE, WORKFLOWS
from tests.support.acting import read_outputs
from tests.support.github_server import GitHubServer
from tests.support.installing import LOCKS, python_with_packages
from tests.support.places import ROOT
from tests.support.repetitions import part
from tests.support.reviewing import CONFIGURATION
from tests.support.usage import repository


@dataclass(frozen=True)
class Step:
    code: int
    log: str
    summary: str
    outputs: dict[str, str]


@pytest.fixture
def action(tmp_path: Path) -> Path:
    folder = tmp_path / "action"
    folder.mkdir()
    for name in ("action.yml", *LOCKS):
        shutil.copy(ROOT / name, folder)
    for name in ("reviewbot", "templates"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def run(action: Path, python: str = sys.executable, **environment: str) -> Step:
    """The action's step, for the event of a closed pull request: there is nothing to review."""
    (step,) = yaml.safe_load((action / "action.yml").read_text())["runs"]["steps"]
    folder = action.parent / "runner"
    folder.mkdir()
    event = folder / "event.json"
    event.write_text(json.dumps({"action": "closed", "pull_request": {}}))
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        env={
            "HOME": os.environ.get("HOME", "/"),
            "PATH": os.environ["PATH"],
            "REVIEWBOT_SOURCE": str(action),
            "REVIEWBOT_PYTHON": python,
            "REVIEWBOT_DRIFT": "false",
            "RUNNER_TEMP": str(folder),
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "acme/prompts",
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            **environment,
        },
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
    )
    texts = [
        place.read_text() if (place := folder / name).exists() else ""
        for name in ("summary", "output")
    ]
    plain = dict(
        line.split("=", 1) for line in texts[1].splitlines() if line.startswith("verdict=")
    )
    outputs = plain or read_outputs(texts[1])
    return Step(done.returncode, done.stdout + done.stderr, texts[0], outputs)


OF_THE_JOB = {
    "PIP_TARGET": "/tmp/elsewhere",
    "PIP_USER": "1",
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_NO_INDEX": "1",
    "PIP_PREFIX": "/tmp/elsewhere",
    "PIP_CONFIG_FILE": "/dev/full",
    "PIP_PYTHON": "/nowhere/python",
    "PIP_NO_BINARY": ":all:",
    "PIP_DRY_RUN": "1",
    "UV_INDEX_URL": "http://127.0.0.1:9/simple",
    "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
    "UV_NO_VERIFY_HASHES": "1",
    "UV_DRY_RUN": "1",
    "UV_TARGET": "/tmp/elsewhere",
}


def test_settings_of_the_job_for_pip_have_no_effect(action: Path) -> None:
    step = run(action, **OF_THE_JOB)
    assert (step.code, step.outputs) == (0, {"verdict": "pass"}), step.log


def a_uv(folder: Path, script: str) -> str:
    """A PATH on which `uv` is a script that notes what it is asked."""
    folder.mkdir()
    program = folder / "uv"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{folder}/asked"\n{script}\n')
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_the_runners_uv_installs_by_hash_and_settings_for_it_have_no_effect(
    action: Path, tmp_path: Path
) -> None:
    theirs = "env | grep '^UV_' | grep -q -v '^UV_SYSTEM_CERTS=true$'"
    own = Path(sys.executable).with_name("uv")
    uv = a_uv(tmp_path / "bin", f'{theirs} && exit 9; exec {own} "$@"')
    step = run(action, PATH=uv, **OF_THE_JOB)
    asked = (tmp_path / "bin" / "asked").read_text().splitlines()
    assert "requirements-github.lock" in asked[0]
    assert all("--require-hashes" in line and "--no-config" in line for line in asked)
    assert (step.code, step.outputs) == (0, {"verdict": "pass"}), step.log


def test_where_uv_cannot_install_pip_does(action: Path, tmp_path: Path) -> None:
    step = run(action, PATH=a_uv(tmp_path / "bin", "echo no network >&2; exit 2"))
    assert (tmp_path / "bin" / "asked").read_text().count("requirements-github.lock") == 1
    assert (step.code, step.outputs) == (0, {"verdict": "pass"}), step.log
    assert "no network" not in step.log


@pytest.mark.parametrize(("dry_run", "issues"), [("false", 1), ("true", 0)])
def test_drift_reads_the_logs_of_the_configuration_and_keeps_an_issue(
    action: Path, tmp_path: Path, dry_run: str, issues: int
) -> None:
    where = repository(tmp_path / "checkout", usage=USAGE, workflows=WORKFLOWS)
    where.write({"logs/calls.csv": f"{HEADER}{DAYS}"})
    with GitHubServer(where.path) as server:
        server.permissions = {"issues:write"}
        environment = {
            "REVIEWBOT_DRIFT": "true",
            "REVIEWBOT_DRY_RUN": dry_run,
            "REVIEWBOT_TOKEN": "ghs_token",
            "REVIEWBOT_CONFIG": CONFIGURATION,
            "REVIEWBOT_COMMENT_AUTHOR": "github-actions[bot]",
            "REVIEWBOT_WORKING_DIRECTORY": ".",
            "GITHUB_WORKSPACE": str(where.path),
            "GITHUB_API_URL": server.url,
        }
        step = run(action, str(python_with_packages(tmp_path)), **environment)
        assert step.code == 1, step.log
        assert "## a hard limit is broken" in step.summary
        assert len(server.issues) == issues
    assert server.violations == []


def broken_hash(action: Path) -> None:
    lock = action / "requirements-github.lock"
    text = lock.read_text()
    lock.write_text(text.replace("--hash=sha256:", "--hash=sha256:" + "0" * 8, 400)[:200_000])


def unknown_package(action: Path) -> None:
    line = "no-such-package-of-reviewbot==1 --hash=sha256:" + "0" * 64 + "\n"
    (action / "requirements-github.lock").write_text(line)


def no_lock(action: Path) -> None:
    (action / "requirements-github.lock").unlink()


@pytest.mark.parametrize("damage", part([no_lock, unknown_package, broken_hash]))
def test_a_failed_install_is_said_everywhere(action: Path, damage: object) -> None:
    assert callable(damage)
    damage(action)
    step = run(action, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")  # it has uv
    assert (step.code, step.outputs) == (3, {"verdict": "unmeasured"})
    assert "::error title=reviewbot::the packages of requirements-github.lock could" in step.log
    assert "there is no review" in step.summary


@pytest.mark.parametrize("python", ["/nowhere/python", "false"])
def test_a_python_that_is_none_is_said_everywhere(action: Path, python: str) -> None:
    step = run(action, python)
    assert (step.code, step.outputs) == (2, {"verdict": "unmeasured"})
    assert "::error title=reviewbot::Python 3.11 or newer is needed" in step.log
    assert "Python 3.11 or newer is needed" in step.summary
