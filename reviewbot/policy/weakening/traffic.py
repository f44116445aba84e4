"""Traffic: which edits of a stream of calls may hide a dearer prompt."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from reviewbot.configuration import notation as written
from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import (
    Envelope,
    Stream,
)
from reviewbot.policy.weakening.edits import Edit, How, edit_of, flag


def traffic_edits(
    key: Key, old: tuple[Stream, ...], new: tuple[Stream, ...], envelope: Envelope | None = None
) -> Iterator[Edit]:
    """The edits of streams; `envelope` holds the limits that they count for, None any limit.

    More calls and longer answers cost more, yet they can hide a dearer prompt: in the mean of a
    call, and in the growth of the month.
    """
    limits_growth = envelope is None or envelope.increase is not None
    limits_mean = limits_growth or envelope is None or envelope.cost_per_call is not None
    is_alone = len(old) == len(new) == 1
    tightens: Mapping[str, Collection[How]] = {
        "calls_per_month": {How.RAISED} if is_alone or not limits_mean else (),
        "output_tokens": () if limits_growth else {How.RAISED},
        "tenant": {How.ADDED},
        "environment": {How.ADDED},
        "growth_per_month": {How.RAISED},
        "can_wait": set(How),
        "repeat_rate": set(How),
    }
    for was, becomes, index in _paired(old, new):
        if was is None:
            added = () if limits_mean else {How.ADDED}
            yield from edit_of((*key, index), was, becomes, written.stream, tightens=added)
        elif becomes is None:
            yield Edit(key=(*key, index), how=How.LOSES, old=written.stream(was), loosens=True)
        else:
            for name, show in _STREAM.items():
                yield from edit_of(
                    (*key, index, name.removesuffix("_per_month")),
                    getattr(was, name),
                    getattr(becomes, name),
                    show,
                    tightens=tightens.get(name, ()),
                )


_STREAM: Mapping[str, Callable[[Any], str]] = {
    "calls_per_month": written.calls,
    "output_tokens": written.count,
    "tenant": str,
    "environment": str,
    "cache_hit_rate": written.percent,
    "cache_write_rate": written.percent,
    "cache_lifetime": str,
    "service_tier": str,
    "region": str,
    "growth_per_month": written.percent,
    "can_wait": flag,
    "repeat_rate": written.percent,
    "sample_weights": written.weights,
}


def _paired(
    old: tuple[Stream, ...], new: tuple[Stream, ...]
) -> Iterator[tuple[Stream | None, Stream | None, int]]:
    """Streams, what became of them, and its index: equal ones, those of one tenant, the rest.

    The index of what is gone is -1.
    """
    left, right = list(old), dict(enumerate(new))
    alike: tuple[Callable[[Stream], object], ...] = (
        lambda stream: stream,
        lambda stream: (stream.tenant, stream.environment),
        lambda _: None,
    )
    for identity in alike:
        waiting: dict[object, list[int]] = {}
        for index in reversed(right):
            waiting.setdefault(identity(right[index]), []).append(index)
        unpaired = []
        for was in left:
            if indices := waiting.get(identity(was)):
                index = indices.pop()
                yield was, right.pop(index), index
            else:
                unpaired.append(was)
        left = unpaired
    yield from ((was, None, -1) for was in left)
    yield from ((None, becomes, index) for index, becomes in right.items())


def cap_that_cuts_nothing(cap: int | None, traffic: Iterable[Stream]) -> set[How]:
    """How a cap may become what it is without hiding an answer that the base expects."""
    answers = [stream.output_tokens for stream in traffic]
    is_above = cap is not None and bool(answers) and cap >= max(answers)
    return {How.LOWERED, How.ADDED} if is_above else set()
