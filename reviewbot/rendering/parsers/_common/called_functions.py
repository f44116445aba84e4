"""The functions of a file, and what calls in it give them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from reviewbot.rendering.parsers._common.sent_parts import (
    OBJECTS,
    Block,
    Called,
    Either,
    Named,
    Part,
    place_of,
)


class Functions:
    """The functions among some blocks, and the calls of them."""

    def __init__(self, blocks: Iterable[Block], calls: Iterable[Called]) -> None:
        self._by_name: dict[str, list[Block]] = defaultdict(list)
        for block in blocks:
            if block.path and not block.is_class:
                self._by_name[block.path[-1]].append(block)
        self._calls: dict[str, list[Called]] = defaultdict(list)
        for call in calls:
            if call.name in self._by_name:
                self._calls[call.name].append(call)

    def meant_by(self, call: Called) -> list[Block]:
        """The functions that a call may be one of."""
        return [block for block in self._by_name.get(call.name, ()) if _may_mean(call, block)]

    def given(self) -> Iterator[tuple[Block, str, Called]]:
        """Each argument of a function with each call that may give it."""
        for name, calls in self._calls.items():
            for function in self._by_name[name]:
                for argument in function.given:
                    yield from ((function, argument, call) for call in calls)

    def values(self, owner: Block, name: str) -> list[Part]:
        """What a name of a block is set to, by its statements and by calls."""
        return [*owner.set.get(name, ()), *self.arguments(owner, name)]

    def constants(self, value: Part) -> set[str]:
        """The constants that a value may be, by its names and the functions that give it."""
        found: set[str] = set()
        waiting, seen = [value], set[tuple[int, str]]()
        while waiting:
            match waiting.pop():
                case Named(steps=steps, block=block):
                    name, owner, _ = place_of(steps, block)
                    if owner is not None and (id(owner), name) not in seen:
                        seen.add((id(owner), name))
                        found.update(owner.constants.get(name, ()))
                        found.update(self._given_constants(owner, name))
                        waiting += self.values(owner, name)
                case Called() as call:
                    for block in self._by_name.get(call.name, ()):
                        if _may_mean(call, block) and (id(block), "") not in seen:
                            seen.add((id(block), ""))
                            found.update(block.constants.get("", ()))
                            waiting += block.returned
                case Either(parts=parts):
                    waiting += parts
        return found

    def _given_constants(self, function: Block, name: str) -> Iterator[str]:
        position = self._position(function, name)
        for call in self._calls.get(function.path[-1], ()) if position >= 0 else ():
            if _may_mean(call, function):
                given = (call.constants.get(key) for key in (name, position))
                yield from filter(None, given)

    @staticmethod
    def _position(function: Block, name: str) -> int:
        given = [item for item in function.given if item not in OBJECTS]
        return given.index(name) if name in given else -1

    def arguments(self, function: Block, name: str) -> Iterator[Part]:
        """What calls in the file give for an argument."""
        position = self._position(function, name)
        for call in self._calls.get(function.path[-1], ()) if position >= 0 else ():
            if not _may_mean(call, function):
                continue
            if name in call.named:
                yield call.named[name]
            elif position < len(call.parts):
                yield call.parts[position]


def _may_mean(call: Called, function: Block) -> bool:
    """Whether a call may be one of a function: of a method if it is called on something."""
    is_method = function.outer is not None and function.outer.is_class
    return is_method == (call.of is not None)
