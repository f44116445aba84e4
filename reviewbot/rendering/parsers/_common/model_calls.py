"""The calls of models in source code: which texts each sends, and the loops that it stands in."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from reviewbot.rendering.parsers._common.called_functions import inside
from reviewbot.rendering.parsers._common.sent_parts import Called, Slot, Steps, gives_an_answer

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
    path = slot.within
    whole = {steps for steps in measured if path and steps[: len(path)] == path}
    for steps in sorted({*whole, *names}):
        is_own = steps in own or steps in whole
        yield {"steps": [*steps], "line": slot.line, "loops": [*slot.loops], "is_own": is_own}


def _wraps_another(call: Called) -> bool:
    """Whether a call is given what another one answers, or makes of both halves of a request."""
    waiting = [*inside(call)]
    for part in waiting:
        if isinstance(part, Called) and gives_an_answer(part.name, part.named):
            return True
        waiting += inside(part) if len(waiting) < _MOST_PARTS else ()
    return False
