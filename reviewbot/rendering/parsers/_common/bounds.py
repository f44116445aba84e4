"""Numbers that say how much of something is taken, where a text is filled with it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from reviewbot.rendering.parsers._common.answers import is_answer
from reviewbot.rendering.parsers._common.requests import CAPS, RETRIES
from reviewbot.rendering.parsers._common.sent_parts import (
    Block,
    Called,
    Constant,
    Named,
    Part,
    place_of,
)

PLACE: Final = "#"
"""What stands for the number in the words of a bound."""

_MOST_DIGITS: Final = 12
_NUMBER = re.compile(r"([0-9][0-9_]{0,20})(?:\.0{1,9})?(?:[ ]?\*[ ]?([0-9][0-9_]{0,20}))?\Z")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[a-z]+")
_MUCH: Final = {
    *("limit", "limits", "top", "max", "maximum", "most", "count", "size", "num", "number"),
    *("results", "first", "last", "take", "chars", "characters", "tokens", "length", "window"),
    *("pages", "rows", "items", "docs", "documents", "chunks", "k", "n", "depth", "breadth"),
    *("recent", "history", "messages", "turns", "lines", "words", "budget", "entries"),
}
_OTHERWISE: Final = {
    *("timeout", "delay", "retry", "retries", "ms", "seconds", "secs", "minutes", "hours", "port"),
    *("version", "temperature", "threshold", "score", "ttl", "interval", "concurrency", "age"),
    *("index", "offset", "id", "price", "cost", "width", "height", "min", "minimum", "attempts"),
    *("wait", "expires", "duration", "status", "code", "rate", "revalidate", "dimensions"),
    *("parallel", "workers", "pool", "connections", "buffer", "redirects"),
}
_TAKES: Final = {
    *("trim", "trunc", "truncate", "truncated", "limit", "take", "slice", "head", "tail", "top"),
    *("first", "last", "search", "retrieve", "retriever", "query", "fetch", "load", "recent"),
    *("history", "context", "similar", "similarity", "chunk", "clip", "shorten", "crop", "sample"),
    *("window", "crawl", "scrape", "nearest", "neighbors"),
}
"""Words of functions that take a part of something, or so many results."""


class Bound(Struct, frozen=True):
    """A part of something is taken: `of` a name, if it is one, by what has a name `how`.

    `said` is the number that says how much, as source code writes it; what has a `name` instead
    says it by that.
    """

    how: str
    of: str
    said: str
    name: Part = None


Told = tuple[str, str]
"""The words of a bound with a place for its number, and the number; empty of none that is told."""


class Attached(Struct, frozen=True):
    """A file or an image among the parts of a message."""


FILES: Final = frozenset(
    {
        *("file", "image", "image_url", "input_file", "input_image", "document", "input_audio"),
        *("audio", "video", "media", "pdf", "image-url", "file-data", "image-data"),
    }
)
"""The `type` of a part that is one: of the AI SDK, OpenAI, Anthropic, Google and LangChain."""


def files_told(count: int) -> Told:
    """How many files stand beside a text, as a bound."""
    return FILES_TOLD, str(count)


FILES_TOLD: Final = f"files: {PLACE}"


Values = Callable[[Block, str], Iterable[Part]]
"""Gives what a name of a block is set to, by its statements and by calls."""


def says_how_much(key: str) -> bool:
    """Whether a name, or a key, is that of a number of things."""
    words = {word.lower() for word in _WORD.findall(key)}
    return key not in _ASKED and not words.isdisjoint(_MUCH) and words.isdisjoint(_OTHERWISE)


_ASKED = {*CAPS, *RETRIES}


def bounds_in(part: Part, values: Values) -> Iterator[Told]:
    """What a part says itself of how much is taken: nothing of what stands in it."""
    match part:
        case Bound(how=how, of=of):
            yield f"{of}.{how}" if of else how, _number(part.said, part.name, values)
        case Called() if not is_answer(part):
            for position, argument in enumerate(part.parts if _takes(part.name) else ()):
                number = "" if tells_itself(argument) else _number("", argument, values)
                if number:
                    yield f"{part.name}({'…, ' if position else ''}{PLACE})", number
            for key, argument in part.named.items():
                if says_how_much(key) and not tells_itself(argument):
                    yield f"{key}: {PLACE}", _number("", argument, values)
        case Named(steps=steps) if tells_itself(part) and (number := _number("", part, values)):
            yield f"{steps[-1]} = {PLACE}", number


def tells_itself(part: Part) -> bool:
    """Whether it is a name by which a number is told wherever it stands."""
    return isinstance(part, Named) and says_how_much(part.steps[-1])


def _takes(name: str) -> bool:
    return not _TAKES.isdisjoint(word.lower() for word in _WORD.findall(name))


def _number(said: str, part: Part, values: Values) -> str:
    """The largest number that a part stands for as the file says it; empty where it does not."""
    numbers = [said] if said else []
    if isinstance(part, Constant):
        numbers.append(part.said)
    elif isinstance(part, Named):
        own, owner, path = place_of(part.steps, part.block)
        if owner is not None and len(path) == 1:
            numbers += owner.constants.get(own, ())
            numbers += (one.said for one in values(owner, own) if isinstance(one, Constant))
    found = [value for one in numbers if (value := _value(one)) is not None]
    return str(max(found)) if found else ""


def _value(said: str) -> int | None:
    found = _NUMBER.match(said.lstrip("-"))
    if found is None or len(said) > 2 * _MOST_DIGITS:
        return None
    return int(found[1].replace("_", "")) * int((found[2] or "1").replace("_", ""))


def bound_of(how: str, of: str, arguments: Sequence[tuple[str, Part]]) -> Bound | None:
    """What a method of texts or lists takes, by its arguments: `slice(0, 9)`, `slice(-9)`."""
    if not arguments:
        return None
    said, part = arguments[-1]
    is_rest = len(arguments) == 1 and not said.startswith("-")
    if is_rest and how in _TAKING_THE_REST:
        return None
    before = "-" if said.startswith("-") else "…, " if len(arguments) > 1 else ""
    return Bound(f"{how}({before}{PLACE})", of, said.lstrip("-"), part)


_TAKING_THE_REST: Final = {"slice", "substring", "substr", "subarray"}
CUTTING: Final = frozenset(_TAKING_THE_REST)
