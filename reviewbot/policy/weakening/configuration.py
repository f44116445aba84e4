"""The weakenings of a whole configuration, and the findings about them."""

from collections.abc import Callable, Sequence

from reviewbot.configuration.setting_lines import Key, Locator
from reviewbot.errors import Place
from reviewbot.policy.weakening.edits import Edit
from reviewbot.policy.weakening.findings import (
    judge_broken_base,
    judge_edits,
    judge_moved_text,
    judge_namesakes,
    judge_replacement,
)
from reviewbot.policy.weakening.own_edits import Weakenings, find_weakenings
from reviewbot.report import Finding, WorkflowReview
from reviewbot.scope.affected import MovedText, Scope
from reviewbot.scope.governing import Configurations


class ConfigurationWeakenings:
    """What the change does to its configuration; `locate` gives the lines of the change's file."""

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations
        self.weakenings: Weakenings = find_weakenings(configurations)
        self.locate: Callable[[Key], Place] = Locator(
            configurations.proposed_text, file=configurations.after.file
        ).place

    def judged(
        self, workflows: Sequence[WorkflowReview], scope: Scope
    ) -> tuple[tuple[Edit, ...], tuple[Finding, ...]]:
        """The weakenings that no reviewed workflow tells, and the findings beside all workflows."""
        configurations = self._configurations
        edits = self.weakenings.beside({item.name for item in workflows})
        findings = (
            *judge_broken_base(configurations.advisory if configurations.is_base_broken else None),
            *judge_replacement(
                {item.name: item.state for item in workflows},
                [item.name for item in workflows if _grows(item)],
                [item.path for item in scope.unowned if item.changed],
                self.locate,
            ),
            *judge_moved_text(
                [item for item in scope.moved if _has_moved(item, workflows)],
                scope.files_not_compared,
            ),
            *judge_namesakes(scope.namesakes),
            *judge_edits(edits, self.locate),
        )
        return edits, findings


def _has_moved(item: MovedText, workflows: Sequence[WorkflowReview]) -> bool:
    """Whether text is sent no more: where templates still have it, calls are as much shorter."""
    if not item.kept_by:
        return True
    for review in workflows:
        before, after = review.before, review.after
        if review.name in item.kept_by and before is not None and after is not None:
            gone = before.mean_input_tokens - after.mean_input_tokens
            if gone >= item.words / _WORDS_OF_MOVED:
                return True
    return False


_WORDS_OF_MOVED = 2
"""A word is a token or more; half of the words allow for what takes their place."""


def _grows(review: WorkflowReview) -> bool:
    before, after = review.before, review.after
    if before is None or after is None:
        return False
    return after.mean_input_tokens > before.mean_input_tokens
