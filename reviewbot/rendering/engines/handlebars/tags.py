"""Cuts a Handlebars template into tokens, as the lexer of handlebars.js does."""

import re
from collections.abc import Generator, Iterator

from msgspec import Struct

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines._common.javascript import BLANK

_ID = rf"""[^{BLANK}!"\#%-,./;->@\[-^`{{-~]+"""
_BEHIND = rf"(?=[=~}}{BLANK}/.)\]|])"
_BEHIND_LITERAL = rf"(?=[~}}{BLANK})\]])"

_OPENING = re.compile(
    rf"""(?P<open_raw>\{{\{{\{{\{{)
    |(?P<partial>\{{\{{~?>)
    |(?P<partial_block>\{{\{{~?\#>)
    |(?P<block>\{{\{{~?\#\*?)
    |(?P<end>\{{\{{~?/)
    |(?P<inverse>\{{\{{~?\^[{BLANK}]*~?\}}\}}|\{{\{{~?[{BLANK}]*else[{BLANK}]*~?\}}\}})
    |(?P<open_inverse>\{{\{{~?\^)
    |(?P<chain>\{{\{{~?[{BLANK}]*else(?![A-Za-z0-9_]))
    |(?P<unescaped>\{{\{{~?\{{)
    |(?P<raw>\{{\{{~?&)
    |(?P<long_comment>\{{\{{~?!--)
    |(?P<comment>\{{\{{~?!)
    |(?P<open>\{{\{{~?\*?)""",
    re.VERBOSE,
)
_INSIDE = re.compile(
    rf"""(?P<blank>[{BLANK}]+)
    |(?P<close_raw>\}}\}}\}}\}})
    |(?P<mark>[()=@])
    |(?P<name>\.\.|\.{_BEHIND})
    |(?P<separator>[/.])
    |(?P<close_unescaped>\}}~?\}}\}})
    |(?P<close>~?\}}\}})
    |"(?P<double>(?:\\"|[^"])*)"|'(?P<single>(?:\\'|[^'])*)'
    |(?P<word>(?:true|false|undefined|null){_BEHIND_LITERAL})
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?{_BEHIND_LITERAL})
    |(?P<names>as[{BLANK}]+\|)
    |(?P<bar>\|)
    |(?P<id>{_ID}{_BEHIND})
    |\[(?P<bracket>(?:\\\]|[^\]])*)\]""",
    re.VERBOSE,
)
_LONG_COMMENT_END = re.compile(r"--~?\}\}")
_RAW_MARK = re.compile(rf"\{{\{{\{{\{{(?:/({_ID})\}}\}}\}}\}}|(?=[^/]))")
_ENDS = {"close", "close_raw", "close_unescaped"}


class Token(Struct, frozen=True, kw_only=True):
    """A piece of a template: `kind` is the name of the pattern's group that it matches."""

    kind: str
    text: str
    line: int


class Tokens:
    """The tokens of the text of the file at `path`, which begins at line 1."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._line = 1
        self._counted = 0

    def __iter__(self) -> Iterator[Token]:
        text, position = self._text, 0
        while True:
            opening = text.find("{{", position)
            if opening < 0:
                if position < len(text):
                    yield self._token("content", text[position:], position)
                return
            before = text[position:opening]
            if before.endswith("\\") and not before.endswith("\\\\"):
                if before[:-1]:
                    yield self._token("content", before[:-1], position)
                position = self._escaped_end(opening)
                yield self._token("content", text[opening:position], opening)
                continue
            if before.endswith("\\\\"):
                before = before[:-1]
            if before:
                yield self._token("content", before, position)
            position = yield from self._tag(opening)

    def _escaped_end(self, start: int) -> int:
        """Where the text ends that a backslash makes of a tag."""
        first = start + 2
        following = self._text.find("{{", first)
        if following < 0:
            return len(self._text)
        for length in (2, 1):
            place = following - length
            if place >= first and self._text[place:following] == "\\" * length:
                return place
        return following

    def _tag(self, start: int) -> Generator[Token, None, int]:
        text = self._text
        opening = _OPENING.match(text, start)
        assert opening is not None
        kind, position = str(opening.lastgroup), opening.end()
        if kind in {"comment", "long_comment"}:
            end = self._comment_end(kind, position, start)
            yield self._token("comment", text[start:end], start)
            return end
        yield self._token(kind, opening[0], start)
        if kind == "inverse":
            return position
        while True:
            found = _INSIDE.match(text, position)
            if found is None:
                what = "the tag that begins here is wrong or does not end"
                raise self._wrong(what, start, "close it with `}}`, or correct what stands in it")
            inner = str(found.lastgroup)
            if inner != "blank":
                yield self._token(inner, found[inner], position)
            position = found.end()
            if inner in _ENDS:
                break
        if inner == "close_raw":
            position = yield from self._raw(position)
        return position

    def _comment_end(self, kind: str, position: int, start: int) -> int:
        if kind == "comment":
            end = self._text.find("}}", position)
            if end >= 0:
                return end + 2
        else:
            found = _LONG_COMMENT_END.search(self._text, start + 4)
            if found is not None:
                return found.end()
        closing = "`}}`" if kind == "comment" else "`--}}`"
        raise self._wrong(
            "the comment that begins here does not end", start, f"close it: {closing}"
        )

    def _raw(self, start: int) -> Generator[Token, None, int]:
        """What stands in a raw block, up to its end; further raw blocks within it are text."""
        text, position, depth = self._text, start, 1
        for found in _RAW_MARK.finditer(text, start):
            depth += 1 if found[1] is None else -1
            if depth == 0:
                if position < found.start():
                    yield self._token("content", text[position : found.start()], position)
                yield self._token("end_raw", found[1], found.start())
                return found.end()
        mend = "close it: `{{{{/name}}}}`"
        raise self._wrong("the raw block that begins here does not end", start, mend)

    def _token(self, kind: str, text: str, position: int) -> Token:
        return Token(kind=kind, text=text, line=self._line_at(position))

    def _line_at(self, position: int) -> int:
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _wrong(self, what: str, start: int, mend: str) -> TemplateError:
        line = self._text.count("\n", 0, start) + 1
        return TemplateError(what, mend, line=line, path=self._path)
