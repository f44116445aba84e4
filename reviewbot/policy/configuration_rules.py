"""The rules of the configuration itself: how a change would loosen them, and what that comes to."""

from collections.abc import Callable, Sequence

from reviewbot.configuration.locating import Key, Locator
from reviewbot.errors import Place
from reviewbot.policy.limits import judge_broken_base, judge_edits, judge_replacement
from reviewbot.policy.setting_edits import Edit
from reviewbot.policy.weakenings import Loosenings, find_loosenings
from reviewbot.report import Finding, WorkflowReview
from reviewbot.scope.affected import Unowned
from reviewbot.scope.governing import Configurations


class Rules:
    """What the change does to its configuration; `locate` gives the lines of the change's file."""

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations
        self.loosenings: Loosenings = find_loosenings(configurations)
        self.locate: Callable[[Key], Place] = Locator(
            configurations.proposed_text, file=configurations.after.file
        ).place

    def judged(
        self, workflows: Sequence[WorkflowReview], unowned: Sequence[Unowned]
    ) -> tuple[tuple[Edit, ...], tuple[Finding, ...]]:
        """The loosenings that no reviewed workflow tells, and the findings beside all workflows."""
        configurations = self._configurations
        edits = self.loosenings.beside({item.name for item in workflows})
        findings = (
            *judge_broken_base(configurations.advisory if configurations.is_base_broken else None),
            *judge_replacement(
                {item.name: item.state for item in workflows},
                tuple(item.path for item in unowned if item.changed),
                self.locate,
            ),
            *judge_edits(edits, self.locate),
        )
        return edits, findings
