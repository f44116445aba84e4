"""Entries of `tiers` that fit no model: a misspelt one would silently put no model in its tier."""

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from reviewbot.costs.did_you_mean import nearest_model
from reviewbot.costs.packaged import find, listed_names
from reviewbot.costs.tiers import Tiers
from reviewbot.errors import MeasurementError
from reviewbot.tokens import resolve


def tier_notes(tiers: Tiers, models: Collection[str]) -> Iterator[str]:
    """A note for each entry that fits neither a model of the catalogue nor one of `models`."""
    for tier, patterns in tiers.items():
        for pattern in patterns:
            if not _fits_any(pattern.lower(), models):
                near = None if "*" in pattern else nearest_model(pattern)
                meant = f" (did you mean {near!r}?)" if near else ""
                yield f"`tiers.{tier}` has {pattern!r}, which is no known model{meant}"


def _fits_any(pattern: str, models: Collection[str]) -> bool:
    wanted = pattern.replace("[", "[[]").replace("?", "[?]")
    candidates = (*models, *listed_names()) if "*" in pattern else models
    if any(
        fnmatchcase(spelling, wanted)
        for name in candidates
        for spelling in (name.lower(), name.lower().partition("/")[2])
    ):
        return True
    return "*" not in pattern and _is_known(pattern)


def _is_known(name: str) -> bool:
    try:
        model = resolve(name)
    except MeasurementError:
        return False
    return find(model.provider, model.name) is not None
