"""Texts that a workflow measures by the name of what takes them from another file."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from reviewbot.configuration.settings import Configuration, PromptReference, Workflow
from reviewbot.discovery.calls import Proposed
from reviewbot.errors import MeasurementError
from reviewbot.prompts.likeness import said_by
from reviewbot.prompts.source_reader import SourceReader


def measured_elsewhere(
    configuration: Configuration, reader: SourceReader, proposed: Iterable[Proposed]
) -> Mapping[tuple[str, str | None], str]:
    """By path and selector the prompts that workflows measure by other names, with the workflow.

    Such a name takes the whole text from the prompt's file: `instructions=TRIAGE`, imported.
    """
    found: dict[tuple[str, str | None], str] = {}
    takers: dict[str, list[tuple[Workflow, PromptReference]]] = {}
    for workflow, item in _named(configuration):
        for path in _files_beside(reader, workflow, item):
            takers.setdefault(path, []).append((workflow, item))
    for prompt in (prompt for call in proposed for prompt in call.prompts):
        for workflow, item in takers.get(prompt.path, ()):
            own = replace(item, path=prompt.path, selector=prompt.selector, format=prompt.format)
            text = said_by(reader, workflow, own)
            if text and text == said_by(reader, workflow, item):
                found.setdefault((prompt.path, prompt.selector), workflow.name)
    return found


def _named(configuration: Configuration) -> Iterator[tuple[Workflow, PromptReference]]:
    for workflow in configuration.workflows.values():
        for item in workflow.prompts:
            if item.selector is not None:
                yield workflow, item


def _files_beside(
    reader: SourceReader, workflow: Workflow, item: PromptReference
) -> Mapping[str, str]:
    try:
        return reader.prompts.prompt(item, workflow.templates).beside
    except MeasurementError:
        return {}
