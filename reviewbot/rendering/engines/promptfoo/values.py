"""Values as Nunjucks loops over them and prints them; the rules below are JavaScript's."""

from typing import Any

from reviewbot.rendering.engines._common import javascript


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
            return javascript.number_text(value)
        case Pair():
            raise TypeError("a loop over an object takes two names: `for key, value in object`")
        case list() | tuple() | range():
            return ",".join(map(text, value))
        case dict():
            return "[object Object]"
        case _:
            raise TypeError("the template prints what is no text")


def length(value: Any) -> int:
    """The number of elements, or of UTF-16 units of a text."""
    if isinstance(value, str):
        return len(javascript.units(value))
    return len(value) if isinstance(value, list | tuple | range | dict) else 0


def dumped(value: Any, indent: int = 0) -> str:
    """A value as `JSON.stringify` writes it.

    Raises:
        TypeError: It is no data.

    """
    if not _is_data(value):
        raise TypeError("`dump` takes data only")
    return javascript.json_text(value, indent)


def _is_data(value: Any) -> bool:
    match value:
        case dict():
            return all(map(_is_data, value.values()))
        case list() | tuple() | range():
            return all(map(_is_data, value))
        case _:
            return value is None or isinstance(value, bool | int | float | str)
