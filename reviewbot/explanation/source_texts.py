"""The static text of what source code composes, for reading: what variables fill is one character.

The operations are those of `rendering.parsers.python_source` and `typescript_source`.
"""

import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.rendering.parsers._common.texts import strings_in

HOLE = "\x00"
"""Stands where a variable does: no prompt holds it."""

_MADE: Mapping[str, Callable[[str], str]] = {
    "cleandoc": inspect.cleandoc,
    "dedent": textwrap.dedent,
    "dedented": textwrap.dedent,
    "join": str,
    "plus": str,
    "strip": str.strip,
    "trim": str.strip,
}
"""Operations that send all of their texts."""

_CHOSEN = {"if": 1, "or": 0, "nullish": 0, "and": 1}
"""Operations that send one of several texts, and how many conditions stand before these."""

_HOLES = frozenset({"hole", "field", "undefined", "spread"})


def composed_text(said: Any) -> str | None:
    """The text of `said` with a `HOLE` for each variable, and every side of each condition.

    None where it is made in a way that keeps no static text, such as a replacement in it.
    """
    match said:
        case str():
            return said
        case ["value", constant]:
            return str(constant)
        case [str() as name, *_] if name in _HOLES:
            return HOLE
        case [str() as name, *parts] if name in _MADE:
            whole = _joined(parts)
            return None if whole is None else _MADE[name](whole)
        case [str() as name, *parts] if name in _CHOSEN:
            return _joined(parts[_CHOSEN[name] :])
    return None if any(strings_in(said)) else HOLE


def _joined(parts: list[Any]) -> str | None:
    texts = [composed_text(part) for part in parts]
    known = [text for text in texts if text is not None]
    return "".join(known) if len(known) == len(texts) else None
