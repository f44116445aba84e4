"""Values as JavaScript compares and prints them, for template languages that come from there.

The rules are those of ECMAScript: ToString, Number::toString, IsLooselyEqual and JSON.stringify.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final


class _Undefined:
    """What a name means that nothing has; null is another value."""

    def __bool__(self) -> bool:
        return False


UNDEFINED: Final = _Undefined()

BLANK: Final = " \t\n\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What `\\s` matches, as a part of a pattern's class."""

BLANKS: Final = "".join(chr(code) for code in range(0x2000, 0x200B)) + BLANK.replace(
    "\u2000-\u200a", ""
)
"""The same, sign by sign."""

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_LARGEST_INDEX = 2**32 - 2
_EXACT = 2**53
_SHOWN_DIGITS = 21
_SMALLEST_EXPONENT = -6


def is_nothing(value: Any) -> bool:
    """Whether it is null or undefined."""
    return value is None or value is UNDEFINED


def is_true(value: Any) -> bool:
    """Whether a value counts as true: of lists and objects each does."""
    return isinstance(value, list | Mapping) or bool(value)


def same(one: Any, other: Any) -> bool:
    """Whether `one == other`: of lists and objects only one and the same is equal."""
    if isinstance(one, list | Mapping) or isinstance(other, list | Mapping):
        return one is other
    if is_nothing(one) or is_nothing(other):
        return is_nothing(one) and is_nothing(other)
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return _number(one) == _number(other)


def has(parent: Any, name: str) -> Any:
    """A property of a value's own; UNDEFINED if it has none of that name."""
    if isinstance(parent, Mapping):
        return parent.get(name, UNDEFINED)
    if isinstance(parent, list | str):
        items = parent if isinstance(parent, list) else units(parent)
        if name == "length":
            return len(items)
        if _INDEX.fullmatch(name) and int(name) < len(items):
            return items[int(name)]
    return UNDEFINED


def entries(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Keys and values in their order: whole numbers go first."""
    keys = value.keys()
    numbers = [key for key in keys if _INDEX.fullmatch(key) and int(key) <= _LARGEST_INDEX]
    known = set(numbers)
    for key in (*sorted(numbers, key=int), *(key for key in keys if key not in known)):
        yield key, value[key]


def properties(value: Any) -> Mapping[str, Any]:
    """What a loop over a value's own properties meets: those of texts and lists are numbered."""
    if isinstance(value, list | str):
        items = value if isinstance(value, list) else units(value)
        return {str(place): item for place, item in enumerate(items)}
    return value if isinstance(value, Mapping) else {}


def text(value: Any) -> str:  # noqa: PLR0911 - one for each kind of value
    """A value as `String(value)` gives it."""
    match value:
        case str():
            return value
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number_text(value)
        case list() | tuple() | range():
            return ",".join("" if is_nothing(item) else text(item) for item in value)
        case Mapping():
            return "[object Object]"
        case _:
            return "undefined"


def json_text(value: Any, indent: int = 0) -> str:
    """A value as `JSON.stringify(value, null, indent)` gives it."""
    return _json(value, " " * min(max(indent, 0), 10), "\n")


def _json(value: Any, indent: str, line: str) -> str:
    import json

    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list() | tuple() | range():
            parts, marks = [_json(item, indent, line + indent) for item in value], "[]"
        case Mapping():
            colon = ": " if indent else ":"
            parts = [
                json.dumps(key, ensure_ascii=False) + colon + _json(item, indent, line + indent)
                for key, item in entries(value)
            ]
            marks = "{}"
        case _:
            return "null" if is_nothing(value) else text(value)
    if not parts:
        return marks
    if not indent:
        return f"{marks[0]}{','.join(parts)}{marks[1]}"
    return f"{marks[0]}{line}{indent}{f',{line}{indent}'.join(parts)}{line}{marks[1]}"


def units(value: str) -> str:
    """The text with each sign beyond U+FFFF as the two that JavaScript makes of it."""
    if value.isascii():
        return value
    data = value.encode("utf-16-le", "surrogatepass")
    return "".join(
        chr(int.from_bytes(data[place : place + 2], "little")) for place in range(0, len(data), 2)
    )


def _number(value: Any) -> float:
    try:
        return float(value.strip(BLANKS) or "0") if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        return math.nan


def number_text(value: float) -> str:  # noqa: PLR0911 - one for each case of the standard
    """A number as ECMAScript's Number::toString prints it."""
    if isinstance(value, int) and abs(value) < _EXACT:
        return str(value)
    try:
        value = float(value)
    except OverflowError:
        value = math.inf if value > 0 else -math.inf
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "-Infinity" if value < 0 else "Infinity"
    if value == 0:
        return "0"
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    if fraction == "0":
        fraction = ""
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if len(digits) <= point <= _SHOWN_DIGITS:
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    if 0 < point <= _SHOWN_DIGITS:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if _SMALLEST_EXPONENT < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if digits[1:] else ""
    return f"{sign}{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"
