"""Alarms: which stream of calls is off, since when, why, and what would bring it back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.amounts import DAYS_PER_MONTH
from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.costs.rates import Rates
from reviewbot.costs.tiers import tier_of
from reviewbot.usage.aggregate import Row, Sums, Usage, add, spend
from reviewbot.usage.anomalies import Day, Excess, earlier_days, excess_on
from reviewbot.usage.causes import Means, Paid, Part, means_of, split
from reviewbot.usage.computed_spend import identify

_RECENT_DAYS = 7
_SHOWN_DAYS = 35
_RISE = 1.2
"""A day that costs so many times what was expected belongs to the rise."""


class _Terms(Struct, frozen=True, kw_only=True):
    """What alarms are judged by: configuration, prices, the last day, and all spend by day."""

    configuration: Configuration
    catalogue: PriceLookup
    until: date
    all_units: Mapping[date, int]


class _Change(Struct, frozen=True, kw_only=True):
    """The means before and now, the days of now, and the rates of the configured model."""

    before: Means
    after: Means
    paid: Paid
    days: int
    rates: Rates


class Suggestion(Struct, frozen=True, kw_only=True):
    """What would bring spend back; `units_a_month` is what it saves, None where it only asks."""

    text: str
    units_a_month: int | None = None


class DaySpend(Struct, frozen=True, kw_only=True):
    """What a stream cost on one day, in 10⁻¹⁰ USD."""

    day: date
    units: int


class Alarm(Struct, frozen=True, kw_only=True):
    """Spend of one stream that is off, or was in the last week.

    `since` is the first day of it, `excess` the window that weighs most; `causes` add up to it.
    `days` are the last five weeks.
    """

    workflow: str
    tenant: str | None
    environment: str | None
    since: date
    is_open: bool
    excess: Excess
    causes: tuple[Part, ...]
    suggestions: tuple[Suggestion, ...]
    days: tuple[DaySpend, ...]


_Key = tuple[str, str | None, str | None]


def alarms(usage: Usage, configuration: Configuration, catalogue: PriceLookup) -> tuple[Alarm, ...]:
    """The alarms of the last seven days, the dearest first."""
    rows: dict[_Key, list[Row]] = defaultdict(list)
    all_units: dict[date, int] = defaultdict(int)
    for row in usage.rows:
        all_units[row.day] += row.sums.units or 0
        if row.stream.workflow is not None:
            stream = row.stream
            rows[stream.workflow or "", stream.tenant, stream.environment].append(row)
    terms = _Terms(
        configuration=configuration, catalogue=catalogue, until=usage.until, all_units=all_units
    )
    found = [alarm for key, own in rows.items() if (alarm := _alarm(key, own, terms)) is not None]
    return tuple(
        sorted(
            found, key=lambda item: (item.excess.expected_units - item.excess.units, item.workflow)
        )
    )


def unjudged(usage: Usage) -> Iterator[str]:
    """The streams of workflows with days whose spend is unknown: no alarm sees these."""
    days: dict[_Key, dict[date, list[Sums]]] = defaultdict(lambda: defaultdict(list))
    for row in usage.rows:
        stream = row.stream
        if stream.workflow is not None:
            key = (stream.workflow, stream.tenant, stream.environment)
            days[key][row.day].append(row.sums)
    for (workflow, tenant, environment), by_day in days.items():
        unknown = sum(spend(sums) is None for sums in by_day.values())
        if unknown:
            who = "/".join(filter(None, (tenant, environment)))
            yield (
                f"{f'{workflow} {who}'.rstrip()}: no spend is known on {unknown:,} of"
                f" {len(by_day):,} days, so no alarm sees them"
            )


def _alarm(key: _Key, rows: Sequence[Row], terms: _Terms) -> Alarm | None:
    sums = _by_day(rows)
    days = {
        day: Day(units=units, calls=item.calls)
        for day, item in sums.items()
        if (units := spend([row.sums for row in rows if row.day == day])) is not None
    }
    recent = [terms.until - timedelta(days=back) for back in range(_RECENT_DAYS)]
    found = {day: excess for day in recent if (excess := excess_on(days, day, terms.all_units))}
    if not found:
        return None
    last = max(found)
    excess = max(found.values(), key=lambda item: item.weight)
    workflow = terms.configuration.workflows[key[0]]
    rates = _rates(workflow, terms)
    change = None if rates is None else _change(sums, days, excess, rates)
    causes: tuple[Part, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    if change is not None:
        causes = split(change.before, change.after, change.rates, change.paid)
        suggestions = tuple(_suggestions(change, workflow, terms))
    return Alarm(
        workflow=key[0],
        tenant=key[1],
        environment=key[2],
        since=_since(days, terms.all_units, last),
        is_open=last == terms.until,
        excess=excess,
        causes=causes,
        suggestions=suggestions,
        days=tuple(
            DaySpend(day=day, units=days[day].units)
            for day in sorted(days)
            if day > terms.until - timedelta(days=_SHOWN_DAYS)
        ),
    )


def _since(days: Mapping[date, Day], all_units: Mapping[date, int], last: date) -> date:
    """The first of the days in a row on which the stream was off, by the window of that day."""
    first = last
    while (before := excess_on(days, first - timedelta(days=1), all_units)) is not None:
        first = before.until
    excess = excess_on(days, first, all_units)
    return first if excess is None else _rise(days, excess)


def _rise(days: Mapping[date, Day], excess: Excess) -> date:
    """The first day of a window that cost more than its share of what was expected."""
    length = (excess.until - excess.since).days + 1
    usual = excess.expected_units / length
    for back in range(length):
        day = excess.since + timedelta(days=back)
        if day in days and days[day].units > usual * _RISE:
            return day
    return excess.until


def _by_day(rows: Sequence[Row]) -> dict[date, Sums]:
    parts: dict[date, list[Sums]] = defaultdict(list)
    for row in rows:
        parts[row.day].append(row.sums)
    return {day: add(items) for day, items in parts.items()}


def _change(
    sums: Mapping[date, Sums], days: Mapping[date, Day], excess: Excess, rates: Rates
) -> _Change | None:
    """A window beside the weekdays that it is compared with; None where their means are unknown."""
    length = (excess.until - excess.since).days + 1
    inside = [excess.since + timedelta(days=back) for back in range(length)]
    earlier = [item for day in inside for item in earlier_days(day, excess.gap_weeks)]
    known = [day for day in earlier if day in days]
    before = means_of(add([sums[day] for day in known]))
    after = means_of(add([sums[day] for day in inside if day in days]))
    if before is None or after is None:
        return None
    spent = sum(days[day].units for day in known)
    paid = Paid(before=spent, expected=excess.expected_units, units=excess.units)
    return _Change(before=before, after=after, paid=paid, days=length, rates=rates)


def _rates(workflow: Workflow, terms: _Terms) -> Rates | None:
    model = workflow.model or terms.configuration.defaults.model
    return None if model is None else identify(terms.catalogue, None, model, "standard").rates


def _suggestions(change: _Change, workflow: Workflow, terms: _Terms) -> list[Suggestion]:
    """The controls of the field, each priced again on the calls of the window."""
    before, after, rates = change.before, change.after, change.rates

    def a_month(units: Decimal) -> int:
        return round(units / change.days * DAYS_PER_MONTH)

    now = after.units(rates)
    found = []
    if after.output_tokens > before.output_tokens:
        capped = replace(after, output_tokens=before.output_tokens)
        text = f"output as before, {round(before.output_tokens):,} tokens a call (`max_tokens`)"
        found.append(Suggestion(text=text, units_a_month=a_month(now - capped.units(rates))))
    if after.input_tokens > before.input_tokens:
        shorter = replace(after, input_tokens=before.input_tokens)
        text = f"context as before, {round(before.input_tokens):,} input tokens a call"
        found.append(Suggestion(text=text, units_a_month=a_month(now - shorter.units(rates))))
    for model in _cheaper(workflow, terms.configuration):
        cheaper = identify(terms.catalogue, None, model, "standard").rates
        if cheaper is not None and after.units(cheaper) < now:
            saved = a_month(now - after.units(cheaper))
            found.append(Suggestion(text=f"the cheaper tier, {model}", units_a_month=saved))
            break
    found.sort(key=lambda item: -(item.units_a_month or 0))
    text = (
        "explicit approval of every change: set `high_cost` below what this workflow costs a month"
    )
    return [*(item for item in found if item.units_a_month), Suggestion(text=text)]


def _cheaper(workflow: Workflow, configuration: Configuration) -> list[str]:
    """The models by name of the tiers below the workflow's own."""
    model = workflow.model or configuration.defaults.model
    own = None if model is None else tier_of(model, configuration.tiers)
    names = list(configuration.tiers)
    below = names[names.index(own) + 1 :] if own is not None else []
    return [item for tier in below for item in configuration.tiers[tier] if "*" not in item]
