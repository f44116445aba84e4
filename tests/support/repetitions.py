"""How often what is repeated is repeated: in part with every test, in full by `.ci/test-long`."""

import os
from collections.abc import Sequence
from typing import TypeVar

LONG = os.environ.get("REVIEWBOT_LONG_TESTS") == "1"
PART = 6
"""The gate takes one in so many."""

Row = TypeVar("Row")


def examples(count: int) -> int:
    """Examples that Hypothesis tries of a law, where the long run tries `count`."""
    return count if LONG else max(count // PART, 10)


def part(rows: Sequence[Row]) -> Sequence[Row]:
    """One row in six, the first among them; all in the long run.

    They are always the same, so that a failure can be repeated; the others run every night.
    """
    return rows if LONG else rows[::PART]
