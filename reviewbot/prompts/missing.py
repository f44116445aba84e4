"""Prompts that a configuration names and that are not there."""

from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.errors import MeasurementError, NoSuchPromptError
from reviewbot.prompts.source_reader import SourceReader


def is_missing(reader: SourceReader, workflow: Workflow, reference: PromptReference) -> bool:
    """Whether the file is not there, or holds nothing at the path that is selected."""
    if reader.tree.entry(reference.path) is None:
        return True
    try:
        reader.prompts.prompt(reference, workflow.templates)
    except NoSuchPromptError:
        return True
    except MeasurementError:
        return False
    return False


def is_readable(reader: SourceReader, workflow: Workflow, reference: PromptReference) -> bool:
    """Whether the prompt is there, and its text is known."""
    try:
        reader.prompts.prompt(reference, workflow.templates)
    except MeasurementError:
        return False
    return True
