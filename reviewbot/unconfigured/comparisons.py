"""Comparisons of what stands in the head, with a configuration that is not written yet."""

from msgspec.structs import replace

from reviewbot.repository.changed_files import Change
from reviewbot.repository.edited_trees import AddedFile
from reviewbot.repository.revisions import Comparison


def only_head(comparison: Comparison, file: str) -> Comparison:
    """The comparison of the head with a base that has no configuration yet."""
    tree = AddedFile(comparison.after_tree, file, None)
    added = (Change(before=None, after=file),)
    return replace(comparison, governing_tree=tree, before_tree=tree, changes=added)


def with_configuration(comparison: Comparison, file: str, text: str) -> Comparison:
    """The comparison whose head has the configuration `text` at `file`."""
    return replace(comparison, after_tree=AddedFile(comparison.after_tree, file, text))
