"""Prompts that a change moves under another name or position while the configuration stays."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.errors import Problem
from reviewbot.prompt_formats._common.selected_prompts import placeless
from reviewbot.prompts.elsewhere import (
    at_path,
    in_a_file,
    likest,
    of_same_text,
    of_same_text_in,
    selectors_in,
)
from reviewbot.prompts.likeness import words_of
from reviewbot.prompts.missing import is_missing
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.prompts.positions import Positions
from reviewbot.prompts.sources import named_references
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.governing import Configurations
from reviewbot.scope.workflow_reading import Readers

_MOST_FILES = 100
"""Changed source files in which a prompt that is missing is looked for."""


class Followed(Struct, frozen=True, kw_only=True):
    """The configurations, the head's with the names under which its texts stand now.

    `moved` are their old and new names by workflow, where the configuration has the old ones;
    `displaced` the names at which the text of another prompt stands, while their own is gone.
    """

    configurations: Configurations
    moved: Mapping[str, tuple[tuple[str, str], ...]] = {}
    displaced: Mapping[str, AbstractSet[str]] = {}


def follow(
    comparison: Comparison, configurations: Configurations, readers: Readers, positions: Positions
) -> Followed:
    """The configurations, of which the head's workflows that the base has too are followed."""
    workflows = configurations.after.workflows
    if configurations.advisory is not None:  # the head's own names are those of its own tree
        return Followed(configurations=configurations)
    search = _Search(comparison, configurations, readers, positions)
    found = {name: search.followed(workflow) for name, workflow in workflows.items()}
    pairs = {
        name: tuple(
            (old.name, new.name)
            for old, new in zip(
                named_references(workflow), named_references(found[name]), strict=True
            )
            if old is not new
        )
        for name, workflow in workflows.items()
    }
    return Followed(
        configurations=replace(
            configurations, after=replace(configurations.after, workflows=found)
        ),
        moved={name: several for name, several in pairs.items() if several},
        displaced=search.displaced,
    )


class _Search:
    def __init__(
        self,
        comparison: Comparison,
        configurations: Configurations,
        readers: Readers,
        positions: Positions,
    ) -> None:
        self._comparison = comparison
        self._before = configurations.before.workflows
        self._readers = readers
        self._positions = positions
        self._old_names = {item.after: item.before for item in comparison.changes if item.before}
        self._new_names = {
            item.before: item.after for item in comparison.changes if item.before and item.after
        }
        self._touched = {item.before for item in comparison.changes}
        self._taken = {
            item.name
            for workflow in configurations.after.workflows.values()
            for item in workflow.prompts
        }
        self._found: list[tuple[str, str]] | None = None
        self.displaced: dict[str, set[str]] = {}

    def followed(self, workflow: Workflow) -> Workflow:
        """The workflow with the places of its texts now."""
        was = self._before.get(workflow.name)
        if was is None:
            return workflow
        prompts = tuple(self._place(was, workflow, item) for item in workflow.prompts)
        tools = tuple(self._renamed(was.tools, item) or item for item in workflow.tools)
        if (prompts, tools) == (workflow.prompts, workflow.tools):
            return workflow
        return replace(workflow, prompts=prompts, tools=tools)

    def _renamed(
        self, named: Iterable[PromptReference], item: PromptReference
    ) -> PromptReference | None:
        """What one of the `named` is since its file has another name; None where it has not."""
        new = self._new_names.get(item.path, item.path)
        is_gone = new != item.path and self._readers.after.tree.entry(item.path) is None
        if not is_gone or item.name not in {one.name for one in named}:
            return None
        return at_path(item, new)

    def _place(self, was: Workflow, workflow: Workflow, item: PromptReference) -> PromptReference:
        """Where a prompt stands that the base's configuration names alike; itself if it stays."""
        renamed = self._renamed(was.prompts, item)
        if renamed is not None:
            now = self._place(was, workflow, renamed)
            return item if is_missing(self._readers.after, workflow, now) else now
        old = replace(item, path=self._old_names.get(item.path) or item.path)
        if item.selector is None:
            return self._whole(was, item) or item
        is_touched = old.path in self._touched
        if not is_touched or not any(
            (one.path, one.selector) == (old.path, old.selector) for one in was.prompts
        ):
            return item
        selector = self._positions.selector_now(was, old)
        if selector is not None and selector != item.selector:
            now = replace(item, selector=selector)
            is_meant = placeless(selector) == placeless(item.selector)
            return item if is_meant and self._is_same(workflow, item, now) else now
        found = self._under_another_name(was, workflow, old, item)
        if found is not None:
            self._taken.add(found.name)
        elif selector is None:
            self.displaced.setdefault(workflow.name, set()).add(item.name)
        return found or item

    def _under_another_name(
        self, was: Workflow, workflow: Workflow, old: PromptReference, item: PromptReference
    ) -> PromptReference | None:
        """Where the text stands that `item` does not name any more; None where it names one."""
        readers = self._readers.before, self._readers.after
        is_displaced = self._positions.selector_now(was, old) is None
        if not is_displaced and not is_missing(self._readers.after, workflow, item):
            return in_a_file(readers, was, old, item, self._new_files())
        return (
            of_same_text(readers, old, item, self._taken)
            or of_same_text_in(readers, old, item, self._sources(), self._taken)
            or likest(readers, was, old, self._places(item))
            or in_a_file(readers, was, old, item, self._new_files())
        )

    def _whole(self, was: Workflow, item: PromptReference) -> PromptReference | None:
        """The new file that has the text of a deleted one; None where it is there, or none has."""
        readers = self._readers.before, self._readers.after
        is_gone = readers[1].tree.entry(item.path) is None
        if not is_gone or item.name not in {one.name for one in was.prompts}:
            return None
        found = likest(readers, was, item, ((at_path(item, it), None) for it in self._new_files()))
        self._taken |= {found.name} if found is not None else set()
        return found

    def _new_files(self) -> Iterator[str]:
        """The prompt files that the change brings and no workflow names."""
        added = [it.after for it in self._comparison.changes if it.before is None and it.after]
        own = OwnFiles(self._comparison.after_tree.paths)
        prompts = [path for path in added if prompt_formats.recognize(path) and own.has(path)]
        yield from (path for path in prompts[:_MOST_FILES] if path not in self._taken)

    def _is_same(self, workflow: Workflow, item: PromptReference, other: PromptReference) -> bool:
        """Whether two names mean one text at the head: the first one without its old place."""
        after = self._readers.after
        if is_missing(after, workflow, item):
            return False
        return words_of(after, workflow, item) == words_of(after, workflow, other)

    def _places(self, item: PromptReference) -> Iterator[tuple[PromptReference, str]]:
        """The prompts of changed files that no workflow names; those of the same file first.

        Each comes with the path that its file had before.
        """
        if self._found is None:
            self._found = list(self._discovered())
        for path, selector in sorted(self._found, key=lambda place: place[0] != item.path):
            place = replace(item, path=path, selector=selector)
            same_language = prompt_formats.of_source(path) == prompt_formats.of_source(item.path)
            if place.name not in self._taken and same_language:
                yield place, self._old_names.get(path) or path

    def _sources(self) -> list[str]:
        """The changed source files of the project itself."""
        own = OwnFiles(self._comparison.after_tree.paths)
        changed = [item.after for item in self._comparison.changes if item.after is not None]
        sources = [path for path in changed if prompt_formats.of_source(path) and own.has(path)]
        return sources[:_MOST_FILES]

    def _discovered(self) -> Iterator[tuple[str, str]]:
        for path in self._sources():
            yield from ((path, selector) for selector in selectors_in(self._readers.after, path))


def displaced_problems(workflow: Workflow, names: AbstractSet[str]) -> Iterator[Problem]:
    """That the change deletes prompts at whose positions others stand now."""
    for item in workflow.prompts:
        if item.name in names:
            yield Problem(
                what=f"the change deletes {item.name!r}, and another prompt has its position",
                mend="take it out of `prompts`, or the workflow out of `workflows`",
                place=item.place,
            )
