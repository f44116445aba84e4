"""Logs of which no call counts: what their rows say, and what the configuration expects of them."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.usage.engine import Engine
from reviewbot.usage.loading import Source
from reviewbot.usage.readers import by_name

_SHOWN = 8


def none_succeeded(engine: Engine, sources: Sequence[Source]) -> Iterator[Problem]:
    """A problem for each source whose mapping takes every row for a failed call.

    Only names that the configuration has are told: what the rows say themselves stays in the log.
    """
    for source in sources:
        columns = source.settings.columns
        if columns is None or not columns.succeeded:
            continue
        failed, rows = _counted(engine, source)
        if rows and failed == rows:
            values = ", ".join(f"`{value}`" for value in columns.succeeded[:_SHOWN])
            left = len(columns.succeeded) - _SHOWN
            more = f" and {left:,} more" if left > 0 else ""
            expected = f"{'one of ' if len(columns.succeeded) > 1 else ''}{values}{more}"
            are = "the only row has not" if rows == 1 else f"none of {rows:,} rows has"
            yield Problem(
                what=f"{are} {expected} in `{columns.status}`, so each counts as a failed call",
                mend=f"write under `succeeded` what `{columns.status}` says of good calls"
                ", letter by letter, or take `status` and `succeeded` out: then every row counts",
                place=_place(source.settings),
            )


def nothing_counts(engine: Engine, sources: Sequence[Source]) -> MeasurementError:
    """That no call of the logs counts, on any day."""
    if mapped := [*none_succeeded(engine, sources)]:
        return MeasurementError(mapped)
    found = dict(engine.run("SELECT kind, sum(row_count) FROM labelled GROUP BY kind"))
    fields = {by_name(item.settings.format).FIELDS.get("status") for item in sources}
    named = ", ".join(sorted(f"`{field}`" for field in fields if field))
    by = f" (by their {named})" if named else ""
    told = [
        f"{found[kind]:,} {name}"
        for kind, name in (("failed", f"failed{by}"), ("own cache", "from the logger's own cache"))
        if kind in found
    ]
    what = f"no call of the log counts: {', '.join(told)}"
    return MeasurementError([Problem(what=what, mend="name logs with calls that succeeded")])


def _counted(engine: Engine, source: Source) -> tuple[int, int]:
    """How many rows of a source are failed calls, and how many there are."""
    query = (
        "SELECT count(*) FILTER (WHERE kind = 'failed'), count(*) FROM labelled"
        " WHERE list_contains($1, filename)"
    )
    ((failed, rows),) = engine.run(query, [[file.path for file in source.files]])
    return failed, rows


def _place(settings: LogSource) -> Place:
    place = settings.place
    return replace(place, key=f"{place.key}.columns.succeeded") if place.key else place
