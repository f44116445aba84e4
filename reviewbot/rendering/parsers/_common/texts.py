"""Texts that source code composes, as JSON data: a string, or an operation on other texts.

An operation is a list that begins with its name, `["join", text, …]`; the engines of the languages
say what each means.
"""

from collections.abc import Iterable
from typing import Any

from reviewbot.prompt import TemplateError

Text = Any

MOST_CHARACTERS = 4_000_000
_MOST_OPERATIONS = 20_000


class Operation(list[Any]):
    """An operation on texts, as JSON; `size` counts the operations in it."""

    def __init__(self, name: str, *arguments: Any) -> None:
        super().__init__((name, *arguments))
        self.size = 1 + sum(map(_size, arguments))
        if self.size > _MOST_OPERATIONS:
            raise endless()


class TooMuchTextError(TemplateError):
    """There is more text than people write, so that whatever holds it cannot be measured."""


def endless() -> TooMuchTextError:
    """The error for a text that grows beyond what any prompt holds."""
    return TooMuchTextError("grows beyond all bounds", "write it out", line=1)


def too_much_given() -> TooMuchTextError:
    """The error for a text that calls a function which gives more than is held."""
    what = f"calls a function that gives more than {_MOST_GIVEN_CHARACTERS:,} characters of text"
    return TooMuchTextError(what, "let it give less, or measure its parts by themselves")


def bounded(first: str, second: str) -> str:
    """Both texts as one.

    Raises:
        TemplateError: It is longer than any prompt.
    """
    if len(first) + len(second) > MOST_CHARACTERS:
        raise endless()
    return first + second


def strings_in(said: Text) -> Iterable[str]:
    """The strings that stand in a text, whatever is done with them."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, list):
        for item in said[1:]:
            yield from strings_in(item)


def is_small(said: Text) -> bool:
    """Whether a text that a function gives is one that people write, with all that stands in it."""
    left, waiting = _MOST_GIVEN_CHARACTERS, [said]
    for number, item in enumerate(waiting):
        if isinstance(item, str):
            left -= len(item)
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()
        if left < 0 or number > _MOST_GIVEN_PARTS:
            return False
    return True


_MOST_GIVEN_CHARACTERS = 200_000
_MOST_GIVEN_PARTS = 5_000


def relocated(said: Text, line: int) -> Text:
    """A text of another file, all of whose expressions stand in one line of this one."""
    match said:
        case Operation():
            name, *arguments = said
            if name == "hole":
                return Operation("hole", {**arguments[0], "line": line})
            if name == "field":
                *arguments, _ = arguments
                return Operation("field", *(relocated(item, line) for item in arguments), line)
            return Operation(name, *(relocated(item, line) for item in arguments))
        case list():
            return [relocated(item, line) for item in said]
        case dict():
            return {key: relocated(item, line) for key, item in said.items()}
        case _:
            return said


def _size(argument: Any) -> int:
    match argument:
        case Operation():
            return argument.size
        case list():
            return sum(map(_size, argument))
        case dict():
            return sum(map(_size, argument.values()))
        case _:
            return 0
