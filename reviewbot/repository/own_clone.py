"""The clone that this program runs from, where it was installed from one."""

import re
from pathlib import Path

from msgspec.structs import replace

from reviewbot.errors import RevisionError
from reviewbot.repository.git import Git

_REMOTE = re.compile(
    r"(?:https?://|ssh://|git@)[^\s/:]{1,200}(?::\d{1,5})?[/:]"
    r"(?P<name>[\w.-]{1,100}/[\w.-]{1,100}?)(?:\.git)?/?"
)


def own_action(git: Git, module: str = __file__) -> str | None:
    """The clone's repository and commit as OWNER/NAME@COMMIT; None where it is no clone of one.

    `git` gives the environment, `module` a file of the program.
    """
    folder = Path(module).resolve().parents[2]
    if not (folder / ".git").exists():
        return None
    clone = replace(git, directory=str(folder), index_file=None)
    try:
        url = clone.run("config", "--get", "remote.origin.url").decode(errors="replace").strip()
        commit = clone.run("rev-parse", "--verify", "HEAD^{commit}").decode().strip()
    except RevisionError:
        return None
    found = _REMOTE.fullmatch(url)
    return None if found is None else f"{found['name']}@{commit}"
