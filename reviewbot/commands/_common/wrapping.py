"""Lines in the width of the terminal."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator


def wrapped(lines: Iterable[str]) -> Iterator[str]:
    """The lines in that width; those that go on stand two columns further in.

    No word is broken, so that paths and commands can be copied.
    """
    width = shutil.get_terminal_size().columns
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip(" ")))
        yield from textwrap.wrap(
            line.strip(),
            width=width,
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
