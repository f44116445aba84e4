"""What leads from a file that sends texts to the other files which say how these are sent."""

from collections.abc import Iterable, Sequence
from typing import Any

from reviewbot.rendering.parsers._common.called_functions import inside
from reviewbot.rendering.parsers._common.carriers import carriers_in
from reviewbot.rendering.parsers._common.given_functions import GivenFunctions
from reviewbot.rendering.parsers._common.looked_at import LookedAt
from reviewbot.rendering.parsers._common.sent_parts import (
    Ask,
    Block,
    Called,
    Member,
    Named,
    Part,
    place_of,
)


class _Found:
    """What is told of imported names, and the names of the file that were looked behind."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self.seen: set[tuple[int, str]] = set()


class Links:
    """Collects the functions that texts are given, and the imported names that say how often."""

    def __init__(self) -> None:
        self.given = GivenFunctions()
        self.looked_at = LookedAt()
        self._uses = _Found()
        self._asked = _Found()
        self._holders: dict[str, set[str]] = {}

    def use(self, part: Part, how: str, *, is_asked: bool = False) -> None:
        """What says how a text is sent, or what is asked for: `how` is what is told of it."""
        self._use(part, how, self._asked if is_asked else self._uses)

    def _use(self, part: Part, how: str, found: _Found) -> None:
        waiting = [part]
        for one in waiting:
            if isinstance(one, Named):
                name, owner, _ = place_of(one.steps, one.block)
                if owner is None and one.block.imports(name):
                    for step in one.steps:
                        found.told.setdefault(step, how)
                elif owner is not None and (id(owner), name) not in found.seen:
                    found.seen.add((id(owner), name))
                    waiting += self.looked_at.more(owner.set.get(name, ()))
            if isinstance(one, Named | Member):
                self._hold(one, how, found)
            is_function = isinstance(one, Called) and one.of is None and one.block is not None
            if is_function and one.block.imports(one.name):
                found.told.setdefault(one.name, how)
            inner = (one.value,) if isinstance(one, Ask) else inside(one)
            waiting += self.looked_at.more(inner)

    def _hold(self, part: Named | Member, how: str, found: _Found) -> None:
        """An attribute of an object whose class another file has: `Settings().most`."""
        for carrier in carriers_in(part):
            if carrier.of_object:
                found.told.setdefault(carrier.name, how)
                self._holders.setdefault(carrier.name, set()).update(carrier.classes)

    def told(
        self, module: Block, aliases: Sequence[str], getters: Sequence[str], beside: Iterable[Ask]
    ) -> dict[str, Any]:
        """These, with the names and functions that stand for a text, and the module's constants.

        What is asked for `beside` texts that are measured whole is read with them, but for what
        other files define.
        """
        defined = _Found()
        for ask in beside:
            self._use(ask.value, ask.key, defined)
        return {
            "called": self.given.told(),
            "uses": self._uses.told,
            "asked": self._asked.told,
            "defined": {
                name: how for name, how in defined.told.items() if name not in self._asked.told
            },
            "holders": {name: sorted(classes) for name, classes in self._holders.items()},
            "aliases": sorted(aliases),
            "getters": sorted(getters),
            "constants": {name: said for name, said in module.constants.items() if name},
            "definitions": module.definitions,
        }
