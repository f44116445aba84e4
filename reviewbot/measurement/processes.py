"""The rendering processes of a review: when they start, before anything knows that they must."""

import importlib
import posixpath
from threading import Thread
from typing import TYPE_CHECKING, Final, Self

from reviewbot.allowance import Allowance
from reviewbot.local_cache import Cache
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import has_templates
from reviewbot.scope.change import Change
from reviewbot.scope.governing import Configurations

if TYPE_CHECKING:
    from reviewbot.measurement.known_reviews import KnownReviews
    from reviewbot.rendering.pool import Pool

_MANY: Final = 200
"""Workflows that take longer to be read than a process to start."""


def _load_ahead() -> None:
    """Load what measures while git answers."""
    importlib.import_module("reviewbot.assessment")


class Processes:
    """Starts and ends what renders; a context manager. Nothing is loaded until it may be needed."""

    def __init__(self, allowance: Allowance, cache: Cache) -> None:
        self._allowance = allowance
        self._cache = cache
        self._pool: Pool | None = None
        self._known: KnownReviews | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.__exit__()

    def begin(self, comparison: Comparison, configurations: Configurations) -> None:
        """Start while workflows are read, if these are many and the change looks to concern one.

        That is a guess, which changes no report.
        """
        workflows = configurations.after.workflows.values()
        if len(workflows) < _MANY:
            return
        folders = {posixpath.dirname(prompt.path) for it in workflows for prompt in it.prompts}
        paths = {change.after or change.before or "" for change in comparison.changes}
        if configurations.after.file in paths or not folders.isdisjoint(
            map(posixpath.dirname, paths)
        ):
            self._take(comparison, len(workflows), are_needed=True)
            Thread(target=_load_ahead).start()

    def pool(self, change: Change) -> "Pool":
        """The processes, which are started if a workflow has templates."""
        if self._pool is not None:
            return self._pool
        workflows = (*change.scope.affected, *change.scope.unaffected)
        are_needed = any(map(has_templates, workflows))
        return self._take(change.comparison, len(workflows), are_needed=are_needed)

    def _take(self, comparison: Comparison, workflows: int, *, are_needed: bool) -> "Pool":
        from reviewbot.measurement.known_reviews import KnownReviews
        from reviewbot.rendering.pool import Pool

        self._known = KnownReviews(self._cache, comparison)
        self._pool = Pool(self._allowance, workflows=workflows)
        if are_needed and not self._known.is_known:
            self._pool.start()
        return self._pool

    def done(self) -> None:
        """The change has been reviewed to its end."""
        if self._known is not None:
            self._known.put()
