"""What leads from a file that sends texts to the other files which say how these are sent."""

from collections.abc import Iterable
from typing import Any

from reviewbot.rendering.parsers._common.called_functions import inside
from reviewbot.rendering.parsers._common.concerned_names import ConcernedNames
from reviewbot.rendering.parsers._common.sent_parts import (
    CHANGING,
    OBJECTS,
    Ask,
    Block,
    Called,
    Named,
    Part,
    Slot,
    Steps,
    Together,
    place_of,
)

_MOST_PARTS = 2_000
_COMMON = CHANGING | {
    *("hasattr", "getattr", "isinstance", "print", "str", "list", "dict", "len", "get", "format"),
    *("join", "map", "filter", "then", "forEach", "reduce", "items", "zip", "sorted", "super"),
}
"""Functions of the languages themselves, whatever a file calls so."""

_MAKING = {"__init__", "constructor"}


class Links:
    """Collects the functions that texts are given, and the imported names that say how often."""

    def __init__(self) -> None:
        self._called: set[str] = set()
        self._uses: dict[str, str] = {}
        self._asked: dict[str, str] = {}

    def call(self, slot: Slot, concerned: ConcernedNames) -> None:
        """A place where a text is given to something."""
        waiting = [slot.part]
        for part in waiting:
            if len(waiting) > _MOST_PARTS:
                break
            waiting += inside(part)
            match part:
                case Called(name=str(name), parts=parts, named=named):
                    given = [*parts, *named.values()]
                case Together(of_class=str(name), parts=parts):
                    given = [*parts]
                case _:
                    continue
            if name and name not in _COMMON and any(map(concerned.names_in, given)):
                self._called.add(name)

    def use(self, part: Part, how: str, *, is_asked: bool = False) -> None:
        """What says how a text is sent, or what is asked for: `how` is what is told of it."""
        self._use(part, how, self._asked if is_asked else self._uses)

    def _use(self, part: Part, how: str, found: dict[str, str]) -> None:
        waiting = [part]
        for one in waiting:
            if len(waiting) > _MOST_PARTS:
                break
            if isinstance(one, Named):
                name, owner, _ = place_of(one.steps, one.block)
                if owner is None and one.block.imports(name):
                    for step in one.steps:
                        found.setdefault(step, how)
                elif owner is not None:
                    waiting += (held for held in owner.set.get(name, ()) if held not in waiting)
            waiting += (one.value,) if isinstance(one, Ask) else inside(one)

    def told(
        self, module: Block, concerned: ConcernedNames, beside: Iterable[Ask]
    ) -> dict[str, Any]:
        """These, the names of the module that stand for a text, and its constants.

        What is asked for `beside` texts that are measured whole is read with them, but for what
        other files define.
        """
        defined: dict[str, str] = {}
        for ask in beside:
            self._use(ask.value, ask.key, defined)
        names = {*module.set, *module.added}
        return {
            "called": sorted(self._called),
            "uses": self._uses,
            "asked": self._asked,
            "defined": {name: how for name, how in defined.items() if name not in self._asked},
            "aliases": sorted(name for name in names if concerned.has(module, name)),
            "getters": sorted(name for name in concerned.functions() if not name.startswith("_")),
            "constants": {
                **{name: [said] for name, said in module.definitions.items()},
                **{name: said for name, said in module.constants.items() if name},
            },
        }


def arguments_of(blocks: Iterable[Block], functions: Iterable[str]) -> set[tuple[Steps, str]]:
    """The arguments of certain functions, and of what makes objects of classes of these names."""
    meant = {*functions}
    return {
        (block.path, name)
        for block in blocks
        if block.path and not block.is_class
        if block.path[-1] in meant or (block.path[-1] in _MAKING and {*block.path[-2:-1]} & meant)
        for name in block.given
        if name and name not in OBJECTS
    }
