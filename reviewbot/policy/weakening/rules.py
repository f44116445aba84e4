"""Everything beside the workflows: approvers, budgets, tiers, defaults, coverage and prices."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from reviewbot.configuration import notation as written
from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import (
    Approval,
    Budget,
    BudgetMatch,
    Configuration,
    Coverage,
    Defaults,
    Guess,
    NewPrompts,
    Override,
    Prices,
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
from reviewbot.tokens.same_model import is_spelled_otherwise


def rule_edits(old: Configuration, new: Configuration) -> Iterator[Edit]:
    """The edits of everything beside the workflows."""
    yield from edit_of(
        ("high_cost",),
        old.high_cost_usd_per_month,
        new.high_cost_usd_per_month,
        written.usd,
        tightens={How.LOWERED, How.ADDED},
    )
    yield from _approval(old.approval, new.approval)
    yield from edit_of(("baseline",), old.baseline, new.baseline, tightens={How.ADDED})
    yield from _budgets(old.budgets, new.budgets)
    yield from _tiers(old.tiers, new.tiers)
    yield from _default_model(old, new)
    yield from _defaults(old.defaults, new.defaults)
    yield from _coverage(old.coverage, new.coverage)
    yield from _prices(old.prices, new.prices)
    yield from _usage(old.usage, new.usage)


def _approval(old: Approval, new: Approval) -> Iterator[Edit]:
    key: Key = ("approval",)
    yield from _approvers(old.approvers, new.approvers)
    first = {How.ADDED} if not old.approvers else set()
    yield from edit_of((*key, "label"), old.label, new.label, tightens={How.REMOVED, *first})
    yield from edit_of(
        (*key, "strict"),
        old.strict,
        new.strict,
        flag,
        tightens={How.CHANGED} if new.strict else (),
    )
    yield from edit_of(
        (*key, "expires_after"),
        old.expires_after_days,
        new.expires_after_days,
        written.days,
        tightens={How.LOWERED, How.ADDED},
    )


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
    known = {login(name): name for name in old}
    becomes = tuple(known.get(login(name), name) for name in new)
    yield from entry_edits(key, old, becomes, tightens=How.LOSES)


def login(name: str) -> str:
    """A login or a team as GitHub tells it apart from others."""
    return name.removeprefix("@").lower()


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


def _default_model(old: Configuration, new: Configuration) -> Iterator[Edit]:
    """The edit of the model of all workflows, unless it is only spelled otherwise.

    Prices of one's own may tell spellings apart.
    """
    was, now = old.defaults.model, new.defaults.model
    has_own_prices = new.prices.overrides or new.prices.catalogue
    if was and now and not has_own_prices and is_spelled_otherwise(was, now):
        return
    edits = edit_of(("defaults", "model"), was, now, governed=False)
    yield from corrected(edits, Guess.MODEL, old.defaults.assumed)


def _defaults(old: Defaults, new: Defaults) -> Iterator[Edit]:
    key: Key = ("defaults",)
    yield from entry_edits((*key, "assumed"), old.assumed, new.assumed, tightens=How.LOSES)
    yield from edit_of(
        (*key, "max_tokens"),
        old.max_tokens,
        new.max_tokens,
        written.count,
        tightens={
            *(How.RAISED, How.REMOVED),
            *cap_that_cuts_nothing(new.max_tokens, old.traffic),
        },
        governed=False,
    )
    yield from edit_of(
        (*key, "templates"), old.templates or None, new.templates or None, governed=False
    )
    yield from envelope_edits((*key, "envelope"), old.envelope, new.envelope)
    traffic = traffic_edits((*key, "traffic"), old.traffic, new.traffic)
    yield from corrected(traffic, Guess.TRAFFIC, old.assumed)


def _coverage(old: Coverage, new: Coverage) -> Iterator[Edit]:
    key: Key = ("coverage",)
    yield from entry_edits((*key, "prompts"), old.prompts, new.prompts, tightens=How.GAINS)
    yield from entry_edits((*key, "ignore"), old.ignore, new.ignore, tightens=How.LOSES)
    strictness = [*NewPrompts].index
    is_stricter = strictness(new.new_prompts) > strictness(old.new_prompts)
    yield from edit_of(
        (*key, "new_prompts"),
        old.new_prompts,
        new.new_prompts,
        tightens=[*How] if is_stricter else (),
    )
    yield from edit_of(
        (*key, "unseen_tokens"),
        old.unseen_tokens,
        new.unseen_tokens,
        written.count,
        tightens={How.LOWERED},
    )


def _prices(old: Prices, new: Prices) -> Iterator[Edit]:
    key: Key = ("prices",)
    yield from edit_of((*key, "as_of"), old.as_of, new.as_of, date.isoformat)
    yield from edit_of(
        (*key, "catalogue"), old.catalogue_file, new.catalogue_file, written.price_file
    )
    yield from _overrides(old.overrides, new.overrides)


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
