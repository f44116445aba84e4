"""Slips of the pen in a workflow file are told at their line; the mend that is named works."""

import pytest
import yaml

from reviewbot.errors import UsageError
from reviewbot.github.inputs import read_inputs
from reviewbot.repository.action_slips import INPUTS
from tests.repository.test_action_faults import ACTION, FILE, GOVERNED, RIGHT, told
from tests.support.places import ROOT
from tests.support.repository import Repository
from tests.support.reviewing import change, review

GONE = "no workflow of GitHub Actions reviews pull requests any more"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    runs-on:", "\truns-on:", (15, "a tab indents this line", "use blanks")),
        (
            "name: prompt costs",
            "name: [prompt costs",
            (1, "the bracket that begins in this line does not end", "close it"),
        ),
        ("  pull_request:", "  pull_requests:", (3, "no event `pull_requests`", "`pull_request`")),
        ("  pull_request:", "  pull-request:", (3, "no event `pull-request`", "`pull_request`")),
        (
            ACTION,
            f"{ACTION}        with:\n          confg: x.yml\n",
            (
                26,
                "the action has no input `confg`",
                "did you mean `config`?",
            ),
        ),
        (
            ACTION,
            f"{ACTION}        with:\n          colour: red\n",
            (
                26,
                "the action has no input `colour`",
                "take it out; there are config, token,",
            ),
        ),
        (
            ACTION,
            f"{ACTION}        with:\n          fail-on: fial\n",
            (
                26,
                "the input `fail-on` is 'fial'",
                "did you mean `fail`?",
            ),
        ),
    ],
)
def test_a_slip_is_told_in_place_of_what_it_leads_to(
    repository: Repository, old: str, new: str, told: tuple[int, str, str]
) -> None:
    assert old in RIGHT
    line, what, mend = told
    outcome = change(repository, {**GOVERNED, FILE: RIGHT}, {FILE: RIGHT.replace(old, new)})
    found = [it for it in outcome.report["findings"] if it["rule"] == "set_up"]
    assert [(it["verdict"], it["place"]["line"]) for it in found] == [("warn", line)]
    assert what in found[0]["text"]
    assert mend in found[0]["text"]
    assert GONE not in found[0]["text"]
    repository.commit({FILE: RIGHT})
    assert review(repository).report["findings"] == []


def test_what_the_manual_names_and_expressions_are_no_slips() -> None:
    given = "{config: a.yml, Fail-On: warn, dry-run: True, comment: '${{ vars.COMMENT }}'}"
    text = RIGHT.replace(ACTION, f"{ACTION}        with: {given}\n")
    assert [it for it in told(text) if "input" in it[1]] == []
    other = RIGHT.replace(ACTION, f"{ACTION}        with: {{colour: red}}\n")
    assert told(other.replace("acme/reviewbot", "acme/other")) == []
    assert told(RIGHT.replace("  pull_request:", "  push:\n  watch:\n  pull_request:")) == []


def test_an_input_that_is_known_is_one_of_the_action_with_its_values() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    assert [*action["inputs"]] == sorted(INPUTS, key=[*action["inputs"]].index)
    for name, values in INPUTS.items():
        variable = f"REVIEWBOT_{name.upper().replace('-', '_')}"
        for value in values or ("any",):
            read_inputs({variable: value})
        if values:
            with pytest.raises(UsageError):
                read_inputs({variable: "any"})
