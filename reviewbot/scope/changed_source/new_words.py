"""Whether the new lines of a source file hold words in texts that a model may be sent."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

Spans = Sequence[tuple[int, int]]

_WORDS = re.compile(
    r"[^\W\d_]{2}[^\w\s]{0,3}[ \t]{1,3}[^\w\s]{0,3}[^\W\d_]{2}"
    r"|[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]"
)
"""Two words, or a sign of a script that puts no blank between words."""

_LONG_CHARACTERS = 60
"""A text of so many characters may be a prompt, so that each line of it counts."""

_NEAR_LINES = 3
"""Texts that make one stand so near to each other."""


def new_lines(after: str, before: str) -> frozenset[int]:
    """The numbers, from 0, of the lines that the text before does not have."""
    known = set(before.split("\n"))
    return frozenset(n for n, line in enumerate(after.split("\n")) if line not in known)


def may_be_in_literals(text: str, changed: Iterable[int]) -> bool:
    """Whether any line that is `changed` has a quote, or may stand in a literal of several lines.

    It spares most files the reading of their tokens.
    """
    if any(quotes in text for quotes in _OF_SEVERAL_LINES):
        return True
    lines = text.split("\n")
    return any(quote in lines[number] for number in changed for quote in "\"'")


_OF_SEVERAL_LINES = ('"""', "'''", "`")


def are_new_words(text: str, literals: Spans | None, changed: Iterable[int]) -> bool:
    """Whether a line that is `changed` holds words of a literal; of any line where they are None.

    A single word counts too in a text that is long by itself, or beside such a one.
    """
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    if literals is None:
        return any(map(_WORDS.search, map(lines.__getitem__, changed)))
    ends = [end for _, end in literals]
    for number in sorted(changed):
        first, last = starts[number], starts[number + 1]
        position = bisect_left(ends, first)
        while position < len(literals) and literals[position][0] < last:
            begins, finishes = literals[position]
            said = text[max(first, begins) : min(last, finishes)]
            if _WORDS.search(said) or (
                any(map(str.isalpha, said)) and _is_of_long_text(text, literals, position)
            ):
                return True
            position += 1
    return False


def _is_of_long_text(text: str, literals: Spans, position: int) -> bool:
    begins, ends = literals[position]
    if ends - begins >= _LONG_CHARACTERS:
        return True
    beside = literals[max(0, position - 1) : position + 2]
    return any(
        last - first >= _LONG_CHARACTERS
        and text.count("\n", min(last, ends), max(first, begins)) <= _NEAR_LINES
        for first, last in beside
    )


def name_a_model(text: str, changed: Iterable[int]) -> bool:
    """Whether a line that is `changed` names the model of a call."""
    lines = text.split("\n")
    return any(_MODEL.search(lines[number]) for number in changed)


_MODEL = re.compile(r"\bmodel[\"']?\s{0,3}[=:]")


def words_of(text: str, literals: Spans) -> str:
    """The literals that hold more than one word, one behind the other."""
    found = (text[begins:ends] for begins, ends in literals)
    return "\n".join(said.strip("\"'`") for said in found if " " in said)
