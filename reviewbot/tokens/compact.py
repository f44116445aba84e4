"""JSON as short as it can be written."""

import json
from collections.abc import Mapping
from typing import Any


def compact_json(value: Any) -> str:
    """`value` as JSON without blanks; what JSON does not have is written as text."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)
