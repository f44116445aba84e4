"""How much two prompts say the same."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.errors import MeasurementError
from reviewbot.prompts.said_text import said
from reviewbot.prompts.source_reader import SourceReader

RENAMED = 0.5
"""From so much on a prompt is one that was renamed: what git asks of files, by bytes."""

_AS_LONG = 0.9
"""A text of fewer words than this part may leave the rest where no workflow covers it."""

_GROWN = 0.7
"""The part of a text's runs of words that a longer one has which it has become."""

_RUN_WORDS = 5
_LEAST_RUNS = 8
"""Fewer words that follow each other are a phrase which other prompts have too."""

_WORD = re.compile(r"\w+")


def words_of(reader: SourceReader, workflow: Workflow, reference: PromptReference) -> Counter[str]:
    """How often each word stands in a prompt's messages; none where it cannot be read."""
    return Counter(words_in(said_by(reader, workflow, reference) or ""))


def said_by(reader: SourceReader, workflow: Workflow, reference: PromptReference) -> str | None:
    """What a prompt's messages say, one in a line; None where it cannot be read."""
    try:
        file = reader.prompts.prompt(reference, workflow.templates).file
    except MeasurementError:
        return None
    return "\n".join(map(said, file.messages))


def words_in(text: str) -> list[str]:
    """The words of a text, in order."""
    return _WORD.findall(text)


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """The part of the longer one's words that both have, from 0 to 1; 0 where there are none."""
    if not one or not other:
        return 0.0
    both = one.keys() & other.keys()  # `one & other` takes three times as long
    shared = sum(map(min, map(one.__getitem__, both), map(other.__getitem__, both)))
    return shared / max(one.total(), other.total())


def has_become(was: str, now: str) -> bool:
    """Whether a text has become a longer one: that says most of it, in the same order."""
    words, others = words_in(was), words_in(now)
    runs = Counter(_runs(words))
    if len(others) < len(words) or runs.total() < _LEAST_RUNS:
        return False
    return (runs & Counter(_runs(others))).total() >= _GROWN * runs.total()


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(_RUN_WORDS)), strict=False)


def is_as_long(was: Counter[str], now: Counter[str]) -> bool:
    """Whether a text has about as many words as it had, or more."""
    return now.total() >= _AS_LONG * was.total()
