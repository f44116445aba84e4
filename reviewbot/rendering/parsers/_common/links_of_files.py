"""What leads from a file that sends texts to the other files which say how these are sent."""

from collections.abc import Iterable, Sequence
from typing import Any

from reviewbot.rendering.parsers._common.called_functions import inside
from reviewbot.rendering.parsers._common.carriers import carriers_in
from reviewbot.rendering.parsers._common.given_functions import GivenFunctions
from reviewbot.rendering.parsers._common.sent_parts import (
    Ask,
    Block,
    Called,
    Member,
    Named,
    Part,
    place_of,
)

_MOST_PARTS = 2_000


class Links:
    """Collects the functions that texts are given, and the imported names that say how often."""

    def __init__(self) -> None:
        self.given = GivenFunctions()
        self._uses: dict[str, str] = {}
        self._asked: dict[str, str] = {}
        self._holders: dict[str, set[str]] = {}

    def use(self, part: Part, how: str, *, is_asked: bool = False) -> None:
        """What says how a text is sent, or what is asked for: `how` is what is told of it."""
        self._use(part, how, self._asked if is_asked else self._uses)

    def _use(self, part: Part, how: str, found: dict[str, str]) -> None:
        waiting = [part]
        seen: set[tuple[int, str]] = set()
        for one in waiting:
            if len(waiting) > _MOST_PARTS:
                break
            if isinstance(one, Named):
                name, owner, _ = place_of(one.steps, one.block)
                if owner is None and one.block.imports(name):
                    for step in one.steps:
                        found.setdefault(step, how)
                elif owner is not None and (id(owner), name) not in seen:
                    seen.add((id(owner), name))
                    waiting += owner.set.get(name, ())
            if isinstance(one, Named | Member):
                self._hold(one, how, found)
            if isinstance(one, Called) and one.of is None and one.block is not None:
                is_other = bool(one.block.imports(one.name))
                found.update({one.name: found.get(one.name, how)} if is_other else {})
            waiting += (one.value,) if isinstance(one, Ask) else inside(one)

    def _hold(self, part: Named | Member, how: str, found: dict[str, str]) -> None:
        """An attribute of an object whose class another file has: `Settings().most`."""
        for carrier in carriers_in(part):
            if carrier.of_object:
                found.setdefault(carrier.name, how)
                self._holders.setdefault(carrier.name, set()).update(carrier.classes)

    def told(
        self, module: Block, aliases: Sequence[str], getters: Sequence[str], beside: Iterable[Ask]
    ) -> dict[str, Any]:
        """These, with the names and functions that stand for a text, and the module's constants.

        What is asked for `beside` texts that are measured whole is read with them, but for what
        other files define.
        """
        defined: dict[str, str] = {}
        for ask in beside:
            self._use(ask.value, ask.key, defined)
        return {
            "called": self.given.told(),
            "uses": self._uses,
            "asked": self._asked,
            "defined": {name: how for name, how in defined.items() if name not in self._asked},
            "holders": {name: sorted(classes) for name, classes in self._holders.items()},
            "aliases": sorted(aliases),
            "getters": sorted(getters),
            "constants": {name: said for name, said in module.constants.items() if name},
            "definitions": module.definitions,
        }
