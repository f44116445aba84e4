"""The functions and names of a file that a measured text is made of, and of which it has all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewbot.rendering.parsers._common.called_functions import Functions
from reviewbot.rendering.parsers._common.sent_parts import (
    Block,
    Called,
    Either,
    Grown,
    Named,
    Part,
    Slot,
    Steps,
    Together,
    gives_an_answer,
    place_of,
)

_MOST_PARTS = 20_000


def measured_around(
    texts: Iterable[Steps], blocks: Sequence[Block], slots: Iterable[Slot], functions: Functions
) -> Mapping[Steps, list[Steps]]:
    """The `texts` that have all of what a block gives, or a name stands for, by its path.

    What an unknown function is given is in none of them. A function that runs a model is not told:
    it sends more than it gives.
    """
    several = [*slots]
    running = {slot.within for slot in several if _runs(slot.part)}
    found: dict[Steps, list[Steps]] = {}
    for text in sorted(texts):
        for path in _reached(_beginning(text, blocks, several), functions) - running:
            found.setdefault(path, []).append(text)
    return found


def _runs(part: Part) -> bool:
    return isinstance(part, Called) and gives_an_answer(part.name, part.named)


def _beginning(text: Steps, blocks: Sequence[Block], slots: Sequence[Slot]) -> Iterator[Part]:
    """What a text is made of at first: a name, what a function gives, or what its calls send."""
    for block in blocks:
        size = len(block.path)
        if text[:size] != block.path or (size == 0 and block is not blocks[0]):
            continue
        inner = text[size : size + 1]
        names = [name for one in inner for name in (one, f"self.{one}") if name in block.set]
        if names:
            yield from (Named((name,), block) for name in names)
        elif size and inner in {(), ("return",)}:
            yield from block.returned
        elif size and not block.is_class:
            yield from (slot.part for slot in slots if slot.within == block.path and slot.is_sent)


def _reached(beginning: Iterable[Part], functions: Functions) -> set[Steps]:
    """The paths of what stands in parts, as far as nothing unknown is made of it."""
    found: set[Steps] = set()
    seen: set[tuple[int, str]] = set()
    waiting = [*beginning]
    for number, part in enumerate(waiting):
        if number > _MOST_PARTS:
            break
        match part:
            case Either(parts=parts) | Together(parts=parts):
                waiting += parts
            case Grown(part=inner):
                waiting.append(inner)
            case Named(steps=steps, block=block):
                name, owner, _ = place_of(steps, block)
                if owner is not None and (id(owner), name) not in seen:
                    seen.add((id(owner), name))
                    found.add((*owner.path, name))
                    waiting += (*functions.values(owner, name), *owner.added.get(name, ()))
            case Called() as call:
                for block in functions.meant_by(call):
                    if (id(block), "") not in seen:
                        seen.add((id(block), ""))
                        found.add(block.path)
                        waiting += block.returned
    return found
