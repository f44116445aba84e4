"""The hooks for pre-commit call commands that exist, and the reusable workflow the action's inputs."""

from typing import Any

import pytest
import yaml

from reviewbot.cli import main
from tests.support.places import ROOT

HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
REUSABLE = yaml.safe_load((ROOT / ".github/workflows/review.yml").read_text("utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
DOCUMENTED = (ROOT / "docs/hooks.md").read_text("utf-8")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_calls_a_command(hook: dict[str, Any]) -> None:
    program, *words = hook["entry"].split()
    assert program == "reviewbot"
    with pytest.raises(SystemExit, match="0"):
        main([*words, "--help"])
    assert hook["pass_filenames"] is False, "a review is of the whole repository"
    assert hook["always_run"] is True, "a prompt may be of any name"
    assert f"id: {hook['id']}\n" in DOCUMENTED


def test_the_reusable_workflow_hands_on_what_the_action_takes() -> None:
    called = REUSABLE[True]["workflow_call"]
    (step,) = [item for item in REUSABLE["jobs"]["review"]["steps"] if item.get("id") == "review"]
    assert step["with"] == {name: f"${{{{ inputs.{name} }}}}" for name in called["inputs"]}
    for name, given in called["inputs"].items():
        assert given["default"] == ACTION["inputs"][name]["default"]
    assert set(called["outputs"]) <= set(ACTION["outputs"])
