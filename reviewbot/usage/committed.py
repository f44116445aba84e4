"""The small aggregate that is committed: sums of the configuration's streams, and no other name."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec
from msgspec import Struct

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.usage.aggregate import Stream, Sums, Usage, add
from reviewbot.usage.collecting import stream_order


class BandSums(Struct, frozen=True, kw_only=True):
    """Sums in one price band, which begins above `band` input tokens."""

    band: int | None
    sums: Sums


class StreamUsage(Struct, frozen=True, kw_only=True):
    """What a period of one stream comes to; `sizes` counts calls by bins of input tokens."""

    stream: Stream
    bands: tuple[BandSums, ...]
    sizes: Mapping[int, int]


class CommittedUsage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file. A stream without a workflow is what maps to none."""

    version: Literal[1] = 1
    since: date
    until: date
    streams: tuple[StreamUsage, ...]


def committed(usage: Usage) -> CommittedUsage:
    """The aggregate without its days."""
    bands: dict[Stream, dict[int | None, list[Sums]]] = defaultdict(lambda: defaultdict(list))
    for row in usage.rows:
        bands[row.stream][row.band].append(row.sums)
    sizes = {item.stream: item.calls for item in usage.sizes}
    return CommittedUsage(
        since=usage.since,
        until=usage.until,
        streams=tuple(
            StreamUsage(
                stream=stream,
                bands=tuple(
                    BandSums(band=band, sums=add(parts))
                    for band, parts in sorted(bands[stream].items(), key=lambda i: i[0] or 0)
                ),
                sizes=sizes.get(stream, {}),
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
    except msgspec.DecodeError:
        what = "this is no file that `reviewbot usage --output` has written"
        mend = "write it again: reviewbot usage --output"
        raise MeasurementError([Problem(what=what, mend=mend, place=Place(file=file))]) from None
