"""Values of samples as they are typed: those that a template needs, and those that are there."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_TOKENS = "{tokens: 100}"
_MOST_KEYS = 5
_LONGEST_TEXT = 1_000_000
_LONGEST_SHOWN = 60
_PLAIN = re.compile(r"[A-Za-z][\w./-]{0,40}(?: [\w./-]{1,40}){0,5}")
_OTHER_THAN_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def typed_value(name: str, text: str) -> str:
    """A first value of a variable, by how a template takes it: a text, a mapping or a list.

    Fields of `str.format` with the code of a date or a number get such a value.
    """
    text = text[:_LONGEST_TEXT]
    word = re.escape(name)
    if loop := re.search(rf"\bfor\s{{1,9}}(\w{{1,60}})\s{{1,9}}in\s{{1,9}}{word}\b", text):
        return f"[{_mapping(loop[1], text)}]"
    if re.search(rf"\{{{word}:[^{{}}]{{0,50}}%[A-Za-z]", text):
        return "2026-11-01"
    if number := re.search(rf"\{{{word}:[^{{}}]{{0,50}}([bcdoxXeEfFgGn%])\}}", text):
        return "12" if number[1] in "bcdoxX" else "12.5"
    return _mapping(name, text)


def _mapping(name: str, text: str) -> str:
    """The keys that a template takes of a name; a text where it takes none."""
    keys = re.findall(rf"(?<![\w.]){re.escape(name)}\.([A-Za-z_]\w{{0,60}})(?![\w(])", text)
    shown = [f"{key}: {_TOKENS}" for key in dict.fromkeys(keys)][:_MOST_KEYS]
    return f"{{{', '.join(shown)}}}" if shown else _TOKENS


def shown_value(value: Any) -> str:
    """A value in YAML's flow style; dots where that is no short line."""
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) and value.lower() not in _OTHER_THAN_TEXT
        shown = value if is_plain else json.dumps(value, ensure_ascii=False)
    elif isinstance(value, Mapping):
        shown = f"{{{', '.join(f'{key}: {shown_value(it)}' for key, it in value.items())}}}"
    else:
        shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= _LONGEST_SHOWN else "…"


def no_day(value: Any) -> str | None:
    """The day at the beginning of a text that is none, such as 2026-13-01; None for all others."""
    found = _DAY.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        date.fromisoformat(found[0])
    except ValueError:
        return found[0]
    return None


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
