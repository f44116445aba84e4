"""Tells the messages of a rendered Prompty text apart, as the two versions of its library do.

A line such as `user:` begins a message. Positions are those in the rendered text; every function
takes linear time.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from reviewbot.prompt import Part

_FIRST_ROLES = "assistant|function|system|user"
_SECOND_ROLES = "assistant|developer|system|user"
_FIRST_MARKER = re.compile(rf"({_FIRST_ROLES})\s*+:(\s*+)", re.IGNORECASE)
_SECOND_MARKER = re.compile(
    rf"\s*+#?+\s*+({_SECOND_ROLES})"
    r"(\[(?:\w++\s*+=\s*+(?:\"[^\"]*+\"|[^\",\]]*+)\s*+,?+\s*+)++\])?+\s*+:\s*+",
    re.IGNORECASE,
)
_NONCE = re.compile(r"nonce\s*=\s*\"?([^\",]*)")
_BEGUN_ATTRIBUTES = re.compile(rf"\s*+#?+\s*+(?:{_SECOND_ROLES})\[", re.IGNORECASE)
_ROLES = ("assistant", "function", "system", "user", "developer")


class Marker(Struct, frozen=True, kw_only=True):
    """A line that begins a message.

    `nonce` is the mark that it was given, None without one; `has_attributes` says whether it has
    any others, as in `user[name="Ann"]:`.
    """

    role: str
    start: int
    end: int
    nonce: str | None = None
    has_attributes: bool = False


class Section(Struct, frozen=True, kw_only=True):
    """A marker, None for the text before the first one, and the text up to the next."""

    marker: Marker | None
    start: int
    text: str


def first_markers(text: str) -> Iterator[Marker]:
    r"""The markers of version 1: `^\s*#?\s*ROLE\s*:\s*\n`, which may stand over several lines."""
    behind = 0
    for found in _FIRST_MARKER.finditer(text):
        breaks = found[2].rfind("\n")
        if breaks < 0 or found.start() < behind:
            continue
        start = _line_start(text, found.start(), behind)
        if start is not None:
            behind = found.start(2) + breaks + 1
            yield Marker(role=found[1].lower(), start=start, end=behind)


def _line_start(text: str, role: int, behind: int) -> int | None:
    """The first line's start from which only blanks, and one `#` at most, lead to the role."""
    blank = _blank_start(text, role, behind)
    if blank > behind and text[blank - 1] == "#":
        earlier = _blank_start(text, blank - 1, behind)
        start = _first_start(text, earlier, blank - 1, behind)
        if start is not None:
            return start
    return _first_start(text, blank, role, behind)


def _blank_start(text: str, end: int, behind: int) -> int:
    while end > behind and text[end - 1].isspace():
        end -= 1
    return end


def _first_start(text: str, start: int, end: int, behind: int) -> int | None:
    if start == behind:
        return start
    found = text.find("\n", start, end)
    return None if found < 0 else found + 1


def second_markers(text: str) -> Iterator[Marker]:
    """The markers of version 2, which are whole lines."""
    position = 0
    for line in text.splitlines(keepends=True):
        found = _SECOND_MARKER.fullmatch(line)
        if found is not None:
            nonce = _NONCE.search(found[2] or "")
            yield Marker(
                role=found[1].lower(),
                start=position,
                end=position + len(line),
                nonce=nonce[1].strip() if nonce is not None else None,
                has_attributes=found[2] is not None and nonce is None,
            )
        position += len(line)


def sections(text: str, markers: Iterator[Marker]) -> Iterator[Section]:
    """The text between the markers."""
    last: Marker | None = None
    position = 0
    for marker in markers:
        yield Section(marker=last, start=position, text=text[position : marker.start])
        last, position = marker, marker.end
    yield Section(marker=last, start=position, text=text[position:])


def part(role: str, section: Section, *, blanks: str | None) -> Part:
    """A message without the `blanks` around its text, None for all that are blank."""
    text = section.text.strip(blanks)
    lead = len(section.text) - len(section.text.lstrip(blanks)) if text else 0
    return Part(role=role, text=text, start=section.start + lead)


def marked(template: str, nonce: str) -> str:
    """The template of version 2 with the nonce in its own markers, and in no variable's."""
    lines = []
    for line in template.splitlines(keepends=True):
        found = _SECOND_MARKER.fullmatch(line)
        lines.append(line if found is None else f'{found[1].lower()}[nonce="{nonce}"]:\n')
    return "".join(lines)


def settled(text: str, markers: Iterator[Marker]) -> int:
    """How much of a constant beginning no continuation can change.

    At its end blanks may be stripped, and a marker may only have begun. One more is left off, so
    that a message which is constant to its end is not mistaken for one that ends there.
    """
    text = text.partition("\r")[0]
    end = max((marker.end for marker in markers), default=0)
    tail = text[end:]
    if not tail.strip():
        return end
    lines = tail.splitlines(keepends=True)
    if _BEGUN_ATTRIBUTES.match(lines[-1]):
        tail = tail[: -len(lines[-1])]
    tail = tail.rstrip().removesuffix(":").rstrip()
    word = re.search(r"\w{0,9}\Z", tail)
    if word is not None and any(role.startswith(word[0].casefold()) for role in _ROLES):
        tail = tail[: word.start()]
    return end + max(0, len(tail.rstrip().removesuffix("#").rstrip()) - 1)
