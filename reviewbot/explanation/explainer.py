"""What a reviewer asks next: which lines cost what, and what would bring a broken limit back."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.costs.rates import EXACT
from reviewbot.explanation.cost_by_hunk import HunkCosts, MeasuredHunk
from reviewbot.explanation.edited_workflows import EditedWorkflows
from reviewbot.explanation.kept_limits import KeptLimits
from reviewbot.explanation.suggestions import Suggestions
from reviewbot.explanation.undone_models import is_undone_by_settings, undoing_patch
from reviewbot.report import SuggestionKind, WorkflowReview
from reviewbot.scope.affected import Affected

MOST_TOLD_APART = 10
"""Workflows whose change is split by hunks: those whose cost changes most."""

MOST_EXPLAINED = 10
"""Workflows with a broken limit for which suggestions are looked for: likewise."""


class Explanation(Struct, frozen=True, kw_only=True):
    """The reviews with what explains them, and notes of what was left undone."""

    workflows: tuple[WorkflowReview, ...]
    notes: tuple[str, ...]


class Explainer:
    """Adds the cost by hunk and suggestions to the reviews of affected workflows."""

    def __init__(
        self,
        hunks: HunkCosts,
        edited: EditedWorkflows,
        suggestions: Suggestions,
        kept: KeptLimits,
    ) -> None:
        self._edited = edited
        self._hunks = hunks
        self._suggestions = suggestions
        self._kept = kept

    def explain(
        self, affected: Sequence[Affected], reviews: Sequence[WorkflowReview]
    ) -> Explanation:
        """The reviews in their order, each with its cost by hunk and its suggestions.

        The work is bounded by `MOST_TOLD_APART`, `MOST_EXPLAINED` and `MOST_EDITED`. It goes to
        broken limits first, then to the largest changes, and what is left undone is a note. That a
        change of the model can be undone is told of every workflow.
        """
        explained = list(reviews)
        ranked = sorted(range(len(explained)), key=lambda number: _rank(explained[number]))
        needed = self._kept.is_needed
        broken = [number for number in ranked if needed(affected[number], reviews[number])]
        first = broken[:MOST_EXPLAINED]
        rest = [number for number in ranked if number not in set(first)]
        for number in first:
            hunks = self._hunks.by_hunk(affected[number], reviews[number])
            fits = self._kept.judged(affected[number], reviews[number])
            ways = self._suggestions.find(affected[number], hunks, fits)
            explained[number] = replace(_with_hunks(reviews[number], hunks), ways_back=ways)
        unexplained = 0
        for number in broken[MOST_EXPLAINED:]:
            fits = self._kept.judged(affected[number], reviews[number])
            ways = self._suggestions.undone_model(affected[number], fits)
            explained[number] = replace(explained[number], ways_back=ways)
            unexplained += not ways
        self._add_undoing_patch(affected, explained)
        left = max(0, MOST_TOLD_APART - len(first))
        for number in rest[:left]:
            hunks = self._hunks.by_hunk(affected[number], reviews[number])
            explained[number] = _with_hunks(explained[number], hunks)
        untold = sum(bool(reviews[number].change_usd_per_month) for number in rest[left:])
        notes = _notes(untold, unexplained, self._edited.refused)
        return Explanation(workflows=tuple(explained), notes=notes)

    def _add_undoing_patch(
        self, affected: Sequence[Affected], explained: list[WorkflowReview]
    ) -> None:
        """Give the suggestions to undo a change of models the one patch that does it for all."""
        configuration = self._edited.configuration
        numbers = [
            number
            for number, review in enumerate(explained)
            if any(way.fits and way.kind is _EARLIER for way in review.ways_back)
            and is_undone_by_settings(configuration, affected[number])
        ]
        if not numbers:
            return
        text = self._edited.text(configuration.file)
        patch = undoing_patch(configuration, text, [affected[number] for number in numbers])
        for number in numbers:
            review = explained[number]
            ways = (
                replace(way, patch=patch) if way.fits and way.kind is _EARLIER else way
                for way in review.ways_back
            )
            explained[number] = replace(review, ways_back=tuple(ways))


_EARLIER = SuggestionKind.EARLIER_MODEL


def _notes(not_told_apart: int, not_explained: int, refused: int) -> tuple[str, ...]:
    """What was left undone, because the work is bounded."""
    one, largest = "1 workflow", "only the largest changes do"
    lines = f"no cost by line: {largest}"
    advice = f"no suggestions: {largest}"
    said = (
        (not_told_apart, f"{one} has {lines}", f"workflows have {lines}"),
        (
            not_explained,
            f"{one} over a limit has {advice}",
            f"workflows over a limit have {advice}",
        ),
        (
            refused,
            "1 edited prompt was not measured, beyond what one review measures of them",
            "edited prompts were not measured, beyond what one review measures of them",
        ),
    )
    return tuple(
        single if count == 1 else f"{count:,} {several}" for count, single, several in said if count
    )


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
