"""The calls of models in source code: which texts each sends, and the loops that it stands in."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from reviewbot.rendering.parsers._common.called_functions import Functions, inside
from reviewbot.rendering.parsers._common.looked_at import LookedAt
from reviewbot.rendering.parsers._common.requests import RETRIES
from reviewbot.rendering.parsers._common.sent_parts import (
    CACHES,
    Ask,
    Block,
    Called,
    Named,
    Part,
    Slot,
    Steps,
    gives_an_answer,
)

_MOST_PARTS = 500


def told_call(
    slot: Slot, names: Iterable[Steps], own: AbstractSet[Steps], measured: Iterable[Steps]
) -> Iterator[dict[str, Any]]:
    """A record for each of the `names` that a call sends, if it is one of a model.

    Those of the file are its `own`. A `measured` text in the function around the call is sent too.
    """
    call = slot.part
    if not slot.is_call or not isinstance(call, Called):
        return
    if not gives_an_answer(call.name, call.named) or _wraps_another(call):
        return
    whole = {*_within(slot, measured)}
    for steps in sorted({*whole, *names}):
        is_own = steps in own or steps in whole
        loops = [*slot.loops]
        yield {"steps": [*steps], "line": slot.line, "loops": loops, "is_own": is_own, "by": ""} | {
            "within": [*slot.within]
        }


def unread_within(
    slot: Slot, measured: Iterable[Steps], functions: Functions, looked_at: LookedAt
) -> Iterator[tuple[Steps, str, str]]:
    """What a `measured` call asks for that is not read with it, by its steps.

    That are lifetimes of its messages in the cache, and retries, its own or those of its client.
    """
    whole = [*_within(slot, measured)] if slot.is_call else []
    waiting: list[Part] = [slot.part] if whole else []
    seen: set[tuple[Steps, int]] = set()
    for part in waiting:
        if isinstance(part, Ask) and (part.key in CACHES or part.key in RETRIES):
            yield from ((steps, part.key, part.said) for steps in whole)
        waiting += looked_at.more(inside(part))
        client = part.of if isinstance(part, Called) else None
        if isinstance(client, Named) and (key := (client.steps, id(client.block))) not in seen:
            seen.add(key)
            waiting += looked_at.more(functions.values_behind(client))


def _within(slot: Slot, measured: Iterable[Steps]) -> Iterator[Steps]:
    path = slot.within
    return (steps for steps in measured if path and steps[: len(path)] == path)


def asked_beside(
    slots: Iterable[Slot], module: Block, measured: AbstractSet[Steps], looked_at: LookedAt
) -> Iterator[Ask]:
    """What calls ask for that stand in the function of a `measured` text, or make what it is of."""
    waiting: list[Part] = [
        slot.part for slot in slots if slot.is_call and any(_within(slot, measured))
    ]
    waiting += (part for steps in measured for part in module.set.get(steps[0], ()))
    for part in waiting:
        if isinstance(part, Ask):
            yield part
        waiting += looked_at.more(inside(part))


def _wraps_another(call: Called) -> bool:
    """Whether a call is given what another one answers, or makes of both halves of a request."""
    waiting = [*inside(call)]
    for part in waiting:
        if isinstance(part, Called) and gives_an_answer(part.name, part.named):
            return True
        waiting += inside(part) if len(waiting) < _MOST_PARTS else ()
    return False
