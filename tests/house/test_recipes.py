"""The recipes for other CI servers: each file follows its server's schema, and its commands run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.outputs.test_reports import one
from tests.support.places import ROOT
from tests.support.repository import Repository
from tests.support.reviewing import PROMPT, tokens

PAGE = (ROOT / "docs/other-ci.md").read_text("utf-8")
RECIPES = {
    name: block
    for name, block in re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    if not name.startswith(".github/")
}
SCHEMAS = {
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    "azure-pipelines.yml": "vendor.azure-pipelines",
    "bitbucket-pipelines.yml": "vendor.bitbucket-pipelines",
}
TARGETS = {
    ".gitlab-ci.yml": ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
    "azure-pipelines.yml": ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"),
    "bitbucket-pipelines.yml": ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
}


def script(name: str) -> str:
    """The commands of a recipe that review."""
    recipe = yaml.safe_load(RECIPES[name])
    match name:
        case ".gitlab-ci.yml":
            lines = recipe["prompt-costs"]["script"]
        case "azure-pipelines.yml":
            lines = [step["script"] for step in recipe["steps"] if "script" in step][1:]
        case _:
            lines = recipe["pipelines"]["pull-requests"]["**"][0]["step"]["script"][1:]
    return "\n".join(lines)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_recipe_is_what_its_server_reads(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    place.write_text(RECIPES[name])
    tool = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [tool, "--regex-variant", "python", "--builtin-schema", SCHEMAS[name], place],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize("name", TARGETS)
def test_the_commands_of_a_recipe_review_a_clone(
    name: str, repository: Repository, tmp_path: Path
) -> None:
    repository.commit(one("{increase: {hard: 1%}}"))
    repository.branch("work")
    repository.commit({PROMPT: tokens(90)})
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--branch", "work", "--single-branch", ".", str(clone))
    variable, target = TARGETS[name]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-ec", script(name)],
        cwd=clone,
        env={"PATH": path, "HOME": str(tmp_path), variable: target},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "\nreviewbot: fail: w costs" in f"\n{done.stdout}"
    written = {
        form: clone / file for form, file in re.findall(r"--write (\w+)=(\S+)", script(name))
    }
    assert written
    for form, file in written.items():
        text = file.read_text("ascii")
        assert "increase" in text
        assert form == "junit" or json.loads(text)


def test_every_recipe_is_tried() -> None:
    assert set(RECIPES) == set(SCHEMAS) == set(TARGETS)
