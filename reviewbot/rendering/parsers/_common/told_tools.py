"""How much a model is told of a tool that source code defines and another file sends."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from reviewbot.rendering.parsers._common.reachable import Place, Reachable

_TOLD: Final = re.compile(r"a definition of ([0-9]{1,9}) characters\Z")


def told(characters: int) -> str:
    """What stands for a definition of that many characters; empty of none."""
    return f"a definition of {characters} characters" if characters else ""


def told_of_several(sizes: Sequence[int]) -> str:
    """What stands for the tools that an object is given by decorators, each with its head."""
    return told(sum(sizes) + _HEAD * len(sizes))


def told_with_named(
    own: Mapping[str, int], named: Mapping[str, AbstractSet[str]]
) -> dict[str, str]:
    """What stands for each definition by its name, with those that it names, and these in turn.

    `own` are the characters of each. Each counts once, however often it is named.
    """

    def look(place: Place) -> tuple[AbstractSet[str], list[Place]]:
        name = place[1]
        return {name}, [(0, one) for one in sorted(named[name] & own.keys())]

    reachable = Reachable(look)
    sizes = {name: sum(own[one] for one in reachable.of((0, name))) for name in own}
    return {name: told(size) for name, size in sizes.items() if size}


def without_definitions(said: str) -> tuple[str, int]:
    """A setting without how long what it names is described, and the characters of that."""
    sizes = [int(size) for size in _ANYWHERE.findall(said)]
    return _ANYWHERE.sub("", said), sum(sizes)


def told_literal(said: str, names: Iterable[str]) -> str:
    """What stands for a definition that is written where it is used, with the names in it."""
    several = ", ".join(sorted(names))
    return f"{said} + {several}" if said and several else said


def described_behind(said: str) -> int:
    """How many of the names in a setting are described behind it."""
    return len(_ANYWHERE.findall(said)) - (_ANYWHERE.match(said) is not None)


_ANYWHERE: Final = re.compile(r"a definition of ([0-9]{1,9}) characters")
_HEAD: Final = 60
"""Characters of the name and the keys of a tool, about."""


def characters_told(said: str) -> int | None:
    """The characters of a definition; None where something else is said."""
    found = _TOLD.match(said)
    return None if found is None else int(found[1])
