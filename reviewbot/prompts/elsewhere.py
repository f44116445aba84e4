"""Where the text of a prompt stands under another name."""

from collections.abc import Iterable

from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.prompts.likeness import RENAMED, likeness, words_of
from reviewbot.prompts.source_reader import SourceReader

_MOST_COMPARED = 500


def likest(
    readers: tuple[SourceReader, SourceReader],
    workflow: Workflow,
    item: PromptReference,
    places: Iterable[PromptReference],
) -> PromptReference | None:
    """The first of the places with most of the words that `item` had; None where it is below half.

    `readers` read the tree as it was and as it is.
    """
    said = words_of(readers[0], workflow, item)
    best, most = None, 0.0
    for number, place in enumerate(places if said else ()):
        found = likeness(said, words_of(readers[1], workflow, place))
        if number < _MOST_COMPARED and found >= RENAMED and found > most:
            best, most = place, found
    return best
