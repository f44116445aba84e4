"""Prompts that a change deletes while its configuration still names them."""

from collections.abc import Set as AbstractSet

from reviewbot.configuration.settings import Workflow
from reviewbot.prompts.missing import is_missing
from reviewbot.scope.workflow_reading import Readers


def deletes_all(readers: Readers, head: Workflow, displaced: AbstractSet[str]) -> bool:
    """Whether all prompts that a workflow names were there, and are gone, or are `displaced`."""
    return all(
        item.name in displaced
        or (is_missing(readers.after, head, item) and not is_missing(readers.before, head, item))
        for item in head.prompts
    )
