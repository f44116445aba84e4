"""Marks in the text of a template: characters that no prompt uses, to tell where its text went."""

import re
from collections.abc import Iterator

FIRST_MARK = 0xF0000
MOST_MARKS = 0xFFFD
"""Unicode 15.0, section 23.5: U+F0000 to U+FFFFD are for private use; the last means more."""

END_MARK = "\U000ffffd"
"""Stands behind the last letter of what the mark before it begins."""

MARKS = re.compile("[\U000f0000-\U000ffffd]")


def unmarked(text: str) -> str:
    """The text without its marks."""
    return text if text.isascii() else MARKS.sub("", text)


def whole_marks(text: str) -> Iterator[tuple[int, int | None]]:
    """The numbers of the marks in a text, and how many characters stand between each and its end.

    The characters are None where it has no end.
    """
    begun: tuple[int, int] | None = None
    for found in MARKS.finditer(text):
        if found[0] == END_MARK:
            if begun is not None:
                yield begun[0], found.start() - begun[1]
            begun = None
            continue
        if begun is not None:
            yield begun[0], None
        begun = ord(found[0]) - FIRST_MARK, found.end()
    if begun is not None:
        yield begun[0], None


def marks_in(text: str) -> tuple[int, ...]:
    """The numbers of the marks in a text, from 0."""
    if text.isascii():
        return ()
    return tuple(ord(mark) - FIRST_MARK for mark in MARKS.findall(text) if mark != END_MARK)
