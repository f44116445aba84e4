"""Where in the configuration a key belongs that stands in the wrong place."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from reviewbot.configuration.shape import CONFIGURATION

_TOO_COMMON = frozenset({"name", "path"})
"""Keys of many things: where one of them belongs cannot be told from its name."""

_NAMED = "NAME"
"""Stands in a path for a name of the user's choice."""


def where_it_belongs(key: str, at: str) -> str | None:
    """The places of `key`, nearest to the position `at` first, as words; None where there is none.

    Only places that share their beginning with the position count, unless it is the file's top.
    """
    steps = [step for step in re.split(r"\.|(?=\[)", at) if step]
    shared = {place: _shared(place, steps) for place in _places().get(key, ())}
    most = max(shared.values(), default=0)
    if key in _TOO_COMMON:
        return None
    if key == "tokens" and re.search(r"\.samples\[\d+\]$", at):
        return "a variable of the sample, such as `ticket: {tokens: …}`"
    if steps and not most:
        return _in_one_place(list(shared))
    nearest = [
        place
        for place, common in shared.items()
        if common == most and (steps or place[:1] != ("usage",))
    ]
    if not nearest:
        return None
    return " or ".join(_told(place, steps) for place in nearest[:3])


def _in_one_place(places: list[tuple[str, ...]]) -> str | None:
    """The only section at the top of the file that may hold a key; None where others may, too."""
    if len(places) != 1 or places[0] == ("usage",):
        return None
    section, *inner = places[0]
    if inner == ["[]"]:
        return f"an item of `{section}`"
    return None if inner else f"`{section}` at the top of the file"


@cache
def _places() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Each key of the configuration, with the paths of the mappings that may hold it."""
    found: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
    for path in _paths(CONFIGURATION.schema(), ()):
        found[path[-1]][path[:-1]] = None
    return {key: tuple(paths) for key, paths in found.items()}


def _paths(schema: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, inner in schema.get("properties", {}).items():
        yield (*path, key)
        yield from _paths(inner, (*path, key))
    if isinstance(named := schema.get("additionalProperties"), dict):
        yield from _paths(named, (*path, _NAMED))
    if isinstance(item := schema.get("items"), dict):
        yield from _paths(item, (*path, "[]"))
    for inner in schema.get("anyOf", ()):
        yield from _paths(inner, path)


def _shared(place: tuple[str, ...], steps: list[str]) -> int:
    """How many steps from the top a place has in common with a position."""
    common = 0
    for wanted, step in zip(place, steps, strict=False):
        if not (wanted in (step, _NAMED) or (wanted == "[]" and step.startswith("["))):
            break
        common += 1
    return common


def _told(place: tuple[str, ...], steps: list[str]) -> str:
    """The place in words, with the names that the position has."""
    common = _shared(place, steps)
    written = [*steps[:common], *place[common:]]
    if not written:
        return "the top of the file"
    is_item = written[-1] == "[]"
    path = ".".join(written[:-1] if is_item else written).replace(".[", "[")
    return f"an item of `{path}`" if is_item else f"`{path}`"
