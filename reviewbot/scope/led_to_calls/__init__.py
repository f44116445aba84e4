"""What a change of Python leads to: the calls of models that send, or ask for, more than before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewbot.scope.affected import CHARACTERS_OF_A_TOKEN
from reviewbot.scope.change import Change
from reviewbot.scope.changed_source import ChangedSource

if TYPE_CHECKING:
    from reviewbot.scope.led_to_calls.edited_python import EditedPython


def edited_python(
    change: Change, sources: Sequence[ChangedSource], configuration_file: str
) -> "EditedPython | None":
    """What may lead to a call of a model, sought while the workflows are measured.

    It is loaded where Python changed, or a file that Python may read and no workflow is made of.
    """
    comparison = change.comparison
    measured = {
        path
        for item in change.scope.affected
        for side in (item.before, item.after)
        if side
        for path in side.source.files
    }
    pairs = ((item.before, item.after) for item in comparison.changes)
    changed = {path for pair in pairs for path in pair if path and path != configuration_file}
    are_others = not all(path.endswith(".py") for path in changed - measured)
    is_edited = are_others or any(path.endswith(".py") for path in changed)
    if not is_edited or not any(path.endswith(".py") for path in comparison.after_tree.paths):
        return None
    from reviewbot.scope.led_to_calls.edited_python import EditedPython

    most = change.configurations.governing.coverage.unseen_tokens * CHARACTERS_OF_A_TOKEN
    edited = EditedPython(comparison.after_tree, sources, most, are_others=are_others)
    return edited if edited.may_lead else None
