"""The report as JSON, and its published schema; both come from the types in `reviewbot.report`."""

import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from msgspec import Struct

from reviewbot.report import Report

DECIMAL_PATTERN = r"^-?[0-9]+(\.[0-9]+)?$"


def render_json(report: Report) -> str:
    """The report as ASCII JSON in the order of its types, decimals as strings, and a line break."""
    return json.dumps(_data(report), indent=2) + "\n"


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the report."""
    definitions: dict[str, Any] = {}
    root = _schema(Report, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "reviewbot report",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _data(value: Any) -> Any:
    match value:
        case Struct():
            return {name: _data(getattr(value, name)) for name in type(value).__struct_fields__}
        case tuple():
            return [_data(item) for item in value]
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
        case str():
            # A path may hold bytes that are no UTF-8; they appear as escapes (PEP 383's codes).
            return value.encode("utf-8", "backslashreplace").decode()
        case _:
            return value


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if get_origin(kind) is UnionType:
        return {"anyOf": [_schema(member, definitions) for member in get_args(kind)]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0], definitions)}
    if issubclass(kind, Struct):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            definitions[kind.__name__] = _object(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if issubclass(kind, StrEnum):
        return {"enum": [str(member) for member in kind]}
    return dict(_SCALARS[kind])


def _object(kind: type[Struct], definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {
        "type": "object",
        "description": " ".join((kind.__doc__ or "").split()),
        "properties": {name: _schema(hints[name], definitions) for name in kind.__struct_fields__},
        "required": list(kind.__struct_fields__),
        "additionalProperties": False,
    }


_SCALARS: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "pattern": DECIMAL_PATTERN},
    date: {"type": "string", "format": "date"},
    NoneType: {"type": "null"},
}
