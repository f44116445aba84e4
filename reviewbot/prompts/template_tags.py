"""Tags of template languages, found by their delimiters without parsing, in linear time."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

_CLOSING = {"{{!--": "--}}", "{{": "}}", "{%": "%}", "{#": "#}", "${": "}"}
_KINDS = {"{{": "variable", "{%": "block", "${": "variable"}
_TEMPLATE_TAG = re.compile(
    r"\{%[-+~]?[ \t]{0,9}(?:if|for|set|include|block|macro|extends)\b|\{\{[#^/]?[ \t]{0,9}[A-Za-z_]"
)
_OTHER_MARKS = re.compile(r"\{\{=\s{0,9}([^\s={}]{1,9})\s{1,9}([^\s={}]{1,9})\s{0,9}=\}\}")
"""Mustache's tag by which other marks begin and end tags from there on."""

_LITERAL = re.compile(r'"([^"\\]*)"|\'([^\'\\]*)\'')
_LEAST_LITERAL = 8
"""Characters of a literal that is text for a model; shorter ones are names, separators, keys."""
_TIMES = re.compile(r"[\"']\)?[ \t]{0,9}\*")
_SUBSCRIPT = re.compile(r"[\w\])]\[$")
_PRINTING_STATEMENTS = frozenset({"set", "for", "macro", "call", "with", "do", "filter", "print"})
_NAMING_STATEMENTS = frozenset({"include", "import", "extends", "from"})
_STATEMENT = re.compile(r"[-+~]?\s{0,9}([a-z_]{1,20})\b\s{0,9}")
_ONE_NAME = re.compile(
    r"(?:\"[^\"\\]*\"|'[^'\\]*')\s{0,9}(?:[-+~]?(?:%\}|$)|(?:ignore|with|without|as|import)\b)"
)
_SIGN = re.compile(r"\{?[-~&+]?\s{0,9}(\S)")
_OF_BLOCKS = frozenset("#^/>!*=")
"""Signs that make a Mustache or Handlebars tag something else than a value."""
_PARTIAL_OF_A_VALUE = re.compile(r"[-~]?#?>\s{0,9}[(*]")
_NO_VALUE = re.compile(
    r"[-~]?\s{0,9}(?:else\s{0,9}(?:[-~]?\}\}|if\b)|loop\.\w{1,20}\s{0,9}[-~]?\}\}"
    r"|(?:role|section)\s{1,9}[\"']|(?:\"[^\"\\]*\"|'[^'\\]*')\s{0,9}[-~]?\}\})"
)
_TIMES_BEFORE = re.compile(r"\*\s{0,9}[\"']$")
_BEFORE_REPEATED = re.compile(r"(?:\bjoin\s{0,9}\(|\breplace\s{0,9}\([^()]{1,40},|\*)\s{0,9}[\"']$")
_BEHIND_REPEATED = re.compile(r"[\"']\)?\s{0,9}\*\s{0,9}(?![\s0-9])")
_AROUND = 60
"""Characters on either side of a literal that tell what is done with it."""


class Tag(Struct, frozen=True, kw_only=True):
    """Where a tag begins and ends, where what it says begins, and its kind.

    The kind is one of the configuration's `delimiters`: `variable`, `block` or `comment`.
    """

    start: int
    inner: int
    end: int
    kind: str


def find_tags(text: str, options: Mapping[str, Any]) -> Iterator[Tag]:
    """The tags of a text in order; `options` are the configuration's `templates`."""
    own = options.get("delimiters", {})
    closing = {**_CLOSING, **dict(own.values())}
    kinds = {**_KINDS, **{opening: kind for kind, (opening, _) in own.items()}}
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
        inner = start + len(mark)
        yield Tag(start=start, inner=inner, end=end, kind=kinds.get(mark, "comment"))
        if (other := _OTHER_MARKS.match(text, start, end)) and other[1] not in closing:
            closing[other[1]], kinds[other[1]] = other[2], "variable"
            if (begin := text.find(other[1], end)) >= 0:
                ahead[other[1]] = begin
        for passed in [one for one, found in ahead.items() if found < end]:
            ahead[passed] = text.find(passed, end)
            if ahead[passed] < 0:
                del ahead[passed]


def template_tags(text: str) -> int:
    """How many tags of a template language stand in a text: conditions, loops, plain names."""
    return sum(1 for _ in _TEMPLATE_TAG.finditer(text))


def is_value(text: str, tag: Tag) -> bool:
    """Whether a tag prints a value, whose length no one can read in the template."""
    if _statement(text, tag) == "print":
        return True
    if tag.kind != "variable" or _NO_VALUE.match(text, tag.inner):
        return False
    return _sign(text, tag) not in _OF_BLOCKS


def is_loop(text: str, tag: Tag) -> bool:
    """Whether a tag begins a loop."""
    return _statement(text, tag) == "for" or text.startswith("#each ", tag.inner)


def is_block(text: str, tag: Tag) -> bool:
    """Whether what stands behind a tag may be left out for it."""
    return tag.kind == "block" or (tag.kind == "variable" and _sign(text, tag) in "#^")


def names_any_file(text: str, tag: Tag) -> bool:
    """Whether a tag prints a file whose name is computed, so that it may be any."""
    if tag.kind == "variable":
        return _PARTIAL_OF_A_VALUE.match(text, tag.inner) is not None
    found = _STATEMENT.match(text, tag.inner, tag.end) if tag.kind == "block" else None
    if found is None or found[1] not in _NAMING_STATEMENTS:
        return False
    return _ONE_NAME.match(text, found.end(), tag.end) is None


class Literal(Struct, frozen=True, kw_only=True):
    """Where a literal begins and ends; one that is repeated may be as long as its sample likes."""

    start: int
    end: int
    is_repeated: bool


def literals(text: str, tag: Tag) -> Iterator[Literal]:
    """The literals of a tag that may be printed.

    Of Handlebars' blocks and partials they are the values of named arguments.
    """
    is_named_only = False
    if tag.kind == "block":
        if _statement(text, tag) not in _PRINTING_STATEMENTS:
            return
    elif tag.kind == "variable":
        sign = _sign(text, tag)
        is_named_only = sign in "#>"
        if sign in _OF_BLOCKS and not is_named_only:
            return
    else:
        return
    for found in _LITERAL.finditer(text, tag.inner, tag.end):
        start, end = found.span(1) if found[1] is not None else found.span(2)
        before = text[max(tag.inner, start - _AROUND) : start]
        behind = text[end : min(tag.end, end + _AROUND)]
        is_times = bool(_TIMES_BEFORE.search(before) or _TIMES.match(behind))
        is_short = end - start < _LEAST_LITERAL and not is_times
        if is_short and not _is_alone(text, tag, start, end):
            continue
        is_repeated = bool(_BEFORE_REPEATED.search(before) or _BEHIND_REPEATED.match(behind))
        before, behind = before[:-1].rstrip(), behind[1:].lstrip()
        is_compared = before.endswith(("==", "!=", " in")) or behind.startswith(("==", "!="))
        is_key = _SUBSCRIPT.search(before) is not None
        if not is_compared and not is_key and (before.endswith("=") or not is_named_only):
            yield Literal(start=start, end=end, is_repeated=is_repeated)


def _is_alone(text: str, tag: Tag, start: int, end: int) -> bool:
    """Whether a tag holds nothing but one literal."""
    around = text[tag.inner : start - 1] + text[end + 1 : tag.end]
    return tag.kind == "variable" and not around.strip("-+~ \t\n}")


def _statement(text: str, tag: Tag) -> str:
    found = _STATEMENT.match(text, tag.inner, tag.end) if tag.kind == "block" else None
    return found[1] if found else ""


def _sign(text: str, tag: Tag) -> str:
    """The first character of what a tag says."""
    found = _SIGN.match(text, tag.inner, tag.end)
    return found[1] if found else "!"
