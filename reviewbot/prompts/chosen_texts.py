"""Marks in what source code chooses between: texts and values that one sample sends, and not all.

The operations are those of `rendering.parsers.python_source` and `typescript_source`.
"""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from reviewbot.prompts.marked_runs import Run, Template, marked_runs
from reviewbot.rendering.marks import END_MARK, FIRST_MARK, MOST_MARKS

CHOOSING = {"if": 2, "or": 1, "nullish": 1, "and": 2, "items": 2}
"""Operations that send one of several values, and where these begin."""

_DECIDING = frozenset({"or", "nullish"})
"""Operations whose first value decides, so that it stays as it is."""


def mark_sides(data: list[Any], template: Template, first: int, runs: list[Run]) -> list[Any]:
    """An operation that chooses, with marks in each of its sides; `runs` get what is marked."""
    begin = CHOOSING[data[0]]
    kept = data[:begin]
    sides = data[begin:]
    if data[0] == "items":
        return [
            *kept,
            *([mark_side(item, template, first, runs) for item in side] for side in sides),
        ]
    if data[0] in _DECIDING and not isinstance(sides[0], str):
        kept, sides = data[: begin + 1], data[begin + 1 :]
    return [*kept, *(mark_side(item, template, first, runs) for item in sides)]


def mark_side(data: Any, template: Template, first: int, runs: list[Run]) -> Any:
    """A value that may be sent or not, with marks; of several only in the one that counts."""
    found = data
    match data:
        case str():
            own = marked_runs(replace(template, text=data), first + len(runs))
            runs += own.runs
            found = own.text
        case [str() as name, *_] if name in CHOOSING:
            found = mark_sides(data, template, first, runs)
        case ["join", *parts]:
            found = ["join", *(mark_side(part, template, first, runs) for part in parts)]
        case ["largest", *sides]:
            sizes = [sum(map(len, _strings(["join", side]))) for side in sides]
            largest = sizes.index(max(sizes))
            marked = mark_side(sides[largest], template, first, runs)
            found = ["largest", *sides[:largest], marked, *sides[largest + 1 :]]
        case ["value" | "undefined" | "spread", *_]:
            pass
        case [str(), *_]:
            found = _made(data, template, first, runs)
    return found


def _made(data: list[Any], template: Template, first: int, runs: list[Run]) -> list[Any]:
    """A value, or a text that is made of others, between marks."""
    number = first + len(runs)
    if number >= MOST_MARKS:
        return data
    text, is_open = "\n".join(_strings(data[1:])), False
    if data[0] == "hole":
        text, is_open = f"{{{{ {data[1].get('name', '')} }}}}", True
    runs.append(Run(path=template.path, line=template.line, text=text, is_open=is_open))
    return ["join", chr(FIRST_MARK + number), data, END_MARK]


def _strings(data: Any) -> Iterator[str]:
    """The texts in an operation, without the names of those within it."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        is_operation = data[:1] and isinstance(data[0], str)
        for item in data[1:] if is_operation else data:
            yield from _strings(item)
