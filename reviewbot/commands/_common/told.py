"""What is told on the error stream, in the width of a terminal where that is one."""

import os
from typing import TextIO

from reviewbot.console import complain


def tell(text: str, errors: TextIO | None) -> None:
    """Write a line; a terminal gets it in lines of its width, with no path or command broken."""
    if errors is None or errors.closed or not errors.isatty():
        complain(f"{text}\n", errors)
        return
    from reviewbot.outputs.wrapping import wrapped

    complain("".join(f"{line}\n" for line in wrapped([text], _columns(errors))), errors)


def _columns(stream: TextIO) -> int | None:
    """The width of the stream's own terminal; None where it tells none, or the user tells one."""
    if os.environ.get("COLUMNS"):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None
