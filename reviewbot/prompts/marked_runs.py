"""The text of a template that no variable gives, run by run, and marks that tell where it went.

A run is the text between two tags, or between a tag and the end of a line. A mark is one character
of a plane that no prompt uses (Unicode's private use plane 15). Put into a run it is text like any
other, so whatever the engine prints of the run it prints the mark too; another one behind the run's
last letter tells whether all of it came out. Tags are found by their delimiters, without parsing:
where that goes wrong the marked template gives another text, and the caller sees it.

A value behind the first branch, and a loop, are runs as well, though nobody can read in the
template how long they are: their marks tell whether they were reached.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from reviewbot.prompts.template_tags import (
    Tag,
    find_tags,
    is_block,
    is_loop,
    is_value,
    literals,
    names_any_file,
    silent_names,
    uses,
)
from reviewbot.rendering.marks import END_MARK, FIRST_MARK, MOST_MARKS

_ROLE_LINE = re.compile(
    r"#?[ \t]{0,9}[A-Za-z_]{1,30}[ \t]{0,9}(?:\[[^\[\]\n]{0,200}\])?[ \t]{0,9}:"
)
_XML_TAG = re.compile(r"<[^<>\n]{1,500}>")
_TIMES = re.compile(r"[\"'][ \t]{0,9}\*[ \t]{0,9}([0-9]{1,6})")
_MOST_REPEATED = 400_000
"""Characters that a literal is taken to print, however often it is repeated."""
_LETTER = re.compile(r"\w")
_NOT_BLANK = re.compile(r"\S")
_LONGEST_ROLE = 300
"""Characters of a line that may name a role; what `_ROLE_LINE` takes at most is less."""


class Run(Struct, frozen=True, kw_only=True):
    """A run of static text, and the line of the file that it stands in.

    `letters` are the characters from its first letter to its last. One that `is_open` is a tag
    that prints something of unknown length.
    """

    path: str
    line: int
    text: str
    letters: int = 0
    is_open: bool = False


class Marked(Struct, frozen=True, kw_only=True):
    """A text with a mark in each of its runs; the first mark is that of the first run."""

    text: str
    runs: tuple[Run, ...]


class Template(Struct, frozen=True, kw_only=True):
    """A template's text, where it stands, and the configuration's `templates` for its engine.

    One that `is_included` may be left out as a whole. `lists` are variables that samples give as
    lists, so that a section of them is a loop.
    """

    text: str
    path: str
    line: int
    is_in_lines: bool
    options: Mapping[str, Any]
    has_xml: bool = False
    is_included: bool = False
    lists: frozenset[str] = frozenset()


class _Span(Struct, frozen=True, kw_only=True):
    """Where a run begins and ends; of an open one, where its mark belongs and what its tag is.

    One that is not marked is never seen. Text that is repeated may be of any length.
    """

    start: int
    end: int
    tag: str | None = None
    is_marked: bool = True
    is_repeated: bool = False


def marked_runs(template: Template, first: int) -> Marked:
    """The template with a mark in each run of its text, from the mark number `first` on."""
    text = template.text
    parts: list[str] = []
    runs: list[Run] = []
    last = position = 0
    line = template.line
    for span in _spans(template):
        start, end = span.start, span.start
        if span.tag is None:
            letter = _LETTER.search(text, span.start, span.end)
            if letter is None:
                continue
            start, end = letter.start(), _last_letter(text, letter.start(), span.end)
        if first + len(runs) >= MOST_MARKS:
            rest = text[start:].strip()
            runs.append(Run(path=template.path, line=line, text=rest, letters=len(rest)))
            break
        if template.is_in_lines:
            line += text.count("\n", position, start)
        position = start
        begin = start if span.tag is not None else start + 1
        mark = chr(FIRST_MARK + first + len(runs)) if span.is_marked else ""
        parts += [text[last:begin], mark, text[begin:end], END_MARK if span.tag is None else ""]
        last = end
        own = _printed(text, span.start, span.end) if span.tag is None else span.tag
        is_open = span.tag is not None or span.is_repeated
        run = Run(path=template.path, line=line, text=own, letters=end - start, is_open=is_open)
        runs.append(run)
    return Marked(text="".join([*parts, text[last:]]), runs=tuple(runs))


def _last_letter(text: str, first: int, end: int) -> int:
    """Behind the last letter of a run whose first one is at `first`."""
    while end > first + 1 and _LETTER.match(text, end - 1) is None:
        end -= 1
    return end


def _printed(text: str, start: int, end: int) -> str:
    """The text of a run; of a literal that is repeated, all of it."""
    run = text[start:end].strip()
    times = _TIMES.match(text, end)
    return run if times is None else run * min(int(times[1]), _MOST_REPEATED // len(run) + 1)


def _spans(template: Template) -> Iterator[_Span]:
    """The runs in order: each within a line, literals that a tag prints, values, and loops."""
    text = template.text
    prefixes = tuple(
        prefix
        for kind in ("statement", "comment")
        if (prefix := template.options.get(f"line_{kind}_prefix"))
    )
    silent = silent_names(template.options)
    last = 0
    may_be_left_out = template.is_included or bool(prefixes)
    end = Tag(start=len(text), inner=len(text), end=len(text), kind="comment")
    for tag in (*find_tags(text, template.options), end):
        for first, behind in _lines(text, last, tag.start):
            is_begun = first == 0 or text[first - 1] == "\n"
            is_whole = is_begun and (behind == len(text) or text[behind] == "\n")
            if is_whole and _ROLE_LINE.fullmatch(text[first:behind].strip()):
                continue
            if is_begun and prefixes and text[first:behind].lstrip().startswith(prefixes):
                continue
            places = _outside_xml(text, first, behind) if template.has_xml else [(first, behind)]
            yield from (_Span(start=start, end=stop) for start, stop in places)
        if may_be_left_out and is_value(text, tag):
            place = _before(text, tag, last)
            yield _Span(start=place, end=place, tag=text[tag.start : tag.end])
        if uses(text, tag, silent) or names_any_file(text, tag):
            said = text[tag.start : tag.end]
            yield _Span(start=tag.start, end=tag.start, tag=said, is_marked=False)
        yield from (
            _Span(start=found.start, end=found.end, is_repeated=found.is_repeated)
            for found in literals(text, tag)
        )
        may_be_left_out = may_be_left_out or is_block(text, tag)
        inside = _inside(text, tag, prefixes) if is_loop(text, tag, template.lists) else None
        if inside is not None:
            yield _Span(start=inside, end=inside, tag=text[tag.start : tag.end])
        last = tag.end


def _before(text: str, tag: Tag, last: int) -> int:
    """Where a mark before a tag changes nothing: before blanks that the tag takes away."""
    if text[tag.start + 2 : tag.start + 3] not in ("-", "~"):
        return tag.start
    return last + len(text[last : tag.start].rstrip())


def _inside(text: str, tag: Tag, prefixes: tuple[str, ...]) -> int | None:
    """Where a mark in a loop changes nothing: at the first text of it; None where it has none."""
    found = _NOT_BLANK.search(text, tag.end)
    if found is None or text.startswith(("{%", "{#", "{{"), found.start()):
        return None
    line = text[found.start() : found.start() + _LONGEST_ROLE].partition("\n")[0]
    is_told_apart = _ROLE_LINE.fullmatch(line.strip()) or line.startswith(("<", *prefixes))
    return None if is_told_apart else found.start()


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if stop > start:
            yield start, stop
        start = stop + 1


def _outside_xml(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for tag in _XML_TAG.finditer(text, start, end):
        if tag.start() > start:
            yield start, tag.start()
        start = tag.end()
    if start < end:
        yield start, end
