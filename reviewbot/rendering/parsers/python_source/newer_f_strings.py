"""F-strings that only Python 3.12 and newer read (PEP 701), as an older one stumbles over them."""

import re
from typing import NamedTuple

_OPENING = re.compile(r"""(?<!\w)(?:[rR]?[fF]|[fF][rR])(?P<quote>\"{3}|'{3}|"|')""")
_NAMES = {
    "\\": "a backslash stands within the braces of an f-string",
    "#": "a comment stands within the braces of an f-string",
    "\n": "a line ends within the braces of an f-string",
}
_MENDS = {
    "\\": "give what holds the backslash a name before",
    "#": "take the comment out",
    "\n": "write it in one line",
}
_QUOTES = "the quotes of an f-string stand within its braces, too"
_OTHER_QUOTES = "use other quotes there"
_MOST_CHARACTERS = 20_000
_MOST_STRINGS = 20
_MESSAGES = ("f-string", "unterminated", "invalid syntax")


class Beyond(NamedTuple):
    """What stands within braces at a line, and what an older Python takes in place of it."""

    what: str
    mend: str
    line: int


def beyond_older(text: str, line: int, said: str) -> Beyond | None:
    """What the older Python that `said` something of a `line` cannot read; None where it is other.

    It names the end of what it has read: the f-string begins there, or in a line before.
    """
    if not said.startswith(_MESSAGES):
        return None
    lines = text.split("\n")
    upto = len("\n".join(lines[:line]))
    begins = list(_OPENING.finditer(text, max(0, upto - _MOST_CHARACTERS), upto))
    for begin in reversed(begins[-_MOST_STRINGS:]):
        found = _first_beyond(text, begin.end(), begin["quote"])
        if found is not None and found.ends >= upto - len(lines[line - 1]):
            number = text.count("\n", 0, found.position) + 1
            mark = found.mark
            return Beyond(_NAMES.get(mark, _QUOTES), _MENDS.get(mark, _OTHER_QUOTES), number)
    return None


class _Found(NamedTuple):
    """A mark within the braces of an f-string, its position, and where the f-string ends."""

    mark: str
    position: int
    ends: int


def _first_beyond(text: str, start: int, quote: str) -> _Found | None:
    """The first mark within braces that an older Python cannot take.

    None where the f-string ends without one, or where no Python would read it.
    """
    position, depth, found = start, 0, None
    is_long = len(quote) > 1
    while position < min(len(text), start + _MOST_CHARACTERS):
        mark = text[position]
        if depth == 0:
            if text.startswith(quote, position):
                return found and found._replace(ends=position)
            if mark == "\n" and not is_long:
                return None
            if text.startswith(("{{", "}}", "\\"), position):
                position += 2
                continue
            depth = int(mark == "{")
            position += 1
            continue
        behind = _behind_text(text, position) if mark in "\"'" else position + 1
        is_quote = text.startswith(quote, position)
        is_mark = mark in "\\#" or (mark == "\n" and not is_long)
        if found is None and (is_quote or is_mark):
            found = _Found(quote if is_quote else mark, position, position)
        elif found is None and "\\" in text[position:behind]:
            found = _Found("\\", text.index("\\", position), position)
        depth += (mark in "{[(") - (mark in "}])")
        position = behind
    return None


_TEXT = re.compile(
    r""""{3}[\s\S]*?"{3}|'{3}[\s\S]*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*\'""", re.ASCII
)


def _behind_text(text: str, position: int) -> int:
    """Where a text within braces has ended; the next character where it does not end."""
    found = _TEXT.match(text, position)
    return found.end() if found else position + 1
