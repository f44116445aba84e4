"""The action's inputs, which reach the program through the environment only."""

import posixpath
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from reviewbot.configuration import DEFAULT_FILE
from reviewbot.errors import Problem, UsageError
from reviewbot.exit_codes import FailOn


class CommentMode(StrEnum):
    """Whether the pull request gets a comment."""

    UPDATE = "update"
    OFF = "off"


class Inputs(Struct, frozen=True, kw_only=True):
    """What `action.yml` documents, by the same names; `config` without `./` and `//`."""

    config: str
    token: str
    comment: CommentMode
    fail_on: FailOn
    dry_run: bool
    check_run: bool
    line_comments: bool
    working_directory: str
    baseline: str
    report: str
    comment_author: str
    drift: bool


_Value = TypeVar("_Value")

_BOOLEAN = {"true": True, "false": False}
_COMMENT = {str(mode): mode for mode in CommentMode}
_FAIL_ON = {str(mode): mode for mode in FailOn}


def read_inputs(environment: Mapping[str, str]) -> Inputs:
    """The inputs, from variables such as `REVIEWBOT_FAIL_ON`; an empty one has its default.

    Raises:
        UsageError: Some have impossible values; with all of them.

    """
    problems: list[Problem] = []

    def text(name: str, default: str = "") -> str:
        variable = f"REVIEWBOT_{name.upper().replace('-', '_')}"
        return environment.get(variable, "").strip() or default

    def one_of(name: str, default: str, values: Mapping[str, _Value]) -> _Value:
        found = text(name, default)
        if found not in values:
            problems.append(
                Problem(
                    what=f"the input `{name}` is {found!r}",
                    mend=f"set it to one of: {', '.join(values)}",
                )
            )
        return values.get(found, values[default])

    inputs = Inputs(
        config=posixpath.normpath(text("config", DEFAULT_FILE)),
        token=text("token"),
        comment=one_of("comment", "update", _COMMENT),
        fail_on=one_of("fail-on", "fail", _FAIL_ON),
        dry_run=one_of("dry-run", "false", _BOOLEAN),
        check_run=one_of("check-run", "false", _BOOLEAN),
        line_comments=one_of("line-comments", "false", _BOOLEAN),
        working_directory=text("working-directory", "."),
        baseline=text("baseline"),
        report=text("report"),
        comment_author=text("comment-author", "github-actions[bot]"),
        drift=one_of("drift", "false", _BOOLEAN),
    )
    if problems:
        raise UsageError(problems)
    return inputs
