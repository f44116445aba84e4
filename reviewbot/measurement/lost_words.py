"""Words of a call's texts that a change takes out, and where they stood."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from reviewbot.errors import MeasurementError
from reviewbot.prompts.said_text import beside, said
from reviewbot.scope.affected import Side

_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]|[^\s\u0e00-\u0e7f\u3040-\u9fff]+")
"""Words between blanks; in scripts that put none between words, each sign."""

_MOST_CHARACTERS = 2_000_000
"""Of all texts of a side; what is beyond counts as lost, and as not kept."""


class Lost(Struct, frozen=True):
    """The words that a call has no more, of those that a file had.

    `net` are as many of them as the file has got no others for.
    """

    words: tuple[str, ...]
    net: tuple[str, ...]


def lost_words(before: Side, after: Side) -> Mapping[str, Lost]:
    """The words that a call has no more, by the file that had them."""
    was, now = _words(before), _words(after)
    gone = Counter[str]()
    for words in was.values():
        gone.update(words)
    for words in now.values():
        gone.subtract(words)
    found = {}
    for path, words in was.items():
        kept = now.get(path, Counter[str]())
        lost = tuple(((words - kept) & gone).elements())
        found[path] = Lost(lost, lost[: max(0, words.total() - kept.total())])
    return found


def _words(side: Side) -> Mapping[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    left = _MOST_CHARACTERS
    for path, text in own_texts(side):
        found.setdefault(path, Counter()).update(_WORD.findall(text[: max(0, left)]))
        left -= len(text)
    return found


def own_texts(side: Side) -> Iterator[tuple[str, str]]:
    """Each template, and each file that it includes, once."""
    included: set[str] = set()
    for message in side.source.messages:
        yield message.path, said(message.template)
        for path in beside(message):
            if path in included:
                continue
            included.add(path)
            try:
                yield path, side.reader.text(path)
            except MeasurementError:
                continue
