"""Writes a command's output and its complaints, in the encoding of the stream."""

import os
import sys
from typing import TextIO

_IN_ASCII = str.maketrans(
    {"→": "->", "✓": "+", "⚠": "!", "✗": "x", "–": "-", "≈": "~", "─": "-", "“": '"', "”": '"'}
)


def write(text: str, out: TextIO | None) -> None:
    """Write `text`. A failure is reported, and does not change the verdict.

    Characters that the encoding lacks are written as escapes. A reader that has gone away
    (`| head`) is no failure.
    """
    try:
        if out is None:
            raise OSError("standard output is closed")  # noqa: TRY301 - handled as any other
        encoding = out.encoding or "utf-8"
        shown = text if _can_encode("→✗", encoding) else text.translate(_IN_ASCII)
        out.write(shown.encode(encoding, "backslashreplace").decode(encoding))
        out.flush()
    except BrokenPipeError:
        _discard(out)
    except OSError as error:
        _discard(out)
        complain(f"reviewbot: the report could not be written: {error}\n", sys.stderr)


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


def _discard(out: TextIO | None) -> None:
    """Point the stream at nothing, so that Python's own flush at the end is quiet."""
    if out is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
