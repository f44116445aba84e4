"""Budgets: limits on the month of a slice of all workflows, and when growth will break them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import Budget, Limit
from reviewbot.costs.rates import EXACT
from reviewbot.errors import Place
from reviewbot.policy.breakdown import Ledger, Part
from reviewbot.report import BudgetReview, Crossing, Finding, Month, Rule, Verdict, worst

HORIZON_MONTHS = 120
"""A crossing is looked for this far ahead."""

_MONTHS_PER_YEAR = 12


class Judged(Struct, frozen=True, kw_only=True):
    """A budget with its figures, and the findings about it."""

    review: BudgetReview
    findings: tuple[Finding, ...]


def judge_budget(
    budget: Budget, ledger: Ledger, *, as_of: date, locate: Callable[[Key], Place]
) -> Judged:
    """`budget` over all workflows after the change.

    A hard limit that is broken fails, or needs approval where the budget is `approvable`, if the
    change adds to the slice. If the slice was over it already and the change adds nothing, that is
    a warning: otherwise not even a saving could be merged. A change that concerns no part of the
    slice is told nothing; the budget's own verdict says how it stands. Proposed traffic, prices or
    labels that lead over a hard limit, or further over it, need approval. So does a slice with
    parts that cannot be measured, if the change concerns it: nobody knows then what it comes to.
    `locate` gives the line of a setting: a limit that stops the change has its place.
    """
    month, part = ledger.month(budget.match)
    with localcontext(EXACT):
        every = (
            *_over(budget, Rule.BUDGET_COST, month, locate),
            *_over(budget, Rule.BUDGET_TOKENS, month, locate),
            *_unknown(budget, month, touched=part.touched),
        )
        is_concerned = part.touched or any(item.verdict is not Verdict.WARN for item in every)
        findings = every if is_concerned else ()
        review = BudgetReview(
            name=budget.name,
            match=budget.match,
            touched=part.touched,
            verdict=worst([item.verdict for item in every]),
            month=month,
            monthly_cost=budget.monthly_cost,
            monthly_tokens=budget.monthly_tokens,
            headroom_usd=_headroom(budget.monthly_cost, month.after_usd),
            headroom_tokens=_headroom(budget.monthly_tokens, month.after_tokens),
            crossings=tuple(_crossings(budget, part, as_of)),
            adding=ledger.adding(budget.match),
        )
    return Judged(review=review, findings=findings)


def new_budgets(
    proposed: Iterable[Budget],
    governing: Iterable[Budget],
    ledger: Ledger,
    *,
    as_of: date,
    locate: Callable[[Key], Place],
) -> Iterator[BudgetReview]:
    """The budgets that the change brings, with their figures; nothing is held against them yet."""
    known = {budget.name for budget in governing}
    for budget in proposed:
        if budget.name not in known:
            review = judge_budget(budget, ledger, as_of=as_of, locate=locate).review
            is_passed = review.verdict is Verdict.PASS
            verdict = Verdict.PASS if is_passed else Verdict.WARN
            yield replace(review, verdict=verdict, is_new=True)


def _over(
    budget: Budget, rule: Rule, month: Month, locate: Callable[[Key], Place]
) -> Iterator[Finding]:
    is_cost = rule is Rule.BUDGET_COST
    limit = budget.monthly_cost if is_cost else budget.monthly_tokens
    if limit is None:
        return
    before, after, proposed = (
        (month.before_usd, month.after_usd, month.proposed_usd)
        if is_cost
        else (month.before_tokens, month.after_tokens, month.proposed_tokens)
    )
    hard = Verdict.NEEDS_APPROVAL if budget.approvable else Verdict.FAIL
    for bound, verdict, kind in ((limit.hard, hard, "hard"), (limit.soft, Verdict.WARN, "soft")):
        if bound is not None and after > bound:
            adds = after > before
            stops = adds and verdict is not Verdict.WARN
            key = ("budgets", budget.name, "monthly_cost" if is_cost else "monthly_tokens", kind)
            text = f"over its {kind} limit"
            yield Finding(
                rule=rule,
                verdict=verdict if adds else Verdict.WARN,
                text=text if adds else f"{text}, as before this change, which does not add to it",
                statistic=budget.name,
                bound=kind,
                actual=after,
                limit=bound,
                excess=after - bound,
                limit_place=locate(key) if stops else None,
            )
            break
    if limit.hard is not None and proposed > max(limit.hard, after):
        yield Finding(
            rule=rule,
            verdict=Verdict.NEEDS_APPROVAL,
            text="over its hard limit with this change's own settings",
            statistic=budget.name,
            bound="hard",
            actual=proposed,
            limit=limit.hard,
            excess=proposed - limit.hard,
        )


def _unknown(budget: Budget, month: Month, *, touched: bool) -> Iterator[Finding]:
    if month.unmeasured_workflows:
        count = month.unmeasured_workflows
        yield Finding(
            rule=Rule.BUDGET_UNMEASURED,
            verdict=Verdict.NEEDS_APPROVAL if touched else Verdict.WARN,
            text=f"budget {budget.name}: {count} of its workflows could not be measured, so it is "
            "not known what it comes to",
        )


def _headroom(limit: Limit | None, after: Decimal) -> Decimal | None:
    if limit is None:
        return None
    bound = limit.hard if limit.hard is not None else limit.soft
    return None if bound is None else bound - after


def _crossings(budget: Budget, part: Part, as_of: date) -> Iterator[Crossing]:
    for name, limit, growing in (
        ("monthly_cost", budget.monthly_cost, part.growing_usd),
        ("monthly_tokens", budget.monthly_tokens, part.growing_tokens),
    ):
        for kind in ("soft", "hard"):
            bound = getattr(limit, kind, None)
            months = None if bound is None else _months_until(growing, bound)
            if months:
                yield Crossing(limit=f"{name}.{kind}", month=_later(as_of, months))


def _months_until(growing: Mapping[Decimal, Decimal], bound: Decimal) -> int | None:
    """In how many months the sum is above `bound`, 0 if it is now; None if not within 120."""
    amounts = dict(growing)
    for months in range(HORIZON_MONTHS + 1):
        if sum(amounts.values(), Decimal(0)) > bound:
            return months
        if not any(rate and amount for rate, amount in amounts.items()):
            return None
        amounts = {rate: amount * (1 + rate) for rate, amount in amounts.items()}
    return None


def _later(start: date, months: int) -> str:
    years, month = divmod(start.month - 1 + months, _MONTHS_PER_YEAR)
    return f"{start.year + years:04d}-{month + 1:02d}"
