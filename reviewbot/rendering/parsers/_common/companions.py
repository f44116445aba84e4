"""What source code sends beside a text that has a name: imported texts, and characters."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

from msgspec import Struct, to_builtins

from reviewbot.rendering.parsers._common.answers import is_answer, is_run
from reviewbot.rendering.parsers._common.bounds import (
    Attached,
    Bound,
    Told,
    bounds_in,
    files_told,
)
from reviewbot.rendering.parsers._common.called_functions import Functions, inside
from reviewbot.rendering.parsers._common.carriers import Carrier, carriers_in
from reviewbot.rendering.parsers._common.imported_texts import imported_text, names_in
from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL
from reviewbot.rendering.parsers._common.sent_parts import (
    KEYS,
    Ask,
    Block,
    Called,
    Constant,
    Either,
    Grown,
    Member,
    Named,
    Part,
    Slot,
    Steps,
    Together,
    place_of,
)
from reviewbot.rendering.parsers._common.summed_texts import MANY, Key, total

_MOST_PARTS = 5_000
_MOST_PLACES = 5_000
_REPEATS = re.compile(r"\* |repeat|for each of .*(?:range\(|length|Array|[<>]|True|true)")


class Companions(Struct, frozen=True):
    """The texts of other files, by name and by what holds them, and the characters of this one.

    `bounds` say how much is taken of what fills it, `flows` are the names of that.
    """

    names: frozenset[str]
    carriers: frozenset[Carrier]
    characters: int
    bounds: frozenset[Told] = frozenset()
    flows: frozenset[str] = frozenset()

    def told(self) -> dict[str, Any]:
        """How it is filled."""
        return {"bounds": [[*one] for one in sorted(self.bounds)], "flows": sorted(self.flows)}


Filling = tuple[frozenset[Told], frozenset[str]]
"""The bounds and the flows of one."""


class _Given:
    """What a name or a function gives: texts of other files, what it asks for, and characters.

    `behind` are the names and functions in it, and how often each stands there.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.settings: set[str] = set()
        self.carriers: set[Carrier] = set()
        self.bounds: set[Told] = set()
        self.flows: set[str] = set()
        self.characters = 0
        self.files = 0
        self.behind: list[tuple[Key, int]] = []


class Walk:
    """Collects what stands in parts of one file, but for the texts that have certain `names`.

    What a function gives is left out where one of the `measured` texts stands in it. Each name and
    each function is looked through once, however often it is sent.
    """

    def __init__(
        self, names: AbstractSet[str], functions: Functions, measured: AbstractSet[Steps]
    ) -> None:
        self._names = names
        self._functions = functions
        self._measured = measured
        self._known: dict[Key, _Given] = {}
        self._parts: dict[Key, Callable[[], Iterable[Part]]] = {}

    def of(self, part: Part, *, is_call: bool) -> Companions:
        """What stands in something that is sent; of a call only what it sends."""
        root = self._look_through(_sent_by(part) if is_call else [part])
        names, settings, carriers = {*root.names}, {*root.settings}, {*root.carriers}
        bounds, flows, files = {*root.bounds}, {*root.flows}, root.files
        seen: set[Key] = set()
        waiting = [key for key, _ in root.behind]
        while waiting and len(seen) < _MOST_PLACES:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                given = self._given(key)
                names |= given.names
                settings |= given.settings
                carriers |= given.carriers
                bounds |= given.bounds
                flows |= given.flows
                files += given.files
                waiting += [one for one, _ in given.behind]
        characters = total(root.characters, root.behind, self._counted)
        held = frozenset(one for one in carriers if one.name not in settings)
        several = frozenset((*bounds, files_told(files))), frozenset(flows)
        return Companions(frozenset(names - settings), held, characters, *several)

    def _given(self, key: Key) -> _Given:
        if key not in self._known:
            self._known[key] = self._look_through(self._parts[key]())
        return self._known[key]

    def _counted(self, key: Key) -> tuple[int, list[tuple[Key, int]]]:
        given = self._given(key)
        return given.characters, given.behind

    def _look_through(self, parts: Iterable[Part]) -> _Given:
        found = _Given()
        waiting = [(one, 1) for one in parts]
        while waiting:
            one, times = waiting.pop()
            found.files += isinstance(one, Attached)
            found.bounds.update(bounds_in(one, self._functions.values))
            match one:
                case Constant(characters=length):
                    found.characters += length * times
                    files = [*carriers_in(one)]
                    found.carriers.update(files)
                    found.names.update(file.name for file in files)
                case Ask(value=value):
                    found.settings.update(names_in(value))
                case Bound(name=Named() as name):
                    found.carriers.update(carriers_in(name))
                case Named() if self._is_other(one):
                    found.flows.add(".".join(one.steps))
                    found.names.update(name for name, _ in imported_text(one))
                    found.carriers.update(carriers_in(one))
                    found.behind += [(key, times) for key in self._place(one)]
                case Either(parts=parts) | Together(parts=parts):
                    found.carriers.update(carriers_in(one) if isinstance(one, Member) else ())
                    waiting += [(inner, times) for inner in parts]
                case Grown(how=how, part=inner):
                    waiting.append((inner, MANY if _REPEATS.match(how) else times))
                case Called() if is_answer(one):  # a class of the project may only make a text
                    found.carriers.update(() if is_run(one) else carriers_in(one))
                case Called(parts=parts, named=named, of=on):
                    made = (on,) if isinstance(on, Called) else ()  # `read_csv(…).to_string()`
                    beside = () if one.is_object else named.values()
                    waiting += [(inner, times) for inner in (*made, *parts, *beside)]
                    own = [*self._functions_in(one)]
                    found.carriers.update(() if own else carriers_in(one))
                    found.behind += [(key, times) for key in own]
        return found

    def _functions_in(self, call: Called) -> Iterator[Key]:
        for block in self._functions.meant_by(call):
            if not self._is_measured(block.path):
                key = id(block), ""
                self._parts[key] = partial(tuple, block.returned)
                yield key

    def _place(self, name: Named) -> Iterator[Key]:
        own, owner, _ = place_of(name.steps, name.block)
        if owner is not None:
            key = id(owner), own
            self._parts[key] = partial(self._values, owner, own)
            yield key

    def _values(self, owner: Block, own: str) -> tuple[Part, ...]:
        attribute = own.removeprefix("self.")
        held = () if attribute == own else self._functions.of_object(owner, attribute)
        set_so = self._functions.values(owner, own)
        others = [part for part in held if not any(part is one for one in set_so)]
        return *set_so, *owner.added.get(own, ()), *others

    def _is_measured(self, path: Steps) -> bool:
        return any(steps[: len(path)] == path for steps in self._measured)

    def _is_other(self, name: Named) -> bool:
        """Whether it is none of the names, or one that the file itself sets."""
        return self._names.isdisjoint(name.steps) or place_of(name.steps, name.block)[1] is not None


def _sent_by(part: Part) -> Iterable[Part]:
    """What a call sends of what it is given."""
    if not isinstance(part, Called):
        return [part]
    named = [value for key, value in part.named.items() if key in KEYS]
    given = part.parts if part.name in RUN_A_MODEL or not named else ()
    return [*named, *given]


class Sending:
    """What each name is sent with, and what is sent without any of them, in one file."""

    def __init__(
        self, names: AbstractSet[str], functions: Functions, measured: AbstractSet[Steps]
    ) -> None:
        self._walk = Walk(names, functions, measured)
        self._uses: list[tuple[Slot, list[Steps], Companions]] = []
        self._others: list[tuple[Slot, Companions]] = []
        self._carriers: dict[Carrier, int] = {}
        self._fillings: dict[Filling, tuple[int, dict[str, Any]]] = {}

    def named(self, slot: Slot, steps: list[Steps]) -> None:
        """A place where these names are sent."""
        self._uses.append((slot, steps, self._walk.of(slot.part, is_call=slot.is_call)))

    def other(self, slot: Slot) -> None:
        """A place where something else is sent."""
        if slot.is_sent and not slot.is_call:
            found = self._walk.of(slot.part, is_call=False)
            if found.names or found.characters or found.carriers or len(found.bounds) > 1:
                self._others.append((slot, found))

    def told(
        self, own: AbstractSet[Steps], around: Mapping[Steps, list[Steps]]
    ) -> Iterator[dict[str, Any]]:
        """A record of each: the `steps` of a name, or none, and what stands `beside` it.

        `around` are texts that have all of a place, by its path.
        """
        for slot, several, found in self._uses:
            for steps in several:
                module = _module_of(slot.part, steps)
                yield self._record(slot, steps, found, around) | {
                    "is_own": steps in own,
                    "module": module,
                }
        for slot, found in self._others:
            yield self._record(slot, (), found, around) | {"is_own": False, "module": ""}

    def tables(self) -> dict[str, Any]:
        """What many of the records that were told have, which name it by its places here."""
        carriers = [to_builtins(one) for one in self._carriers]
        return {"carriers": carriers, "fillings": [one for _, one in self._fillings.values()]}

    def _record(
        self, slot: Slot, steps: Steps, found: Companions, around: Mapping[Steps, list[Steps]]
    ) -> dict[str, Any]:
        places, fillings = self._carriers, self._fillings
        key = found.bounds, found.flows
        if key not in fillings:
            fillings[key] = len(fillings), found.told()
        return {
            "steps": [*steps],
            "beside": sorted(found.names),
            "carriers": [places.setdefault(it, len(places)) for it in sorted(found.carriers)],
            "characters": found.characters,
            "filled": fillings[key][0],
            "is_sent": slot.is_sent,
            "line": slot.line,
            "within": [*slot.within],
            "around": [[*text] for text in around.get(slot.within, ())],
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
