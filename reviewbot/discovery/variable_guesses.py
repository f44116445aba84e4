"""How long a variable may be of which only its name and its use are known."""

import re
from collections.abc import Mapping
from typing import Any

from reviewbot.discovery.basis import (
    ASSUMED_DATE,
    ASSUMED_ITEM_TOKENS,
    ASSUMED_ITEMS,
    ASSUMED_NUMBER,
    ASSUMED_SMALL_TOKENS,
    ASSUMED_VARIABLE_TOKENS,
)
from reviewbot.discovery.template_shapes import Shape
from reviewbot.errors import Problem

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LAST = {
    *("number", "num", "count", "total", "limit", "size", "length", "width", "height", "depth"),
    *("breadth", "index", "idx", "amount", "price", "cost", "quantity", "score", "rating", "rate"),
    *("percent", "percentage", "ratio", "threshold", "temperature", "age", "version", "seed"),
    *("year", "month", "day", "hour", "minute", "date", "time", "datetime", "timestamp", "today"),
    *("now", "at", "id", "uuid", "guid", "flag", "enabled", "disabled", "n", "i", "k"),
    *("latitude", "longitude", "lat", "lon", "lng"),
    *("name", "username", "firstname", "lastname", "filename", "title", "email", "phone"),
    *("language", "lang", "locale", "timezone", "country", "city", "currency", "symbol", "ticker"),
    *("type", "kind", "status", "category", "url", "uri", "path", "extension"),
}
"""The last words of names of numbers, dates, counts, ids, names, and of what is true or false."""

_FIRST = {"max", "min", "num", "n", "is", "has", "should", "can", "enable", "allow"}
_CALLED = re.compile(
    r"(?:^|[^\w.])(?:len|int|float|round|sum|min|max|abs|bool|ord|uuid4|Number|parseInt|parseFloat)\("
    r"|\.(?:strftime|isoformat|date|time|today|now|utcnow|timestamp|count|bit_length|total_seconds"
    r"|getFullYear|getTime|toISOString|toLocaleDateString|toLocaleTimeString|toLocaleString"
    r"|toDateString|toFixed|randomUUID)\("
    r"|\bnew Date\(|\.(?:length|size)\Z"
)
_COMPARED = re.compile(
    r"[<>=!]==?|\s[<>]\s|\s(?:not\s)?in\s|\sis\s(?:not\s)?|\A(?:not\s|!)|\A(?:isinstance|hasattr)\("
)
_STRING = re.compile(r"\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'")


def guessed_value(name: str, shapes: Mapping[str, Shape]) -> tuple[str, Any]:
    """The name of a sample's variable, and the value that it has until somebody says more.

    The name is that of a whole variable where a template asks for a field of one. One that would
    have too many parts is guessed as a text.
    """
    if name.startswith("../"):
        name = name.replace("../", "")
    root = name.partition(".")[0]
    shape = shapes.get(root)
    if shape is None:
        return name, _text(name)
    return root, _text(root) if _parts(shape) > _MOST_PARTS else _value(root, shape)


def formatted_values(problem: Problem) -> dict[str, Any]:
    """A number or a date for a variable that a format string cannot format as a text."""
    found = _FORMATTED.match(problem.what)
    if found is None:
        return {}
    return {found[1]: ASSUMED_DATE if "%" in found[2].rstrip("%") else ASSUMED_NUMBER}


_FORMATTED = re.compile(r"\{([^{}\n]{1,200}?):([^{}\n]{1,80})\} cannot be formatted")


_MOST_PARTS = 1_000
"""Texts and numbers of one variable; each loop inside of a loop has three times as many."""

_MOST_LEVELS = 16


def _parts(shape: Shape, levels: int = _MOST_LEVELS) -> int:
    """How many texts and numbers a value of the shape has; too many where it is too deep."""
    if not levels:
        return _MOST_PARTS + 1
    if shape.item is not None:
        return ASSUMED_ITEMS * _parts(shape.item, levels - 1)
    return sum(_parts(inner, levels - 1) for inner in shape.fields.values()) or 1


def _value(name: str, shape: Shape) -> Any:
    if shape.item is not None:
        is_plain = not (shape.item.fields or shape.item.item or shape.item.is_number)
        item = {"tokens": ASSUMED_ITEM_TOKENS} if is_plain else _value(name, shape.item)
        return [item] * ASSUMED_ITEMS
    if shape.fields and set(shape.fields) != {name}:
        return {key: _value(key, inner) for key, inner in shape.fields.items()}
    if shape.is_date:
        return ASSUMED_DATE
    return ASSUMED_NUMBER if shape.is_number else _text(name)


def _text(name: str) -> dict[str, int]:
    return {"tokens": ASSUMED_SMALL_TOKENS if is_small(name) else ASSUMED_VARIABLE_TOKENS}


def is_small(name: str) -> bool:
    """Whether a variable, or an expression of source code, is a number, date, name or flag."""
    plain = _STRING.sub("", name)
    if _CALLED.search(plain) or _COMPARED.search(plain):
        return True
    if "(" in plain:
        return False
    last = re.split(r"[.\[\]]", plain.rstrip("])"))[-1]
    words = [word.lower() for word in _WORD.findall(last)]
    if not words or words[-1] in _LAST:
        return bool(words)
    is_total = words[0] == "total" and words[-1].endswith("s")
    return len(words) > 1 and (is_total or words[0] in _FIRST)
