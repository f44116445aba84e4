"""What a reviewer asks next: which lines cost what, and what would bring a broken limit back."""

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

from reviewbot.affected import Affected
from reviewbot.budgets import Judged
from reviewbot.configuration.settings import Configuration
from reviewbot.costs import EXACT
from reviewbot.evaluate import Evaluator
from reviewbot.policy import judge_envelope, judge_high_cost
from reviewbot.records import replace
from reviewbot.report import BudgetReview, Figures, Rule, Verdict, WorkflowReview
from reviewbot.tiers import deserved, tier_of
from reviewbot.variants import MeasuredHunk, Variants
from reviewbot.ways_back import WaysBack

MOST_TOLD_APART = 100
"""Workflows whose change is told apart by hunks: those whose cost changes most."""

MOST_EXPLAINED = 10
"""Workflows for which ways back are looked for: of those with a broken limit the dearest."""

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


class Explainer:
    """Adds hunks and ways back to the reviews of affected workflows."""

    def __init__(
        self,
        variants: Variants,
        evaluator: Evaluator,
        governing: Configuration,
        budgets: Sequence[Judged],
    ) -> None:
        self._variants = variants
        self._ways = WaysBack(variants, evaluator, governing.tiers)
        self._tiers = governing.tiers
        self._high_cost = governing.high_cost_usd_per_month
        self._over = [item.review for item in budgets if item.review.verdict is not Verdict.PASS]

    def explained(
        self, affected: Sequence[Affected], reviews: Sequence[WorkflowReview]
    ) -> list[WorkflowReview]:
        """The reviews in their order, each with its hunks and its ways back.

        The work is bounded by `MOST_TOLD_APART`, `MOST_EXPLAINED` and `MOST_VARIANTS`; it goes to
        the largest changes first.
        """
        explained = list(reviews)
        hunks: dict[int, tuple[MeasuredHunk, ...]] = {}
        ranked = sorted(range(len(explained)), key=lambda number: _rank(explained[number]))
        broken = [number for number in ranked if self._is_broken(affected[number], reviews[number])]
        for number in ranked[:MOST_TOLD_APART]:
            review = explained[number]
            hunks[number] = self._variants.by_hunk(affected[number], review)
            explained[number] = _with_hunks(review, hunks[number])
        for number in broken[:MOST_EXPLAINED]:
            fits = self._fits(affected[number], explained[number])
            ways = self._ways.find(affected[number], hunks.get(number, ()), fits)
            explained[number] = replace(explained[number], ways_back=ways)
        return explained

    def _is_broken(self, affected: Affected, review: WorkflowReview) -> bool:
        if review.after is None:
            return False
        return any(item.rule in _LIMITS for item in review.findings) or bool(
            self._budgets_of(affected, review)
        )

    def _budgets_of(self, affected: Affected, review: WorkflowReview) -> list[BudgetReview]:
        """The budgets over a limit in whose slice the workflow may have a part."""
        settings = affected.governing.workflow
        return [
            budget
            for budget in self._over
            if budget.match.workflow in {None, affected.name}
            and budget.match.feature in {None, settings.feature}
            and budget.match.owner in {None, settings.owner}
            and budget.match.tier in {None, review.tier}
            and any(
                budget.match.tenant in {None, stream.tenant}
                and budget.match.environment in {None, stream.environment}
                for stream in settings.traffic
            )
        ]

    def _fits(self, affected: Affected, review: WorkflowReview) -> Callable[[Figures], bool]:
        """Whether figures would let the workflow through.

        They do if no hard limit is broken, or no limit at all where only soft ones are now; then
        the model has to be of a tier that the workflow deserves, too. What a budget is over by has
        to be saved by this workflow alone. *Before* counts for the high cost as it does in policy.
        """
        budgets = self._budgets_of(affected, review)
        excess = max((_excess(budget) for budget in budgets), default=Decimal(0))
        before, after = review.before, review.after
        is_hard = review.verdict is not Verdict.WARN
        was_high = before if affected.prompts_changed else None
        deserves = (
            {*deserved(review.complexity, self._tiers), None}
            if review.complexity is not None and not is_hard
            else None
        )

        def fits(figures: Figures) -> bool:
            with localcontext(EXACT):
                saved = after.usd_per_month - figures.usd_per_month if after else Decimal(0)
            is_high = bool(judge_high_cost(self._high_cost, was_high, figures))
            tier = tier_of(figures.model, self._tiers)
            is_too_dear = deserves is not None and tier not in deserves
            left = judge_envelope(affected.governing.workflow.envelope, before, figures)
            worse = [item for item in left if not is_hard or item.verdict is not Verdict.WARN]
            return not is_high and not is_too_dear and saved >= excess and not worse

        return fits


def _excess(budget: BudgetReview) -> Decimal:
    """USD a month that a budget is over its lowest broken limit."""
    limit = budget.monthly_cost
    bounds = [bound for bound in (limit.soft, limit.hard) if bound is not None] if limit else []
    over = [budget.month.after_usd - bound for bound in bounds if budget.month.after_usd > bound]
    return max(over, default=Decimal(0))


def _with_hunks(review: WorkflowReview, hunks: tuple[MeasuredHunk, ...]) -> WorkflowReview:
    if not hunks or review.change_usd_per_month is None:
        return review
    with localcontext(EXACT):
        own = sum((item.hunk.usd_per_month or Decimal(0) for item in hunks), Decimal(0))
        return replace(
            review,
            hunks=tuple(item.hunk for item in hunks),
            remainder_usd_per_month=review.change_usd_per_month - own,
        )


def _rank(review: WorkflowReview) -> tuple[Decimal, str]:
    return -abs(review.change_usd_per_month or Decimal(0)), review.name
