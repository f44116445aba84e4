"""Lines in the width of the terminal."""

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator


def wrapped(lines: Iterable[str]) -> Iterator[str]:
    """The lines in that width; those that go on stand two columns further in.

    Paths and commands that fit are not broken, so that they can be copied; longer paths go on
    behind one of their marks.
    """
    width = shutil.get_terminal_size().columns
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip(" ")))
        filled = textwrap.wrap(
            " ".join(_pieces(_COMMAND.sub(_kept, line).split(), width - len(indent) - 2)),
            width=width,
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from (one.replace(_NO_BREAK, " ") for one in filled)


_COMMAND = re.compile(r"`[^`\n]{1,70}`")
_NO_BREAK = "\0"


def _kept(found: re.Match[str]) -> str:
    """A command whose words stay in one line."""
    return found[0].replace(" ", _NO_BREAK)


def _pieces(words: Iterable[str], width: int) -> Iterator[str]:
    """The words, those that are too long in pieces that end before or behind a mark."""
    for word in words:
        left = word
        while len(left) > width:
            cut = next((at for mark in _MARKS if (at := _last(left, mark, width)) > 0), 0)
            if not cut:
                break
            yield left[:cut]
            left = left[cut:]
        yield left


_MARKS = "#/."
"""Where a path with a selector may go on in the next line, the best first."""


def _last(text: str, mark: str, width: int) -> int:
    """Where to cut, so that at most `width` characters stand before; 0 where there is no place."""
    found = text.rfind(mark, 1, width)
    return found + (mark == "/") if found > 0 else 0
