"""The records of what a file of source code sends, and in which forms."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from msgspec import to_builtins
from msgspec.structs import replace

from reviewbot.rendering.parsers._common.answering import answering
from reviewbot.rendering.parsers._common.carriers import held_by
from reviewbot.rendering.parsers._common.companions import Sending, Walk
from reviewbot.rendering.parsers._common.measured_around import measured_around
from reviewbot.rendering.parsers._common.model_calls import (
    asked_beside,
    told_call,
    unread_within,
)
from reviewbot.rendering.parsers._common.requests import CAPS
from reviewbot.rendering.parsers._common.sending_functions import Callers, told_others
from reviewbot.rendering.parsers._common.sent_forms import ASK, Forms, Held
from reviewbot.rendering.parsers._common.sent_parts import (
    Altering,
    Block,
    Called,
    Made,
    Named,
    Part,
    Slot,
    Steps,
)
from reviewbot.rendering.parsers._common.told_numbers import numbers_behind, told_numbers
from reviewbot.rendering.parsers._common.ways import cut

TOO_MUCH: Final = "in more ways than are followed"
ANY: Final[Steps] = ("*",)
ALTERED: Final = "altered: "


def told_forms(
    forms: Forms, slots: Sequence[Slot], alterings: Iterable[Altering]
) -> list[dict[str, Any]]:
    """Each name that is sent otherwise than as it stands.

    That is its `steps`, the `form`, the `line`, and whether it `is_own`, a name of the file. A name
    that a call is given, or is called on, has what that asks for with its `key`. Behind these stand
    the calls of a model with their `loops`, the records of `Sending`, and that of `Links`.
    """
    again = {block.path: _repeating(block) for block in forms.blocks if block.through}
    blocks = {block.path: block for block in forms.blocks}
    slots = [
        _with_numbers(slot, blocks.get(slot.within, forms.module), again.get(slot.within, ()))
        for slot in slots
    ]
    found: dict[tuple[Steps, str, str], int] = {}
    sent = Sending(forms.names, forms.functions, forms.measured)
    for item in alterings:
        if not forms.names.isdisjoint(item.steps):
            form = item.said if item.key else f"{ALTERED}{item.said}"
            found.setdefault((item.steps, item.key, cut(form)), item.line)
    calls: list[dict[str, Any]] = []
    direct: list[tuple[Slot, list[Steps]]] = []
    for slot in slots:
        held = forms.held_in(slot)
        if held is not None and slot.is_call:
            _note_given(forms, slot.part)
        own = [steps for steps in held or () if steps[0] != ASK]
        told_calls = [*told_call(slot, own, forms.own, forms.measured)]
        is_capped = _may_be_capped(slot.part, held or {})
        calls += (one | {"is_capped": is_capped} for one in told_calls)
        direct += [(slot, [tuple(one["steps"]) for one in told_calls])] if told_calls else []
        for steps, key, form in unread_within(
            slot, forms.measured, forms.functions, forms.links.looked_at
        ):
            forms.own.add(steps)
            found.setdefault((steps, key, form), slot.line)
        if held is None:
            sent.other(slot)
            continue
        told = _asked(held) if slot.is_call else _longer(held)
        for steps, key, form in told:
            found.setdefault((steps, key, form), slot.line)
        if not slot.is_call or (slot.is_sent and len(own) < len(held)):
            sent.named(slot, own)
    links = _links(forms, slots)
    if forms.left <= 0 or forms.links.looked_at.is_too_much:
        found[ANY, "", TOO_MUCH] = 1
    callers = Callers(slots, direct, forms.functions, {*forms.own, *forms.measured})
    texts = {*forms.measured, *((name,) for name in forms.names)}
    around = measured_around(texts, forms.blocks, slots, forms.functions)
    return [
        *_records(found, forms.own),
        *calls,
        *callers.told(),
        *told_others(slots, forms.senders),
        *sent.told(forms.own, around),
        links
        | {"senders": callers.senders(), **_held(forms)}
        | {"answering": answering(forms, callers.senders())}
        | {"numbers": told_numbers(forms), "carriers": sent.carriers()},
    ]


def _repeating(function: Block) -> tuple[str, ...]:
    """The decorators that run a function again, as loops around what stands in it."""
    return tuple(f"@{one}" for one in function.through if _AGAIN.search(one))


_AGAIN = re.compile(r"(?i)retr|backoff|repeat|again")


def _with_numbers(slot: Slot, block: Block, around: tuple[str, ...]) -> Slot:
    """A place with the numbers behind the names that the loops around it run over."""
    slot = replace(slot, loops=(*around, *slot.loops)) if around else slot
    loops = []
    for loop in slot.loops:
        numbers = [one for name in _WORD.findall(loop) for one in numbers_behind(name, block)]
        loops.append(f"{loop} ({'; '.join(numbers)})" if numbers else loop)
    return replace(slot, loops=tuple(loops)) if slot.loops else slot


_WORD = re.compile(r"[A-Za-z_]\w{0,100}")


def _may_be_capped(call: Part, held: Held) -> bool:
    """Whether a call asks for a cap of its answers, or is given what only the program knows."""
    is_spread = isinstance(call, Called) and call.is_spread
    return is_spread or any(steps[0] == ASK and steps[1] in CAPS for steps in held)


def _note_given(forms: Forms, call: Part) -> None:
    """Note which of the arguments of a call hold texts."""
    if isinstance(call, Called | Made):
        parts: dict[int | str, Part] = dict(enumerate(call.parts))
        parts.update(call.named)
        given = {place: forms.texts_in(part) for place, part in parts.items() if part is not None}
        forms.links.given.add(call, {place: held for place, held in given.items() if held})


def _links(forms: Forms, slots: Iterable[Slot]) -> dict[str, Any]:
    """What leads to other files."""
    module = forms.module
    aliases = [
        name for name in {*module.set, *module.added} if forms.texts_in(Named((name,), module))
    ]
    getters = {
        block.path[-1]
        for block in forms.blocks
        if block.path and not block.path[-1].startswith("_")
        if any(map(forms.texts_in, block.returned))
    }
    beside = asked_beside(slots, module, forms.measured, forms.links.looked_at)
    return forms.links.told(module, aliases, [*getters], beside)


def _held(forms: Forms) -> dict[str, Any]:
    """The characters that each of the carriers holds, and the carriers of further files."""
    walk = Walk(frozenset(), forms.functions, frozenset())
    every = (forms.module, forms.blocks, forms.functions)
    found = [walk.of(held_by(one, *every), is_call=False) for one in forms.carriers]
    return {
        "weights": [one.characters for one in found],
        "filled": [one.told() for one in found],
        "behind": [[to_builtins(it) for it in sorted(one.carriers)] for one in found],
    }


def _records(
    found: Mapping[tuple[Steps, str, str], int], own: AbstractSet[Steps]
) -> Iterator[dict[str, Any]]:
    for (steps, key, form), line in sorted(found.items()):
        record = {"steps": [*steps], "key": key, "form": form, "line": line}
        yield record | {"is_own": steps in own}


def _asked(held: Held) -> Iterator[tuple[Steps, str, str]]:
    """What is asked for beside names."""
    asks = sorted(steps[1:] for steps in held if steps[0] == ASK)
    for steps in held:
        if steps[0] != ASK:
            yield from ((steps, key, said) for key, said in asks)


def _longer(held: Held) -> Iterator[tuple[Steps, str, str]]:
    """The forms of the names that are held."""
    for steps, (count, ways) in held.items():
        if steps[0] != ASK:
            for form in sorted({*ways, *([f"{count} times"] if count > 1 else ())}):
                yield steps, "", form
