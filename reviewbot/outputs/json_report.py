"""The report as JSON, and its published schema; both come from the types in `reviewbot.report`."""

import json
import re
from decimal import Decimal
from typing import Any

import msgspec

from reviewbot.outputs.failed_review import FailedReview
from reviewbot.report import Report

DECIMAL_PATTERN = r"^-?[0-9]+(\.[0-9]+)?$"


def render_json(value: msgspec.Struct) -> str:
    """A report as ASCII JSON in the order of its types, decimals as strings, and a line break."""
    # msgspec's own encoder writes UTF-8, refuses bytes that are none, and keeps a decimal's zeros
    data = msgspec.to_builtins(value, builtin_types=(Decimal,))
    text = json.dumps(data, ensure_ascii=False, default=_digits)
    # json's own indentation takes twenty times as long
    return msgspec.json.format(re.sub(r"[^\n -~]", _escaped, text), indent=2) + "\n"


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the report."""
    return _schema(Report, "reviewbot report")


def failure_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what stands in the place of a report without a review."""
    return _schema(FailedReview, "reviewbot without a review")


def _schema(kind: type[msgspec.Struct], title: str) -> dict[str, Any]:
    _, definitions = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$ref": f"#/$defs/{kind.__name__}",
        "$defs": {name: _strict(definitions[name]) for name in sorted(definitions)},
    }


def _strict(schema: Any) -> Any:
    """`schema` with every property required, no other allowed, and decimals of digits only."""
    match schema:
        case {"format": "decimal"}:
            return {"type": "string", "pattern": DECIMAL_PATTERN}
        case {"properties": properties}:
            return {
                "type": "object",
                "description": " ".join(schema["description"].split()),
                "properties": {name: _strict(item) for name, item in properties.items()},
                "required": list(properties),
                "additionalProperties": False,
            }
        case dict():
            return {name: _strict(item) for name, item in schema.items() if name != "default"}
        case list():
            return [_strict(item) for item in schema]
        case _:
            return schema


def _digits(amount: Decimal) -> str:
    return format(amount.normalize(), "f")


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if "\ud800" <= character <= "\udfff":
        # A path may hold bytes that are no UTF-8; they appear as escapes (PEP 383's codes).
        return rf"\\u{ord(character):04x}"
    return json.dumps(character)[1:-1]
