"""Runs of text that are told as places: what is new, and what stands together."""

from collections import Counter as Multiset
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from reviewbot.measurement.calls import UnseenText
from reviewbot.prompts.marked_runs import Run

_GAP_LINES = 2
"""Runs that are no farther apart are told as one place: a tag stands between them."""


def without(runs: Sequence[Run], seen: AbstractSet[int]) -> list[Run]:
    """The runs that were not seen, by their numbers."""
    return [run for number, run in enumerate(runs) if number not in seen]


def less(runs: Iterable[Run], others: Iterable[Run]) -> list[Run]:
    """Those of `runs` that have no counterpart among `others`, by their text."""
    left = Multiset(run.text for run in others)
    found = []
    for run in runs:
        if left[run.text] > 0:
            left[run.text] -= 1
        else:
            found.append(run)
    return found


def places(runs: Iterable[Run]) -> tuple[UnseenText, ...]:
    """The runs, those together that stand together."""
    found: list[UnseenText] = []
    for run in runs:
        last = found[-1] if found else None
        text, values = ("", 1) if run.is_open else (run.text, 0)
        if last and last.path == run.path and 0 <= run.line - last.last_line <= _GAP_LINES:
            found[-1] = replace(
                last,
                last_line=run.line,
                text=f"{last.text}\n{text}".strip("\n"),
                open_values=last.open_values + values,
            )
        else:
            place = UnseenText(
                path=run.path,
                first_line=run.line,
                last_line=run.line,
                text=text,
                open_values=values,
            )
            found.append(place)
    return tuple(found)
