"""The filters of Nunjucks that prompts use, as Nunjucks defines them (src/filters.js, 3.2)."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from reviewbot.rendering.engines._common.javascript import BLANKS
from reviewbot.rendering.engines.promptfoo.values import (
    Fields,
    Items,
    dumped,
    length,
    text,
    values,
)


def _given(value: Any) -> str:
    """The text of a value; one that is undefined is reported by its own error."""
    return str(value) if _is_missing(value) else text(value)


def _string(value: Any) -> str:
    """A text that a filter takes; what is not there is empty.

    Raises:
        TypeError: Nunjucks would fail on it.
    """
    if value is None or value is False:
        return ""
    if not isinstance(value, str) and not _is_missing(value):
        raise TypeError("the filter takes a text; `string` makes one")
    return str(value)


def _nothing() -> Any:
    """JavaScript's undefined, which prints nothing."""
    from jinja2 import Undefined

    return Undefined()


def _is_missing(value: Any) -> bool:
    from jinja2 import Undefined

    return isinstance(value, Undefined)


def _default(value: Any, default: Any = "", boolean: Any = False) -> Any:  # noqa: FBT002 - Nunjucks' own
    return default if _is_missing(value) or (boolean and not value) else value


def _length(value: Any) -> Any:
    if isinstance(value, int | float) and value is not False:
        return _nothing()
    return _size(value)


def _size(value: Any) -> int:
    """The number of elements; a variable that is undefined is reported by its own error."""
    return len(value) if _is_missing(value) else length(value)


def _dump(value: Any, indent: int | None = None) -> Any:
    return value if _is_missing(value) else dumped(value, indent or 0)


def _join(value: Any, separator: str = "", attribute: str | None = None) -> str:
    if not isinstance(value, list | tuple | range):
        raise TypeError("`join` takes a list")
    items: list[Any] = list(value)
    chosen = [item.get(attribute) if attribute else item for item in items]
    return text(separator).join(map(text, chosen))


def _replace(value: Any, old: Any, new: Any, count: int = -1) -> Any:
    if not isinstance(old, str) or not old:
        raise TypeError("`replace` takes a text to replace")
    if value is None or isinstance(value, bool | list | dict):
        return value
    return _given(value).replace(old, text(new), count)


def _capitalize(value: Any) -> str:
    lower = _string(value).lower()
    return lower[:1].upper() + lower[1:]


def _title(value: Any) -> str:
    return " ".join(_capitalize(word) for word in _string(value).split(" "))


def _reverse(value: Any) -> Any:
    if not isinstance(value, str | list):
        raise TypeError("`reverse` takes a text or a list")
    return value[::-1] if isinstance(value, str) else Items(reversed(value))


def _list(value: Any) -> Any:
    if isinstance(value, Fields):
        return Items(Fields(key=key, value=item) for key, item in value.items())
    return Items(value)


def _first(value: Any) -> Any:
    return value[0] if _size(value) else _nothing()


def _last(value: Any) -> Any:
    return value[-1] if _size(value) else _nothing()


def _round(value: float, precision: int = 0, method: str | None = None) -> Any:
    factor = 10**precision
    rounding: Callable[[float], int] = {"ceil": math.ceil, "floor": math.floor}.get(
        method or "", _nearest
    )
    return rounding(value * factor) / factor


def _nearest(value: float) -> int:
    return math.floor(value + 0.5)


def _or_nothing(default: Any) -> Any:
    return _nothing() if default is None else default


def _integer(value: Any, default: Any = None) -> Any:
    found = re.match(r"[-+]?\d{1,30}", _given(value).strip(BLANKS))
    return int(found[0]) if found else _or_nothing(default)


def _float(value: Any, default: Any = None) -> Any:
    found = re.match(
        r"[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,3})?",
        _given(value).strip(BLANKS),
    )
    return float(found[0]) if found else _or_nothing(default)


def _sum(value: Any, attribute: str | None = None, start: float = 0) -> Any:
    return start + sum(item[attribute] if attribute else item for item in value)


def _indent(value: Any, width: int = 4, first: Any = False) -> str:  # noqa: FBT002 - Nunjucks' own
    if not _string(value):
        return ""
    head, *tail = _string(value).split("\n")
    spaces = " " * width
    return "\n".join([spaces + head if first else head, *(spaces + line for line in tail)])


def _truncate(value: Any, size: int = 255, killwords: Any = False, end: str = "...") -> str:  # noqa: FBT002 - Nunjucks' own
    given = _string(value)
    if len(given) <= size:
        return given
    space = -1 if killwords else given.rfind(" ", 0, size + 1)
    return given[: size if space < 0 else space] + end


def _escape(value: Any) -> str:
    return re.sub(r"[&\"'<>\\]", lambda found: _ESCAPED[found[0]], _given(value))


_ESCAPED = {
    "&": "&amp;",
    '"': "&quot;",
    "'": "&#39;",
    "<": "&lt;",
    ">": "&gt;",
    "\\": "&#92;",
}

FILTERS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "capitalize": _capitalize,
    "d": _default,
    "default": _default,
    "dump": _dump,
    "e": _escape,
    "escape": _escape,
    "first": _first,
    "float": _float,
    "indent": _indent,
    "int": _integer,
    "join": _join,
    "last": _last,
    "length": _length,
    "list": _list,
    "load": lambda value: values(json.loads(value)),
    "lower": lambda value: _string(value).lower(),
    "nl2br": lambda value: _string(value).replace("\r\n", "\n").replace("\n", "<br />\n"),
    "replace": _replace,
    "reverse": _reverse,
    "round": _round,
    "safe": _given,
    "sum": _sum,
    "title": _title,
    "trim": lambda value: _string(value).strip(BLANKS),
    "truncate": _truncate,
    "upper": lambda value: _string(value).upper(),
    "urlencode": lambda value: quote(_string(value), safe="!'()*-._~"),
    "wordcount": lambda value: len(re.findall(r"[A-Za-z0-9_]+", _string(value))) or None,
}
