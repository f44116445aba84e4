"""Limits of an envelope or a budget: one that is raised or removed weakens it."""

from collections.abc import Callable, Iterator
from typing import Any

from reviewbot.configuration import notation as written
from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import (
    Envelope,
    Limit,
)
from reviewbot.policy.weakening.edits import Edit, How, edit_of, flag


def envelope_edits(key: Key, old: Envelope, new: Envelope) -> Iterator[Edit]:
    """The edits of a workflow's limits."""
    shows = {
        "input_tokens": written.count,
        "cost_per_call": written.usd,
        "monthly_cost": written.usd,
        "increase": written.percent,
    }
    for name, show in shows.items():
        yield from limit_edits((*key, name), getattr(old, name), getattr(new, name), show)
    was, becomes = old.input_tokens, new.input_tokens
    if was is not None and becomes is not None:
        yield from edit_of((*key, "input_tokens", "over"), was.over, becomes.over)
    yield from edit_of(
        (*key, "approvable"),
        bool(old.approvable),
        bool(new.approvable),
        flag,
        tightens=() if new.approvable else {How.CHANGED},
    )


def limit_edits(
    key: Key, old: Limit | None, new: Limit | None, show: Callable[[Any], str]
) -> Iterator[Edit]:
    """The edits of one limit: a bound that is raised or removed weakens."""
    for bound in ("soft", "hard"):
        yield from edit_of(
            (*key, bound),
            getattr(old, bound, None),
            getattr(new, bound, None),
            show,
            tightens={How.LOWERED, How.ADDED},
        )
