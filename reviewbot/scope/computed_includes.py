"""Changed files that a template may include by a name that it computes.

Nobody can read in such a template which files it means, so each changed one counts that is of its
kind: with its ending, with one that the template has in quotes, or beside it.
"""

import posixpath

from reviewbot import prompt_formats
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import Side


def may_be_included(side: Side | None, comparison: Comparison) -> tuple[str, ...]:
    """The changed files that a computed include of the head may mean, sorted."""
    if side is None or side.source.complete:
        return ()
    open_ones = [
        message
        for message in side.source.messages
        if not message.complete and prompt_formats.of_source(message.path) is None
    ]
    prompts = {message.path for message in side.source.messages}
    changed = {change.after for change in comparison.changes if change.after is not None}
    return tuple(
        sorted(
            path
            for path in changed - prompts
            if any(path not in item.files and _may_mean(item, path) for item in open_ones)
        )
    )


def _may_mean(message: LocatedMessage, path: str) -> bool:
    ending = posixpath.splitext(path)[1]
    folder = posixpath.dirname(message.path)
    is_of_its_kind = ending == posixpath.splitext(message.path)[1] and bool(ending)
    is_quoted = bool(ending) and any(f"{ending}{q}" in message.template.text for q in "\"'`")
    return is_of_its_kind or is_quoted or (bool(folder) and path.startswith(f"{folder}/"))
