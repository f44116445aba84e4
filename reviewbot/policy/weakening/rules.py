"""Everything beside the workflows: approvers, budgets, tiers, defaults, coverage and prices."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from reviewbot.configuration import notation as written
from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import (
    Budget,
    BudgetMatch,
    Configuration,
    Guess,
    NewPrompts,
    Override,
)
from reviewbot.configuration.usage_settings import LogSource, Tolerance, UsageSettings
from reviewbot.errors import Place
from reviewbot.policy.weakening.edits import (
    Edit,
    How,
    corrected,
    edit_of,
    entry_edits,
    flag,
)
from reviewbot.policy.weakening.raised_limits import envelope_edits, limit_edits
from reviewbot.policy.weakening.traffic import cap_that_cuts_nothing, traffic_edits


def rule_edits(old: Configuration, new: Configuration) -> Iterator[Edit]:
    """The edits of everything beside the workflows."""
    yield from edit_of(
        ("high_cost",),
        old.high_cost_usd_per_month,
        new.high_cost_usd_per_month,
        written.usd,
        tightens={How.LOWERED, How.ADDED},
    )
    was, becomes = old.approval, new.approval
    yield from _approvers(was.approvers, becomes.approvers)
    first = {How.ADDED} if not was.approvers else set()
    yield from edit_of(
        ("approval", "label"), was.label, becomes.label, tightens={How.REMOVED, *first}
    )
    yield from edit_of(
        ("approval", "strict"),
        was.strict,
        becomes.strict,
        flag,
        tightens={How.CHANGED} if becomes.strict else (),
    )
    yield from edit_of(
        ("approval", "expires_after"),
        was.expires_after_days,
        becomes.expires_after_days,
        written.days,
        tightens={How.LOWERED, How.ADDED},
    )
    yield from edit_of(("baseline",), old.baseline, new.baseline, tightens={How.ADDED})
    yield from _budgets(old.budgets, new.budgets)
    yield from _tiers(old.tiers, new.tiers)
    defaults = ("defaults",)
    models = edit_of((*defaults, "model"), old.defaults.model, new.defaults.model, governed=False)
    yield from corrected(models, Guess.MODEL, old.defaults.assumed)
    yield from entry_edits(
        (*defaults, "assumed"),
        old.defaults.assumed,
        new.defaults.assumed,
        tightens=How.LOSES,
    )
    yield from edit_of(
        (*defaults, "max_tokens"),
        old.defaults.max_tokens,
        new.defaults.max_tokens,
        written.count,
        tightens={
            *(How.RAISED, How.REMOVED),
            *cap_that_cuts_nothing(new.defaults.max_tokens, old.defaults.traffic),
        },
        governed=False,
    )
    yield from edit_of(
        (*defaults, "templates"),
        old.defaults.templates or None,
        new.defaults.templates or None,
        governed=False,
    )
    yield from envelope_edits((*defaults, "envelope"), old.defaults.envelope, new.defaults.envelope)
    traffic = traffic_edits((*defaults, "traffic"), old.defaults.traffic, new.defaults.traffic)
    yield from corrected(traffic, Guess.TRAFFIC, old.defaults.assumed)
    coverage = ("coverage",)
    yield from entry_edits(
        (*coverage, "prompts"), old.coverage.prompts, new.coverage.prompts, tightens=How.GAINS
    )
    yield from entry_edits(
        (*coverage, "ignore"), old.coverage.ignore, new.coverage.ignore, tightens=How.LOSES
    )
    stricter = [*NewPrompts].index(new.coverage.new_prompts)
    yield from edit_of(
        (*coverage, "new_prompts"),
        old.coverage.new_prompts,
        new.coverage.new_prompts,
        tightens=[*How] if stricter > [*NewPrompts].index(old.coverage.new_prompts) else (),
    )
    yield from edit_of(
        (*coverage, "unseen_tokens"),
        old.coverage.unseen_tokens,
        new.coverage.unseen_tokens,
        written.count,
        tightens={How.LOWERED},
    )
    yield from edit_of(("prices", "as_of"), old.prices.as_of, new.prices.as_of, date.isoformat)
    yield from edit_of(
        ("prices", "catalogue"),
        old.prices.catalogue_file,
        new.prices.catalogue_file,
        written.price_file,
    )
    yield from _overrides(old.prices.overrides, new.prices.overrides)
    yield from _usage(old.usage, new.usage)


def _approvers(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Edit]:
    """The edits of who may approve.

    The first approvers weaken nothing: without them nothing at all can be approved. To take out the
    last one would make the next ones the first, so that it needs approval.
    """
    key: Key = ("approval", "approvers")
    if not old:
        return
    if not new:
        yield from edit_of(key, ", ".join(old), None)
        return
    yield from entry_edits(key, old, new, tightens=How.LOSES)


def _budgets(old: tuple[Budget, ...], new: tuple[Budget, ...]) -> Iterator[Edit]:
    before, after = ({budget.name: budget for budget in budgets} for budgets in (old, new))
    for name in {**before, **after}:
        key: Key = ("budgets", name)
        was, becomes = before.get(name), after.get(name)
        if was is None or becomes is None:
            yield from edit_of(key, was, becomes, written.budget, tightens={How.ADDED})
            continue
        yield from limit_edits(
            (*key, "monthly_cost"), was.monthly_cost, becomes.monthly_cost, written.usd
        )
        yield from limit_edits(
            (*key, "monthly_tokens"), was.monthly_tokens, becomes.monthly_tokens, written.count
        )
        yield from edit_of(
            (*key, "approvable"),
            was.approvable,
            becomes.approvable,
            flag,
            tightens=() if becomes.approvable else {How.CHANGED},
        )
        for part in BudgetMatch.__struct_fields__:
            yield from edit_of(
                (*key, "match", part),
                getattr(was.match, part),
                getattr(becomes.match, part),
                tightens={How.REMOVED},
            )


def _tiers(
    old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]
) -> Iterator[Edit]:
    yield from edit_of(("tiers",), ", ".join(old) or None, ", ".join(new) or None)
    for name in {**old, **new}:
        yield from entry_edits(("tiers", name), old.get(name, ()), new.get(name, ()))


def _usage(old: UsageSettings, new: UsageSettings) -> Iterator[Edit]:
    """The edits of what is known of logs; where nothing was, there is nothing to weaken."""
    if old.sources or old.content:
        key: Key = ("usage",)
        yield from edit_of((*key, "sources"), _unplaced(old), _unplaced(new), _sources)
        before, after = _aggregate(old), _aggregate(new)
        yield from edit_of((*key, "file"), before, after, tightens={How.ADDED})
        yield from edit_of(
            (*key, "stale_after"),
            old.stale_after_days,
            new.stale_after_days,
            written.days,
            tightens={How.LOWERED},
        )
        for name in Tolerance.__struct_fields__:
            yield from edit_of(
                (*key, "tolerance", name),
                getattr(old.tolerance, name),
                getattr(new.tolerance, name),
                written.percent,
                tightens={How.LOWERED},
            )


def _aggregate(usage: UsageSettings) -> str | None:
    return None if usage.content is None else written.aggregate(usage)


def _unplaced(usage: UsageSettings) -> tuple[LogSource, ...]:
    """The sources without their lines, which change with whatever stands above them."""
    nowhere = Place(file="")
    return tuple(
        replace(
            source,
            place=nowhere,
            paths=tuple(replace(path, place=nowhere) for path in source.paths),
        )
        for source in usage.sources
    )


def _sources(sources: tuple[LogSource, ...]) -> str:
    shown = (
        ", ".join((source.format, *(path.pattern for path in source.paths))) for source in sources
    )
    return "; ".join(shown) or "none"


def _overrides(old: Mapping[str, Override], new: Mapping[str, Override]) -> Iterator[Edit]:
    for name in {**old, **new}:
        key: Key = ("prices", "overrides", name)
        was, becomes = old.get(name), new.get(name)
        if was is None or becomes is None:
            yield from edit_of(key, was, becomes, written.rates)
            continue
        for rate in Override.__struct_fields__:
            yield from edit_of(
                (*key, rate), getattr(was, rate), getattr(becomes, rate), written.override_value
            )
