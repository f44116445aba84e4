"""The functions of other files that texts are given, and the arguments that they are given for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from reviewbot.rendering.parsers._common.receivers import classes_of, last_of
from reviewbot.rendering.parsers._common.sent_parts import (
    CHANGING,
    OBJECTS,
    Block,
    Called,
    Made,
    Named,
    Steps,
)

ALL: Final = "*"
"""The place of an argument that only the running program knows."""

_COMMON = CHANGING | {
    *("hasattr", "getattr", "isinstance", "print", "str", "list", "dict", "len", "get", "format"),
    *("join", "map", "filter", "then", "forEach", "reduce", "items", "zip", "sorted"),
}
"""Functions of the languages themselves, whatever a file calls so."""

_MAKING: Final = ("__init__", "__new__", "constructor")
_Key = tuple[str, bool, frozenset[str], bool]


class GivenFunctions:
    """Collects the calls that certain texts are given to.

    A call is told by its `name`, by whether it is one of a method, and by the classes or modules
    that this may be of; with each the places of the arguments that are given, and what they are.
    It `is_settled` of what class a method is if its object is made there, and not only said to be.
    """

    def __init__(self) -> None:
        self._found: dict[_Key, tuple[set[int | str], set[Steps]]] = {}

    def add(self, call: Called | Made, given: Mapping[int | str, Iterable[Steps]]) -> None:
        """A call, and what stands in those of its arguments in which any text does."""
        key = _key_of(call)
        if not key[0] or key[0] in _COMMON or not given:
            return
        places, texts = self._found.setdefault(key, (set(), set()))
        places.update([ALL] if call.is_spread else given)
        texts.update(steps for held in given.values() for steps in held)

    def told(self) -> list[dict[str, Any]]:
        """A record of each."""
        return [
            {
                "name": name,
                "is_method": is_method,
                "classes": sorted(classes),
                "is_settled": is_settled,
                "places": sorted(places, key=str),
                "texts": sorted(map(list, texts)),
            }
            for (name, is_method, classes, is_settled), (places, texts) in sorted(
                self._found.items(), key=lambda item: (*item[0][:2], sorted(item[0][2]), item[0][3])
            )
        ]


def _key_of(call: Called | Made) -> _Key:
    block = call.block
    if call.name == "super" and block is not None:  # what a class of TypeScript is made with
        around = block.own_class()
        return "constructor", True, frozenset(() if around is None else around.bases), True
    if call.of is not None:
        is_settled = bool(classes_of(call.of, by_type=False))
        return call.name, True, classes_of(call.of), is_settled
    owner = None if block is None else block.owner(call.name)
    if block is None or owner is None:
        module = "" if block is None else block.imports(call.name)
        return call.name, False, frozenset(last_of(module)), True
    others = [part for part in owner.set.get(call.name, ()) if isinstance(part, Named)]
    names = {part.steps[-1] for part in others if part.block.is_elsewhere}
    module = block.imports(call.name)
    if len(names) == 1 == len(owner.set[call.name]) and module:  # it is imported under this name
        return names.pop(), False, frozenset(last_of(module)), True
    return "", False, frozenset(), True  # a value of the file's own


def arguments_of(
    blocks: Iterable[Block], functions: Sequence[Mapping[str, Any]]
) -> AbstractSet[tuple[Steps, str]]:
    """The arguments of certain `functions` at certain `places`.

    Methods are those of the named classes; where none is named, of whichever. What `is_made` of
    classes gets what these are made with.
    """
    return {
        (block.path, name)
        for block in blocks
        for one in functions
        if "places" in one and _is_meant(block, one)
        for name in _given_at(block, one["places"])
    }


def _is_meant(block: Block, one: Mapping[str, Any]) -> bool:
    if not block.path or block.is_class:
        return bool(block.path and one["is_made"] and block.path[-1] in one["classes"])
    around = block.path[-2] if block.outer is not None and block.outer.is_class else ""
    classes = one["classes"]
    if one["is_made"]:
        return block.path[-1] in _MAKING and around in classes
    if block.path[-1] != one["name"]:
        return False
    return bool(around) == one["is_method"] and (not around or not classes or around in classes)


def _given_at(block: Block, places: Sequence[int | str]) -> Iterator[str]:
    """The names of the arguments at certain places, whether by number or by name.

    Of a class that nothing else makes, as of a dataclass, they are its fields.
    """
    if block.is_class:
        fields = [name for name in block.set if not name.startswith("self.")]
        chosen = {at if isinstance(at, str) else fields[at] for at in places if _is_at(at, fields)}
        yield from (f"self.{name}" for name in fields if ALL in places or name in chosen)
        return
    names = [name for name in block.given if name not in (*OBJECTS, *block.rest)]
    several, named = block.rest
    beyond = [place for place in places if isinstance(place, int) and place >= len(names)]
    if several and (beyond or ALL in places):
        yield several
    if named and any(isinstance(place, str) and place not in names for place in places):
        yield named
    for position, name in enumerate(names):
        if name and (ALL in places or position in places or name in places):
            yield name


def _is_at(place: int | str, fields: Sequence[str]) -> bool:
    return place in fields if isinstance(place, str) else place < len(fields)
