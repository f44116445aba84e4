"""Whether figures would let a workflow through: what a suggestion has to reach."""

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

from reviewbot.configuration.settings import Configuration, Limit
from reviewbot.costs.rates import EXACT
from reviewbot.costs.tiers import deserved, tier_of
from reviewbot.policy.breakdown import Owned, taken
from reviewbot.policy.budgets import Judged
from reviewbot.policy.limits import judge_envelope, judge_high_cost
from reviewbot.report import BudgetReview, Figures, Finding, Rule, Verdict, WorkflowReview
from reviewbot.scope.affected import Affected

_LIMITS = frozenset(
    {
        Rule.INPUT_TOKENS,
        Rule.COST_PER_CALL,
        Rule.MONTHLY_COST,
        Rule.INCREASE,
        Rule.DRIFT,
        Rule.HIGH_COST,
        Rule.COMPLEXITY,
    }
)


_STOPPING = frozenset({Verdict.NEEDS_APPROVAL, Verdict.UNMEASURED, Verdict.FAIL})

Growth = Callable[[Affected, Figures | None, Figures], tuple[Finding, ...]]
"""Judges the growth of a workflow's figures since the baseline."""


class KeptLimits:
    """Judges figures of affected workflows by the governing limits and the budgets."""

    def __init__(self, governing: Configuration, budgets: Sequence[Judged], growth: Growth) -> None:
        self._growth = growth
        self._tiers = governing.tiers
        self._high_cost = governing.high_cost_usd_per_month
        self._over = [item.review for item in budgets if item.review.verdict is not Verdict.PASS]

    def is_needed(self, affected: Affected, review: WorkflowReview) -> bool:
        """Whether a limit is broken, of the workflow or of a budget that it takes part in."""
        if review.after is None:
            return False
        return any(item.rule in _LIMITS for item in review.findings) or any(
            any(self._taken(budget, affected, review.after)) for budget in self._over
        )

    def judged(self, affected: Affected, review: WorkflowReview) -> Callable[[Figures], bool]:
        """Whether figures, in the place of those after the change, would let the workflow through.

        They do if no hard limit is broken, or no limit at all where only soft ones are now; then
        the model has to be of a tier that the workflow deserves, too. A budget has to be kept by
        this workflow alone. *Before* counts for the high cost as it does in policy. Where something
        else stops the workflow too, no figures let it through.
        """
        envelope = affected.governing.workflow.envelope
        before, after = review.before, review.after
        is_hard = review.verdict is not Verdict.WARN
        was_high = before if affected.prompts_changed else None
        deserves = (
            {*deserved(review.complexity, self._tiers), None}
            if review.complexity is not None and not is_hard
            else None
        )

        is_stopped = any(
            item.rule not in _LIMITS and item.verdict in _STOPPING for item in review.findings
        )

        def fits(figures: Figures) -> bool:
            left = (
                *judge_envelope(envelope, before, figures),
                *self._growth(affected, before, figures),
            )
            return (
                not is_stopped
                and not judge_high_cost(self._high_cost, was_high, figures, None)
                and (deserves is None or tier_of(figures.model, self._tiers) in deserves)
                and all(is_hard and item.verdict is Verdict.WARN for item in left)
                and all(self._keeps(budget, affected, after, figures) for budget in self._over)
            )

        return fits

    def _keeps(
        self, budget: BudgetReview, affected: Affected, now: Figures | None, then: Figures
    ) -> bool:
        """Whether a budget that is over is kept with `then` in the place of `now`.

        One that the workflow has no part in is not its concern.
        """
        usd, tokens = self._taken(budget, affected, now)
        if not usd and not tokens:
            return True
        then_usd, then_tokens = self._taken(budget, affected, then)
        is_soft = budget.verdict is Verdict.WARN
        month = budget.month
        with localcontext(EXACT):
            month_usd = month.after_usd - usd + then_usd
            month_tokens = month.after_tokens - tokens + then_tokens
        if is_soft:
            return _is_within(month_usd, budget.monthly_cost) and _is_within(
                month_tokens, budget.monthly_tokens
            )
        return _is_let_through(month.before_usd, month_usd, budget.monthly_cost) and (
            _is_let_through(month.before_tokens, month_tokens, budget.monthly_tokens)
        )

    def _taken(
        self, budget: BudgetReview, affected: Affected, figures: Figures | None
    ) -> tuple[Decimal, Decimal]:
        tier = tier_of(figures.model, self._tiers) if figures else None
        owned = Owned(settings=affected.governing.workflow, tier=tier, figures=figures)
        return taken(budget.match, affected.name, owned)


def _is_within(amount: Decimal, limit: Limit | None) -> bool:
    bounds = () if limit is None else (limit.soft, limit.hard)
    return all(bound is None or amount <= bound for bound in bounds)


def _is_let_through(before: Decimal, amount: Decimal, limit: Limit | None) -> bool:
    """Whether a budget's hard limit is kept, or broken by no more than before the change."""
    return limit is None or limit.hard is None or amount <= max(limit.hard, before)
