"""Whether the calls of a workflow go to the model that is configured for it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from reviewbot.errors import MeasurementError
from reviewbot.report import Figures
from reviewbot.tokens import resolve
from reviewbot.usage.aggregate import Stream, Sums

_MANY = 0.05
"""Fewer calls of other models may be those that a fallback took."""

_SHOWN = 3
_SNAPSHOT = re.compile(r"-(?:latest|v\d{1,3}|\d{8}|\d{4}-\d{2}-\d{2})$")
_UNLISTED = "a model that is in no price list"


def other_models(
    parts: Iterable[tuple[Stream, Sums]], figures: Mapping[str, Figures]
) -> Iterator[str]:
    """A note on every workflow of whose measured calls many are of another model.

    Snapshots of a model, and the names that other providers have for it, are that model.
    """
    calls: dict[str, Counter[str]] = defaultdict(Counter)
    for stream, sums in parts:
        if stream.workflow is not None and stream.workflow in figures and sums.calls:
            calls[stream.workflow][stream.model or _UNLISTED] += sums.calls
    for workflow, by_model in calls.items():
        configured = figures[workflow].model
        plain = _plain(configured)
        others = Counter({name: n for name, n in by_model.items() if _plain(name) != plain})
        if plain is not None and others.total() > _MANY * by_model.total():
            names = ", ".join(name for name, _ in others.most_common(_SHOWN))
            more = f" and {len(others) - _SHOWN:,} more" if len(others) > _SHOWN else ""
            yield (
                f"{workflow}: {others.total():,} of {by_model.total():,} calls are of"
                f" {names}{more}, and `model` says {configured}"
            )


def _plain(name: str) -> str | None:
    """The model's name without date and version; None where it does not tell which model it is."""
    try:
        found = resolve(name).base_name
    except MeasurementError:
        return None
    return _SNAPSHOT.sub("", _SNAPSHOT.sub("", found))
