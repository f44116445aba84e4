"""Libraries that cannot print: what drivers print may hold a password, or values of a log."""

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_STREAMS = (1, 2)
"""Standard output and errors, as processes that are begun here inherit them (Spark's Java)."""


@contextmanager
def silenced() -> Iterator[None]:
    """Nothing that is printed, logged or warned of inside is shown."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with (
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            warnings.catch_warnings(),
            contextlib.redirect_stdout(nowhere),
            contextlib.redirect_stderr(nowhere),
            _streams_into(nowhere.fileno()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextmanager
def _streams_into(nowhere: int) -> Iterator[None]:
    kept = {}
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()  # type: ignore[union-attr] # it is None where it is closed
    for number in _STREAMS:
        with contextlib.suppress(OSError):
            kept[number] = os.dup(number)
            os.dup2(nowhere, number)
    try:
        yield
    finally:
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)
