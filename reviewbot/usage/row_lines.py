"""In which line of its file a row of a log begins."""

import csv
import itertools
from collections.abc import Iterator

from reviewbot.usage.sources import LogFile

_MOST_ROWS = 1_000_000
"""Behind which no line is looked for."""

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_LINES = (".jsonl", ".ndjson")


def line_of_row(file: LogFile, number: int) -> int | None:
    """The line, from 1, of the row `number` of a file, from 1; empty lines are no rows.

    None where the file is compressed, where its rows are no lines, or where it cannot be read as
    UTF-8. It takes time in proportion to the row's place in the file.
    """
    is_plain = file.name.lower().endswith((*_DELIMITERS, *_LINES))
    if not is_plain or not 0 < number <= _MOST_ROWS:
        return None
    try:
        with open(file.path, encoding="utf-8", newline="") as lines:
            begun = _begun(lines, file.kind)
            return next(itertools.islice(begun, number - 1, None), None)
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def line_of_names(file: LogFile) -> int | None:
    """The line of a CSV file that names its columns; None as with `line_of_row`."""
    if not file.name.lower().endswith((*_DELIMITERS,)):
        return None
    try:
        with open(file.path, encoding="utf-8", newline="") as lines:
            return next((number for number, line in enumerate(lines, 1) if line.strip()), None)
    except (OSError, UnicodeDecodeError):
        return None


def _begun(lines: Iterator[str], kind: str) -> Iterator[int]:
    """The lines in which rows begin."""
    if kind in _LINES:
        yield from (number for number, line in enumerate(lines, 1) if line.strip())
        return
    rows = csv.reader(lines, delimiter=_DELIMITERS[kind])
    is_first, line = True, 1
    for row in rows:
        if row and not is_first:
            yield line
        is_first = is_first and not row
        line = rows.line_num + 1
