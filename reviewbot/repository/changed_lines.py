"""Where a file changed: the first hunk that adds or alters lines, by git's own diff."""

import re

from reviewbot.repository.git import Git, GitFailedError
from reviewbot.repository.revisions import Comparison

_HUNK = re.compile(rb"^@@ -[0-9]+(?:,[0-9]+)? \+([0-9]+)(?:,([0-9]+))? @@", re.MULTILINE)


def first_changed_lines(git: Git, comparison: Comparison, path: str) -> tuple[int, int] | None:
    """The first and the last line, after the change, of the first hunk; None where it has none.

    Lines count from 1. A hunk that only removes lines gives the line before it.
    """
    after = comparison.after_tree.entry(path)
    if after is None:
        return None
    names = [change.before for change in comparison.changes if change.after == path]
    before = comparison.before_tree.entry(names[0]) if names and names[0] else None
    if before is None:
        return 1, 1
    try:
        output = git.run(
            "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv",
            before.object_id, after.object_id,
        )  # fmt: skip
    except GitFailedError:
        return None
    found = _HUNK.search(output)
    if found is None:
        return None
    first, count = int(found[1]), int(found[2] or 1)
    return max(1, first), max(1, first + max(count, 1) - 1)
