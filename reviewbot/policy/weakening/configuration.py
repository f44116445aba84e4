"""The weakenings of a whole configuration, and the findings about them."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from reviewbot.configuration.setting_lines import Key, Locator
from reviewbot.errors import Place
from reviewbot.policy.adoption import is_first
from reviewbot.policy.weakening.edits import Edit
from reviewbot.policy.weakening.findings import (
    judge_broken_base,
    judge_edits,
    judge_moved_text,
    judge_namesakes,
    judge_replacement,
)
from reviewbot.policy.weakening.own_edits import Weakenings, find_weakenings
from reviewbot.policy.weakening.rules import login
from reviewbot.report import Finding, WorkflowReview
from reviewbot.scope.affected import Resent, Scope
from reviewbot.scope.governing import Configurations


class ConfigurationWeakenings:
    """What the change does to its configuration; `locate` and `block` give lines of its file."""

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations
        self.weakenings: Weakenings = find_weakenings(configurations)
        locator = Locator(configurations.proposed_text, file=configurations.after.file)
        self.locate: Callable[[Key], Place] = locator.place
        self.block: Callable[[Key], tuple[int, int] | None] = locator.block

    def judged(
        self, workflows: Sequence[WorkflowReview], scope: Scope, hidden: AbstractSet[str]
    ) -> tuple[tuple[Edit, ...], tuple[Finding, ...]]:
        """The weakenings that no reviewed workflow tells, and the findings beside all workflows.

        `hidden` are files with text that templates have still, and no rendering shows any more.
        """
        configurations = self._configurations
        edits = self.weakenings.beside({item.name for item in workflows})
        succeeded = {item.name for item in scope.affected if item.succeeded_by is not None}
        if configurations.advisory is not None:  # no limit is lost: none was there
            succeeded |= {item.name for item in workflows}
        findings = (
            *(judge_broken_base() if configurations.is_base_broken else ()),
            *judge_replacement(
                {item.name: item.state for item in workflows if item.name not in succeeded},
                [item.name for item in workflows if _grows(item)],
                [item.path for item in scope.unowned if item.changed],
                self.locate,
            ),
            *judge_moved_text(
                [item for item in scope.moved if not item.kept or item.path in hidden],
                scope.files_not_compared,
            ),
            *judge_namesakes(scope.namesakes),
            *(_judge_resent(scope.resent, configurations) if scope.resent else ()),
            *judge_edits(edits, self.locate, _meant_approvers(configurations)),
        )
        return edits, findings


def _judge_resent(found: Sequence[Resent], configurations: Configurations) -> tuple[Finding, ...]:
    """What judges them is loaded where there are any."""
    from reviewbot.policy.resent import judge_resent

    return judge_resent(found, is_first=is_first(configurations))


def _grows(review: WorkflowReview) -> bool:
    before, after = review.before, review.after
    if before is None or after is None:
        return False
    return after.mean_input_tokens > before.mean_input_tokens


def _meant_approvers(configurations: Configurations) -> dict[Key, str]:
    """By the keys of new approvers the lost ones of which they may be slips of the hand."""
    import difflib

    both = (configurations.before, configurations.after)
    old, new = ({login(it): it for it in item.approval.approvers} for item in both)
    lost = [name for name in old if name not in new]
    found: dict[Key, str] = {}
    for own, name in new.items():
        near = difflib.get_close_matches(own, lost, 1, _ALIKE) if own not in old else []
        if near:
            found["approval", "approvers", name] = old[near[0]]
    return found


_ALIKE = 0.8
"""How alike two logins have to be, as difflib has it, so that one may be a slip of the other."""
