"""Where the text of a prompt stands under another name."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.errors import MeasurementError
from reviewbot.prompts.likeness import (
    RENAMED,
    has_become,
    is_as_long,
    likeness,
    said_by,
    words_in,
)
from reviewbot.prompts.missing import is_missing, is_readable
from reviewbot.prompts.source_reader import SourceReader

_MOST_COMPARED = 500

_SAME = 0.9
"""From so much on a text is the same, but for a word here and there."""


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
    *,
    is_back: bool = False,
) -> PromptReference | None:
    """The first of the places with most of the words that `item` had; None where it is below half.

    Where there is none, it is the first that has become longer than that, or `is_back`, was shorter
    before. `readers` read the tree as it was and as it is, or `is_back`, the other way. Each place
    comes with the path that its file had before: one that had such words then too is another
    prompt, and nothing has moved there, unless it only sent what has a name. Without a path that is
    known of it already.
    """
    said = said_by(readers[0], workflow, item)
    words = Counter(words_in(said or ""))
    best, most, grown = None, 0.0, None
    for number, (place, old_path) in enumerate(places if words else ()):
        if number >= _MOST_COMPARED:
            break
        stands = said_by(readers[1], workflow, place) or ""
        found = likeness(words, Counter(words_in(stands)))
        pair = (stands, said or "") if is_back else (said or "", stands)
        is_alike = found >= RENAMED and found > most
        if not is_alike and (grown is not None or not has_become(*pair)):
            continue
        was = ""
        if old_path is not None and _is_own(readers[0], replace(place, path=old_path)):
            was = said_by(readers[0], workflow, replace(place, path=old_path)) or ""
        if likeness(words, Counter(words_in(was))) >= RENAMED or has_become(said or "", was):
            continue
        if is_alike:
            best, most = place, found
        else:
            grown = place
    return best or grown


def in_a_file(
    readers: tuple[SourceReader, SourceReader],
    workflow: Workflow,
    old: PromptReference,
    item: PromptReference,
    paths: Iterable[str],
) -> PromptReference | None:
    """The one of the new files at `paths` that has the text which stood in source code.

    None where `item`, the name that it had, has a text still.
    """
    if is_readable(readers[1], workflow, item):
        return None
    places = (
        replace(item, path=path, selector=None, format=found.NAME)
        for path in paths
        if (found := prompt_formats.recognize(path)) is not None
    )
    said = said_by(readers[0], workflow, old) or ""
    return next(
        (
            place
            for place in islice(places, _MOST_COMPARED)
            if is_of_text(readers[1], workflow, item, said, place)
        ),
        None,
    )


def is_of_text(
    reader: SourceReader,
    workflow: Workflow,
    item: PromptReference,
    said: str,
    place: PromptReference,
) -> bool:
    """Whether a new place has what `item` said, which has no text any more, or most of it and more.

    Where code computes now what `item` names, it must name the file of `place`, and that says what
    was said, nearly to the word: what else the code adds, nobody knows.
    """
    stands = said_by(reader, workflow, place) or ""
    was, now = Counter(words_in(said)), Counter(words_in(stands))
    text = reader.texts.text_or_none(item.path)
    if text is None or is_missing(reader, workflow, item):
        return (likeness(was, now) >= RENAMED and is_as_long(was, now)) or has_become(said, stands)
    is_read = posixpath.basename(place.path) in text
    return is_read and likeness(was, now) >= _SAME


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


def of_same_text_in(
    readers: tuple[SourceReader, SourceReader],
    old: PromptReference,
    item: PromptReference,
    paths: Iterable[str],
    taken: AbstractSet[str],
) -> PromptReference | None:
    """The one place in other source files, at `paths`, that has just the text which `old` had.

    None where it stood there before. It may be too short to be found as a prompt.
    """
    text = _texts(readers[0], old.path).get(old.selector or "")
    language = prompt_formats.of_source(item.path)
    found = [
        replace(item, path=path, selector=name)
        for path in (paths if text else ())
        if path != item.path and prompt_formats.of_source(path) == language
        for name, own in _texts(readers[1], path).items()
        if own == text and _texts(readers[0], path).get(name) != text
    ]
    return found[0] if len(found) == 1 and found[0].name not in taken else None


def selectors_in(reader: SourceReader, path: str) -> list[str]:
    """What selects the prompts that a source file is likely to hold; none of another file."""
    language = prompt_formats.of_source(path)
    if language is None:
        return []
    try:
        file = reader.prompts.text_of(path, None)
    except MeasurementError:
        return []
    found = prompt_formats.discover(prompt_formats.by_name(language), file)
    return [item.selector for item in found if item.selector is not None]


def _is_own(reader: SourceReader, item: PromptReference) -> bool:
    """Whether a place has a text of its own, and is no call that sends a name's."""
    is_source = prompt_formats.of_source(item.path) is not None and item.selector is not None
    return not is_source or item.selector in _texts(reader, item.path)


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
