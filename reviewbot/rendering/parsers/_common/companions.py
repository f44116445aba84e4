"""What source code sends beside a text that has a name: imported texts, and characters."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Final

from msgspec import Struct

from reviewbot.rendering.parsers._common.called_functions import Functions, inside
from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL
from reviewbot.rendering.parsers._common.sent_parts import (
    KEYS,
    Ask,
    Block,
    Called,
    Constant,
    Either,
    Grown,
    Named,
    Part,
    Slot,
    Steps,
    Together,
    gives_an_answer,
    place_of,
)

MANY: Final = 1_000
"""How often something is counted of which only the running program knows it."""

_MOST_PARTS = 5_000
_REPEATS = re.compile(r"\* |repeat|for each of .*(?:range\(|length|Array|[<>]|True|true)")
_TEXT = re.compile(r"[A-Z][A-Z0-9_]+\Z|(?i:prompt|instruct|rules|system|template|persona|policy)")
_SETTING = re.compile(
    r"(?i:role|model|tokens|temperature|timeout|url|key|version)"
    r"|(?i:_(?:names?|class(?:es)?|types?|paths?|dirs?|modes?|kinds?|limits?|sizes?|counts?)|_?id)\Z"
)
_OF_CHOICES = re.compile(r"[a-z](?:Role|Mode|Type|Kind|Enum|Level|Status|State)\Z")
"""Names of classes whose members are words of a program, and no texts."""


class Companions(Struct, frozen=True):
    """The texts of other files, by name, and the characters of this one."""

    names: frozenset[str]
    characters: int


class Walk:
    """Collects what stands in parts of one file, but for the texts that have certain `names`.

    What a function gives is left out where one of the `measured` texts stands in it.
    """

    def __init__(
        self, names: AbstractSet[str], functions: Functions, measured: AbstractSet[Steps]
    ) -> None:
        self._names = names
        self._functions = functions
        self._measured = measured

    def of(self, part: Part, *, is_call: bool) -> Companions:
        """What stands in something that is sent; of a call only what it sends."""
        found: set[str] = set()
        settings: set[str] = set()
        characters = 0
        seen: set[tuple[int, str]] = set()
        waiting = [(one, 1) for one in (_sent_by(part) if is_call else [part])]
        left = _MOST_PARTS
        while waiting and left > 0:
            left -= 1
            one, times = waiting.pop()
            match one:
                case Constant(characters=length):
                    characters += length * times
                case Ask(value=value):
                    settings.update(name for name, _ in _imported(value))
                case Named() if self._is_other(one):
                    found.update(name for name, _ in _imported(one))
                    waiting += [(inner, times) for inner in self._behind(one, seen)]
                case Either(parts=parts) | Together(parts=parts):
                    waiting += [(inner, times) for inner in parts]
                case Grown(how=how, part=inner):
                    waiting.append((inner, MANY if _REPEATS.match(how) else times))
                case Called(parts=parts, named=named) if not _answers(one):
                    given = [*parts, *named.values()]
                    for block in self._functions.meant_by(one):
                        given += () if self._is_measured(block.path) else block.returned
                    waiting += [(inner, times) for inner in given]
        return Companions(frozenset(found - settings), characters)

    def _is_measured(self, path: Steps) -> bool:
        return any(steps[: len(path)] == path for steps in self._measured)

    def _is_other(self, name: Named) -> bool:
        """Whether it is none of the names, or one that the file itself sets."""
        return self._names.isdisjoint(name.steps) or place_of(name.steps, name.block)[1] is not None

    def _behind(self, name: Named, seen: set[tuple[int, str]]) -> Iterator[Part]:
        own, owner, _ = place_of(name.steps, name.block)
        if owner is not None and (id(owner), own) not in seen:
            seen.add((id(owner), own))
            yield from self._functions.values(owner, own)
            yield from owner.added.get(own, ())


def _answers(call: Called) -> bool:
    """Whether a call among what is sent gives the answer of a model, and nothing that it sends."""
    return gives_an_answer(call.name, call.named)


def _sent_by(part: Part) -> Iterable[Part]:
    """What a call sends of what it is given."""
    if not isinstance(part, Called):
        return [part]
    named = [value for key, value in part.named.items() if key in KEYS]
    given = part.parts if part.name in RUN_A_MODEL or not named else ()
    return [*named, *given]


def _imported(part: Part) -> Iterator[tuple[str, Block]]:
    """A text of another file by its name, as far as the name says that it is one."""
    if isinstance(part, Named):
        name, owner, _ = place_of(part.steps, part.block)
        last = part.steps[-1]
        is_elsewhere = owner is None and part.block.imports(name)
        is_choice = any(map(_OF_CHOICES.search, part.steps[:-1]))
        if is_elsewhere and _TEXT.search(last) and not _SETTING.search(last) and not is_choice:
            yield ".".join(part.steps), part.block


class Sending:
    """What each name is sent with, and what is sent without any of them, in one file."""

    def __init__(
        self, names: AbstractSet[str], functions: Functions, measured: AbstractSet[Steps]
    ) -> None:
        self._walk = Walk(names, functions, measured)
        self._uses: list[tuple[Slot, list[Steps], Companions]] = []
        self._others: list[tuple[Slot, Companions]] = []

    def named(self, slot: Slot, steps: list[Steps]) -> None:
        """A place where these names are sent."""
        self._uses.append((slot, steps, self._walk.of(slot.part, is_call=slot.is_call)))

    def other(self, slot: Slot) -> None:
        """A place where something else is sent."""
        if slot.is_sent and not slot.is_call:
            found = self._walk.of(slot.part, is_call=False)
            if found.names or found.characters:
                self._others.append((slot, found))

    def told(self, own: AbstractSet[Steps]) -> Iterator[dict[str, Any]]:
        """A record of each: the `steps` of a name, or none, and what stands `beside` it."""
        for slot, several, found in self._uses:
            for steps in several:
                module = _module_of(slot.part, steps)
                yield _record(slot, steps, found) | {"is_own": steps in own, "module": module}
        for slot, found in self._others:
            yield _record(slot, (), found) | {"is_own": False, "module": ""}


def _record(slot: Slot, steps: Steps, found: Companions) -> dict[str, Any]:
    return {
        "steps": [*steps],
        "beside": sorted(found.names),
        "characters": found.characters,
        "line": slot.line,
        "within": [*slot.within],
        "is_call": slot.is_call,
    }


def _module_of(part: Part, steps: Steps) -> str:
    """The module that a name is imported from by itself."""
    waiting = [part]
    for one in waiting:
        if len(waiting) > _MOST_PARTS:
            break
        if isinstance(one, Named) and one.steps == steps:
            return one.block.imports(steps[0])
        waiting += inside(one)
    return ""
