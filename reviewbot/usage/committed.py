"""The small aggregate that is committed: sums of the configuration's streams, and no other name.

Whoever may edit the repository may have written it, so it is read as hostile: types, bounds, and
sums that can be true.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from reviewbot.documents.validation_messages import split_message
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.usage.aggregate import Stream, Sums, Usage, add, stream_order

_MOST_STREAMS = 100_000
_SHOWN_CHARACTERS = 200
_LARGEST = 2**63 - 1
_Count = Annotated[int, Meta(ge=0, le=_LARGEST)]


class CommittedSums(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sums over calls, as `Sums` has them, each of which can be true beside the others."""

    calls: _Count | None
    input: _Count | None
    cached: _Count | None
    written: _Count | None
    output: _Count | None
    reasoning: _Count | None
    reported_units: _Count | None
    computed_units: _Count | None

    def __post_init__(self) -> None:
        if self.input is not None and (self.cached or 0) + (self.written or 0) > self.input:
            raise ValueError("more cached and written than input tokens")
        if self.output is not None and (self.reasoning or 0) > self.output:
            raise ValueError("more reasoning than output tokens")

    @property
    def sums(self) -> Sums:
        """The sums, to be added to others."""
        return Sums(**{name: getattr(self, name) for name in Sums.__struct_fields__})


class BandSums(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sums in one price band, which begins above `band` input tokens."""

    band: _Count | None
    sums: CommittedSums


class StreamUsage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a period of one stream comes to; `sizes` counts calls by bins of input tokens."""

    stream: Stream
    bands: Annotated[tuple[BandSums, ...], Meta(min_length=1)]
    sizes: dict[_Count, _Count]

    @property
    def sums(self) -> Sums:
        """The sums over all price bands."""
        return add([band.sums.sums for band in self.bands])


class CommittedUsage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file. A stream without a workflow is what maps to none."""

    version: Literal[1] = 1
    since: date
    until: date
    streams: Annotated[tuple[StreamUsage, ...], Meta(max_length=_MOST_STREAMS)]

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("the period ends before it begins")
        if len({item.stream for item in self.streams}) < len(self.streams):
            raise ValueError("a stream stands there twice")

    @property
    def days(self) -> int:
        """How many days."""
        return (self.until - self.since).days + 1


def committed(usage: Usage) -> CommittedUsage:
    """The aggregate without its days.

    Raises:
        MeasurementError: A sum is larger than the file can hold.

    """
    bands: dict[Stream, dict[int | None, list[Sums]]] = defaultdict(lambda: defaultdict(list))
    for row in usage.rows:
        bands[row.stream][row.band].append(row.sums)
    sizes: Mapping[Stream, Mapping[int, int]] = {item.stream: item.calls for item in usage.sizes}
    return CommittedUsage(
        since=usage.since,
        until=usage.until,
        streams=tuple(
            StreamUsage(
                stream=stream,
                bands=tuple(
                    BandSums(band=band, sums=_committed(add(parts)))
                    for band, parts in sorted(bands[stream].items(), key=lambda i: i[0] or 0)
                ),
                sizes=dict(sizes.get(stream, {})),
            )
            for stream in sorted(bands, key=stream_order)
        ),
    )


def render_usage(usage: CommittedUsage) -> str:
    """The file's text: indented JSON in one order, and a line break."""
    encoded = msgspec.json.encode(usage)
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def read_usage(text: str, *, file: str) -> CommittedUsage:
    """The aggregate in `text`.

    Raises:
        MeasurementError: It is none.

    """
    try:
        return msgspec.json.decode(text, type=CommittedUsage)
    except msgspec.ValidationError as error:
        why, key = split_message(str(error))
        place = Place(file=file, key=key[:_SHOWN_CHARACTERS] or None)
        why = f": {why[:_SHOWN_CHARACTERS]}"
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        why, place = "", Place(file=file)
    what = f"this is no file that `reviewbot usage --output` has written{why}"
    mend = "write it again: reviewbot usage --output"
    raise MeasurementError([Problem(what=what, mend=mend, place=place)])


def _committed(sums: Sums) -> CommittedSums:
    known = {name: getattr(sums, name) for name in Sums.__struct_fields__}
    for name, value in known.items():
        if value is not None and value > _LARGEST:
            what = f"the sum of `{name}` is larger than the aggregate can hold ({_LARGEST:,})"
            mend = "check which field is mapped to it and its unit, or read fewer days at once"
            raise MeasurementError([Problem(what=what, mend=mend)])
    return CommittedSums(**known)
