"""The GitHub Actions workflow that `init` writes, and whether one of reviewbot is there already."""

import os

from reviewbot.commands._common.written_files import inside, write_file
from reviewbot.discovery import github_workflow
from reviewbot.outputs.wording import plain
from reviewbot.repository.default_branch import default_base
from reviewbot.repository.git import Git
from reviewbot.repository.trees import Tree

_PINNED = (
    " # CHANGE: a commit of reviewbot: `git ls-remote https://github.com/acme/reviewbot 'v*'` lists"
    " those of releases"
)
_FOLDER = ".github/workflows/"


def write_workflow(git: Git, *, is_replaced: bool) -> str:
    """Write the workflow that runs the review, unless there is one, and say so.

    Raises:
        RevisionError: The default branch is not known.
        UsageError: The file cannot be written.

    """
    place = inside(git, github_workflow.PATH, mend="write it by hand: docs/github.md")
    if os.path.lexists(place) and not is_replaced:
        return f"kept: {plain(place)}"
    branch = default_base(git).removeprefix("origin/")
    write_file(place, github_workflow.workflow_text(branch, note=_PINNED))
    return f"written: {plain(place)}, for pull requests to {plain(branch)}"


def has_workflow(tree: Tree) -> bool:
    """Whether some workflow for GitHub Actions names reviewbot."""
    paths = [path for path in tree.paths if path.startswith(_FOLDER)]
    texts = tree.read(paths).values()
    return any(isinstance(text, bytes) and b"reviewbot" in text for text in texts)
