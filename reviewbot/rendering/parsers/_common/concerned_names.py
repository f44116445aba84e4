"""The names of a file behind which certain others are found."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from reviewbot.rendering.parsers._common.answers import is_answer
from reviewbot.rendering.parsers._common.called_functions import Functions
from reviewbot.rendering.parsers._common.given_functions import arguments_of
from reviewbot.rendering.parsers._common.sent_parts import (
    OBJECTS,
    Ask,
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

Key = tuple[int, str]
"""A name of a block by the block's id; by 0 what a function gives, by 1 names of others, 2 asks."""

_GIVEN_BY: Final = 0
_OF_OTHERS: Final = 1
_ASKING: Final = (2, "")


class ConcernedNames:
    """Tells which names, arguments and functions may stand for any of `names`.

    The functions that are `meant` are as `sent_forms` is asked for them: what those in `answering`
    give is an answer, and no text.
    """

    def __init__(
        self,
        names: AbstractSet[str],
        blocks: Sequence[Block],
        functions: Functions,
        meant: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self._names = names
        self.answering = frozenset(one["name"] for one in meant if "answers" in one)
        self._arguments = arguments_of(blocks, meant)
        self._functions = functions
        users: dict[Key, list[Key]] = defaultdict(list)
        found: set[Key] = set()
        asking: set[Key] = set()
        for user, part in self._holders(blocks):
            for key, is_meant in (
                self._keys_in(part) if not (isinstance(part, Called) and self.ends(part)) else ()
            ):
                users[key].append(user)
                if is_meant:
                    found.add(user)
                if key == _ASKING:
                    asking.add(user)
        self._found = _reached(found, users)
        self._asking = _reached(asking, users)

    def has(self, block: Block, name: str) -> bool:
        """Whether a name of a block is one of them."""
        return (id(block), name) in self._found

    def asks(self, block: Block, name: str) -> bool:
        """Whether something that a request is asked for stands behind a name of a block."""
        return (id(block), name) in self._asking

    def is_one(self, steps: Steps, owner: Block | None) -> bool:
        """Whether steps are one of the names, or one of the arguments, which are a function's."""
        own = f"self.{steps[1]}" if steps[0] in OBJECTS and len(steps) > 1 else steps[0]
        if owner is not None and (owner.path, own) in self._arguments:
            return True
        return not self._names.isdisjoint(steps)

    def ends(self, call: Called) -> bool:
        """Whether a call gives an answer, of which nothing that was sent is part."""
        return call.name in self.answering or is_answer(call)

    def in_part(self, part: Part) -> bool:
        """Whether any of the names, or of those that stand for them, is in a part."""
        return any(is_meant or key in self._found for key, is_meant in self._keys_in(part))

    def _holders(self, blocks: Iterable[Block]) -> Iterator[tuple[Key, Part]]:
        for block in blocks:
            for names in (block.set, block.added):
                for name, parts in names.items():
                    yield from (((id(block), name), part) for part in parts)
            if block.path:
                yield from (((_GIVEN_BY, block.path[-1]), part) for part in block.returned)
        for function, argument, part in self._functions.given():
            yield (id(function), argument), part

    def _keys_in(self, part: Part) -> Iterator[tuple[Key, bool]]:
        """The keys in a part, each with whether it is one of the names itself.

        Nothing is told of what answers within it were given.
        """
        waiting = [part]
        while waiting:
            match waiting.pop():
                case Called() as call if call is not part and self.ends(call):
                    continue
                case Named(steps=steps, block=block):
                    name, owner, _ = place_of(steps, block)
                    key = (_OF_OTHERS, steps[-1]) if owner is None else (id(owner), name)
                    yield key, self.is_one(steps, owner)
                case Either(parts=parts) | Together(parts=parts):
                    waiting += parts
                case Ask():
                    yield _ASKING, False
                case Grown(part=inner):
                    waiting.append(inner)
                case Called(name=name, parts=parts, named=named, of=on, block=block):
                    yield (_GIVEN_BY, name), name in self._names
                    waiting += (on, *parts, *named.values())
                    owner = block.owner(name) if block is not None else None
                    if owner is not None:  # what is called is a value: of `partial(…)`
                        yield (id(owner), name), False


def _reached(found: set[Key], users: Mapping[Key, Iterable[Key]]) -> AbstractSet[Key]:
    """All that uses what is found, by whatever ways."""
    waiting = [*found]
    for key in waiting:
        new = {*users.get(key, ())} - found
        found |= new
        waiting += new
    return found
