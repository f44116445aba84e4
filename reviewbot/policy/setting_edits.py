"""What differs between two configurations, setting by setting, and whether it loosens.

A tightening cannot let anything pass that would not have passed: a limit lowered, a budget added,
an approver taken out. Every other edit loosens, also one whose effect nobody can tell.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration import notation as written
from reviewbot.configuration.locating import Key
from reviewbot.configuration.settings import (
    Budget,
    Complexity,
    Configuration,
    Envelope,
    Limit,
    Override,
    PromptReference,
    Slice,
    Stream,
    Workflow,
)


class How(StrEnum):
    """What happened to a setting, as a verb that its key stands in front of."""

    RAISED = "is raised"
    LOWERED = "is lowered"
    CHANGED = "is changed"
    ADDED = "is added"
    REMOVED = "is removed"
    GAINS = "gains"
    LOSES = "loses"


class Edit(Struct, frozen=True, kw_only=True):
    """A setting that differs: its key, and its values as people write them; None where absent.

    `governed` says that the review used the base's value. `if_cheaper` marks a loosening that is
    one only where the change comes out cheaper by it.
    """

    key: Key
    how: How
    loosens: bool
    old: str | None = None
    new: str | None = None
    governed: bool = True
    if_cheaper: bool = False


def _flag(value: object) -> str:
    return str(value).lower()


def rule_edits(old: Configuration, new: Configuration) -> Iterator[Edit]:
    """The edits of everything beside the workflows."""
    yield from _edit(
        ("high_cost",),
        old.high_cost_usd_per_month,
        new.high_cost_usd_per_month,
        written.usd,
        tightens={How.LOWERED, How.ADDED},
    )
    was, becomes = old.approval, new.approval
    yield from _entries(
        ("approval", "approvers"), was.approvers, becomes.approvers, tightens=How.LOSES
    )
    yield from _edit(("approval", "label"), was.label, becomes.label, tightens={How.REMOVED})
    yield from _edit(
        ("approval", "strict"),
        was.strict,
        becomes.strict,
        _flag,
        tightens={How.CHANGED} if becomes.strict else (),
    )
    yield from _edit(
        ("approval", "expires_after"),
        was.expires_after_days,
        becomes.expires_after_days,
        written.days,
        tightens={How.LOWERED, How.ADDED},
    )
    yield from _edit(("baseline",), old.baseline, new.baseline, tightens={How.ADDED})
    yield from _budgets(old.budgets, new.budgets)
    yield from _tiers(old.tiers, new.tiers)
    defaults = ("defaults",)
    yield from _edit((*defaults, "model"), old.defaults.model, new.defaults.model, governed=False)
    yield from _edit(
        (*defaults, "max_tokens"),
        old.defaults.max_tokens,
        new.defaults.max_tokens,
        written.count,
        tightens={How.RAISED, How.REMOVED},
        governed=False,
    )
    yield from _edit(
        (*defaults, "templates"),
        old.defaults.templates or None,
        new.defaults.templates or None,
        governed=False,
    )
    yield from _envelope((*defaults, "envelope"), old.defaults.envelope, new.defaults.envelope)
    yield from _traffic((*defaults, "traffic"), old.defaults.traffic, new.defaults.traffic)
    coverage = ("coverage",)
    yield from _entries(
        (*coverage, "prompts"), old.coverage.prompts, new.coverage.prompts, tightens=How.GAINS
    )
    yield from _entries(
        (*coverage, "ignore"), old.coverage.ignore, new.coverage.ignore, tightens=How.LOSES
    )
    yield from _edit(("prices", "as_of"), old.prices.as_of, new.prices.as_of, date.isoformat)
    yield from _overrides(old.prices.overrides, new.prices.overrides)


def workflow_edits(old: Workflow, new: Workflow) -> Iterator[Edit]:
    """The edits of a workflow's settings; files that are named or taken out are no part of them."""
    key: Key = ("workflows", new.name)
    yield from _envelope((*key, "envelope"), old.envelope, new.envelope)
    yield from _traffic((*key, "traffic"), old.traffic, new.traffic, old.envelope)
    for name in ("feature", "owner"):
        yield from _edit((*key, name), getattr(old, name), getattr(new, name), tightens={How.ADDED})
    yield from _edit(
        (*key, "complexity"),
        old.complexity,
        new.complexity,
        tightens={How.CHANGED, How.ADDED}
        if _allowance(new.complexity) < _allowance(old.complexity)
        else (),
    )
    for edit in _edit((*key, "model"), old.model, new.model, governed=False):
        yield replace(edit, if_cheaper=True)
    yield from _edit(
        (*key, "encoding"), old.encoding, new.encoding, tightens={How.REMOVED}, governed=False
    )
    yield from _edit(
        (*key, "max_tokens"),
        old.max_tokens,
        new.max_tokens,
        written.count,
        tightens={How.RAISED},
        governed=False,
    )
    yield from _edit(
        (*key, "templates"), old.templates or None, new.templates or None, governed=False
    )
    yield from _formats((*key, "prompts"), old.prompts, new.prompts)


def _envelope(key: Key, old: Envelope, new: Envelope) -> Iterator[Edit]:
    shows = {
        "input_tokens": written.count,
        "cost_per_call": written.usd,
        "monthly_cost": written.usd,
        "increase": written.percent,
    }
    for name, show in shows.items():
        yield from _limit((*key, name), getattr(old, name), getattr(new, name), show)
    was, becomes = old.input_tokens, new.input_tokens
    if was is not None and becomes is not None:
        yield from _edit((*key, "input_tokens", "over"), was.over, becomes.over)
    yield from _edit(
        (*key, "approvable"),
        bool(old.approvable),
        bool(new.approvable),
        _flag,
        tightens=() if new.approvable else {How.CHANGED},
    )


def _limit(
    key: Key, old: Limit | None, new: Limit | None, show: Callable[[Any], str]
) -> Iterator[Edit]:
    for bound in ("soft", "hard"):
        yield from _edit(
            (*key, bound),
            getattr(old, bound, None),
            getattr(new, bound, None),
            show,
            tightens={How.LOWERED, How.ADDED},
        )


def _traffic(
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
            yield from _edit((*key, index), was, becomes, written.stream, tightens=added)
        elif becomes is None:
            yield Edit(key=(*key, index), how=How.LOSES, old=written.stream(was), loosens=True)
        else:
            for name, show in _STREAM.items():
                yield from _edit(
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
    "service_tier": str,
    "growth_per_month": written.percent,
    "can_wait": _flag,
    "repeat_rate": written.percent,
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


def _budgets(old: tuple[Budget, ...], new: tuple[Budget, ...]) -> Iterator[Edit]:
    before, after = ({budget.name: budget for budget in budgets} for budgets in (old, new))
    for name in {**before, **after}:
        key: Key = ("budgets", name)
        was, becomes = before.get(name), after.get(name)
        if was is None or becomes is None:
            yield from _edit(key, was, becomes, written.budget, tightens={How.ADDED})
            continue
        yield from _limit(
            (*key, "monthly_cost"), was.monthly_cost, becomes.monthly_cost, written.usd
        )
        yield from _limit(
            (*key, "monthly_tokens"), was.monthly_tokens, becomes.monthly_tokens, written.count
        )
        yield from _edit(
            (*key, "approvable"),
            was.approvable,
            becomes.approvable,
            _flag,
            tightens=() if becomes.approvable else {How.CHANGED},
        )
        for part in Slice.__struct_fields__:
            yield from _edit(
                (*key, "match", part),
                getattr(was.match, part),
                getattr(becomes.match, part),
                tightens={How.REMOVED},
            )


def _tiers(
    old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]
) -> Iterator[Edit]:
    yield from _edit(("tiers",), ", ".join(old) or None, ", ".join(new) or None)
    for name in {**old, **new}:
        yield from _entries(("tiers", name), old.get(name, ()), new.get(name, ()))


def _overrides(old: Mapping[str, Override], new: Mapping[str, Override]) -> Iterator[Edit]:
    for name in {**old, **new}:
        key: Key = ("prices", "overrides", name)
        was, becomes = old.get(name), new.get(name)
        if was is None or becomes is None:
            yield from _edit(key, was, becomes, written.rates)
            continue
        for rate in Override.__struct_fields__:
            yield from _edit((*key, rate), getattr(was, rate), getattr(becomes, rate), written.usd)


def _formats(
    key: Key, old: tuple[PromptReference, ...], new: tuple[PromptReference, ...]
) -> Iterator[Edit]:
    """The edits of formats; a prompt that is new is held against the one that has left."""
    before = {reference.name: reference.format for reference in old}
    names = {reference.name for reference in new}
    left = iter([reference.format for reference in old if reference.name not in names])
    for reference in new:
        was = before.get(reference.name) or next(left, reference.format)
        yield from _edit((*key, reference.name, "format"), was, reference.format, governed=False)


def _entries(
    key: Key, old: tuple[str, ...], new: tuple[str, ...], *, tightens: How | None = None
) -> Iterator[Edit]:
    """The edits of a list whose order means nothing."""
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    for name in before:
        if name not in after:
            yield Edit(key=(*key, name), how=How.LOSES, old=name, loosens=tightens is not How.LOSES)
    for name in after:
        if name not in before:
            yield Edit(key=(*key, name), how=How.GAINS, new=name, loosens=tightens is not How.GAINS)


def _edit(
    key: Key,
    old: Any,
    new: Any,
    show: Callable[[Any], str] = str,
    *,
    tightens: Collection[How] = (),
    governed: bool = True,
) -> Iterator[Edit]:
    """The edit of a value, where it is one; it loosens unless it is one of `tightens`."""
    if old == new:
        return
    how = _how(old, new)
    yield Edit(
        key=key,
        how=how,
        old=None if old is None else show(old),
        new=None if new is None else show(new),
        loosens=how not in tightens,
        governed=governed,
    )


def _how(old: Any, new: Any) -> How:
    if old is None:
        return How.ADDED
    if new is None:
        return How.REMOVED
    if isinstance(old, Decimal | int) and not isinstance(old, bool):
        return How.RAISED if new > old else How.LOWERED
    return How.CHANGED


def _allowance(complexity: Complexity | None) -> int:
    """How much model is deserved, from little to any; a workflow that says nothing has no bound."""
    return len(Complexity) if complexity is None else list(Complexity).index(complexity)
