"""What workflows cover of the prompts that are known."""

from collections.abc import Sequence

from reviewbot import prompt_formats
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import Affected, FoundPrompts, PromptCoverage
from reviewbot.scope.governing import Configurations


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


def prompts_in_source(
    comparison: Comparison,
    configurations: Configurations,
    parser: LimitedParser,
    *,
    affected: Sequence[Affected],
    unaffected: Sequence[Affected],
) -> FoundPrompts:
    """What `find_new_prompts` finds; the search is loaded where source code changed."""
    changed = [change.after for change in comparison.changes if change.after is not None]
    if not any(map(prompt_formats.of_source, changed)):
        return FoundPrompts()
    from reviewbot.scope.new_prompts import find_new_prompts
    from reviewbot.scope.sent_prompts import SentPrompts

    stay = [item.after for item in unaffected]
    was = SentPrompts(configurations.before, [*stay, *(item.before for item in affected)])
    now = SentPrompts(configurations.after, [*stay, *(item.after for item in affected)])
    return find_new_prompts(comparison, configurations, parser, was=was, now=now)
