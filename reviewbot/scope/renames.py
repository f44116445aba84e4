"""Files that a change moves, and prompts that it takes out of a call."""

from collections import Counter

from msgspec.structs import replace

from reviewbot.configuration.settings import (
    PromptReference,
    Workflow,
)
from reviewbot.prompts.elsewhere import is_of_text
from reviewbot.prompts.likeness import said_by
from reviewbot.prompts.missing import is_missing, is_readable
from reviewbot.prompts.positions import Positions
from reviewbot.prompts.sources import named_references
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.word_runs import runs_of
from reviewbot.scope.word_runs import words_of as run_words
from reviewbot.scope.workflow_reading import Readers


class Renames:
    """The files that a change moves, by their old and by their new names, and texts in files.

    `positions` follows texts that are named by a position.
    """

    def __init__(self, comparison: Comparison, readers: Readers) -> None:
        paths = {
            item.before: item.after for item in comparison.changes if item.before and item.after
        }
        self.positions = Positions(readers.before, readers.after, paths)
        back = {new: old for old, new in paths.items()}
        self._back = Positions(readers.after, readers.before, back)
        self._new_names = {old: new for old, new in paths.items() if old != new}
        self._old_names = {new: old for old, new in self._new_names.items()}
        self._tree = comparison.before_tree

    def before(self, workflow: Workflow) -> Workflow | None:
        """The workflow with the places of its prompts before the change; None where it had none."""

        def renamed(reference: PromptReference) -> PromptReference:
            return replace(reference, path=self._old_names.get(reference.path, reference.path))

        stood = [(item, self._back.selector_now(workflow, item)) for item in workflow.prompts]
        prompts = tuple(
            renamed(replace(item, selector=selector or item.selector)) for item, selector in stood
        )
        is_new = all(selector is None and item.selector is not None for item, selector in stood)
        if is_new or not any(self._tree.entry(item.path) for item in prompts):
            return None
        return replace(
            workflow,
            prompts=prompts,
            tools=tuple(map(renamed, workflow.tools)),
        )

    def orphaned(self, was: Workflow, head: Workflow | None, readers: Readers) -> dict[str, str]:
        """Prompts that are taken out of a call; of a removed workflow, those that stay.

        A text that goes from its file with the workflow does not stay. Each has the id of what
        stands there after the change, empty where nothing does. One whose words the call has under
        a new name, of the same role, is not taken out.
        """
        after = readers.after.tree
        renamed = _renamed(was, head, readers, self.positions) if head is not None else set()
        kept = {(item.path, item.selector) for item in named_references(head)} if head else set()
        entries = {
            reference.name: after.entry(self._new_names.get(reference.path, reference.path))
            for reference in named_references(was)
            if reference.name not in renamed
            and not {
                (reference.path, reference.selector),
                (self._new_names.get(reference.path), reference.selector),
            }
            & kept
            and (head is not None or self._stays(was, reference, readers))
        }
        return {name: entry.object_id if entry else "" for name, entry in entries.items()}

    def _stays(self, was: Workflow, reference: PromptReference, readers: Readers) -> bool:
        """Whether a prompt is there after the change, by its name or by its words."""
        path = self._new_names.get(reference.path, reference.path)
        if readers.after.tree.entry(path) is None:
            return False
        selector = self.positions.selector_now(was, reference)
        now = replace(reference, path=path, selector=selector)
        if reference.selector is None or (selector and not is_missing(readers.after, was, now)):
            return True
        said = said_by(readers.before, was, reference)
        if said is None:
            return True
        return _lives_on(said, readers.before.text(reference.path), readers.after.text(path))


_FEW_RUNS = 0.1
"""The part of a text's runs of words that others may have in common with it."""


def _lives_on(said: str, before: str, after: str) -> bool:
    """Whether a prompt's text stands in its file still: not what other texts of it always said."""
    own = Counter(runs_of(run_words(said)))
    if not own:
        return said.strip() in after
    others = Counter(runs_of(run_words(before))) - own
    runs = {run for run in own if run not in others} or own.keys()
    return len(runs & {*runs_of(run_words(after))}) > _FEW_RUNS * len(runs)


def _renamed(was: Workflow, head: Workflow, readers: Readers, positions: Positions) -> set[str]:
    """The names of prompts that are gone, and whose words stand under a new name in the call.

    A new text that is shorter is none: what it lacks may be sent from elsewhere.
    """
    old = {item.name for item in was.prompts}
    new = [item for item in head.prompts if item.name not in old]
    found: set[str] = set()
    for item in was.prompts if new else ():
        selector = positions.selector_now(was, item)
        at_position = [it for it in new if (it.role, it.selector) == (item.role, selector)]
        if selector != item.selector and at_position:
            found.add(item.name)
            new.remove(at_position[0])
            continue
        if selector is not None and is_readable(readers.after, head, item):
            continue
        said = said_by(readers.before, was, item) or ""
        for other in new:
            has_role = item.role == other.role
            if has_role and is_of_text(readers.after, head, item, said, other):
                found.add(item.name)
                new.remove(other)
                break
    return found
