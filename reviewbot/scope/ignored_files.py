"""Which files `coverage.ignore` leaves out of a review."""

from collections.abc import Collection, Iterable, Sequence

from reviewbot.configuration.settings import Configuration
from reviewbot.repository.globs import Effort, TooMuchEffortError, select


def ignored_by_all(
    paths: Sequence[str], configurations: Iterable[Configuration]
) -> Collection[str]:
    """Those of the sorted `paths` that each configuration wants to be ignored.

    A change that ignores more is reviewed as if it did not.
    """
    effort = Effort()
    found: list[set[str]] = []
    for configuration in configurations:
        try:
            patterns = configuration.coverage.ignore
            found.append(set().union(*(select(paths, item, effort) for item in patterns)))
        except TooMuchEffortError:
            return set()
    return set.intersection(*found)
