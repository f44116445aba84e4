"""Words of a call's texts that a change takes out, and where they stood."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from reviewbot.errors import MeasurementError
from reviewbot.prompts.said_text import beside, said
from reviewbot.scope.affected import Side

_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]|[^\s\u0e00-\u0e7f\u3040-\u9fff]+")
"""Words between blanks; in scripts that put none between words, each sign."""

_MOST_CHARACTERS = 2_000_000
"""Of all texts of a side; what is beyond counts as lost, and as not kept."""


def lost_words(before: Side, after: Side) -> Mapping[str, str]:
    """The words that a call has no more, by the file that had them."""
    was, now = _words(before), _words(after)
    gone = Counter[str]()
    for words in was.values():
        gone.update(words)
    for words in now.values():
        gone.subtract(words)
    return {
        path: " ".join(((words - now.get(path, Counter())) & gone).elements())
        for path, words in was.items()
    }


def _words(side: Side) -> Mapping[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    left = _MOST_CHARACTERS
    for path, text in _texts(side):
        found.setdefault(path, Counter()).update(_WORD.findall(text[: max(0, left)]))
        left -= len(text)
    return found


def _texts(side: Side) -> Iterator[tuple[str, str]]:
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
