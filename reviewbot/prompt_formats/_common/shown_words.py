"""The words of a text of source code, without what a program puts in, and where they stand."""

from typing import Any


def shown(said: Any) -> str:
    """The words of a text that a program composes."""
    found: list[str] = []
    waiting = [said]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):
            waiting += reversed(_parts(item))
        elif isinstance(item, dict):
            waiting += [item[key] for key in ("gives", "holds") if key in item][:1]
    return "".join(found)


def holds(whole: str, part: str) -> bool:
    """Whether a text begins somewhere in another, blanks aside; what is not told may hold any."""
    start = "".join(part.split())[:_COMPARED]
    return not whole or start in "".join(whole.split())


_COMPARED = 40


def _parts(said: list[Any]) -> list[Any]:
    """What an operation is made of; lists of TypeScript and their items have no name before them.

    Each item of a list stands behind the separator, or in a line of its own.
    """
    match said:
        case ["list", separator, [*items], *_]:
            return [part for item in items for part in (separator, item)][1:]
        case ["items", _, [*given], [*others]]:
            return [part for item in (*given, *others) for part in (item, "\n")][:-1]
        case _:
            return said[1:]
