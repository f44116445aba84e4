"""What workflows cover of the prompts that are known."""

from reviewbot.scope.affected import FoundPrompts
from reviewbot.scope.governing import Configurations
from reviewbot.scope.not_covered import PromptCoverage


def coverage_of(
    configurations: Configurations, files: int, in_source: FoundPrompts
) -> PromptCoverage:
    """How many prompts the head's workflows name, of those and the uncovered ones.

    `files` is the number of prompt files that none names.
    """
    covered = len(
        {
            (item.path, item.selector)
            for workflow in configurations.after.workflows.values()
            for item in workflow.prompts
        }
    )
    return PromptCoverage(
        covered=covered,
        known=covered + files + in_source.uncovered,
        calls_covered=in_source.calls - len(in_source.uncovered_calls),
        calls=in_source.calls,
    )
