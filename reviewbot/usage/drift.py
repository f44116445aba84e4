"""Everything that drifts: limits, alarms and configured figures that are no longer true."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.settings import Configuration
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.report import Figures, TrafficFigure
from reviewbot.usage.aggregate import Usage, spend
from reviewbot.usage.alarms import Alarm, alarms, unjudged
from reviewbot.usage.called_models import other_models
from reviewbot.usage.forecast_check import ForecastCheck, Merged, Told, check_forecasts
from reviewbot.usage.matching import nothing_mapped
from reviewbot.usage.spend_against_limits import Level, Standing, standings
from reviewbot.usage.variance import differences


class Outcome(StrEnum):
    """What it comes to. Only a hard limit fails: alarms and differences are for people to judge."""

    QUIET = "quiet"
    WARN = "warn"
    UNKNOWN = "unknown"
    HARD = "hard"


class Drift(Struct, frozen=True, kw_only=True):
    """The drift of a period. Money is in 10⁻¹⁰ USD where a name says units, else in USD.

    `unmapped_beyond` says that the spend of no workflow is more than the tolerance of calls.
    """

    outcome: Outcome
    since: date
    until: date
    units: int | None
    unmapped_units: int | None
    standings: tuple[Standing, ...]
    alarms: tuple[Alarm, ...]
    merged: Mapping[str, str]
    differences: tuple[TrafficFigure, ...]
    forecasts: tuple[ForecastCheck, ...]
    notes: tuple[str, ...] = ()
    unmapped_beyond: bool = False


def drift_of(
    usage: Usage,
    configuration: Configuration,
    catalogue: PriceLookup,
    figures: Mapping[str, Figures],
    merged: Sequence[Merged],
) -> Drift:
    """What drifts; the last changes before alarms are not known yet.

    Raises:
        MeasurementError: No call belongs to a workflow, so nothing can hold.

    """
    if all(row.stream.workflow is None for row in usage.rows):
        raise nothing_mapped()
    limits = standings(usage, configuration)
    found = alarms(usage, configuration, catalogue)
    off = differences(usage, configuration, figures)
    forecasts = check_forecasts(usage, merged)
    outcome = _outcome(limits, found, off, forecasts)
    units = spend([row.sums for row in usage.rows])
    unmapped_units = spend([row.sums for row in usage.rows if row.stream.workflow is None])
    is_beyond = _is_beyond(unmapped_units, units, configuration.usage.tolerance.calls)
    parts = [(row.stream, row.sums) for row in usage.rows]
    return Drift(
        outcome=Outcome.WARN if outcome is Outcome.QUIET and is_beyond else outcome,
        since=usage.since,
        until=usage.until,
        units=units,
        unmapped_units=unmapped_units,
        standings=limits,
        alarms=found,
        merged={},
        differences=off,
        forecasts=forecasts,
        notes=(*unjudged(usage), *other_models(parts, figures)),
        unmapped_beyond=is_beyond,
    )


def _is_beyond(unmapped_units: int | None, units: int | None, tolerance: Decimal) -> bool:
    """Whether the spend of no workflow is more of all spend than is tolerated, or not known."""
    if unmapped_units is None or (unmapped_units and not units):
        return True
    return abs(unmapped_units) > tolerance * abs(units or 0)


def _outcome(
    limits: tuple[Standing, ...],
    found: tuple[Alarm, ...],
    off: tuple[TrafficFigure, ...],
    forecasts: tuple[ForecastCheck, ...],
) -> Outcome:
    levels = {item.level for item in limits}
    if Level.HARD in levels:
        return Outcome.HARD
    if any(item.level is Level.UNKNOWN and item.limit.hard is not None for item in limits):
        return Outcome.UNKNOWN
    is_off = any(item.beyond for item in off) or any(item.told is Told.OFF for item in forecasts)
    if found or levels & {Level.SOFT, Level.UNKNOWN} or is_off:
        return Outcome.WARN
    return Outcome.QUIET
