"""The constants that stand behind the names of a file, and behind the functions that give them."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from reviewbot.rendering.parsers._common.answers import is_answer
from reviewbot.rendering.parsers._common.called_functions import Functions, inside
from reviewbot.rendering.parsers._common.reachable import Place, Reachable
from reviewbot.rendering.parsers._common.sent_parts import Block, Called, Constant, Named, Part


class Constants:
    """Tells them; the texts that have certain `names` are none."""

    def __init__(self, names: AbstractSet[str], functions: Functions) -> None:
        self._names = names
        self._functions = functions
        self._blocks: dict[int, Block] = {}
        self._reachable = Reachable(self._constants_at)

    def of(self, value: Part) -> AbstractSet[str]:
        """The constants that a value may be, by its names and the functions that give it."""
        found, behind = self._constants_in([value])
        return found.union(*(self._reachable.of(key) for key in behind))

    def _constants_at(self, key: Place) -> tuple[set[str], list[Place]]:
        """What a name may be, or a function gives, by itself, and the places that it leads to."""
        block, name = self._blocks[key[0]], key[1]
        if not name:
            found, behind = self._constants_in(block.returned)
        else:
            parts = [*self._functions.values(block, name), *block.added.get(name, ())]
            found, behind = self._constants_in(parts)
            found.update(self._functions.given_constants(block, name))
        return found.union(block.constants.get(name, ())), behind

    def _constants_in(self, parts: Iterable[Part]) -> tuple[set[str], list[Place]]:
        """The constants that parts say themselves, and the places that these lead to."""
        found: set[str] = set()
        behind: dict[Place, None] = {}
        waiting = [*parts]
        while waiting:
            match waiting.pop():
                case Constant(said=said):
                    found.add(said)
                case Named(steps=steps, block=block) if self._names.isdisjoint(steps):
                    behind |= {
                        self._place(*one): None for one in self._functions.places(steps, block)
                    }
                case Called() as call if blocks := self._functions.meant_by(call):
                    behind |= {self._place(block, ""): None for block in blocks}
                case Called() as call if is_answer(call):
                    continue  # nothing that it is given says how long an answer is
                case Called() as call:
                    found.update(call.constants.values())
                    waiting += inside(call)
                case other:
                    waiting += inside(other)
        return found, [*behind]

    def _place(self, block: Block, name: str) -> Place:
        self._blocks[id(block)] = block
        return id(block), name

    def behind(self, value: Part) -> set[str]:
        """The constants behind the names in something, without those that it says itself."""
        found: set[str] = set()
        waiting = [value]
        while waiting:
            match waiting.pop():
                case Named() as name:
                    found |= self.of(name)
                case other:
                    if isinstance(other, Called) and self._functions.meant_by(other):
                        found |= self.of(other)
                    waiting += inside(other)
        return found
