"""On which day commits were made, so that a review can tell what is old without a clock."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from reviewbot.repository.objects import ObjectReader

_MOST_BYTES = 1024 * 1024
_COMMITTER = re.compile(rb"^committer [^\n]{0,10000}> (\d{1,12}) [+-]\d{4}$", re.MULTILINE)


def newest_day(ids: Iterable[str], objects: ObjectReader) -> date | None:
    """The UTC day of the newest of these commits, by their committers; None if none tells."""
    sizes = objects.sizes(ids)
    small = [commit for commit, size in sizes.items() if size is not None and size <= _MOST_BYTES]
    texts = objects.contents(small).values()
    days = [day for text in texts if text is not None and (day := _day(text)) is not None]
    return max(days, default=None)


def _day(commit: bytes) -> date | None:
    header, _, _ = commit.partition(b"\n\n")
    found = _COMMITTER.search(header)
    if found is None:
        return None
    try:
        return datetime.fromtimestamp(int(found[1]), tz=UTC).date()
    except (OverflowError, ValueError, OSError):
        return None
