"""Prompt changes that were merged, each with the forecast that its review gives again."""

import posixpath
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.errors import ReviewbotError
from reviewbot.prompts.sources import named_references
from reviewbot.repository.git import Git, GitFailedError
from reviewbot.repository.revisions import compare
from reviewbot.review import review
from reviewbot.usage.forecast_check import Merged

MOST_CHANGES = 10
"""Each costs a review, about a second: the latest are taken."""

_MOST_COUNTED = 90
"""So many earlier ones are counted; git is asked for no more."""


class _Commit(Struct, frozen=True, kw_only=True):
    """A commit of the branch itself, with its day in UTC."""

    name: str
    day: date
    title: str


def merged_changes(
    git: Git, configuration: Configuration, file: str, *, since: date, until: date
) -> tuple[tuple[Merged, ...], tuple[str, ...]]:
    """The changes of prompts between two days, oldest first, and what was left out of them.

    A change counts where it is merged: the commits of the branch itself, each against its first
    parent. Only the history that is there is looked at.
    """
    try:
        commits = _commits(git, configuration, since, until)
    except GitFailedError:
        return (), ("merged changes are not checked: git has no history here",)
    notes = []
    if len(commits) > MOST_CHANGES:
        count = len(commits) - MOST_CHANGES
        least = "at least " if count == _MOST_COUNTED else ""
        changes = "change is" if count == 1 else "changes are"
        notes.append(f"{least}{count} earlier merged {changes} not checked")
        commits = commits[:MOST_CHANGES]
    found: list[Merged] = []
    for commit in reversed(commits):
        try:
            found += _forecasts(git, commit, file)
        except ReviewbotError as error:
            notes.append(f"{commit.name}: the change is not checked: {error.problems[0].what}")
    return tuple(found), tuple(notes)


def last_change(git: Git, workflow: Workflow, *, since: date, until: date) -> str:
    """The last change of a workflow's own files between two days; empty where there is none."""
    try:
        found = _log(git, sorted(_paths(workflow)), since, until, limit=1)
    except GitFailedError:
        return ""
    return "" if not found else f"{found[0].name} {found[0].day} {found[0].title}"


def _commits(git: Git, configuration: Configuration, since: date, until: date) -> list[_Commit]:
    paths = {path for item in configuration.workflows.values() for path in _paths(item)}
    return _log(
        git, sorted(set(map(_folder, paths))), since, until, limit=MOST_CHANGES + _MOST_COUNTED
    )


def _paths(workflow: Workflow) -> list[str]:
    return [item.path for item in named_references(workflow)]


def _folder(path: str) -> str:
    """The folder of a file, where its partials are; a file at the top stands for itself."""
    return posixpath.dirname(path) or path


def _log(git: Git, paths: list[str], since: date, until: date, *, limit: int) -> list[_Commit]:
    top = git.run("rev-parse", "--show-toplevel").decode().removesuffix("\n")
    output = replace(git, directory=top).run(
        "log",
        "--first-parent",
        "--min-parents=1",
        f"--max-count={limit}",
        f"--since={since}T00:00:00Z",
        f"--until={until}T23:59:59Z",
        "--format=%h%x00%ct%x00%s",
        "--",
        *paths,
    )
    lines = output.decode("utf-8", "replace").split("\n")
    fields = [line.split("\0", 2) for line in lines if line]
    return [
        _Commit(
            name=name, day=datetime.fromtimestamp(int(seconds), tz=UTC).date(), title=title[:160]
        )
        for name, seconds, title in fields
    ]


def _forecasts(git: Git, commit: _Commit, file: str) -> Iterator[Merged]:
    with compare(git, base=f"{commit.name}^1", head=commit.name) as comparison:
        report = review(comparison, configuration_file=file, today=commit.day)
    for item in report.workflows:
        if item.before is None or item.after is None:
            continue
        added = item.after.mean_input_tokens - item.before.mean_input_tokens
        if added:
            yield Merged(
                workflow=item.name,
                commit=commit.name,
                title=commit.title,
                day=commit.day,
                tokens_a_call=added.quantize(Decimal("0.1")),
            )
