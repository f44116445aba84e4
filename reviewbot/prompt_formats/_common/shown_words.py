"""The words of a text of source code, without what a program puts in."""

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
            waiting += reversed(item[1:])
        elif isinstance(item, dict):
            waiting += [item["holds"]] if "holds" in item else []
    return "".join(found)
