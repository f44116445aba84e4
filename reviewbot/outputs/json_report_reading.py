"""Reads the JSON form of a report back, when it comes from somebody who is not trusted.

The types of `reviewbot.report` are the schema. A report that passes is still untrusted: its texts
are made inert where they are shown.
"""

import json
import re
from decimal import Decimal
from typing import Any

import msgspec

from reviewbot.documents.validation_messages import split_message
from reviewbot.errors import Place, Problem, UsageError
from reviewbot.report import SCHEMA_VERSION, Report

MAX_BYTES = 32 * 1024 * 1024
_MAX_OPENED = 500_000
"""Lists and mappings of a report: each takes a few bytes of text and up to 232 bytes of memory."""

_MAX_CHARACTERS = 32_768
_MAX_ITEMS = 100_000
_LARGEST_INTEGER = 10**18
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?\Z")


def read_report(data: bytes, *, file: str) -> Report:
    """The report in `data`.

    Raises:
        UsageError: It is too large, no JSON, of another version, or not as its schema says.

    """
    if len(data) > MAX_BYTES:
        raise _refused(file, "", f"has more than {MAX_BYTES:,} bytes")
    if data.count(b"[") + data.count(b"{") > _MAX_OPENED:
        raise _refused(file, "", f"has more than {_MAX_OPENED:,} lists and mappings")
    try:
        # msgspec's parser does not say where an integer is that 64 bits cannot hold
        value = json.loads(data, parse_constant=_no_number, parse_float=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refused(file, "", "is no JSON of a report") from error
    if not isinstance(value, dict) or value.get("schema_version") != SCHEMA_VERSION:
        raise _refused(file, "schema_version", f"is not of the version {SCHEMA_VERSION}")
    try:
        report = msgspec.convert(value, Report)
    except msgspec.ValidationError as error:
        what, path = split_message(str(error))
        raise _refused(file, path, f"is not what the schema says: {what}") from error
    except UnicodeEncodeError as error:  # half a surrogate pair where no text is expected
        raise _refused(file, "", "is no JSON of a report") from error
    told = msgspec.to_builtins(report, builtin_types=(Decimal,))
    wrong = _difference(value, told, "")
    if wrong is not None:
        raise _refused(file, wrong.removeprefix("."), "is not what the schema says")
    return report


def _difference(value: Any, told: Any, key: str) -> str | None:
    """The key of the first value that msgspec accepts and the schema does not; None without any.

    `told` is what msgspec made of `value`. Here every field must be there and no other, decimals
    are texts of digits, and sizes are bounded.
    """
    match told:
        case dict():
            if value.keys() != told.keys():
                return f"{key}.{min(value.keys() ^ told.keys())}"
            parts = ((value[name], told[name], f"{key}.{name}") for name in told)
        case tuple():
            if len(told) > _MAX_ITEMS:
                return key
            parts = (
                (*pair, f"{key}[{index}]")
                for index, pair in enumerate(zip(value, told, strict=True))
            )
        case _:
            return None if _is_plain(value, told) else key
    return next((wrong for part in parts if (wrong := _difference(*part)) is not None), None)


def _is_plain(value: Any, told: Any) -> bool:
    match told:
        case Decimal():
            return isinstance(value, str) and _DECIMAL.match(value) is not None
        case str():
            return len(told) <= _MAX_CHARACTERS
        case bool() | None:
            return True
        case _:
            return bool(abs(told) <= _LARGEST_INTEGER)


def _no_number(_: str) -> Any:
    raise ValueError("no such number in a report")


def _refused(file: str, key: str, what: str) -> UsageError:
    return UsageError(
        [
            Problem(
                what=f"the report {what}",
                mend="upload what the action of this version names in its output `report`",
                place=Place(file=file, key=key[:200] or None),
            )
        ]
    )
