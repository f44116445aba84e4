"""Lines in the width of the terminal."""

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator

_NO_BREAK = "\N{NO-BREAK SPACE}"
"""It stands in no text that is shown: `wording.plain` makes it a visible escape."""


def wrapped(lines: Iterable[str], columns: int | None = None) -> Iterator[str]:
    """The lines in that width, None for the terminal's.

    Those that go on stand two columns further in. No word and nothing between backticks is broken,
    so that paths and commands can be copied.
    """
    columns = columns or shutil.get_terminal_size().columns
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip(" ")))
        whole = re.sub(r"`[^`]*`", lambda found: found[0].replace(" ", _NO_BREAK), line.strip())
        for part in textwrap.wrap(
            whole,
            width=columns,
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        ):
            yield part.replace(_NO_BREAK, " ")
