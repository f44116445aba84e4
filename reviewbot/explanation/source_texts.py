"""The static text of what source code composes, for reading: what variables fill is one character.

The operations are those of `rendering.parsers.python_source` and `typescript_source`.
"""

import inspect
import re
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

_FIELDS = {
    "format": re.compile(r"\{\{|\}\}|\{[^{}]{0,300}\}"),
    "percent": re.compile(r"%%|%(?:\([^()]{0,100}\))?[-+ #0-9.*]{0,20}[a-zA-Z]"),
}
"""What `str.format` and `%` fill, and the signs that stand for one of themselves."""

_DOUBLED = frozenset({"{{", "}}", "%%"})


def composed_text(said: Any) -> str | None:
    """The text of `said` with a `HOLE` for each variable, and every side of each condition.

    None where it is made in a way that keeps no static text, such as a replacement in it.
    """
    found: str | None
    match said:
        case str():
            found = said
        case ["value", constant]:
            found = str(constant)
        case ["hole", {"gives": given}]:
            found = composed_text(given) or HOLE
        case ["largest", *texts]:
            found = max((composed_text(text) or "" for text in texts), key=len)
        case ["list", separator, [*items], *_]:
            found = _listed(separator, items)
        case [str() as name, *_] if name in _HOLES:
            found = HOLE
        case [str() as name, *parts] if name in _MADE:
            whole = _joined(parts[:1] if name == "strip" else parts)
            found = None if whole is None else _MADE[name](whole)
        case [str() as name, *parts] if name in _CHOSEN:
            found = _joined(parts[_CHOSEN[name] :])
        case ["format" | "percent" as name, inner, *given] if not any(map(_holds_text, given)):
            pattern = composed_text(inner)
            found = None if pattern is None else _FIELDS[name].sub(_hole, pattern)
        case _:
            found = None if any(strings_in(said)) else HOLE
    return found


def _listed(separator: Any, items: list[Any]) -> str | None:
    """The items of a list that is joined, and both sides of what stands there under a condition."""
    between = composed_text(separator)
    texts: list[str | None] = []
    for item in items:
        match item:
            case ["items", _, [*given], [*others]]:
                texts += [_listed(separator, side) for side in (given, others) if side]
            case _:
                texts.append(composed_text(item))
    known = [text for text in texts if text is not None]
    return between.join(known) if between is not None and len(known) == len(texts) else None


def _hole(field: re.Match[str]) -> str:
    return field[0][0] if field[0] in _DOUBLED else HOLE


def _holds_text(given: Any) -> bool:
    """Whether a text of the source code is among the values that are filled in."""
    match given:
        case str():
            return given != ""
        case dict():
            return any(map(_holds_text, given.values()))
        case [str() as name, *_] if name in _HOLES:
            return False
        case [str(), *parts] | [*parts]:
            return any(map(_holds_text, parts))
    return False


def _joined(parts: list[Any]) -> str | None:
    texts = [composed_text(part) for part in parts]
    known = [text for text in texts if text is not None]
    return "".join(known) if len(known) == len(texts) else None
