"""How many parts the month of a configuration may have: they are held and added up in memory."""

from collections.abc import Mapping, Sequence
from typing import Final

from reviewbot.configuration.settings import Budget, Defaults, Workflow
from reviewbot.errors import Problem

MOST_STREAMS: Final = 50_000
"""Streams of all workflows together; a review holds three states of each, some 200 MB."""

MOST_BUDGETED: Final = 2_000_000
"""Streams times budgets: each budget is a sum over all streams, some two seconds."""


def too_many_parts(
    workflows: Mapping[str, Workflow], defaults: Defaults, budgets: Sequence[Budget]
) -> Problem | None:
    """The problem that workflows take more streams than a review holds, or budgets adds up."""
    streams = 0
    for name, workflow in workflows.items():
        streams += len(workflow.traffic or defaults.traffic)
        if streams > MOST_STREAMS:
            return Problem(
                what=f"up to {name!r} the workflows have {streams:,} streams of traffic",
                mend=f"put streams together: a configuration may have {MOST_STREAMS:,} of them, "
                "those of `defaults` counted for each workflow that takes them",
                place=workflow.place,
            )
    if streams * len(budgets) > MOST_BUDGETED:
        return Problem(
            what=f"{len(budgets):,} budgets over {streams:,} streams of traffic",
            mend=f"take out budgets: both multiplied may give {MOST_BUDGETED:,}",
            place=budgets[0].place,
        )
    return None
