"""Who pays: the month of all workflows, broken down by feature, workflow, tenant, tier and so on.

The smallest part is what one workflow takes for one tenant in one environment. Every slice and
every budget is a sum of such parts, so along each dimension the slices add up to the whole.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal, localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import BudgetMatch, Stream, Workflow
from reviewbot.costs.rates import EXACT
from reviewbot.costs.tiers import Tiers, tier_of
from reviewbot.report import (
    BreakdownMonth,
    Dimension,
    Figures,
    Month,
    StreamFigures,
    WorkflowReview,
)
from reviewbot.scope.affected import Affected

Key = tuple[str | None, ...]
"""What a part belongs to, in the order of `Dimension`."""

_ANY = "\0"
"""In the key of what could not be measured: nobody knows, so every slice may hold it."""

_STATES = 3
_WORKFLOW = list(Dimension).index(Dimension.WORKFLOW)
_ZERO = Decimal(0)


class Owned(Struct, frozen=True, kw_only=True):
    """Figures, and whose they are; None where there are none. `tier` is that of the model."""

    settings: Workflow
    tier: str | None
    figures: Figures | None


class Account(Struct, frozen=True, kw_only=True):
    """What one workflow takes before and after under the governing terms, and as proposed.

    Where `unmeasured`, figures that should be there are not known.
    """

    name: str
    touched: bool
    before: Owned
    after: Owned
    proposed: Owned
    unmeasured: bool = False


class Accountant:
    """Says whose the figures of a workflow are, by the governing and the proposed settings."""

    def __init__(self, *, governing: Tiers, proposed: Tiers) -> None:
        self._governing = governing
        self._proposed = proposed

    def of_affected(self, affected: Affected, review: WorkflowReview) -> Account:
        """A workflow that the change concerns.

        What is not measured after the change is in no state: it would look like a saving.
        """
        settings, intended = affected.governing.workflow, affected.proposed.workflow
        states = (review.before, review.after, review.proposed or review.after)
        before, after, proposed = (None,) * len(states) if review.problems else states
        return Account(
            name=affected.name,
            touched=True,
            before=_owned(settings, self._governing, before),
            after=_owned(settings, self._governing, after),
            proposed=_owned(intended, self._proposed, proposed),
            unmeasured=bool(review.problems),
        )

    def of_unaffected(self, affected: Affected, figures: Figures | None) -> Account:
        """A workflow that the change does not concern: the same in every state."""
        settings = affected.governing.workflow
        owned = _owned(settings, self._governing, figures)
        return Account(
            name=affected.name,
            touched=False,
            before=owned,
            after=owned,
            proposed=_owned(settings, self._proposed, figures),
            unmeasured=figures is None,
        )


def _owned(settings: Workflow, tiers: Tiers, figures: Figures | None) -> Owned:
    model = figures.model if figures else settings.model
    return Owned(settings=settings, tier=tier_of(model, tiers) if model else None, figures=figures)


class Part:
    """The sums of one key: USD and tokens a month in three states, and USD by growth after."""

    __slots__ = ("growing_tokens", "growing_usd", "tokens", "touched", "usd")

    def __init__(self) -> None:
        self.usd = [_ZERO] * _STATES
        self.tokens = [_ZERO] * _STATES
        self.growing_usd: dict[Decimal, Decimal] = {}
        self.growing_tokens: dict[Decimal, Decimal] = {}
        self.touched = False

    def add(self, other: "Part") -> None:
        """Add what another part has, without what grows."""
        usd, tokens, more_usd, more_tokens = self.usd, self.tokens, other.usd, other.tokens
        for state in range(_STATES):
            usd[state] += more_usd[state]
            tokens[state] += more_tokens[state]
        self.touched = self.touched or other.touched

    def add_growth(self, other: "Part") -> None:
        """Add what another part has that grows."""
        for growing, more in (
            (self.growing_usd, other.growing_usd),
            (self.growing_tokens, other.growing_tokens),
        ):
            for rate, amount in more.items():
                growing[rate] = growing.get(rate, _ZERO) + amount


def _sum(parts: list[Part]) -> Part:
    """What parts have together, without what grows; not to be changed where it is one of them."""
    if len(parts) == 1:
        return parts[0]
    total = Part()
    for part in parts:
        total.add(part)
    return total


class Ledger:
    """All parts of the month, and the keys of what could not be measured."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self.parts: dict[Key, Part] = {}
        self.unmeasured: dict[str, list[Key]] = {}
        with localcontext(EXACT):
            for account in accounts:
                for state, owned in enumerate((account.before, account.after, account.proposed)):
                    self._enter(account, state, owned)
                if account.unmeasured:
                    self.unmeasured[account.name] = _keys(account)

    def month(self, match: BudgetMatch) -> tuple[Month, Part]:
        """The sum of the parts in the slice `match`."""
        within = _within(match)
        with localcontext(EXACT):
            total = Part()
            for key, part in self.parts.items():
                if within(key):
                    total.add(part)
                    total.add_growth(part)
            unmeasured = sum(any(map(within, keys)) for keys in self.unmeasured.values())
            return _month(total, unmeasured), total

    def adding(self, match: BudgetMatch) -> tuple[str, ...]:
        """The workflows by which the change adds to the slice `match`, the largest first."""
        within = _within(match)
        added: dict[str, tuple[Decimal, Decimal]] = {}
        with localcontext(EXACT):
            for key, part in self.parts.items():
                name = key[_WORKFLOW]
                if name is not None and part.touched and within(key):
                    usd, tokens = added.get(name, (_ZERO, _ZERO))
                    usd += part.usd[1] - part.usd[0]
                    added[name] = usd, tokens + part.tokens[1] - part.tokens[0]
        ranked = sorted((-usd, -tokens, name) for name, (usd, tokens) in added.items())
        return tuple(name for usd, tokens, name in ranked if usd < 0 or tokens < 0)

    def slices(self) -> tuple[BreakdownMonth, ...]:
        """The month by each dimension: what the change touches first, then the dearest."""
        found: list[BreakdownMonth] = []
        with localcontext(EXACT):
            for index, dimension in enumerate(Dimension):
                within: dict[str | None, list[Part]] = {}
                missing: dict[str | None, set[str]] = {}
                for key, part in self.parts.items():
                    within.setdefault(key[index], []).append(part)
                sums = {value: _sum(parts) for value, parts in within.items()}
                for name, keys in self.unmeasured.items():
                    for key in keys:
                        value = None if key[index] == _ANY else key[index]
                        missing.setdefault(value, set()).add(name)
                slices = [
                    BreakdownMonth(
                        dimension=dimension,
                        value=value,
                        touched=part.touched,
                        month=_month(part, len(missing.get(value, ()))),
                    )
                    for value, part in ({value: Part() for value in missing} | sums).items()
                ]
                found += sorted(slices, key=_rank)
        return tuple(found)

    def _enter(self, account: Account, state: int, owned: Owned) -> None:
        figures = owned.figures
        for stream in figures.streams if figures else ():
            key = _key(account.name, owned, stream)
            part = self.parts.get(key)
            if part is None:
                part = self.parts[key] = Part()
            part.usd[state] += stream.usd_per_month
            part.tokens[state] += stream.tokens_per_month
            part.touched = part.touched or account.touched
            if state == 1:
                rate = stream.growth_per_month
                part.growing_usd[rate] = part.growing_usd.get(rate, _ZERO) + stream.usd_per_month
                part.growing_tokens[rate] = (
                    part.growing_tokens.get(rate, _ZERO) + stream.tokens_per_month
                )


def taken(match: BudgetMatch, name: str, owned: Owned) -> tuple[Decimal, Decimal]:
    """USD and tokens a month that workflow `name` has in the slice `match`."""
    within = _within(match)
    usd = tokens = _ZERO
    with localcontext(EXACT):
        for stream in owned.figures.streams if owned.figures else ():
            if within(_key(name, owned, stream)):
                usd += stream.usd_per_month
                tokens += stream.tokens_per_month
    return usd, tokens


def _key(name: str, owned: Owned, stream: Stream | StreamFigures) -> Key:
    settings = owned.settings
    return (
        settings.feature,
        name,
        stream.tenant,
        owned.tier,
        stream.environment,
        settings.owner,
    )


def _within(match: BudgetMatch) -> Callable[[Key], bool]:
    """Whether a key is in the slice `match`."""
    wanted = [
        (index, value)
        for index, dimension in enumerate(Dimension)
        if (value := getattr(match, dimension)) is not None
    ]
    return lambda key: all(key[index] in (value, _ANY) for index, value in wanted)


def _keys(account: Account) -> list[Key]:
    """The keys that an unmeasured workflow would have, as far as its settings tell.

    A model that only its prompt or the defaults name is of any tier.
    """
    owned = account.after
    if owned.settings.model is None:
        owned = replace(owned, tier=_ANY)
    streams = owned.settings.traffic
    return list(dict.fromkeys(_key(account.name, owned, stream) for stream in streams))


def _month(part: Part, unmeasured: int) -> Month:
    usd, tokens = part.usd, part.tokens
    return Month(
        before_usd=usd[0],
        after_usd=usd[1],
        proposed_usd=usd[2],
        before_tokens=tokens[0],
        after_tokens=tokens[1],
        proposed_tokens=tokens[2],
        unmeasured_workflows=unmeasured,
    )


def _rank(item: BreakdownMonth) -> tuple[bool, Decimal, Decimal, bool, str]:
    month = item.month
    change = abs(month.after_usd - month.before_usd)
    return (not item.touched, -change, -month.after_usd, item.value is None, item.value or "")
