"""Names of prompts in source code, as the configuration selects them."""

from collections.abc import Iterable
from typing import Any, Final

BEYOND: Final = "…"
"""What no name of a program is: under it stands that a file has more names than are read."""


def selector(path: Iterable[str]) -> str:
    """The path of names as the configuration writes it: names with a dot stand in quotes."""
    return ".".join(f'"{name}"' if "." in name or not name else name for name in path)


def beyond(most: int) -> dict[str, Any]:
    """What is told of a file with more than so many names."""
    what = f"it may hold more than the {most:,} names that are read of a file"
    return {"line": 1, "problem": what, "mend": "split it"}
