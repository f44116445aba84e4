"""What a reviewer asks next: which lines cost what, and what would bring a broken limit back."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from reviewbot.affected import Affected
from reviewbot.budgets import Judged
from reviewbot.configuration.settings import Configuration
from reviewbot.costs import EXACT
from reviewbot.enough import Enough
from reviewbot.evaluate import Evaluator
from reviewbot.records import replace
from reviewbot.report import WorkflowReview
from reviewbot.variants import MeasuredHunk, Variants
from reviewbot.ways_back import WaysBack

MOST_TOLD_APART = 100
"""Workflows whose change is told apart by hunks: those whose cost changes most."""

MOST_EXPLAINED = 10
"""Workflows for which ways back are looked for: of those with a broken limit the dearest."""


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
        self._enough = Enough(governing, budgets)

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
        broken = [
            number for number in ranked if self._enough.is_needed(affected[number], reviews[number])
        ]
        for number in ranked[:MOST_TOLD_APART]:
            review = explained[number]
            hunks[number] = self._variants.by_hunk(affected[number], review)
            explained[number] = _with_hunks(review, hunks[number])
        for number in broken[:MOST_EXPLAINED]:
            fits = self._enough.judged(affected[number], explained[number])
            ways = self._ways.find(affected[number], hunks.get(number, ()), fits)
            explained[number] = replace(explained[number], ways_back=ways)
        return explained


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
