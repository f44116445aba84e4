"""Prompts that a change deletes while its configuration still names them."""

from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.errors import MeasurementError, NoSuchPromptError
from reviewbot.prompts.sources import SourceReader
from reviewbot.scope.workflow_reading import Readers


def deletes_all(readers: Readers, head: Workflow) -> bool:
    """Whether all prompts that a workflow names were there, and are gone."""
    return all(
        _lacks(readers.after, head, item) and not _lacks(readers.before, head, item)
        for item in head.prompts
    )


def _lacks(reader: SourceReader, workflow: Workflow, reference: PromptReference) -> bool:
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
