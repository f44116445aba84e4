"""Changed Python files, and what in them may lead to another call of a model.

It is sought in the files alone, so that it may be while the workflows are measured.
"""

from collections.abc import Sequence
from functools import cached_property

from reviewbot.repository.trees import Tree
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.led_to_calls.grown_texts import Pair, grown_texts
from reviewbot.scope.led_to_calls.lost_guards import LostGuard, lost_guards
from reviewbot.scope.led_to_calls.python_files import PythonFile, PythonFiles
from reviewbot.scope.led_to_calls.swapped_models import SwappedModels, swapped_models
from reviewbot.scope.led_to_calls.taken_names import TakenName, taken_names


class EditedPython:
    """The Python files of a tree, and the `pairs` of them that a change edits.

    Of a text no more than `most` characters are new without a word. `are_others` says whether the
    change edits files that Python may read.
    """

    def __init__(
        self, tree: Tree, sources: Sequence[ChangedSource], most: int, *, are_others: bool
    ) -> None:
        self._are_others = are_others
        self.files = PythonFiles(tree)
        self.most = most
        self.pairs: list[Pair] = [
            (
                PythonFile(one.path, one.before) if one.before else None,
                PythonFile(one.path, one.after),
            )
            for one in sources
            if one.path.endswith(".py")
        ]

    @cached_property
    def may_lead(self) -> bool:
        """Whether anything has to be followed."""
        own = [self.models, self.taken, self.guards, self.may_have_grown]
        return self._are_others or any(own) or any(self.files.unread())

    @cached_property
    def models(self) -> list[tuple[PythonFile, SwappedModels]]:
        """The statements that name other models, each in its file after the change."""
        return [
            (after, one)
            for before, after in self.pairs
            if before is not None
            for one in swapped_models(before, after)
        ]

    @cached_property
    def may_have_grown(self) -> bool:
        """Whether any text has more words than before."""
        return any(grown_texts(self.pairs, self.most, lambda _: True, {}))

    @cached_property
    def taken(self) -> list[TakenName]:
        """The statements that take longer texts by other names."""
        return [*taken_names(self.pairs, self.files, self.most)]

    @cached_property
    def guards(self) -> list[tuple[PythonFile, LostGuard]]:
        """What kept functions from asking a model, and is gone."""
        return [
            (after, one)
            for before, after in self.pairs
            if before is not None
            for one in lost_guards(before, after)
        ]
