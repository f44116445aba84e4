"""Where the prompts of a first configuration stood before the change that brings it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.prompts.elsewhere import likest, of_same_text, selectors_in
from reviewbot.prompts.missing import is_missing
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.scope.governing import Configurations
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.renames import Renames
from reviewbot.scope.workflow_reading import Readers

_MOST_FILES = 100
"""Changed source files in which a prompt is looked for under another name."""


class _TracedBack:
    """Finds the places that prompts of the head's workflows had before the change.

    Names that workflows of the head have are nothing's earlier place: these stay.
    """

    def __init__(
        self,
        comparison: Comparison,
        workflows: Mapping[str, Workflow],
        readers: Readers,
        renames: Renames,
    ) -> None:
        self._comparison = comparison
        self._workflows = workflows
        self._readers = readers
        self._renames = renames
        self._old_paths = {item.after: item.before for item in comparison.changes if item.after}
        self._taken = {item.name for one in workflows.values() for item in one.prompts}
        self._new_paths = {item.before: item.after for item in comparison.changes}
        self._found: list[tuple[str, str]] | None = None
        self.unseen: tuple[Unsearched, ...] = ()

    def before(self) -> dict[str, Workflow]:
        """The workflows that were there, by name, with the places that their prompts had."""
        found = {name: self._before(workflow) for name, workflow in self._workflows.items()}
        return {name: was for name, was in found.items() if was is not None}

    def _before(self, workflow: Workflow) -> Workflow | None:
        """The workflow as it stood; None where none of its prompts did.

        A prompt that nothing before the change was like has no part in what is compared.
        """
        if self._old_paths.keys().isdisjoint(item.path for item in workflow.prompts):
            return workflow
        was = self._renames.before(workflow)
        prompts = []
        for number, item in enumerate(workflow.prompts):
            old = None if was is None else was.prompts[number]
            if old is None or self._is_gone(workflow, item, old):
                old = self._under_another_name(workflow, item)
            if old is not None:
                prompts.append(old)
        return replace(was or workflow, prompts=tuple(prompts)) if prompts else None

    def _is_gone(self, workflow: Workflow, item: PromptReference, old: PromptReference) -> bool:
        is_touched = item.path in self._old_paths
        return is_touched and is_missing(self._readers.before, workflow, old)

    def _under_another_name(
        self, workflow: Workflow, item: PromptReference
    ) -> PromptReference | None:
        """The earlier name of a text in source code; None where no text before was like it."""
        if item.selector is None:
            return None
        readers = self._readers.after, self._readers.before
        old = replace(item, path=self._old_paths.get(item.path) or item.path)
        places = self._places(workflow, item, old.path)
        found = likest(readers, workflow, item, places, is_back=True)
        found = found or of_same_text(readers, item, old, self._taken)
        if found is not None:
            self._taken.add(found.name)
        return found

    def _places(
        self, workflow: Workflow, item: PromptReference, path: str
    ) -> Iterator[tuple[PromptReference, None]]:
        """The places that a text may have left, those of its own file's earlier `path` first."""
        if self._found is None:
            old = {change.before for change in self._comparison.changes}
            tree = self._comparison.before_tree
            sources = _sources(tree, old)
            self._found = [*_discovered(self._readers.before, sources[:_MOST_FILES])]
            self.unseen = (*_unseen(sources[_MOST_FILES:]),)
        language = prompt_formats.of_source(item.path)
        for place in sorted(self._found, key=lambda place: place[0] != path):
            was = replace(item, path=place[0], selector=place[1])
            is_meant = prompt_formats.of_source(was.path) == language
            if is_meant and was.name not in self._taken and not self._stays(workflow, was, item):
                yield was, None

    def _stays(self, workflow: Workflow, was: PromptReference, item: PromptReference) -> bool:
        """Whether the text of another file stands there still, and is not that of `item`."""
        now = replace(was, path=self._new_paths.get(was.path) or was.path)
        reader = self._readers.after
        if now.path == item.path or is_missing(reader, workflow, now):
            return False
        return item.path not in reader.prompts.named_files(now, workflow.templates)


def with_earlier_names(
    comparison: Comparison, configurations: Configurations, readers: Readers, renames: Renames
) -> tuple[Configurations, tuple[Unsearched, ...]]:
    """The configurations; a first one's *before* has the names that its prompts had then.

    With them the changed files in which no earlier name is sought.
    """
    if configurations.advisory is None:
        return configurations, ()
    traced = _TracedBack(comparison, configurations.after.workflows, readers, renames)
    known = configurations.before.workflows
    found = {name: replace(it, model=known[name].model) for name, it in traced.before().items()}
    gone = {
        name: it
        for name, it in known.items()
        if name not in configurations.after.workflows
        if _are_gone(it, comparison, readers, found.values())
    }
    before = replace(configurations.before, workflows={**gone, **found})
    return replace(configurations, before=before), traced.unseen


def _are_gone(
    was: Workflow, comparison: Comparison, readers: Readers, others: Iterable[Workflow]
) -> bool:
    """Whether no prompt of a workflow is there still, or has become one of the `others`."""
    kept = {item.name for other in others for item in other.prompts}
    paths = {item.before: item.after for item in comparison.changes if item.before}
    places = ((item, replace(item, path=paths.get(item.path) or item.path)) for item in was.prompts)
    return all(old.name not in kept and is_missing(readers.after, was, now) for old, now in places)


def _sources(tree: Tree, paths: AbstractSet[str | None]) -> list[str]:
    """Those of the paths that are source files of the project itself."""
    own = OwnFiles(tree.paths)
    return sorted(
        path for path in paths if path and prompt_formats.of_source(path) and own.has(path)
    )


def _unseen(paths: Sequence[str]) -> Iterator[Unsearched]:
    if paths:
        more = f" and {len(paths) - 1:,} others" if len(paths) > 1 else ""
        why = f"earlier names are sought in {_MOST_FILES:,} changed files"
        yield Unsearched(what=f"earlier names of prompts in {paths[0]}{more}", why=why)


def _discovered(reader: SourceReader, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The prompts that stand in source files, by path and selector."""
    for path in paths:
        yield from ((path, selector) for selector in selectors_in(reader, path))
