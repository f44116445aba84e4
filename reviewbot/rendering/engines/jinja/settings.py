"""What `templates` says of the marks of Jinja2's tags."""

from collections.abc import Mapping
from typing import Any

DELIMITERS: Mapping[str, tuple[str, str]] = {
    "variable": ("{{", "}}"),
    "block": ("{%", "%}"),
    "comment": ("{#", "#}"),
}


def delimiters(options: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """Where a tag of the kind begins and ends."""
    start, end = options.get("delimiters", {}).get(kind, DELIMITERS[kind])
    return start, end
