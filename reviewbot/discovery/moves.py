"""Prompts that a configuration names and that stand elsewhere now, or nowhere any more."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Configuration, PromptReference, Workflow
from reviewbot.discovery.calls import Proposed, written_path
from reviewbot.prompts.likeness import RENAMED, likeness, words_of
from reviewbot.prompts.missing import is_missing
from reviewbot.prompts.source_reader import SourceReader

_MOST_COMPARED = 500


class Missing(Struct, frozen=True, kw_only=True):
    """A prompt that is not where its workflow says: `new` is its place now, None where none is."""

    workflow: str
    name: str
    line: int | None
    new: str | None = None


def missing_prompts(
    configuration: Configuration,
    readers: tuple[SourceReader, SourceReader],
    renamed: Mapping[str, str],
    proposed: Iterable[Proposed],
) -> tuple[Missing, ...]:
    """The prompts that are not where the configuration says.

    `readers` read the tree as it was and as it is, `renamed` are files by their old paths. One has
    moved where its file has, or where a prompt of `proposed` calls that nothing names has half of
    its words or more, or stands alone with its role beside the others of its workflow.
    """
    return tuple(_Search(readers, renamed, tuple(proposed)).missing(configuration))


class _Search:
    def __init__(
        self,
        readers: tuple[SourceReader, SourceReader],
        renamed: Mapping[str, str],
        proposed: tuple[Proposed, ...],
    ) -> None:
        self._before, self._after = readers
        self._renamed = renamed
        self._proposed = proposed
        self._taken: set[str] = set()

    def missing(self, configuration: Configuration) -> Iterator[Missing]:
        """Each prompt that is missing, and its place now."""
        for workflow in configuration.workflows.values():
            self._taken |= {item.name for item in workflow.prompts}
        for workflow in configuration.workflows.values():
            for item in workflow.prompts:
                if not is_missing(self._after, workflow, item):
                    continue
                new = (
                    self._behind_file(workflow, item)
                    or self._of_like_text(workflow, item)
                    or self._beside(workflow, item)
                )
                self._taken |= {new} if new is not None else set()
                line = item.place.line
                yield Missing(workflow=workflow.name, name=item.name, line=line, new=new)

    def _behind_file(self, workflow: Workflow, item: PromptReference) -> str | None:
        path = self._renamed.get(item.path)
        if path is None:
            return None
        moved = replace(item, path=path)
        return None if is_missing(self._after, workflow, moved) else moved.name

    def _of_like_text(self, workflow: Workflow, item: PromptReference) -> str | None:
        """The name of the new prompt that has most of the words of the missing one."""
        said = words_of(self._before, workflow, item)
        found = [prompt for call in self._proposed for prompt in call.prompts]
        likest: dict[str, float] = {}
        for prompt in found[:_MOST_COMPARED] if said else ():
            name = written_path(prompt)
            is_file = prompt.selector is None
            if name is None or name in self._taken or is_file != (item.selector is None):
                continue
            there = replace(item, path=prompt.path, selector=prompt.selector)
            likest[name] = likeness(said, words_of(self._after, workflow, there))
        best = max(likest, key=lambda name: likest[name], default=None)
        return best if best is not None and likest[best] >= RENAMED else None

    def _beside(self, workflow: Workflow, item: PromptReference) -> str | None:
        """The name of the one new prompt of the same role in a call with others of the workflow."""
        own = {other.name for other in workflow.prompts}
        beside = [
            name
            for call in self._proposed
            if not own.isdisjoint(map(written_path, call.prompts))
            for prompt in call.prompts
            if (name := written_path(prompt)) and name not in self._taken
            if prompt.role == item.role
        ]
        return beside[0] if len(beside) == 1 else None
