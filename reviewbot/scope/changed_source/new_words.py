"""Whether the new lines of a source file hold texts that a model may be sent."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from reviewbot.prompt_formats._common.prompt_names import LEAST_CHARACTERS
from reviewbot.scope.changed_source.outline import Outline, without

Spans = Sequence[tuple[int, int]]

_TWO_WORDS = re.compile(r"[^\W\d_]{2}[^\w\s]{0,3}[ \t]{1,3}[^\w\s]{0,3}[^\W\d_]{2}")


def has_words(text: str) -> bool:
    """Whether there are two words, or a sign of a script that puts no blank between words.

    That a text has such signs is asked for last: the expression takes 2 ms to compile.
    """
    if _TWO_WORDS.search(text):
        return True
    if text.isascii():
        return False
    return re.search(r"[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]", text) is not None


def are_new_texts(text: str, outline: Outline, changed: Sequence[int]) -> bool:
    """Whether lines that are `changed` hold words of a literal, or as much text as a prompt has.

    What is no words, as numbers, counts as much as all literals of its statement.
    """
    bounds = [block.begins for block in outline.blocks]
    sizes: dict[int, int] = {}
    for begins, ends in outline.literals:
        block = bisect_right(bounds, begins)
        sizes[block] = sizes.get(block, 0) + ends - begins
    for begins, ends in _parts(text, outline.literals, changed):
        said = text[begins:ends]
        if has_words(said) or sizes[bisect_right(bounds, begins)] >= _MUCH_TEXT:
            return True
    return False


def are_silent(text: str, outline: Outline, lines: Sequence[int]) -> bool:
    """Whether some lines of a text are blank, but for comments, and no part of a literal."""
    written = text.split("\n")
    if any(said and said[0] not in _SIGNS for said in (written[n].strip() for n in lines)):
        return False
    if next(_parts(text, outline.literals, lines), None) is not None:
        return False
    code = without(text, outline.comments)
    starts = [0, *accumulate(len(line) + 1 for line in written)]
    return not any(code[starts[number] : starts[number + 1]].strip() for number in lines)


_SIGNS = "#/*"
"""What lines of comments begin with; one that begins otherwise is taken for code."""

_MUCH_TEXT = 3 * LEAST_CHARACTERS
"""A statement with so many characters in texts makes a prompt, even where half of them are keys."""


def _parts(text: str, literals: Spans, changed: Sequence[int]) -> Iterator[tuple[int, int]]:
    """What of the literals stands in lines that are `changed`."""
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    ends = [end for _, end in literals]
    for number in changed:
        first, last = starts[number], starts[number + 1]
        position = bisect_left(ends, first + 1)
        while position < len(literals) and literals[position][0] < last:
            begins, finishes = literals[position]
            yield max(first, begins), min(last, finishes)
            position += 1


def words_of(text: str, literals: Spans) -> str:
    """The literals one behind the other, as they are said."""
    said = "\n".join(text[begins:ends].strip("\"'`") for begins, ends in literals)
    return said.replace("\\n", "\n").replace("\\t", "\t")
