"""Why git finds no repository in a folder."""

import os

from reviewbot.errors import Problem
from reviewbot.repository.git import Git, GitFailedError


def why_absent(git: Git) -> Problem | None:
    """What is wrong with the folder that git runs in; None where it has a repository."""
    try:
        folder = os.path.abspath(git.directory)
    except FileNotFoundError:
        what = "the current folder is not there any more"
        return Problem(what=what, mend="change to one that is, with `cd`")
    if not os.path.isdir(folder):
        what = "is not a folder" if os.path.exists(folder) else "does not exist"
        return Problem(what=f"{folder} {what}", mend="correct the path: `--repo PATH`")
    try:
        git.run("rev-parse", "--git-dir")
    except GitFailedError as error:
        if "dubious ownership" in error.said:
            return Problem(
                what=f"git does not trust this repository: {error.said.splitlines()[0]}",
                mend="add it: `git config --global --add safe.directory PATH`",
            )
        return Problem(
            what=f"{folder} is not a git repository",
            mend="run reviewbot inside one, or name it: `--repo PATH`",
        )
    return None
