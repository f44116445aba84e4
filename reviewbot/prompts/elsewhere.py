"""Where the text of a prompt stands under another name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.errors import MeasurementError
from reviewbot.prompts.likeness import RENAMED, likeness, words_of
from reviewbot.prompts.source_reader import SourceReader

_MOST_COMPARED = 500


def at_path(item: PromptReference, path: str) -> PromptReference:
    """The reference in another file; in the format that its name shows, if the old name did."""
    was, now = prompt_formats.recognize(item.path), prompt_formats.recognize(path)
    is_shown = was is not None and item.format == was.NAME and now is not None
    return replace(item, path=path, format=now.NAME if is_shown and now else item.format)


def likest(
    readers: tuple[SourceReader, SourceReader],
    workflow: Workflow,
    item: PromptReference,
    places: Iterable[tuple[PromptReference, str | None]],
) -> PromptReference | None:
    """The first of the places with most of the words that `item` had; None where it is below half.

    `readers` read the tree as it was and as it is. Each place comes with the path that its file had
    before: one that had such words then too is another prompt, and nothing has moved there. Without
    a path that is known of it already.
    """
    said = words_of(readers[0], workflow, item)
    best, most = None, 0.0
    for number, (place, old_path) in enumerate(places if said else ()):
        found = likeness(said, words_of(readers[1], workflow, place))
        if number < _MOST_COMPARED and found >= RENAMED and found > most:
            was = Counter[str]()
            if old_path is not None:
                was = words_of(readers[0], workflow, replace(place, path=old_path))
            if likeness(said, was) < RENAMED:
                best, most = place, found
    return best


def of_same_text(
    readers: tuple[SourceReader, SourceReader],
    old: PromptReference,
    item: PromptReference,
    taken: AbstractSet[str],
) -> PromptReference | None:
    """The one new name in the file of `item` that has just the text which `old` had.

    It may be too short to be found as a prompt. A name that is `taken` is another's.
    """
    was, now = _texts(readers[0], old.path), _texts(readers[1], item.path)
    text = was.get(old.selector or "")
    named = [name for name, own in now.items() if own == text and name not in was]
    if not text or len(named) != 1:
        return None
    found = replace(item, selector=named[0])
    return None if found.name in taken else found


def _texts(reader: SourceReader, path: str) -> Mapping[str, str]:
    """The texts of a source file by their names; none where it cannot be read."""
    format_name = prompt_formats.of_source(path)
    if format_name is None:
        return {}
    try:
        file = reader.prompts.text_of(path, None)
        return prompt_formats.texts(prompt_formats.by_name(format_name), file)
    except MeasurementError:
        return {}
