"""Writes a command's output and its complaints, in the encoding of the stream."""

import errno
import os
import sys
from contextlib import suppress
from typing import TextIO

_IN_ASCII = str.maketrans(
    {"→": "->", "✓": "+", "⚠": "!", "✗": "x", "–": "-", "≈": "~", "─": "-", "“": '"', "”": '"'}
)


def write(text: str, out: TextIO | None) -> None:
    """Write `text`. A failure is reported, and `is_lost` tells of it.

    Characters that the encoding lacks are written as escapes. A reader that has gone away
    (`| head`) is no failure.
    """
    if out is None or out.closed:
        _lose("standard output is closed")
        return
    try:
        encoding = out.encoding or "utf-8"
        shown = text if _can_encode("→✗", encoding) else text.translate(_IN_ASCII)
        out.write(shown.encode(encoding, "backslashreplace").decode(encoding))
        out.flush()
    except BrokenPipeError:
        _discard(out)
    except OSError as error:
        _discard(out)
        is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        _lose("no space left on the device" if is_full else error.strerror or str(error))


def terminal_columns() -> int:
    """How wide the terminal is, 80 where nobody knows; as `shutil` tells it, which loads slowly."""
    try:
        columns = int(os.environ.get("COLUMNS", "0"))
    except ValueError:
        columns = 0
    if columns <= 0 and sys.__stdout__ is not None:
        with suppress(ValueError, OSError):  # it is closed, or no terminal
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns
    return columns if columns > 0 else _USUAL_COLUMNS


_USUAL_COLUMNS = 80


def is_lost() -> bool:
    """Whether something could not be written since this was asked last."""
    found = bool(_losses)
    _losses.clear()
    return found


_losses: list[str] = []
"""Why something could not be written; a command ends its work all the same."""


def _lose(why: str) -> None:
    _losses.append(why)
    complain(f"reviewbot: the report could not be written: {why}\n", sys.stderr)


def complain(text: str, errors: TextIO | None) -> None:
    """Write to the error stream; one that is closed or full changes nothing."""
    if errors is None:
        return
    try:
        errors.write(text)
        errors.flush()
    except OSError:
        _discard(errors)
    except ValueError:
        return


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _discard(out: TextIO) -> None:
    """Point the stream at nothing, so that Python's own flush at the end is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
