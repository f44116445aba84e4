"""Which model tier a model is in, and which tiers a workflow deserves."""

import re
from collections.abc import Mapping
from fnmatch import translate
from functools import cache

from reviewbot.configuration.settings import Complexity
from reviewbot.costs.catalogue_rates import find, listed_names
from reviewbot.errors import MeasurementError
from reviewbot.tokens import resolve

Tiers = Mapping[str, tuple[str, ...]]
"""Model names and patterns by tier, from the most capable tier to the least."""


def tier_of(model: str, tiers: Tiers) -> str | None:
    """The tier that `model` is in, or None.

    The most specific pattern wins: a name before a pattern, then the one with more characters
    beside its `*`; of equals the first. Every spelling of a model counts: with or without its
    provider, dated or fine-tuned.
    """
    best: tuple[tuple[bool, int], str] | None = None
    names = _spellings(model)
    for tier, patterns in tiers.items():
        for pattern in patterns:
            rank = ("*" not in pattern, len(pattern.replace("*", "")))
            if (best is None or rank > best[0]) and _fits(names, pattern):
                best = rank, tier
    return best[1] if best else None


def means(pattern: str, model: str) -> bool:
    """Whether a tier's `pattern` means `model`, in any of its spellings."""
    return _fits(_spellings(model), pattern)


def means_a_listed_model(pattern: str) -> bool:
    """Whether a tier's `pattern` means any model of the catalogue; a name must be priced there."""
    if "*" not in pattern:
        try:
            known = resolve(pattern, encoding=None)
        except MeasurementError:
            return False
        return find(known.provider, known.name) is not None
    names = ((name.lower(), name.partition("/")[2].lower()) for name in listed_names())
    return any(_fits(spellings, pattern) for spellings in names)


def deserved(complexity: Complexity, tiers: Tiers) -> tuple[str, ...]:
    """The tiers that a workflow of `complexity` may use.

    High complexity may use every tier, low complexity the last one only, medium complexity all but
    the first where there are three or more.
    """
    names = tuple(tiers)
    match complexity:
        case Complexity.LOW:
            return names[-1:]
        case Complexity.MEDIUM if len(names) > 2:  # noqa: PLR2004 - there is one in the middle
            return names[1:]
        case _:
            return names


@cache
def _spellings(model: str) -> tuple[str, ...]:
    try:
        known = resolve(model, encoding=None)
    except MeasurementError:
        return (model.lower(),)
    names = (known.name, known.base_name)
    return tuple(
        dict.fromkeys((model.lower(), *names, *(f"{known.provider}/{name}" for name in names)))
    )


def _fits(names: tuple[str, ...], pattern: str) -> bool:
    found = _compiled(pattern.lower())
    return any(found.fullmatch(name) for name in names)


@cache
def _compiled(pattern: str) -> "re.Pattern[str]":
    return re.compile(translate(pattern.replace("[", "[[]").replace("?", "[?]")))
