"""The report as JSON, and its published schema; both come from the types in `reviewbot.report`."""

from decimal import Decimal
from typing import Any

from reviewbot.report import Report


def render_json(report: Report) -> str:
    r"""The report as JSON in a fixed order, decimals as strings, ending in a line break.

    Bytes of a path that are no UTF-8 appear as escapes, `\udc80` for 0x80.
    """
    import msgspec

    data = _encodable(msgspec.to_builtins(report, builtin_types=(Decimal,)))
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def read_json(data: bytes) -> Report:
    """The report in `data`.

    Raises:
        msgspec.ValidationError: It is no such report.
        msgspec.DecodeError: It is no JSON.

    """
    import msgspec

    return msgspec.json.decode(data, type=Report)


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the report."""
    import msgspec

    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | msgspec.json.schema(Report)


def _encodable(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case Decimal():
            return format(value.normalize(), "f")
        case dict():
            return {key: _encodable(item) for key, item in value.items()}
        case list() | tuple():
            return [_encodable(item) for item in value]
        case _:
            return value
