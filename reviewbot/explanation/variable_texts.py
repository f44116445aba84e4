"""What of a call's texts each variable puts in: samples are rendered again, their values marked.

A mark is a character of a plane that no prompt uses. Where a text comes out otherwise with marks,
as where a value is cut or compared, nothing is told.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.measurement.calls import Calls
from reviewbot.prompt import Sample
from reviewbot.prompt.sizes import sized
from reviewbot.tokens import Message

_FIRST_MARK = 0x100000
_MOST_VARIABLES = 0xFFF0
"""Unicode 15.0, section 23.5: U+100000 to U+10FFFD are for private use."""

_END_MARK = "\U0010fffd"
_MARKED = re.compile("([\U00100000-\U0010fff0])([^\U00100000-\U0010fffd]*)\U0010fffd")
_MARKS = re.compile("[\U00100000-\U0010fffd]")
_KEPT = frozenset({"role", "type"})
"""Keys of earlier messages whose values say how they are sent."""


class FilledText(Struct, frozen=True, kw_only=True):
    """A message's text without what variables put in, and that by variable; None if not known."""

    own: str
    variables: Mapping[str, Sequence[str]] | None = None


def filled_texts(
    calls: Calls, rendered: Callable[[tuple[Sample, ...]], Calls | None]
) -> tuple[tuple[FilledText, ...], ...]:
    """The messages of each sample; `rendered` gives the call with other samples."""
    names = sorted({name for sample in calls.samples for name in sample.variables})
    is_free = len(names) <= _MOST_VARIABLES and not any(map(_MARKS.search, calls.texts))
    marks = {name: chr(_FIRST_MARK + number) for number, name in enumerate(names)}
    samples = tuple(_with_marks(sample, marks) for sample in calls.samples)
    marked = rendered(samples) if names and is_free else None
    if marked is None:
        told: Mapping[str, Sequence[str]] | None = None if names else {}
        return tuple(
            tuple(FilledText(own=item.text, variables=told) for item in messages)
            for messages in calls.messages
        )
    return tuple(
        tuple(_filled(*pair, names) for pair in zip_longest(own, found[: len(own)]))
        for own, found in zip(calls.messages, marked.messages, strict=True)
    )


def _filled(own: Message, marked: Message | None, names: list[str]) -> FilledText:
    if marked is None or _MARKS.sub("", marked.text) != own.text:
        return FilledText(own=own.text)
    found: dict[str, list[str]] = {}

    def kept(value: re.Match[str]) -> str:
        found.setdefault(names[ord(value[1]) - _FIRST_MARK], []).append(value[2])
        return ""

    text = _MARKED.sub(kept, marked.text)
    if _MARKS.search(text):
        return FilledText(own=own.text)
    return FilledText(own=text, variables=found)


def _with_marks(sample: Sample, marks: Mapping[str, str]) -> Sample:
    variables = {
        name: _marked(sized(value), marks[name]) for name, value in sample.variables.items()
    }
    return replace(sample, variables=variables)


def _marked(value: Any, mark: str) -> Any:
    """A value with each text in it between marks; an empty one stays empty."""
    if isinstance(value, str):
        return f"{mark}{value}{_END_MARK}" if value else value
    if isinstance(value, list):
        return [_marked(item, mark) for item in value]
    if isinstance(value, dict):
        return {key: it if key in _KEPT else _marked(it, mark) for key, it in value.items()}
    return value
