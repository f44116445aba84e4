"""Whether a text names a variable, by how it stands there."""

import re

_QUOTES = {"'", '"'}
_IN_BRACES = 300
"""Characters from a brace to a name inside of it: an expression of a few lines."""


def is_named(name: str, text: str) -> bool:
    """Whether a text names a variable: in braces, behind `$`, in quotes, or as an argument.

    A prompt may have the same word in a sentence.
    """
    for found in re.finditer(whole_name(name), text):
        start, end = found.span()
        mark = text[start - 1 : start]
        if (
            mark == "$"
            or text[end : end + 1] == "="
            or (mark in _QUOTES and text[end : end + 1] == mark)
        ):
            return True
        before = text[max(0, start - _IN_BRACES) : start]
        if before.rfind("{") > before.rfind("}"):
            return True
    return False


def whole_name(name: str) -> str:
    """A regular expression of the name by itself, which is no part of a longer one."""
    return rf"(?<!\w){re.escape(name)}(?!\w)"
