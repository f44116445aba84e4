"""The functions of a file, and what calls in it give them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from reviewbot.rendering.parsers._common.receivers import ancestors, children_of, classes_of
from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL
from reviewbot.rendering.parsers._common.sent_parts import (
    OBJECTS,
    Block,
    Called,
    Either,
    Grown,
    Named,
    Part,
    Steps,
    Together,
    place_of,
)


class Functions:
    """The functions among some blocks, and the calls of them."""

    def __init__(self, blocks: Iterable[Block], calls: Iterable[Called]) -> None:
        self._by_name: dict[str, list[Block]] = defaultdict(list)
        self._classes: dict[str, list[Block]] = defaultdict(list)
        for block in blocks:
            if block.is_class and block.path:
                self._classes[block.path[-1]].append(block)
            if block.path and not block.is_class:
                self._by_name[block.path[-1]].append(block)
        self._bases = {
            name: [base for one in several for base in one.bases]
            for name, several in self._classes.items()
        }
        self._children = children_of(self._bases)
        self._receivers: dict[int, AbstractSet[str]] = {}
        self._families: dict[str, AbstractSet[str]] = {}
        self._calls: dict[str, list[Called]] = defaultdict(list)
        for call in calls:
            if call.name in self._by_name:
                self._calls[call.name].append(call)

    def meant_by(self, call: Called) -> list[Block]:
        """The functions that a call may be one of."""
        return [block for block in self._by_name.get(call.name, ()) if self._may_mean(call, block)]

    def class_of(self, path: Steps) -> str:
        """The class whose method a function of that path is; empty of one that is none."""
        around = path[-2] if len(path) > 1 else ""
        return around if around in self._classes else ""

    def given(self) -> Iterator[tuple[Block, str, Part]]:
        """Each argument of a function with each thing that calls give for it."""
        for name in self._calls:
            for function in self._by_name[name]:
                for argument in function.given:
                    found = self.arguments(function, argument)
                    yield from ((function, argument, part) for part in found)

    def values(self, owner: Block, name: str) -> list[Part]:
        """What a name of a block is set to, by its statements and by calls."""
        return [*owner.set.get(name, ()), *self.arguments(owner, name)]

    def of_object(self, of: Block, name: str) -> Iterator[Part]:
        """What an attribute of the objects of a class is, or what a method of them gives.

        That are attributes of the class and of those that it is made of, and properties.
        """
        for one in sorted(ancestors(of.path[-1:], self._bases)):
            for block in self._classes.get(one, ()):
                yield from (*block.set.get(name, ()), *block.set.get(f"self.{name}", ()))
                own = (item for item in self._by_name.get(name, ()) if item.outer is block)
                yield from (part for item in own for part in item.returned)

    def values_behind(self, name: Named) -> list[Part]:
        """What a name is set to."""
        own, owner, _ = place_of(name.steps, name.block)
        return [] if owner is None else [*owner.set.get(own, ())]

    def places(self, steps: Steps, block: Block) -> Iterator[tuple[Block, str]]:
        """The blocks that a name may belong to, with what it is called there."""
        name, owner, _ = place_of(steps, block)
        if owner is not None:
            yield owner, name
        if len(steps) > 1:  # an attribute of a class, which its methods call by `self`
            holder = steps[0]
            around = block.own_class() if holder in OBJECTS else None
            several = self._classes.get(holder, ()) if holder not in OBJECTS else [around]
            for own in several:
                if own is not None:
                    yield own, steps[1]
                    yield own, f"self.{steps[1]}"

    def given_constants(self, function: Block, name: str) -> Iterator[str]:
        """The constants that calls in the file give for an argument."""
        position = self._position(function, name)
        for call in self._calls_of(function) if position >= 0 else ():
            if self._may_mean(call, function):
                given = (call.constants.get(key) for key in (name, position))
                yield from filter(None, given)

    def _calls_of(self, function: Block) -> Iterable[Called]:
        """The calls of a function by its name; one of the module itself may have none."""
        return self._calls.get(function.path[-1], ()) if function.path else ()

    @staticmethod
    def _position(function: Block, name: str) -> int:
        given = [item for item in function.given if item not in OBJECTS]
        return given.index(name) if name in given else -1

    def arguments(self, function: Block, name: str) -> Iterator[Part]:
        """What calls in the file give for an argument."""
        position = self._position(function, name)
        for call in self._calls_of(function) if position >= 0 else ():
            if not self._may_mean(call, function):
                continue
            if name in call.named:
                yield call.named[name]
            elif position < len(call.parts):
                yield call.parts[position]

    def _may_mean(self, call: Called, function: Block) -> bool:
        """Whether a call may be one of a function: of a method if it is called on its object.

        What nobody knows the class of may be of any. A class that runs a model, `self.llm.chat(…)`
        in its own `chat`, does not call itself.
        """
        around = function.outer if function.outer is not None and function.outer.is_class else None
        if around is None or call.of is None:
            return (around is None) == (call.of is None)
        if call.name in RUN_A_MODEL and not _is_itself(call.of):
            return call.block is None or call.block.own_class() is not around
        if id(call) not in self._receivers:
            self._receivers[id(call)] = classes_of(call.of)
        known = self._receivers[id(call)]
        return not known or not known.isdisjoint(self._related(around))

    def _related(self, block: Block) -> AbstractSet[str]:
        """The names of a class, of those that it is made of, and of those made of it."""
        name = block.path[-1]
        if name not in self._families:
            children = ancestors([name], self._children)
            self._families[name] = ancestors([name], self._bases) | children
        return self._families[name]


def inside(part: Part) -> tuple[Part, ...]:
    """What something is made of; nothing of a name or a constant."""
    match part:
        case Either(parts=parts) | Together(parts=parts):
            return parts
        case Grown(part=inner, by=by):
            return (inner, by)
        case Called(parts=parts, named=named, of=on):
            return (on, *parts, *named.values())
    return ()


def _is_itself(on: Part) -> bool:
    return isinstance(on, Named) and len(on.steps) == 1 and on.steps[0] in OBJECTS
