"""What stands at the places of a file, and at all that these lead to; each is looked at once."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

Place = tuple[int, str]
"""A block by its id, with the name of one of its values, or with none for what it gives."""

Look = Callable[[Place], tuple[AbstractSet[str], list[Place]]]
"""Tells what stands at a place itself, and where that leads to."""


class Reachable:
    """The sets of what is reached, whatever circles the places lead in.

    Places that lead to each other have one set. They are found as Tarjan's strongly connected
    components (https://doi.org/10.1137/0201010), without recursion.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._known: dict[Place, AbstractSet[str]] = {}

    def of(self, place: Place) -> AbstractSet[str]:
        """All that stands at a place, and behind it."""
        if place not in self._known:
            self._reach(place)
        return self._known[place]

    def _reach(self, first: Place) -> None:
        numbers: dict[Place, int] = {}
        lowest: dict[Place, int] = {}
        found: dict[Place, set[str]] = {}
        open_places: list[Place] = []
        entered: dict[Place, int] = {}
        path: list[tuple[Place, Iterator[Place]]] = []

        def enter(place: Place) -> None:
            own, behind = self._look(place)
            numbers[place] = lowest[place] = len(numbers)
            found[place] = {*own}
            entered[place] = len(open_places)
            open_places.append(place)
            path.append((place, iter(behind)))

        enter(first)
        while path:
            place, behind = path[-1]
            following = next(behind, None)
            if following is None:
                path.pop()
                if lowest[place] == numbers[place]:
                    self._close(open_places, entered[place], found)
                if path:
                    outer = path[-1][0]
                    lowest[outer] = min(lowest[outer], lowest[place])
                    found[outer].update(self._known.get(place, ()))
            elif following in self._known:
                found[place] |= self._known[following]
            elif following in numbers:
                lowest[place] = min(lowest[place], numbers[following])
            else:
                enter(following)

    def _close(self, open_places: list[Place], start: int, found: dict[Place, set[str]]) -> None:
        """Keep one set for all that were entered from one on: they lead to each other."""
        together = open_places[start:]
        del open_places[start:]
        every = frozenset().union(*(found[one] for one in together))
        self._known |= dict.fromkeys(together, every)
