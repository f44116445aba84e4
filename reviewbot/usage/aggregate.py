"""What logs come to: integers by whose calls they are, by model, price band and day."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from reviewbot.errors import Problem

UNITS_PER_USD = 10**10
"""Money is counted in units of 10⁻¹⁰ USD."""

BIN_TOKENS = 64
"""Sizes of calls are counted in bins of so many tokens."""

MOST_INPUT_TOKENS = 2_000_000
"""Of one call: the largest context window of a model that is sold by token (Gemini 1.5 Pro's)."""

OTHER = "(other)"
"""Stands for every tenant, environment or model that the configuration does not name."""


class Stream(Struct, frozen=True, kw_only=True, order=True):
    """Whose calls: None is what the log does not say, and a workflow of None is none of ours."""

    workflow: str | None
    tenant: str | None
    environment: str | None
    model: str | None
    service_tier: str


def stream_order(stream: Stream) -> tuple[str, ...]:
    """What streams are sorted by: nothing comes after every name."""
    values = (getattr(stream, name) for name in Stream.__struct_fields__)
    return tuple("\uffff" if value is None else value for value in values)


class Sums(Struct, frozen=True, kw_only=True):
    """Sums over calls; None is unknown, and never zero.

    `input` counts everything sent, with `cached` and `written`. `reported_units` is the log's own
    cost, `units` what the spend is taken to be: the log's, else computed call by call. Both in
    10⁻¹⁰ USD; `computed_units` is None where the log does not have what pricing needs.
    """

    calls: int | None
    input: int | None
    cached: int | None
    written: int | None
    output: int | None
    reasoning: int | None
    reported_units: int | None
    computed_units: int | None

    @property
    def units(self) -> int | None:
        """The spend."""
        return self.computed_units if self.reported_units is None else self.reported_units


class Row(Struct, frozen=True, kw_only=True):
    """Sums of one stream on one day in one price band.

    `band` is the number of input tokens above which the band begins; None where the log does not
    have single calls and the price depends on them.
    """

    stream: Stream
    day: date
    band: int | None
    sums: Sums


class Sizes(Struct, frozen=True, kw_only=True):
    """How many calls of a stream had how many input tokens: by bins of BIN_TOKENS, from 0."""

    stream: Stream
    calls: Mapping[int, int]


class LeftOut(Struct, frozen=True, kw_only=True):
    """What was read and not counted, by why."""

    failed: int = 0
    own_cache: int = 0
    duplicates: int = 0
    outside: int = 0


class Unmapped(Struct, frozen=True, kw_only=True):
    """Why calls are of no workflow, in names that the configuration has.

    `lacking` are workflows that its `names` lead to and that it does not have. `near` are workflows
    whose names are like one that the log has and the configuration lacks. `mends` say, for each
    source with such calls, what to write so that a name of the log, or its field, is known.
    """

    lacking: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    mends: tuple[str, ...] = ()


class Usage(Struct, frozen=True, kw_only=True):
    """What the logs of a period come to.

    `since` and `until` are the first and last whole day, both counted. `unnamed` says how many
    different names of a kind (tenants, workflows) stand behind OTHER or behind None. `summed` are
    the problems of rows that seem to be sums of calls, and were counted as one call each.
    """

    since: date
    until: date
    rows: tuple[Row, ...]
    sizes: tuple[Sizes, ...]
    left_out: LeftOut
    unnamed: Mapping[str, int]
    unmapped: Unmapped = Unmapped()
    summed: tuple[Problem, ...] = ()
    notes: tuple[str, ...]

    @property
    def days(self) -> int:
        """How many days."""
        return (self.until - self.since).days + 1


_NAMES = tuple(Sums.__struct_fields__)


def add(sums: list[Sums]) -> Sums:
    """The sum; what is unknown of one is unknown of all."""
    return Sums(**{name: _total([getattr(item, name) for item in sums]) for name in _NAMES})


def _total(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def spend(sums: list[Sums]) -> int | None:
    """The spend of several sums in 10⁻¹⁰ USD, each as its log has it or as it was computed."""
    return _total([item.units for item in sums])
