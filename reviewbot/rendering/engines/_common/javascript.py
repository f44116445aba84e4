"""Values as JavaScript prints, compares and measures them, for Nunjucks templates.

The rules are those of ECMAScript: ToString, Number::toString, IsLooselyEqual and JSON.stringify.
"""

import json
from decimal import Decimal
from typing import Any

_EXPONENT_FROM = 21
_SMALLEST_EXPONENT = -6
SPACES = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What `trim` takes away."""


class Items(list[Any]):
    """An array: it counts as true even where it is empty."""

    def __bool__(self) -> bool:
        return True

    def __add__(self, other: object) -> Any:
        raise TypeError("JavaScript adds no lists")


class Pair(tuple[Any, ...]):
    """An entry of an object, which a loop takes apart into two names."""

    __slots__ = ()


class Fields(dict[str, Any]):
    """An object: it counts as true, and a loop over it takes its entries."""

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Any:
        return (Pair(item) for item in self.items())


def values(data: Any) -> Any:
    """JSON data whose lists and mappings behave as JavaScript's."""
    if isinstance(data, list):
        return Items(values(item) for item in data)
    if isinstance(data, dict):
        return Fields({key: values(item) for key, item in data.items()})
    return data


def text(value: Any) -> str:
    """A value as a Nunjucks template prints it.

    Raises:
        TypeError: It is no data.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return number(value)
        case Pair():
            raise TypeError("a loop over an object takes two names: `for key, value in object`")
        case list() | tuple() | range():
            return ",".join(map(text, value))
        case dict():
            return "[object Object]"
        case _:
            raise TypeError("the template prints what is no text")


def number(value: float) -> str:
    """A number in the shortest form that means it."""
    value = float(value)
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    shown = "".join(map(str, digits))
    point = len(shown) + int(exponent)
    if point > _EXPONENT_FROM or point <= _SMALLEST_EXPONENT:
        fraction = f".{shown[1:]}" if len(shown) > 1 else ""
        shown = f"{shown[0]}{fraction}e{point - 1:+d}"
    elif point <= 0:
        shown = f"0.{'0' * -point}{shown}"
    elif point < len(shown):
        shown = f"{shown[:point]}.{shown[point:]}"
    else:
        shown = shown.ljust(point, "0")
    return f"-{shown}" if sign else shown


def length(value: Any) -> int:
    """The number of elements, or of UTF-16 units of a text."""
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) // 2
    return len(value) if isinstance(value, list | tuple | range | dict) else 0


def equal(first: Any, second: Any) -> bool:
    """Whether `==` holds."""
    if isinstance(first, list | dict) or isinstance(second, list | dict):
        return first is second
    if isinstance(first, str) and isinstance(second, str):
        return first == second
    if first is None or second is None:
        return first is second
    return _numeric(first) == _numeric(second)


def _numeric(value: Any) -> float | None:
    if not isinstance(value, str):
        return float(value)
    try:
        return float(value.strip(SPACES) or "0")
    except ValueError:
        return None


def dumped(value: Any, indent: int | None = None, level: int = 0) -> str:
    """A value as `JSON.stringify` writes it."""
    inner, outer, colon = ("", "", ":")
    if indent:
        inner, outer = f"\n{' ' * indent * (level + 1)}", f"\n{' ' * indent * level}"
        colon = ": "
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            return number(value)
        case list() | tuple() | range():
            items = [dumped(item, indent, level + 1) for item in value]
            joined = ",".join(f"{inner}{item}" for item in items)
            return f"[{joined}{outer if items else ''}]"
        case dict():
            entries = [
                f"{inner}{dumped(key)}{colon}{dumped(item, indent, level + 1)}"
                for key, item in value.items()
            ]
            return f"{{{','.join(entries)}{outer if entries else ''}}}"
        case _:
            raise TypeError("`dump` takes data only")
