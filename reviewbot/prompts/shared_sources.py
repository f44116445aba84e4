"""What workflows are made of, where that is the same at two revisions: it is read once.

That holds for a workflow whose settings are the same, and whose prompts are the same files and ask
for no other file, there or not.
"""

from operator import is_
from typing import TYPE_CHECKING

from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.prompts.includes import TextReader

if TYPE_CHECKING:
    from reviewbot.prompts.sources import Source


class SharedSources:
    """The sources that one reader has read of prompts that ask for no other file."""

    def __init__(self, texts: TextReader) -> None:
        self._texts = texts
        self._kept: dict[str, tuple[Workflow, tuple[object, ...], Source]] = {}

    def keep(self, workflow: Workflow, configuration: Configuration, source: "Source") -> None:
        """Keep what a call of `workflow` is made of."""
        self._kept[workflow.name] = workflow, _settings(configuration), source

    def of_same(
        self, workflow: Workflow, configuration: Configuration, texts: TextReader
    ) -> "Source | None":
        """What is kept of the same workflow, if all its files are the same among other `texts`.

        Marks of a merge conflict that stand in them are then no new ones.
        """
        if workflow.name not in self._kept:
            return None
        known, settings, source = self._kept[workflow.name]
        is_same = known is workflow and all(map(is_, settings, _settings(configuration)))
        if not is_same or not all(self._texts.has_same(path, texts.tree) for path in source.files):
            return None
        for path in source.files:
            texts.forget(path)
        return source


def _settings(configuration: Configuration) -> tuple[object, ...]:
    """What of a configuration, beside the workflow, says what a call is made of."""
    return configuration.defaults, configuration.prices
