"""The text of a template that no variable gives, run by run, and marks that tell where it went.

A run is the text between two tags, or between a tag and the end of a line. A mark is one character
of a plane that no prompt uses (Unicode's private use plane 15). Put into a run it is text like any
other, so whatever the engine prints of the run it prints the mark too. Tags are found by their
delimiters, without parsing: where that goes wrong the marked template gives another text, and the
caller sees it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from reviewbot.rendering.marks import FIRST_MARK, MOST_MARKS

_CONTAINERS = frozenset({"body", "template", "text"})
"""Keys of the JSON texts that some formats hand to their engines, under which templates stand."""

_BRANCH = re.compile(
    r"\{%|\{\{[~{]?\s*[#^]|\{\{[^{}\n]{0,200}[\"'{]|\[\"(?:if|or|nullish|items)\", "
)
_ROLE_LINE = re.compile(
    r"#?[ \t]{0,9}[A-Za-z_]{1,30}[ \t]{0,9}(?:\[[^\[\]\n]{0,200}\])?[ \t]{0,9}:"
)
_XML_TAG = re.compile(r"<[^<>\n]{1,500}>")
_LITERAL = re.compile(r'"([^"\\\n]{8,})"|\'([^\'\\\n]{8,})\'')
_TIMES = re.compile(r"[\"'][ \t]{0,9}\*[ \t]{0,9}([0-9]{1,6})")
_MOST_REPEATED = 400_000
"""Characters that a literal is taken to print, however often it is repeated."""
_LETTER = re.compile(r"\w")


class Run(Struct, frozen=True, kw_only=True):
    """A run of static text, and the line of the file that it stands in."""

    path: str
    line: int
    text: str


class Marked(Struct, frozen=True, kw_only=True):
    """A text with a mark in each of its runs; the first mark is that of the first run."""

    text: str
    runs: tuple[Run, ...]


class Template(Struct, frozen=True, kw_only=True):
    """A template's text, where it stands, and the configuration's `templates` for its engine."""

    text: str
    path: str
    line: int
    is_in_lines: bool
    options: Mapping[str, Any]
    has_xml: bool = False


def has_branches(text: str, options: Mapping[str, Any]) -> bool:
    """Whether a sample may decide which of the text is sent."""
    return (
        _BRANCH.search(text) is not None
        or "delimiters" in options
        or options.get("line_statement_prefix") is not None
    )


def marked(template: Template, first: int) -> Marked:
    """The template with a mark in each run, from the mark number `first` on."""
    text = template.text
    if text[:1] in "{[":
        try:
            data = json.loads(text)
        except ValueError:
            data = None
        if isinstance(data, dict | list):
            runs: list[Run] = []
            changed = _within(data, template, first, runs, is_template=isinstance(data, list))
            return Marked(text=json.dumps(changed), runs=tuple(runs))
    return _plain(template, first)


def _within(
    data: Any, template: Template, first: int, runs: list[Run], *, is_template: bool
) -> Any:
    """JSON data with marks in the templates that it holds."""
    if isinstance(data, dict):
        line = data.get("line")
        inner = template
        if isinstance(line, int) and isinstance(data.get("is_in_lines", True), bool):
            inner = Template(
                text="",
                path=data.get("path") or template.path,
                line=line,
                is_in_lines=data.get("is_in_lines", True),
                options=template.options,
                has_xml=template.has_xml,
            )
        return {
            key: _within(item, inner, first, runs, is_template=key in _CONTAINERS)
            for key, item in data.items()
        }
    if isinstance(data, list):
        if data and isinstance(data[0], str) and data[0] in _CHOOSING:
            return _sides(data, template, first, runs)
        return [_within(item, template, first, runs, is_template=is_template) for item in data]
    if not isinstance(data, str) or not is_template or not has_branches(data, template.options):
        return data
    return _text(data, template, first, runs)


def _text(data: str, template: Template, first: int, runs: list[Run]) -> str:
    found = _plain(_of(template, data), first + len(runs))
    runs += found.runs
    return found.text


_CHOOSING = {"if": 2, "or": 1, "nullish": 1, "items": 2}
"""Operations of source code that send one of several texts, and where these begin."""


def _sides(data: list[Any], template: Template, first: int, runs: list[Run]) -> list[Any]:
    """An operation that chooses between texts, with marks in each of them."""
    begin = _CHOOSING[data[0]]
    sides = [_side(item, template, first, runs) for item in data[begin:]]
    return [*data[:begin], *sides]


def _side(data: Any, template: Template, first: int, runs: list[Run]) -> Any:
    match data:
        case str():
            return _text(data, template, first, runs)
        case [str() as name, *_] if name in _CHOOSING:
            return _sides(data, template, first, runs)
        case ["join", *parts]:
            return ["join", *(_side(part, template, first, runs) for part in parts)]
        case [[*_] | str(), *_] if data[0] not in _OPERATIONS:
            return [_side(item, template, first, runs) for item in data]
        case _:
            return data


_OPERATIONS = {
    *("value", "undefined", "hole", "plus", "and", "not", "trim", "replace", "dedent", "dedented"),
    *("list", "spread", "field", "percent", "format", "strip", "cleandoc", "fill", "same"),
}


def _of(template: Template, text: str) -> Template:
    return Template(
        text=text,
        path=template.path,
        line=template.line,
        is_in_lines=template.is_in_lines,
        options=template.options,
        has_xml=template.has_xml,
    )


def _plain(template: Template, first: int) -> Marked:
    text = template.text
    parts: list[str] = []
    runs: list[Run] = []
    last = position = 0
    line = template.line
    for start, end in _runs(template):
        letter = _LETTER.search(text, start, end)
        if letter is None or first + len(runs) >= MOST_MARKS:
            continue
        if template.is_in_lines:
            line += text.count("\n", position, letter.start())
        position = letter.start()
        parts += [text[last : letter.end()], chr(FIRST_MARK + first + len(runs))]
        last = letter.end()
        runs.append(Run(path=template.path, line=line, text=_printed(text, start, end)))
    return Marked(text="".join([*parts, text[last:]]), runs=tuple(runs))


def _printed(text: str, start: int, end: int) -> str:
    """The text of a run; of a literal that is repeated, all of it."""
    run = text[start:end].strip()
    times = _TIMES.match(text, end)
    return run if times is None else run * min(int(times[1]), _MOST_REPEATED // len(run) + 1)


def _runs(template: Template) -> Iterator[tuple[int, int]]:
    """Where runs begin and end: each within a line, and literals that a tag prints."""
    text = template.text
    prefixes = tuple(
        prefix
        for kind in ("statement", "comment")
        if (prefix := template.options.get(f"line_{kind}_prefix"))
    )
    last = 0
    for start, end, opening in (*_tags(text, template.options), (len(text), len(text), "")):
        for first, behind in _lines(text, last, start):
            is_begun = first == 0 or text[first - 1] == "\n"
            is_whole = is_begun and (behind == len(text) or text[behind] == "\n")
            if is_whole and _ROLE_LINE.fullmatch(text[first:behind].strip()):
                continue
            if is_begun and prefixes and text[first:behind].lstrip().startswith(prefixes):
                continue
            yield from _outside_xml(text, first, behind) if template.has_xml else [(first, behind)]
        if _prints(text, start, opening):
            yield from _literals(text, start, end)
        last = end


def _prints(text: str, start: int, opening: str) -> bool:
    """Whether the literals of a tag may be printed."""
    if opening == "{%":
        return text[start + 2 : start + 20].lstrip("-+ \n").startswith("set ")
    return opening == "{{" and text[start + 2 : start + 3] not in ("#", "^", "/", ">", "!", "~")


def _literals(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _LITERAL.finditer(text, start, end):
        before, behind = text[start : found.start()].rstrip(), text[found.end() : end].lstrip()
        if not before.endswith(("==", "!=", "[", " in")) and not behind.startswith(("==", "!=")):
            yield found.span(1) if found[1] is not None else found.span(2)


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


def _tags(text: str, options: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    """Where tags begin and end, and what they open with; in linear time."""
    closing = {**_CLOSING, **dict(options.get("delimiters", {}).values())}
    ahead = {mark: text.find(mark) for mark in sorted(closing, key=len, reverse=True)}
    ahead = {mark: start for mark, start in ahead.items() if start >= 0}
    while ahead:
        mark = min(ahead, key=lambda one: ahead[one])
        start = ahead[mark]
        end = text.find(closing[mark], start + len(mark))
        if end < 0:
            del ahead[mark]
            continue
        end += len(closing[mark])
        if closing[mark] == "}}" and text.startswith("}", end):
            end += 1
        yield start, end, mark
        for other in [one for one, found in ahead.items() if found < end]:
            ahead[other] = text.find(other, end)
            if ahead[other] < 0:
                del ahead[other]


def template_tags(text: str) -> int:
    """How many tags of a template language stand in a text: conditions, loops, plain names."""
    return sum(1 for _ in _TEMPLATE_TAG.finditer(text))


_TEMPLATE_TAG = re.compile(
    r"\{%[-+~]?[ \t]{0,9}(?:if|for|set|include|block|macro|extends)\b|\{\{[#^/]?[ \t]{0,9}[A-Za-z_]"
)
_CLOSING = {"{{!--": "--}}", "{{": "}}", "{%": "%}", "{#": "#}", "${": "}"}
