"""Files that a change moves, and prompts that it takes out of a call."""

from collections.abc import Iterable

from msgspec.structs import replace

from reviewbot.configuration.settings import (
    PromptReference,
    Workflow,
)
from reviewbot.prompts.sources import named_references
from reviewbot.repository.changed_files import Change
from reviewbot.repository.trees import Tree


class Renames:
    """The files that a change moves, by their old and by their new names."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._new_names = {
            change.before: change.after
            for change in changes
            if change.before and change.after and change.before != change.after
        }
        self._old_names = {new: old for old, new in self._new_names.items()}

    def before(self, workflow: Workflow) -> Workflow:
        """The workflow with the paths its files had before they were renamed."""

        def renamed(reference: PromptReference) -> PromptReference:
            return replace(reference, path=self._old_names.get(reference.path, reference.path))

        return replace(
            workflow,
            prompts=tuple(map(renamed, workflow.prompts)),
            tools=renamed(workflow.tools) if workflow.tools else None,
        )

    def orphaned(self, was: Workflow, head: Workflow | None, after: Tree) -> dict[str, str]:
        """Prompts that are taken out of a call; of a removed workflow, those that stay.

        Each has the id of what stands there after the change, empty where nothing does.
        """
        kept = {(item.path, item.selector) for item in named_references(head)} if head else set()
        entries = {
            reference.name: after.entry(self._new_names.get(reference.path, reference.path))
            for reference in named_references(was)
            if not {
                (reference.path, reference.selector),
                (self._new_names.get(reference.path), reference.selector),
            }
            & kept
            and (
                head is not None
                or reference.path in self._new_names
                or after.entry(reference.path) is not None
            )
        }
        return {name: entry.object_id if entry else "" for name, entry in entries.items()}
