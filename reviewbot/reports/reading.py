"""Reads the JSON form of a report back, when it comes from somebody who is not trusted.

The types of `reviewbot.report` are the schema here too: every field must be there and of its type,
nothing else may be, and sizes are bounded. What passes is still only data: texts in it are made
inert where they are shown.
"""

import json
import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from msgspec import Struct

from reviewbot.errors import Place, Problem, UsageError
from reviewbot.report import SCHEMA_VERSION, Report

MAX_BYTES = 32 * 1024 * 1024
_MAX_OPENED = 500_000
"""Lists and mappings of a report: each takes a few bytes of text and up to 232 bytes of memory."""

_MAX_TEXT = 32_768
_MAX_ITEMS = 100_000
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?\Z")
_LARGEST_INTEGER = 10**18
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


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
        value = json.loads(data, parse_constant=_no_constant, parse_float=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _refused(file, "", "is no JSON of a report") from error
    if not isinstance(value, dict) or value.get("schema_version") != SCHEMA_VERSION:
        raise _refused(file, "schema_version", f"is not of the version {SCHEMA_VERSION}")
    report = _Reader(file).read(Report, value, "")
    assert isinstance(report, Report)
    return report


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._hints: dict[type[Struct], dict[str, Any]] = {}

    def read(self, kind: Any, value: Any, key: str) -> Any:
        if get_origin(kind) is UnionType:
            members = [member for member in get_args(kind) if member is not NoneType]
            return None if value is None else self.read(members[0], value, key)
        if get_origin(kind) is tuple:
            if not isinstance(value, list) or len(value) > _MAX_ITEMS:
                raise self._wrong(key)
            item = get_args(kind)[0]
            return tuple(
                self.read(item, element, f"{key}[{index}]") for index, element in enumerate(value)
            )
        if issubclass(kind, Struct):
            return self._record(kind, value, key)
        return self._scalar(kind, value, key)

    def _record(self, kind: type[Struct], value: Any, key: str) -> Struct:
        names = kind.__struct_fields__
        if not isinstance(value, dict):
            raise self._wrong(key)
        for name in names:
            if name not in value:
                raise self._wrong(f"{key}.{name}")
        if len(value) != len(names):
            raise self._wrong(key)
        if kind not in self._hints:
            self._hints[kind] = get_type_hints(kind)
        hints = self._hints[kind]
        return kind(
            **{name: self.read(hints[name], value[name], f"{key}.{name}") for name in names}
        )

    def _scalar(self, kind: type, value: Any, key: str) -> Any:
        if kind is bool and isinstance(value, bool):
            return value
        if kind is int and type(value) is int and abs(value) <= _LARGEST_INTEGER:
            return value
        if isinstance(value, str) and len(value) <= _MAX_TEXT:
            if kind is str:
                return value
            if kind is Decimal and _DECIMAL.match(value):
                return Decimal(value)
            try:
                if issubclass(kind, StrEnum):
                    return kind(value)
                if kind is date and _DATE.match(value):
                    return date.fromisoformat(value)
            except ValueError:
                raise self._wrong(key) from None
        raise self._wrong(key)

    def _wrong(self, key: str) -> UsageError:
        return _refused(self._file, key.removeprefix("."), "is not what the schema says")


def _no_constant(_: str) -> Any:
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
