"""What tags make of template literals, as their packages do."""

import re
from collections.abc import Sequence

from reviewbot.rendering.engines._common.javascript import BLANK, BLANKS

_CONTINUED = re.compile(r"\\\n[ \t]*")
_SPECIAL = re.compile(r"\\([`${])")
_INDENTED = re.compile(rf"([{BLANK}]+)[^{BLANK}]")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "b": "\b", "f": "\f", "0": "\0"}
_CODES = (r"\\x([\da-fA-F]{2})", r"\\u\{([\da-fA-F]{1,6})\}", r"\\u([\da-fA-F]{4})")


def dedent(parts: Sequence[str]) -> str:
    """The tag of the npm package `dedent`, 1.7; `parts` are raw texts and values in turns.

    Escapes of backticks, `$` and `{` are undone and lines that end with a backslash continued;
    then the text is `dedented`, and escapes that are written out in it are undone, newlines first.

    Raises:
        ValueError: A code point is beyond Unicode.
    """
    texts = [
        part if number % 2 else _SPECIAL.sub(r"\1", _CONTINUED.sub("", part))
        for number, part in enumerate(parts)
    ]
    text = dedented("".join(texts))
    for sign, meant in _SIGNS.items():
        text = text.replace(f"\\{sign}", meant)
    for code in _CODES:
        text = re.sub(code, lambda found: chr(int(found[1], 16)), text)
    return text


def dedented(text: str) -> str:
    """A text without the smallest indentation of its lines, and without space around it."""
    lines = text.split("\n")
    indentations = [len(found[1]) for line in lines if (found := _INDENTED.match(line))]
    if indentations:
        least = min(indentations)
        lines = [line[least:] if line[:1] in {" ", "\t"} else line for line in lines]
    return "\n".join(lines).strip(BLANKS)
