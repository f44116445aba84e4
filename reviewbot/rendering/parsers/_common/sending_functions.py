"""The functions of a file that send texts by calls of models, and where they are called."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from reviewbot.rendering.parsers._common.called_functions import Functions, inside
from reviewbot.rendering.parsers._common.receivers import classes_of
from reviewbot.rendering.parsers._common.sent_parts import Block, Called, Grown, Named, Slot, Steps

_MOST_ROUNDS = 10
_MOST_PARTS = 200
_RUNNING = {
    *("map", "starmap", "imap", "amap", "submit", "to_thread", "run_in_executor", "create_task"),
    *("partial", "retry", "flatMap", "forEach"),
}
"""What runs a function that it is given."""


class Callers:
    """The calls of functions that send texts.

    `direct` are the calls of models with what they send, `own` the names of the file.
    """

    def __init__(
        self,
        slots: Sequence[Slot],
        direct: Iterable[tuple[Slot, list[Steps]]],
        functions: Functions,
        own: AbstractSet[Steps],
    ) -> None:
        self._own = own
        self._functions = functions
        self._calls = [(slot, *one) for slot in slots for one in _called(slot, functions)]
        self._sending: dict[Steps, set[Steps]] = {}
        for slot, names in direct:
            if slot.within:
                self._sending.setdefault(slot.within, set()).update(names)
        for _ in range(_MOST_ROUNDS):
            size = sum(map(len, self._sending.values()))
            for slot, block, _ in self._calls:
                if slot.within and block.path in self._sending:
                    more = self._sending[block.path]
                    self._sending.setdefault(slot.within, set()).update(more)
            if sum(map(len, self._sending.values())) == size:
                break

    def senders(self) -> list[str]:
        """The names of functions that other files may call; those of methods with their class."""
        sending = [path for path, texts in self._sending.items() if texts]
        several = ((self._functions.class_of(path), path[-1]) for path in sending)
        return sorted({".".join(filter(None, steps)) for steps in several})

    def told(self) -> Iterator[dict[str, Any]]:
        """A record for each call: which function a text is sent `by`."""
        for slot, block, loops in self._calls:
            for steps in sorted(self._sending.get(block.path, ())):
                yield _record(slot, steps, ".".join(block.path), loops, is_own=steps in self._own)


def told_others(
    slots: Iterable[Slot], senders: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """A record for each call of functions of another file that send something.

    Methods are those of the `classes` of a sender. What nobody knows the class of is one of these
    if the method `is_sole` of its name.
    """
    for slot in slots if senders else ():
        for call, loops in _runs(slot):
            if any(_may_be(call, one) for one in senders):
                yield _record(slot, (call.name,), call.name, loops, is_own=False)


def _may_be(call: Called, sender: Mapping[str, Any]) -> bool:
    if call.name != sender["name"] or not sender["classes"]:
        return bool(call.name == sender["name"])
    if call.of is None:
        return False
    known = classes_of(call.of)
    return not known.isdisjoint(sender["classes"]) if known else bool(sender["is_sole"])


def _record(
    slot: Slot, steps: Steps, by: str, loops: Iterable[str], *, is_own: bool
) -> dict[str, Any]:
    around = [*slot.loops, *loops]
    record = {"steps": [*steps], "line": slot.line, "loops": around, "is_own": is_own}
    return record | {"by": by, "within": [*slot.within]}


def _called(slot: Slot, functions: Functions) -> Iterator[tuple[Block, list[str]]]:
    """The functions of the file that a call is one of, or that it is given to run.

    Those without a name within one, which have its path, are no further ones.
    """
    for call, loops in _runs(slot):
        several = {block.path: block for block in functions.meant_by(call)}
        yield from ((block, loops) for block in several.values())


def _runs(slot: Slot) -> Iterator[tuple[Called, list[str]]]:
    """A call, and those of the functions that it is given to run, with the loops of its own."""
    if not slot.is_call:
        return
    if isinstance(slot.part, Called):
        yield slot.part, []
        if slot.part.name in _RUNNING:
            loops = [slot.part.name] if "map" in slot.part.name else []
            yield from ((call, loops) for call in _given(slot.part.parts))
        return
    waiting = [slot.part]
    for part in waiting:
        if isinstance(part, Grown) and part.how.startswith("for each of "):
            over = [part.how.removeprefix("for each of ")]
            yield from ((call, over) for call in _given(inside(part.part)))
        waiting += inside(part) if len(waiting) < _MOST_PARTS else ()


def _given(parts: Iterable[Any]) -> Iterator[Called]:
    for part in parts:
        if isinstance(part, Named):
            on = Named(part.steps[:-1], part.block) if len(part.steps) > 1 else None
            yield Called(part.steps[-1], (), of=on, block=part.block)
