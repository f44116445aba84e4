"""How much two prompts say the same."""

import re

from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.errors import MeasurementError
from reviewbot.prompts.sources import SourceReader

RENAMED = 0.5
"""From so much on a prompt is one that was renamed; git says so of files."""

_WORD = re.compile(r"\w+")


def words_of(
    reader: SourceReader, workflow: Workflow, reference: PromptReference
) -> frozenset[str]:
    """The words of a prompt's messages; none where it cannot be read."""
    try:
        file = reader.prompts.prompt(reference, workflow.templates).file
    except MeasurementError:
        return frozenset()
    return frozenset(word for message in file.messages for word in _WORD.findall(message.text))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of all words that stand in both, from 0 to 1; 0 where there are none."""
    return len(one & other) / len(one | other) if one and other else 0.0
