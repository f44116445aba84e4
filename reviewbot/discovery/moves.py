"""Prompts that a configuration names and that stand elsewhere now, or nowhere any more."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Configuration, PromptReference, Workflow
from reviewbot.discovery.calls import Proposed, written_path
from reviewbot.prompts.elsewhere import (
    at_path,
    in_a_file,
    likest,
    of_same_text,
    of_same_text_in,
    selectors_in,
)
from reviewbot.prompts.missing import is_missing
from reviewbot.prompts.positions import Positions
from reviewbot.prompts.source_reader import SourceReader


class Missing(Struct, frozen=True, kw_only=True):
    """A prompt that is not where its workflow says: `new` is its place now, None where none is.

    `displaced` says that another one's text has its position, `is_tools` that it is a file of
    tools, whose name alone may have changed.
    """

    workflow: str
    name: str
    line: int | None
    new: PromptReference | None = None
    displaced: bool = False
    is_tools: bool = False


def missing_prompts(
    configurations: tuple[Configuration | None, Configuration],
    readers: tuple[SourceReader, SourceReader],
    paths: Mapping[str, str],
    proposed: Iterable[Proposed],
    changed: Collection[str],
) -> tuple[Missing, ...]:
    """The prompts that are not where the configuration says.

    `configurations` and `readers` are those of the tree as it was and as it is, `paths` are the
    new ones of files that differ, by their old ones, and `changed` are all files that the head has
    otherwise. One has moved where its file has, where its
    text has another position, where a prompt of `proposed` calls that nothing names has half of
    its words or more, or where that stands alone with its role beside the others of its workflow.
    """
    was, now = configurations
    return tuple(_Search(was, readers, paths, tuple(proposed), changed).missing(now))


def with_moved(configuration: Configuration, missing: Iterable[Missing]) -> Configuration:
    """The configuration with the places that its prompts have now."""
    new = {(item.workflow, item.name): item.new for item in missing if item.new is not None}
    workflows = {
        name: replace(
            workflow, prompts=tuple(new.get((name, it.name), it) for it in workflow.prompts)
        )
        for name, workflow in configuration.workflows.items()
    }
    return replace(configuration, workflows=workflows)


class _Search:
    def __init__(
        self,
        was: Configuration | None,
        readers: tuple[SourceReader, SourceReader],
        paths: Mapping[str, str],
        proposed: tuple[Proposed, ...],
        changed: Collection[str],
    ) -> None:
        self._before, self._after = readers
        self._workflows_before = was.workflows if was is not None else {}
        self._paths = paths
        self._old_paths = {new: old for old, new in paths.items()}
        self._positions = Positions(*readers, paths)
        self._proposed = proposed
        self._changed = changed
        self._taken: set[str] = set()

    def missing(self, configuration: Configuration) -> Iterator[Missing]:
        """Each prompt that is missing, and its place now."""
        for workflow in configuration.workflows.values():
            self._taken |= {item.name for item in workflow.prompts}
        for workflow in configuration.workflows.values():
            for item in workflow.prompts:
                selector = self._selector_now(workflow, item)
                if selector == item.selector and not is_missing(self._after, workflow, item):
                    new = self._in_a_file(workflow, item)
                    if new is None:
                        continue
                else:
                    new = self._elsewhere(workflow, item, selector)
                self._taken |= {new.name} if new is not None else set()
                yield Missing(
                    workflow=workflow.name,
                    name=item.name,
                    line=item.place.line,
                    new=new,
                    displaced=selector is None and item.selector is not None,
                )
            yield from self._missing_tools(workflow)

    def _elsewhere(
        self, workflow: Workflow, item: PromptReference, selector: str | None
    ) -> PromptReference | None:
        return (
            self._behind_file(workflow, item, selector)
            or self._of_same_text(item)
            or self._of_same_text_elsewhere(item)
            or self._in_own_file(workflow, item)
            or self._of_like_text(workflow, item)
            or self._in_a_file(workflow, item)
            or (self._beside(workflow, item) if selector == item.selector else None)
        )

    def _in_a_file(self, workflow: Workflow, item: PromptReference) -> PromptReference | None:
        """The new prompt file that has the text which stood in source code."""
        if item.selector is None:
            return None
        prompts = (prompt for call in self._proposed for prompt in call.prompts)
        paths = [it.path for it in prompts if it.selector is None and it.path not in self._taken]
        new = [path for path in paths if self._before.tree.entry(path) is None]
        old = replace(item, path=self._old_paths.get(item.path, item.path))
        return in_a_file((self._before, self._after), workflow, old, item, new)

    def _missing_tools(self, workflow: Workflow) -> Iterator[Missing]:
        """The tools of files that have another name now."""
        for item in workflow.tools:
            new = self._behind_file(workflow, item, item.selector)
            if new is not None and is_missing(self._after, workflow, item):
                line = item.place.line
                yield Missing(
                    workflow=workflow.name, name=item.name, line=line, new=new, is_tools=True
                )

    def _selector_now(self, workflow: Workflow, item: PromptReference) -> str | None:
        """What selects the text of a prompt that the configuration named before, too."""
        was = self._workflows_before.get(workflow.name)
        if was is None or item.name not in {one.name for one in was.prompts}:
            return item.selector
        return self._positions.selector_now(was, item)

    def _behind_file(
        self, workflow: Workflow, item: PromptReference, selector: str | None
    ) -> PromptReference | None:
        """The prompt in the file that its own is now, at the position of its text."""
        path = self._paths.get(item.path)
        is_gone = selector is None and item.selector is not None
        if path is None or is_gone or (path, selector) == (item.path, item.selector):
            return None
        moved = replace(at_path(item, path), selector=selector)
        return None if is_missing(self._after, workflow, moved) else moved

    def _in_own_file(self, workflow: Workflow, item: PromptReference) -> PromptReference | None:
        """The prompt of the same file that has its text: a call sends it from elsewhere now."""
        path = self._paths.get(item.path) or item.path
        if item.selector is None:
            return None
        places = (
            (place, item.path)
            for selector in selectors_in(self._after, path)
            if (place := replace(item, path=path, selector=selector)).name not in self._taken
        )
        return likest((self._before, self._after), workflow, item, places)

    def _of_like_text(self, workflow: Workflow, item: PromptReference) -> PromptReference | None:
        """The new prompt that has most of the words of the missing one."""
        places = (
            (
                replace(item, path=prompt.path, selector=prompt.selector),
                self._old_paths.get(prompt.path, prompt.path),
            )
            for call in self._proposed
            for prompt in call.prompts
            if (name := written_path(prompt)) is not None and name not in self._taken
            if (prompt.selector is None) == (item.selector is None)
        )
        return likest((self._before, self._after), workflow, item, places)

    def _of_same_text(self, item: PromptReference) -> PromptReference | None:
        """The new name of the text in its file, be it too short for a proposal."""
        path = self._paths.get(item.path) or item.path
        moved = replace(item, path=path)
        return of_same_text((self._before, self._after), item, moved, self._taken)

    def _of_same_text_elsewhere(self, item: PromptReference) -> PromptReference | None:
        """The place in another changed file that has the text, be it too short for a proposal."""
        readers = self._before, self._after
        return of_same_text_in(readers, item, item, sorted(self._changed), self._taken)

    def _beside(self, workflow: Workflow, item: PromptReference) -> PromptReference | None:
        """The one new prompt of the same role in a call with others of the workflow."""
        own = {other.name for other in workflow.prompts}
        beside = [
            replace(item, path=prompt.path, selector=prompt.selector)
            for call in self._proposed
            if not own.isdisjoint(map(written_path, call.prompts))
            for prompt in call.prompts
            if (name := written_path(prompt)) and name not in self._taken
            if prompt.role == item.role
        ]
        return beside[0] if len(beside) == 1 else None
