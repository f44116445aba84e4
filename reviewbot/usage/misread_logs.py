"""Why a log that cannot be read is not as its format has it: its encoding, a cut line, its format.

Only the beginning of a file is looked at, and, for a line that is no JSON, its lines; no message
repeats what stands in a row.
"""

import csv
import json
import os
import re
from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.errors import Place, Problem
from reviewbot.usage.readers import by_name, names
from reviewbot.usage.sources import LogFile

_BEGINNING = 65_536
_MOST_BYTES = 50_000_000
"""Behind which no line is looked for."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_FITS = 0.8
"""Which part of a format's columns a log has that is of it."""
_MARKS = {
    "otlp": '"resourceSpans"',
    "openai-usage": '"num_model_requests"',
    "anthropic-usage": '"uncached_input_tokens"',
}
"""What stands in logs of the formats that have no columns."""
_NO_JSON = "this line is not JSON: a half line, or another format"
_DELIMITERS = {".csv": ",", ".tsv": "\t"}


def explained(
    problems: Sequence[Problem], files: Sequence[LogFile], settings: LogSource
) -> list[Problem]:
    """The problems, with the cause and the mend where the files tell them."""
    by_file = {file.name: file for file in files}
    return [
        _explained(item, by_file[item.place.file], settings)
        if item.place is not None and item.place.file in by_file
        else item
        for item in problems
    ]


def _explained(problem: Problem, file: LogFile, settings: LogSource) -> Problem:
    if os.path.splitext(file.path)[1].lower() != file.kind:
        return problem  # it is compressed
    try:
        with open(file.path, "rb") as opened:
            beginning = opened.read(_BEGINNING)
    except OSError:
        return problem
    place = Place(file=file.name)
    if beginning.startswith(_UTF_16):
        mend = "save it as UTF-8: `iconv -f UTF-16 -t UTF-8 FILE > NEW`"
        return Problem(what="the file is UTF-16, and logs are UTF-8", mend=mend, place=place)
    if (other := _other_format(beginning, file.kind, settings)) is not None:
        return replace(problem, mend=f"its fields are those of {other}: `--log-type {other}`")
    if problem.what.startswith("this is not JSON") and (found := _broken_line(file)):
        line, is_last = found
        what = "the last line is cut short" if is_last else _NO_JSON
        mend = "export it again" if is_last else "export it again, or name its format: --log-type"
        return Problem(what=what, mend=mend, place=replace(place, line=line))
    return problem


def _other_format(beginning: bytes, kind: str, settings: LogSource) -> str | None:
    """The format that a log is of, where its fields show it and another was named."""
    fits = _fits(beginning.decode(errors="replace"), kind)
    best = max(fits, key=lambda name: fits[name])
    own = fits.get(str(settings.format), 1.0)
    return best if fits[best] >= _FITS and own < _FITS else None


def fields_and_format(file: LogFile) -> tuple[list[str], str | None]:
    """The names of a log's fields, and the format that they show; none of a compressed file."""
    try:
        with open(file.path, "rb") as opened:
            text = opened.read(_BEGINNING).decode(errors="replace")
    except OSError:
        return [], None
    fits = _fits(text, file.kind)
    best = max(fits, key=lambda name: fits[name])
    return _fields(text, file.kind), best if fits[best] >= _FITS else None


def _fits(text: str, kind: str) -> dict[str, float]:
    """How well a log's fields are those of each format."""
    fields = {name.lower() for name in _fields(text, kind)}
    return {name: _part(name, fields, text) for name in names()}


def _part(name: str, fields: Collection[str], text: str) -> float:
    """Which part of a format's columns is there; 1 for a format without that has its mark."""
    if name in _MARKS:
        return float(_MARKS[name] in text)
    groups = by_name(name).TABLE_COLUMNS
    if not groups:
        return 0.0
    return sum(any(it.lower() in fields for it in group) for group in groups) / len(groups)


def _fields(text: str, kind: str) -> list[str]:
    """The names of the columns, or of the fields of the first row."""
    lines = text.splitlines()
    if not lines:
        return []
    try:
        if kind in _DELIMITERS:
            found = next(csv.reader(lines[:1], delimiter=_DELIMITERS[kind]), [])
        else:
            start = text.index("{")
            value, _ = json.JSONDecoder().raw_decode(text, start)
            found = list(value)
    except (ValueError, csv.Error, RecursionError):
        return []
    return [name.strip() for name in found]


def _broken_line(file: LogFile) -> tuple[int, bool] | None:
    """The first line of JSON lines that is no JSON, and whether it is the last and cut short."""
    if file.kind not in {".jsonl", ".ndjson"} or os.path.getsize(file.path) > _MOST_BYTES:
        return None
    try:
        with open(file.path, encoding="utf-8") as lines:
            numbered: Iterator[tuple[int, str]] = enumerate(lines, 1)
            for number, line in numbered:
                if line.strip() and not _is_json(line):
                    is_last = not any(rest.strip() for _, rest in numbered)
                    return number, is_last and line.lstrip().startswith("{")
    except (OSError, UnicodeDecodeError):
        return None
    return None


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_OF_LOGS = {
    *("id", "time", "date", "day", "month", "timestamp", "created", "started", "ended", "at"),
    *("model", "name", "provider", "input", "output", "prompt", "completion", "token", "tokens"),
    *("in", "out", "cached", "cache", "read", "write", "cost", "usd", "price", "spend", "call"),
    *("calls", "request", "requests", "status", "user", "tenant", "team", "project", "env"),
    *("environment", "app", "workflow", "feature", "tier", "service", "total", "count", "type"),
    *("key", "tag", "tags", "metadata", "latency", "duration", "ms"),
}
"""Words of which the names of columns of such logs are made; others may be of somebody."""


def shown_columns(columns: Sequence[str], *, most: int = 8) -> str | None:
    """The names of columns for a message, as far as only usual words stand in them.

    None where none is shown: a row of the log may stand in their place, or names of tenants.
    """
    own = [name for name in columns if name != "reviewbot_file"]
    shown = usual_names(own)[:most]
    if not shown:
        return None
    left = len(own) - len(shown)
    return ", ".join(shown) + (f" and {left:,} more" if left else "")


_LONGEST = 60


def usual_names(columns: Sequence[str]) -> list[str]:
    """The names of columns in which only usual words stand, so that they may be told."""
    return [name for name in columns if len(name) <= _LONGEST and _is_usual(name)]


def words_of(name: str) -> list[str]:
    """The words of a column's name, in small letters."""
    return [word.lower() for word in _WORD.findall(name)]


def _is_usual(name: str) -> bool:
    words = words_of(name)
    is_whole = sum(map(len, words)) + sum(sign in "_ .-" for sign in name) == len(name)
    return is_whole and bool(words) and {*words} <= _OF_LOGS
