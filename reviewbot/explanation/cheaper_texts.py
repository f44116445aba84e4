"""Edits of a prompt's text that may make it cheaper: what to take out, to move, to squeeze."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from reviewbot.report import SuggestionKind
from reviewbot.repository.hunks import split_lines

_LEAST_BLOCK_CHARACTERS = 80
"""Shorter blocks are not looked at: a heading may well stand twice."""

_MOST_BLOCKS = 100
_NEAR = 0.6
"""Blocks are near-repeated when their words' triples have this share in common (Jaccard index)."""

_TRIPLE = 3
_HEADING = re.compile(r"(#{1,6})\s")
_EXAMPLE_HEADING = re.compile(r"#{1,6}\s.*\bexamples?\b", re.IGNORECASE)
_EXAMPLE_TAG = re.compile(r"\s*<(example\w*)\b[^<>]{0,200}>", re.IGNORECASE)
_EXAMPLE_START = re.compile(r"\s*(example|input|question|q|user)\b[^:\n]{0,30}:", re.IGNORECASE)
_TAG = re.compile(
    r"\{%[-+]?\s*for\b(?P<loop>[^%]*)"
    r"|\{\{~?[#^](?P<section>[^}]*)"
    r"|(?P<end>\{%[-+]?\s*endfor\b|\{\{~?/)"
    r"|(?P<value>\{\{(?!~?(?:!|else\b))|\{[A-Za-z_][\w.]*\})"
)
"""Loops, sections and variables of Jinja, Handlebars, Mustache and Python's formatting."""

_OF_EXAMPLES = re.compile(r"example|shot", re.IGNORECASE)
_MOST_EXAMPLES = 12
_MOST_UNCLOSED = 12
"""Tags that are looked at although no end was found for the ones before."""


class TextEdit(Struct, frozen=True, kw_only=True):
    """One edit of one file: the lines that it concerns, from 1, and the file's text after it.

    `needs_evaluation` says that the model reads something else, so that answers may differ.
    """

    kind: SuggestionKind
    what: str
    path: str
    first_line: int
    last_line: int
    text: str
    needs_evaluation: bool = False


def edits(texts: Mapping[str, str]) -> Iterator[TextEdit]:
    """The edits of a call's files, by path; whether they help is not known yet."""
    yield from _repeated(texts)
    for path, text in texts.items():
        yield from _examples(path, text)
        squeezed = squeeze(text)
        if squeezed != text:
            yield TextEdit(
                kind=SuggestionKind.WHITE_SPACE,
                what=f"take out the excess white space of {path}",
                path=path,
                first_line=1,
                last_line=len(split_lines(text)),
                text=squeezed,
            )


def squeeze(text: str) -> str:
    """`text` without blanks at line ends, runs of blanks inside lines, and repeated empty lines."""
    lines = [re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", line.rstrip()) for line in text.split("\n")]
    kept = [line for number, line in enumerate(lines) if line or number == 0 or lines[number - 1]]
    return "\n".join(kept)


def moved_to_end(path: str, text: str, line: int) -> TextEdit | None:
    """The edit that puts one line at the end of the file; None where it is there already."""
    lines = split_lines(text)
    if not 1 <= line < len(lines):
        return None
    moved = lines.pop(line - 1)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return TextEdit(
        kind=SuggestionKind.PREFIX,
        what=f"move line {line} of {path} to its end",
        path=path,
        first_line=line,
        last_line=line,
        text="".join([*lines, moved]),
        needs_evaluation=True,
    )


class _Lines(Struct, frozen=True, kw_only=True):
    path: str
    first_line: int
    last_line: int


class _Block(_Lines, frozen=True, kw_only=True):
    words: tuple[str, ...]


def _repeated(texts: Mapping[str, str]) -> Iterator[TextEdit]:
    """The edits that take out a block which stands, or nearly stands, before it already."""
    seen: list[tuple[_Block, frozenset[tuple[str, ...]]]] = []
    for block in _blocks(texts):
        triples = frozenset(zip(*(block.words[start:] for start in range(_TRIPLE)), strict=False))
        first = next((known for known, other in seen if _near(triples, other)), None)
        if first is None:
            seen.append((block, triples))
            continue
        how = "repeat" if first.words == block.words else "nearly repeat"
        yield _removal(
            SuggestionKind.REPEATED,
            block,
            texts[block.path],
            why=f", which {how} {first.path}:{first.first_line}",
            needs_evaluation=how != "repeat",
        )


def _blocks(texts: Mapping[str, str]) -> Iterator[_Block]:
    """The paragraphs of all texts, between empty lines."""
    count = 0
    for path, text in texts.items():
        lines = [*split_lines(text), ""]
        start = 0
        for number, line in enumerate(lines):
            if line.strip():
                continue
            body = "".join(lines[start:number])
            if len(body.strip()) >= _LEAST_BLOCK_CHARACTERS and count < _MOST_BLOCKS:
                count += 1
                words = tuple(body.lower().split())
                yield _Block(path=path, first_line=start + 1, last_line=number, words=words)
            start = number + 1


def _near(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    if not one or not other or min(len(one), len(other)) < _NEAR * max(len(one), len(other)):
        return False
    common = len(one & other)
    return common >= _NEAR * (len(one) + len(other) - common)


def _examples(path: str, text: str) -> Iterator[TextEdit]:
    """The edits that take out one example.

    Examples are tagged (`<example>`), sections below a heading that says so, or paragraphs that
    begin with `Example:`, `Input:`, `Question:`, `Q:` or `User:`. What holds a variable is the
    call's own input and no example, unless a loop over examples fills it in.
    """
    lines = split_lines(text)
    inputs = _lines_of_inputs(lines)
    found = unclosed = number = 0
    while number < len(lines) and found < _MOST_EXAMPLES and unclosed < _MOST_UNCLOSED:
        end = _end_of_example(lines, number)
        if end is None:
            unclosed += _EXAMPLE_TAG.match(lines[number]) is not None
            number += 1
            continue
        if inputs.isdisjoint(range(number, end)):
            found += 1
            example = _Lines(path=path, first_line=number + 1, last_line=end)
            yield _removal(SuggestionKind.EXAMPLE, example, text)
        number = end


def _lines_of_inputs(lines: list[str]) -> frozenset[int]:
    """The lines, counted from 0, with a variable that no loop over examples fills in."""
    found = set()
    are_examples = [False]
    for number, line in enumerate(lines):
        for tag in _TAG.finditer(line):
            if tag["value"] is not None:
                if not are_examples[-1]:
                    found.add(number)
            elif tag["end"] is None:
                head = tag["loop"] or tag["section"] or ""
                are_examples.append(are_examples[-1] or _OF_EXAMPLES.search(head) is not None)
            elif len(are_examples) > 1:
                are_examples.pop()
    return frozenset(found)


def _end_of_example(lines: list[str], start: int) -> int | None:
    """The line behind the example that begins at `start`, counted from 0; None if none does."""
    line = lines[start]
    if (tag := _EXAMPLE_TAG.match(line)) is not None:
        closing = f"</{tag[1].lower()}>"
        for number in range(start, len(lines)):
            if closing in lines[number].lower():
                return number + 1
        return None
    if _EXAMPLE_START.match(line) is not None and not (start and lines[start - 1].strip()):
        blank = (number for number in range(start, len(lines)) if not lines[number].strip())
        return min(next(blank, len(lines)) + 1, len(lines))
    if _EXAMPLE_HEADING.match(line) is None:
        return None
    level = line.index(" ")
    for number in range(start + 1, len(lines)):
        heading = _HEADING.match(lines[number])
        if heading is not None and len(heading[1]) <= level:
            return number
    return len(lines)


def _removal(
    kind: SuggestionKind, taken: _Lines, text: str, *, why: str = "", needs_evaluation: bool = True
) -> TextEdit:
    lines = split_lines(text)
    first, last = taken.first_line, taken.last_line
    where = f"line {first}" if first == last else f"lines {first}–{last}"
    return TextEdit(
        kind=kind,
        what=f"take out the {kind} in {where} of {taken.path}{why}",
        path=taken.path,
        first_line=first,
        last_line=last,
        text="".join(lines[: first - 1] + lines[last:]),
        needs_evaluation=needs_evaluation,
    )
