"""Text as YAML that a person reads: in quotes unless it is plain for certain."""

import json
import re

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)+(?:/\*\.[a-z]+)?")
_ESCAPED = re.compile(r"[^\x20-\x7e\u00a1-\u1fff\u3000-\ud7ff]")


def quoted(text: str) -> str:
    """The text in YAML, in quotes unless it is plain for certain."""
    if _PLAIN.fullmatch(text):
        return text
    return _ESCAPED.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    return f"\\U{ord(found[0]):08x}"
