"""The GitHub Actions workflow that `init` writes, and whether one of reviewbot is there already."""

import argparse
import os
import re
from collections.abc import Iterator

from reviewbot.commands._common.written_files import inside, write_file
from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Approval
from reviewbot.discovery import github_workflow
from reviewbot.discovery.github_workflow import Wanted
from reviewbot.errors import ConfigurationError, Problem, RevisionError, UsageError
from reviewbot.outputs.wording import plain
from reviewbot.repository.action_faults import faults
from reviewbot.repository.action_jobs import Asked
from reviewbot.repository.action_workflow import FOLDER, UNPINNED, is_workflow_file
from reviewbot.repository.default_branch import branch_of, default_base
from reviewbot.repository.git import Git
from reviewbot.repository.own_clone import own_action
from reviewbot.repository.trees import Tree

_RELEASES = (
    "in a clone of it `git remote get-url origin` has OWNER/NAME, "
    "and `git rev-parse HEAD` the commit"
)
_PUBLISHER = "acme stands for whoever publishes reviewbot for you"
_PINNED = f" # CHANGE: a commit of reviewbot, {_PUBLISHER}: {_RELEASES}"
_NO_COMMIT = "@" + "0" * 40
_ACTION = re.compile(r"[\w.-]{1,100}/[\w./-]{1,200}@[0-9a-f]{40}")


def _wanted(action: str | None, approval: Approval) -> Wanted:
    """What the workflow is to do for a configuration.

    Raises:
        UsageError: `action` names no commit of a repository.

    """
    if action is not None and not _ACTION.fullmatch(action):
        what = f"--action: {action!r} is no commit of a repository"
        mend = f"write OWNER/NAME@COMMIT, all 40 characters of it: {_RELEASES}"
        raise UsageError([Problem(what=what, mend=mend)])
    return Wanted(action=action, has_approvers=bool(approval.approvers))


def _approval(configuration: str, file: str) -> Approval:
    """Who may approve by the text of a configuration; nobody where it is wrong."""
    try:
        return read_configuration(configuration, file=file).approval
    except ConfigurationError:
        return Approval()


def workflow_lines(
    git: Git, chosen: argparse.Namespace, text: str, *, is_replaced: bool
) -> tuple[str, ...]:
    """Write the workflow where `--github` asks for it, and say so and what workflows have wrongly.

    `text` is that of the configuration, which names the approvers.

    Raises:
        RevisionError: The default branch is not known.
        UsageError: The action names no commit, or the file cannot be written.

    """
    approval = _approval(text, chosen.config)
    wanted = _wanted(chosen.action, approval)
    written = (_written(git, wanted, is_replaced=is_replaced),) if chosen.github else ()
    return (*written, *_fault_lines(git, approval, chosen.config))


def _written(git: Git, wanted: Wanted, *, is_replaced: bool) -> str:
    """Write the workflow that runs the review, unless there is one, and say so.

    In one that is there the action takes the place of one without a commit; nothing else changes.

    Raises:
        RevisionError: The default branch is not known.
        UsageError: The file cannot be written.

    """
    place = inside(git, github_workflow.PATH, mend="write it by hand: docs/github.md")
    if os.path.lexists(place) and not is_replaced:
        return _pinned(place, wanted.action) or _kept(place, wanted.action)
    branch = branch_of(default_base(git), git)
    write_file(place, github_workflow.workflow_text(branch, wanted, note=_PINNED))
    return f"written: {github_workflow.PATH}, for pull requests to {plain(branch)}"


def _pinned(place: str, action: str | None) -> str | None:
    """What was put in place of the zeros, and where; None where nothing was."""
    try:
        with open(place, encoding="utf-8", newline="") as file:
            old = file.read()
    except (OSError, ValueError):
        return None
    found = None if action is None else UNPINNED.search(old)
    if found is None or action is None:
        return None
    start, end = found.span("action")
    write_file(place, f"{old[:start]}{action}{old[end:].replace(_PINNED, '', 1)}")
    line = old.count("\n", 0, start) + 1
    return f"{github_workflow.PATH}:{line}: {plain(action)} is in place of the zeros"


def _kept(place: str, action: str | None) -> str:
    """That the file stays as it is; with the line that runs another action than the one asked."""
    kept = f"kept: {github_workflow.PATH}"
    if action is None:
        return kept
    try:
        with open(place, encoding="utf-8") as file:
            lines = file.read(_MOST_READ).splitlines()
    except (OSError, ValueError):
        return kept
    of = action.partition("@")[0]
    for number, line in enumerate(lines, 1):
        found = _USES.search(line)
        if found is None or found["name"].rpartition("/")[2] != of.rpartition("/")[2]:
            continue
        if found["action"] == action:
            return f"{kept}, which runs {plain(action)}"
        where = f"{github_workflow.PATH}:{number}"
        return f"{kept}: it runs {plain(found['action'])}; for another edit {where}"
    return f"{kept}: no step of it runs {plain(of)}; write `- uses: {plain(action)}`"


_USES = re.compile(
    r"\buses:\s{0,9}[\"']?(?P<action>(?P<name>[\w.-]{1,100}/[\w./-]{1,200})@[^\s\"'#]+)"
)


def to_pin(git: Git) -> str | None:
    """What to put into the workflow before it can run, at its line; None where it names a commit.

    Raises:
        UsageError: The path leads out of the repository.

    """
    place = inside(git, github_workflow.PATH, mend="write it by hand: docs/github.md")
    try:
        with open(place, encoding="utf-8") as file:
            lines = file.read(_MOST_READ).splitlines()
    except (OSError, ValueError):
        return None
    for number, line in enumerate(lines, 1):
        if _NO_COMMIT in line:
            where = f"{github_workflow.PATH}:{number}"
            put = f"in {where} put a commit of reviewbot in place of the zeros"
            own = own_action(git)
            if own is not None:
                mend = f"reviewbot runs from a clone: `reviewbot init --github --action {own}`"
                return f"{put} ({mend} does it)"
            return f"{put} ({_RELEASES}; {_PUBLISHER})"
    return None


_MOST_READ = 100_000


def has_workflow(tree: Tree) -> bool:
    """Whether some workflow for GitHub Actions names reviewbot."""
    paths = [path for path in tree.paths if path.startswith(FOLDER)]
    texts = tree.read(paths).values()
    return any(isinstance(text, bytes) and b"reviewbot" in text for text in texts)


def _fault_lines(git: Git, approval: Approval, configuration: str) -> Iterator[str]:
    """What workflows of the work tree that run reviewbot have wrongly, and the mends."""
    try:
        folder = inside(git, FOLDER.removesuffix("/"), mend="")
        paths = sorted(filter(is_workflow_file, (f"{FOLDER}{it}" for it in os.listdir(folder))))
    except (OSError, UsageError):
        return
    if not paths:
        return
    asked = Asked(
        branch=_default_branch(git),
        has_approvers=bool(approval.approvers),
        label=approval.label,
        exists=lambda path: _is_there(git, path),
        configuration=configuration,
    )
    for path in paths:
        try:
            with open(inside(git, path, mend=""), encoding="utf-8") as opened:
                text = opened.read(_MOST_READ)
        except (OSError, ValueError, UsageError):
            continue
        yield from (f"wrong: {plain(str(fault))}" for fault in faults(text, file=path, asked=asked))


def _is_there(git: Git, path: str) -> bool:
    try:
        return os.path.exists(inside(git, path, mend=""))
    except UsageError:
        return False


def _default_branch(git: Git) -> str | None:
    try:
        return branch_of(default_base(git), git)
    except RevisionError:
        return None
