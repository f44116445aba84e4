"""The action's inputs, as `action.yml` passes them: by the environment, with documented defaults."""

import io
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.commands.action import run_action
from reviewbot.errors import UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.github.inputs import CommentMode, Inputs, read_inputs
from tests.support.places import ROOT

ACTION = ROOT / "action.yml"
NAMES = [
    "REVIEWBOT_CONFIG",
    "REVIEWBOT_TOKEN",
    "REVIEWBOT_COMMENT",
    "REVIEWBOT_FAIL_ON",
    "REVIEWBOT_DRY_RUN",
    "REVIEWBOT_CHECK_RUN",
    "REVIEWBOT_LINE_COMMENTS",
    "REVIEWBOT_WORKING_DIRECTORY",
    "REVIEWBOT_BASELINE",
    "REVIEWBOT_REPORT",
    "REVIEWBOT_COMMENT_AUTHOR",
]


def shown(inputs: Inputs) -> dict[str, object]:
    return {name: getattr(inputs, name) for name in Inputs.__struct_fields__}


DEFAULTS = {
    "config": ".github/reviewbot.yml",
    "token": "",
    "comment": "update",
    "fail_on": "fail",
    "dry_run": False,
    "check_run": False,
    "line_comments": False,
    "working_directory": ".",
    "baseline": "",
    "report": "",
    "comment_author": "github-actions[bot]",
    "drift": False,
}


@pytest.mark.parametrize("value", [None, "", " ", "\n", "\t \r\n"])
def test_what_is_not_set_or_empty_has_its_default(value: str | None) -> None:
    environment = {} if value is None else dict.fromkeys(NAMES, value)
    assert shown(read_inputs(environment)) == DEFAULTS


def test_the_defaults_are_those_of_the_action() -> None:
    documented = yaml.safe_load(ACTION.read_text("utf-8"))["inputs"]
    own = {"token": "", "python": ""}
    passed = {
        f"REVIEWBOT_{name.upper().replace('-', '_')}": own.get(name, item["default"])
        for name, item in documented.items()
    }
    assert shown(read_inputs(passed)) == DEFAULTS
    assert {name.replace("-", "_") for name in documented} - {"python"} == set(DEFAULTS)


def test_every_input_reaches_the_program() -> None:
    (step,) = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]
    assert set(NAMES) <= set(step["env"])
    found = read_inputs(
        {
            "REVIEWBOT_CONFIG": "a/b.yml",
            "REVIEWBOT_TOKEN": "secret",
            "REVIEWBOT_COMMENT": "off",
            "REVIEWBOT_FAIL_ON": "warn",
            "REVIEWBOT_DRY_RUN": "true",
            "REVIEWBOT_CHECK_RUN": "true",
            "REVIEWBOT_LINE_COMMENTS": "true",
            "REVIEWBOT_WORKING_DIRECTORY": "sub/folder",
            "REVIEWBOT_BASELINE": "v1",
            "REVIEWBOT_REPORT": "report.json",
            "REVIEWBOT_COMMENT_AUTHOR": "our-app[bot]",
            "REVIEWBOT_DRIFT": "true",
        }
    )
    assert shown(found) == {
        "config": "a/b.yml",
        "token": "secret",
        "comment": "off",
        "fail_on": "warn",
        "dry_run": True,
        "check_run": True,
        "line_comments": True,
        "working_directory": "sub/folder",
        "baseline": "v1",
        "report": "report.json",
        "comment_author": "our-app[bot]",
        "drift": True,
    }


def test_space_around_a_value_does_not_count() -> None:
    found = read_inputs({"REVIEWBOT_COMMENT": " off\n", "REVIEWBOT_CONFIG": " a b.yml "})
    assert (found.comment, found.config) == (CommentMode.OFF, "a b.yml")


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("REVIEWBOT_COMMENT", "on", "the input `comment` is 'on'; set it to one of: update, off"),
        (
            "REVIEWBOT_FAIL_ON",
            "needs-approval",
            "the input `fail-on` is 'needs-approval'; set it to one of: fail, warn, never",
        ),
        (
            "REVIEWBOT_DRY_RUN",
            "True",
            "the input `dry-run` is 'True'; set it to one of: true, false",
        ),
        (
            "REVIEWBOT_CHECK_RUN",
            "1",
            "the input `check-run` is '1'; set it to one of: true, false",
        ),
        (
            "REVIEWBOT_LINE_COMMENTS",
            "yes",
            "the input `line-comments` is 'yes'; set it to one of: true, false",
        ),
        (
            "REVIEWBOT_DRIFT",
            "$(touch x)",
            "the input `drift` is '$(touch x)'; set it to one of: true, false",
        ),
    ],
)
def test_an_impossible_value_is_refused(variable: str, value: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_inputs({variable: value})
    assert str(caught.value) == words


def test_all_impossible_values_are_said_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        read_inputs(
            {
                "REVIEWBOT_COMMENT": "a",
                "REVIEWBOT_FAIL_ON": "b",
                "REVIEWBOT_DRY_RUN": "c",
                "REVIEWBOT_CHECK_RUN": "d",
                "REVIEWBOT_LINE_COMMENTS": "e",
            }
        )
    assert [item.what for item in caught.value.problems] == [
        "the input `comment` is 'a'",
        "the input `fail-on` is 'b'",
        "the input `dry-run` is 'c'",
        "the input `check-run` is 'd'",
        "the input `line-comments` is 'e'",
    ]


@given(st.text().filter(lambda text: text.strip() not in ("", "update", "off")))
def test_a_refusal_stays_on_one_line_and_does_not_show_the_token(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_inputs({"REVIEWBOT_TOKEN": "ghs_verysecret", "REVIEWBOT_COMMENT": value})
    assert "ghs_verysecret" not in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("REVIEWBOT_FAIL_ON", "error", "the input `fail-on` is 'error'; set it to one of: "),
        ("REVIEWBOT_DRY_RUN", "yes", "the input `dry-run` is 'yes'; set it to one of: true, false"),
    ],
)
def test_a_wrong_input_is_told_as_every_failure_is(
    tmp_path: Path, variable: str, value: str, words: str
) -> None:
    event, summary = tmp_path / "event.json", tmp_path / "summary"
    event.write_text("{}")
    out = io.StringIO()
    environment = {
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "RUNNER_TEMP": str(tmp_path),
        variable: value,
    }
    assert run_action(environment, out=out) == ExitCode.USAGE
    assert f"::error title=reviewbot::{words}" in out.getvalue()
    told = re.sub(r"\\|<.?code>", lambda found: found[0].strip("\\") and "`", summary.read_text())
    assert words.partition(";")[0] in told
