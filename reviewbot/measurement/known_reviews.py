"""Whether this very change was reviewed before, so that all it needs is likely to be kept."""

from reviewbot.local_cache import Cache
from reviewbot.repository.revisions import Comparison

_KIND = b"review"
_MOST_CHANGES = 1_000


class KnownReviews:
    """What the cache says of one comparison: a guess, which changes no report.

    It only spares a review the start of a process that it will not need.
    """

    def __init__(self, cache: Cache, comparison: Comparison) -> None:
        self._cache = cache
        self._key = _key(comparison)
        self.is_known = cache.is_kept and cache.get(_KIND, self._key) is not None

    def put(self) -> None:
        """The comparison has been reviewed to its end."""
        if not self.is_known:
            self._cache.put(b"", _KIND, self._key)


def _key(comparison: Comparison) -> bytes:
    """What is compared: commits, or of uncommitted files the ids of those that differ."""
    named = [comparison.base.object_id, comparison.merge_base.object_id]
    if comparison.head is not None:
        named.append(comparison.head.object_id)
    else:
        paths = [change.after for change in comparison.changes if change.after is not None]
        entries = (comparison.after_tree.entry(path) for path in paths[:_MOST_CHANGES])
        named += [entry.object_id for entry in entries if entry is not None]
    return " ".join(named).encode()
