"""The lines of a message's template: their text without tags, and where each stands."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct

from reviewbot.errors import MeasurementError
from reviewbot.explanation.source_places import SourceFile, source_places
from reviewbot.explanation.source_texts import HOLE, composed_text
from reviewbot.prompts.sources import LocatedMessage

_MOST_COMPARED = 200_000_000
"""Lines times the characters of a text that they are looked for in."""

_MOST_LINES = 2_000
"""Lines of one file that are told apart; those behind them are counted as one."""

_SOURCE = frozenset({"python-text", "typescript-text"})
_WITH_BODY = frozenset({"dotprompt", "prompty"})
_WITHOUT_LINES = frozenset({"langchain", "promptfoo", "semantic-kernel"})
"""Engines whose formats hand them JSON that keeps no line of the file."""

_FILLED = "fill"
"""How source code begins that composes a template of another language, which stands behind it."""

_BRACES = re.compile(r"(?<!\{)\{[^{}]{0,300}\}(?!\})|(?<=\{\{)\{[^{}]{0,300}\}(?=\}\})")
"""A field of `str.format`: two braces are one that is text."""

_TAGS = {
    "llama-index": _BRACES,
    "str-format": _BRACES,
    "string-template": re.compile(r"\$(?:\w{1,100}|\{[^{}]{0,100}\})"),
    **dict.fromkeys(_SOURCE, re.compile(HOLE)),
}
"""The tags of languages whose braces are single, and of source code."""

_DOUBLE_TAGS = re.compile(r"\{\{[^{}]{0,300}\}{2,3}|\{%[^%]{0,300}%\}|\{#[^#]{0,300}#\}")
_ROLE_LINE = re.compile(r"\s{0,9}#?\s{0,9}(?:system|user|assistant|developer)\s{0,9}:\s{0,9}")
"""A line of Prompty's that names a message's role; no text of the message."""


class PromptLine(Struct, frozen=True, kw_only=True):
    """A line as it is written, its fixed text, and its place; `line` is None where it is unknown.

    A line of tags alone has no fixed text. `piece` is the longest one between its tags.
    """

    file: str
    line: int | None
    text: str
    fixed: str
    piece: str
    varies: bool


def prompt_lines(located: LocatedMessage, read: Callable[[str], str]) -> Iterator[PromptLine]:
    """The lines of a template, then those of the files that it includes.

    Nothing where code or a format makes the text in a way that keeps no line of it.
    """
    template = located.template
    engine = template.engine
    text = _text(located)
    if text is None:
        return
    tags = None if engine is None else _TAGS.get(engine, _DOUBLE_TAGS)
    others = sorted(set(located.files) - {located.path})
    has_includes = engine is not None and engine not in _SOURCE | {"prompty"}
    constants = () if has_includes else others  # source code takes them from other modules
    lines = _split(text)
    if engine in _SOURCE or not template.is_in_lines:
        files = [SourceFile(path, None, read) for path in constants]
        files = [SourceFile(located.path, template.line, read), *files]
        places = source_places(files, [_piece(line, tags) for line in lines])
    else:
        file = _File(located.path, template.line, read)
        places = [(located.path, file.find(line.strip())) for line in lines]
    for line, (path, number) in zip(lines, places, strict=True):
        if engine != "prompty" or not _ROLE_LINE.fullmatch(line):
            yield _line(path, number, line, tags)
    for path in others if has_includes else ():
        with suppress(MeasurementError):  # a file that is no text, such as an image
            for number, line in enumerate(_split(read(path)), start=1):
                yield _line(path, number, line, tags)


def _split(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    rest = "".join(lines[_MOST_LINES:])
    return [*lines[:_MOST_LINES], rest] if rest else lines


def _text(located: LocatedMessage) -> str | None:
    """The text of a template as its author wrote it; None where it keeps none."""
    text, engine = located.template.text, located.template.engine
    if engine in _SOURCE:
        return _composed(json.loads(text))
    if engine in _WITH_BODY:
        body = json.loads(text)["body"]
        return body if isinstance(body, str) else None
    return None if engine in _WITHOUT_LINES else text


def _composed(said: Any) -> str | None:
    """The text that code composes; what it composes for another language has its tags filled."""
    if not isinstance(said, list) or said[0] != _FILLED:
        return composed_text(said)
    _, language, inner = said
    text = composed_text(inner)
    return None if text is None else _TAGS.get(language, _DOUBLE_TAGS).sub(HOLE, text)


def _line(file: str, number: int | None, line: str, tags: re.Pattern[str] | None) -> PromptLine:
    fixed = line if tags is None else tags.sub("", line)
    varies = fixed != line
    return PromptLine(
        file=file,
        line=number,
        text=line.replace(HOLE, "{…}"),
        fixed="" if varies and not fixed.strip() else fixed,
        piece=_piece(line, tags),
        varies=varies,
    )


def _piece(line: str, tags: re.Pattern[str] | None) -> str:
    return max((it.strip() for it in (tags.split(line) if tags else [line])), key=len)


def sent_lines(lines: Sequence[PromptLine], texts: Iterable[str]) -> tuple[bool, ...]:
    """Whether each line stands in one of the `texts` that are sent, as often as it stands there.

    All do where there is too much to compare.
    """
    sent = [not line.piece for line in lines]
    for text in texts:
        if len(lines) * len(text) > _MOST_COMPARED:
            return (True,) * len(lines)
        left: dict[str, int] = {}
        for number, line in enumerate(lines):
            if left.setdefault(line.piece, text.count(line.piece)) > 0 and line.piece:
                left[line.piece] -= 1
                sent[number] = True
    return tuple(sent)


class _File:
    """A file in which lines are looked for, in their order, from where the last one was found.

    `line` is where the message stands.
    """

    def __init__(self, path: str, line: int | None, read: Callable[[str], str]) -> None:
        self.path = path
        self._text = ""
        with suppress(MeasurementError):
            self._text = read(path)
        self._position: int | None = None
        self._own = line

    def find(self, needle: str) -> int | None:
        """The line that holds `needle`; the next one where that is empty, if it is blank."""
        if not needle:
            return self._blank()
        start = self._position
        if start is None and self._own is not None:
            begin = self._begin(self._own)
            end = self._text.find("\n", begin)
            start = self._text.find(needle, begin, end if end >= 0 else len(self._text))
        found = self._text.find(needle, max(start or 0, 0))
        found = found if found >= 0 else self._text.find(needle)
        if found < 0:
            return None
        self._position = found + len(needle)
        return self._text.count("\n", 0, found) + 1

    def _begin(self, line: int) -> int:
        position = 0
        for _ in range(line - 1):
            position = self._text.find("\n", position) + 1
        return position

    def _blank(self) -> int | None:
        """The line behind the last one that was found, if it is blank."""
        if self._position is None:
            return self._own
        end = self._text.find("\n", self._position)
        following = self._text.find("\n", end + 1)
        if end < 0 or self._text[end : following if following >= 0 else None].strip():
            return None
        self._position = end + 1
        return self._text.count("\n", 0, end + 1) + 1
