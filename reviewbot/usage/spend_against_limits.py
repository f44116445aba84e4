"""Spend against budgets and envelopes: the period as a month, this month so far, and its pace."""

import calendar
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.amounts import DAYS_PER_MONTH
from reviewbot.configuration.settings import Budget, BudgetMatch, Configuration, Limit
from reviewbot.costs.tiers import tier_of
from reviewbot.usage.aggregate import UNITS_PER_USD, Row, Stream, Usage

_FEWEST_DAYS = 7
"""With fewer days a month is not told from them: weekdays are not evened out."""


class Level(StrEnum):
    """How a limit stands, from good to bad; `unknown` where the log cannot tell."""

    WITHIN = "within"
    SOFT = "soft"
    HARD = "hard"
    UNKNOWN = "unknown"


class Standing(Struct, frozen=True, kw_only=True):
    """One limit and what is spent of it: USD, or tokens, by `unit`.

    `as_month` is the period scaled to 30.4375 days, `so_far` the calendar month up to the last day,
    `at_pace` that month if every day is like those so far. None where days or figures are missing.
    """

    name: str
    unit: str
    limit: Limit
    as_month: Decimal | None
    so_far: Decimal | None
    at_pace: Decimal | None
    level: Level


def standings(usage: Usage, configuration: Configuration) -> tuple[Standing, ...]:
    """Every budget and every envelope's monthly cost and cost of a call."""
    return (*_budgets(usage, configuration), *_envelopes(usage, configuration))


def _budgets(usage: Usage, configuration: Configuration) -> Iterator[Standing]:
    for budget in configuration.budgets:
        rows = [row for row in usage.rows if _within(row.stream, budget, configuration)]
        if budget.monthly_cost is not None:
            yield _standing(f"budget {budget.name}", budget.monthly_cost, rows, usage, _USD)
        if budget.monthly_tokens is not None:
            yield _standing(f"budget {budget.name}", budget.monthly_tokens, rows, usage, _TOKENS)


def _envelopes(usage: Usage, configuration: Configuration) -> Iterator[Standing]:
    for name, workflow in configuration.workflows.items():
        rows = [row for row in usage.rows if row.stream.workflow == name]
        envelope = workflow.envelope
        if not rows:
            continue
        if envelope.monthly_cost is not None:
            yield _standing(f"{name} monthly_cost", envelope.monthly_cost, rows, usage, _USD)
        if envelope.cost_per_call is not None:
            mean = _a_call(rows)
            yield Standing(
                name=f"{name} cost_per_call",
                unit="USD a call",
                limit=envelope.cost_per_call,
                as_month=mean,
                so_far=None,
                at_pace=None,
                level=_level(envelope.cost_per_call, [mean]),
            )


def _standing(
    name: str, limit: Limit, rows: list[Row], usage: Usage, quantity: "_Quantity"
) -> Standing:
    value = quantity.of
    whole = _sum(rows, value)
    first = max(usage.until.replace(day=1), usage.since)
    so_far = _sum([row for row in rows if row.day >= first], value)
    seen = (usage.until - first).days + 1
    month_days = calendar.monthrange(usage.until.year, usage.until.month)[1]
    as_month = at_pace = None
    if whole is not None and usage.days >= _FEWEST_DAYS:
        as_month = whole / usage.days * DAYS_PER_MONTH
    if so_far is not None and seen >= _FEWEST_DAYS:
        at_pace = so_far / seen * month_days
    return Standing(
        name=name,
        unit=quantity.unit,
        limit=limit,
        as_month=as_month,
        so_far=so_far,
        at_pace=at_pace,
        level=Level.UNKNOWN if whole is None else _level(limit, [so_far, as_month, at_pace]),
    )


def _level(limit: Limit, values: list[Decimal | None]) -> Level:
    known = [value for value in values if value is not None]
    if not known:
        return Level.UNKNOWN
    if limit.hard is not None and max(known) > limit.hard:
        return Level.HARD
    if limit.soft is not None and max(known) > limit.soft:
        return Level.SOFT
    return Level.WITHIN


def _within(stream: Stream, budget: Budget, configuration: Configuration) -> bool:
    labels = _labels(stream, configuration)
    match: BudgetMatch = budget.match
    return all(
        getattr(match, name) in {None, labels[name]} for name in BudgetMatch.__struct_fields__
    )


def _labels(stream: Stream, configuration: Configuration) -> dict[str, str | None]:
    workflow = configuration.workflows.get(stream.workflow or "")
    tier = None if stream.model is None else tier_of(stream.model, configuration.tiers)
    return {
        "feature": workflow.feature if workflow else None,
        "workflow": stream.workflow,
        "tenant": stream.tenant,
        "tier": tier,
        "environment": stream.environment,
        "owner": workflow.owner if workflow else None,
    }


def _usd(row: Row) -> Decimal | None:
    return None if row.sums.units is None else Decimal(row.sums.units) / UNITS_PER_USD


def _tokens(row: Row) -> Decimal | None:
    if row.sums.input is None or row.sums.output is None:
        return None
    return Decimal(row.sums.input + row.sums.output)


class _Quantity(Struct, frozen=True, kw_only=True):
    """What is limited, and how much of it a row has."""

    unit: str
    of: Callable[[Row], Decimal | None]


_USD = _Quantity(unit="USD", of=_usd)
_TOKENS = _Quantity(unit="tokens", of=_tokens)


def _a_call(rows: list[Row]) -> Decimal | None:
    usd, calls = _sum(rows, _usd), _sum(rows, _count)
    return usd / calls if usd is not None and calls else None


def _count(row: Row) -> Decimal | None:
    return None if row.sums.calls is None else Decimal(row.sums.calls)


def _sum(rows: list[Row], value: Callable[[Row], Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for row in rows:
        found = value(row)
        if found is None:
            return None
        total += found
    return total
