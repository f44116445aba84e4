"""The workflow of GitHub Actions that runs the review, and an action without a commit in it."""

import re
from collections.abc import Iterable, Iterator

from reviewbot.repository.trees import Tree

FOLDER = ".github/workflows/"
_SETTINGS = ".github/"
PATH = f"{FOLDER}prompt-costs.yml"
NAME = "reviewbot"
"""What stands in each workflow file that runs it."""

UNPINNED = re.compile(r"\buses:[ \"']{1,5}(?P<action>[\w.-]{1,100}/[\w./-]{1,200}@0{40})\b")
"""The action without a commit, as it stands in a workflow."""


def is_workflow_file(path: str) -> bool:
    """Whether GitHub Actions reads the file as a workflow."""
    name = path.removeprefix(FOLDER)
    return name != path and "/" not in name and name.endswith((".yml", ".yaml"))


def unpinned_note(tree: Tree, changed: Iterable[str | None]) -> Iterator[str]:
    """That the workflow which `init` wrote still names no commit of the action, and the mend.

    It is told where a change touches what is set up, and not with each prompt.
    """
    is_set_up = any(path is not None and path.startswith(_SETTINGS) for path in changed)
    if not is_set_up or tree.entry(PATH) is None:
        return
    data = tree.read([PATH])[PATH]
    text = data.decode(errors="replace") if isinstance(data, bytes) else ""
    if found := UNPINNED.search(text):
        line = text.count("\n", 0, found.start()) + 1
        yield f"{PATH}:{line}: replace the zeros by a commit"
