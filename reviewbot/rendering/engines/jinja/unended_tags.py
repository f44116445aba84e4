"""Finds the first tag of a template that does not end, or ends with the mark of another tag."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reviewbot.rendering.engines.jinja.settings import DELIMITERS, delimiters

_PAIRS = {")": "(", "]": "[", "}": "{"}
_CLOSING = {opening: closing for closing, opening in _PAIRS.items()}
_QUOTES = "\"'"


class UnendedTag(NamedTuple):
    """What is wrong, the mend, and the line in which it begins, counted from 1."""

    what: str
    mend: str
    line: int


class _Scan:
    """One way through the tags of a text, with the marks that the options choose."""

    def __init__(self, text: str, options: Mapping[str, Any]) -> None:
        self._text = text
        self._marks = {kind: delimiters(options, kind) for kind in DELIMITERS}
        begins = {mark[0]: kind for kind, mark in self._marks.items()}
        ordered = sorted(begins, key=len, reverse=True)
        self._begin = re.compile("|".join(map(re.escape, ordered)))
        self._kinds = begins
        start, end = map(re.escape, self._marks["block"])
        self._raw = re.compile(rf"{start}[-+]?\s{{0,99}}raw\s{{0,99}}[-+]?{end}")
        self._raw_ends = re.compile(rf"{start}[-+]?\s{{0,99}}endraw\s{{0,99}}[-+]?{end}")

    def fault(self) -> UnendedTag | None:
        """The first tag that is wrong; None where all of them end."""
        position = 0
        while begun := self._begin.search(self._text, position):
            kind = self._kinds[begun[0]]
            if kind == "comment":
                end = self._text.find(self._marks[kind][1], begun.end())
            elif raw := self._raw.match(self._text, begun.start()):
                ended = self._raw_ends.search(self._text, raw.end())
                end = ended.end() if ended else -1
            else:
                found = self._in_tag(begun.start(), begun.end(), kind)
                if isinstance(found, UnendedTag):
                    return found
                end = found
            if end < 0:
                return None
            position = end
        return None

    def _in_tag(self, start: int, inner: int, kind: str) -> UnendedTag | int:
        """Where the tag ends, or what is wrong with it."""
        begins, ends = self._marks[kind]
        other_ends = self._marks["block" if kind == "variable" else "variable"][1]
        open_brackets: list[str] = []
        for position, quoted in self._parts(inner):
            if quoted is not None:
                if quoted.is_open:
                    what = f"the quote {quoted.mark} that begins in this tag does not end"
                    mend = f"close it with {quoted.mark} before `{ends}`"
                    return UnendedTag(what, mend, self._line(position))
                continue
            character = self._text[position]
            if not open_brackets and self._text.startswith(ends, position):
                return position + len(ends)
            if open_brackets and open_brackets[-1] == _PAIRS.get(character):
                open_brackets.pop()
                continue
            if open_brackets and self._is_missing(position, ends, open_brackets[-1]):
                closing = "".join(_CLOSING[it] for it in reversed(open_brackets))
                what = f"a {closing!r} is missing before `{ends}` of the tag that begins here"
                return UnendedTag(what, f"write `{closing}` there", self._line(start))
            wrong = self._wrong_end(position, other_ends)
            if wrong and not open_brackets:
                what = f"the tag that begins here with `{begins}` ends with `{wrong}`"
                return UnendedTag(what, f"write `{ends}` there", self._line(start))
            if self._begin.match(self._text, position) and position > inner:
                break
            if character in "([{":
                open_brackets.append(character)
        what = f"the tag that begins here with `{begins}` does not end"
        return UnendedTag(what, f"close it with `{ends}`", self._line(start))

    def _is_missing(self, position: int, ends: str, bracket: str) -> bool:
        """Whether the tag ends within brackets; braces in them may look like its end."""
        is_brace = ends.startswith("}") and bracket == "{"
        return not is_brace and self._text.startswith(ends, position)

    def _wrong_end(self, position: int, other_ends: str) -> str:
        if self._text.startswith(other_ends, position):
            return other_ends
        return "}" if self._text[position] == "}" else ""

    def _parts(self, position: int) -> "Iterator[tuple[int, _Quoted | None]]":
        """Each character of a tag, or each quoted text, with where it stands."""
        while position < len(self._text):
            if self._text[position] in _QUOTES:
                quoted = self._quoted(position)
                yield position, quoted
                position = quoted.end
            else:
                yield position, None
                position += 1

    def _quoted(self, start: int) -> "_Quoted":
        """The text in quotes; open where it swallows the end of its tag and of its line."""
        mark = self._text[start]
        end = start + 1
        while end < len(self._text) and self._text[end] != mark:
            end += 2 if self._text[end] == "\\" else 1
        inner = self._text[start:end]
        ends = (self._marks["block"][1], self._marks["variable"][1])
        swallows = "\n" in inner and any(item in inner for item in ends)
        return _Quoted(mark, end + 1, end >= len(self._text) or swallows)

    def _line(self, position: int) -> int:
        return self._text.count("\n", 0, position) + 1


class _Quoted(NamedTuple):
    mark: str
    end: int
    is_open: bool


def unended_tag(text: str, options: Mapping[str, Any]) -> UnendedTag | None:
    """What is wrong with the first tag that does not end as it begins; None where all do.

    It is asked of templates that Jinja2 refuses only. The time is linear in the text.
    """
    return _Scan(text, options).fault()
