"""Marks in the text of a template: characters that no prompt uses, to tell where its text went."""

import re

FIRST_MARK = 0xF0000
MOST_MARKS = 0xFFFD
"""Unicode 15.0, section 23.5: U+F0000 to U+FFFFD are for private use."""

MARKS = re.compile("[\U000f0000-\U000ffffd]")


def unmarked(text: str) -> str:
    """The text without its marks."""
    return text if text.isascii() else MARKS.sub("", text)


def marks_in(text: str) -> tuple[int, ...]:
    """The numbers of the marks in a text, from 0."""
    return () if text.isascii() else tuple(ord(mark) - FIRST_MARK for mark in MARKS.findall(text))
