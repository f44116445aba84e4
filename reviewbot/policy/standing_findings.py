"""What makes a figure another one than is meant, whether a change brings it or it stands there.

A command that only measures tells it too: nothing else would.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from reviewbot.configuration.setting_lines import Locator
from reviewbot.errors import Place
from reviewbot.policy.merge_conflicts import judge_conflicts
from reviewbot.policy.override_units import judge_override_units
from reviewbot.policy.repeated_prompts import judge_repeated
from reviewbot.policy.texts_as_conditions import judge_texts_as_conditions
from reviewbot.policy.untaken_variables import judge_untaken
from reviewbot.report import Finding, Report, Rule
from reviewbot.scope.affected import Affected, Scope
from reviewbot.scope.governing import Configurations

_OF_FILES = frozenset({Rule.MERGE_CONFLICT})
_STANDING = _OF_FILES | {
    Rule.PRICE_UNIT,
    Rule.REPEATED,
    Rule.TAGS_AS_TEXT,
    Rule.TEXT_AS_CONDITION,
    Rule.UNUSED,
}


def standing_lines(report: Report, *, is_configured: bool = True) -> Iterator[str]:
    """The findings of a review of all that stands there, as lines with their places.

    Where no file is configured, only those on the prompts' own files.
    """
    rules = _STANDING if is_configured else _OF_FILES
    yield from (_line(item) for item in report.findings if item.rule in rules)


def lines_of_workflow(
    affected: Affected, scope: Scope, configurations: Configurations, today: date
) -> Iterator[str]:
    """The same of one workflow, and of all prices that are configured."""
    locator = Locator(configurations.proposed_text, file=configurations.after.file)
    findings = (
        *judge_repeated([affected]),
        *judge_conflicts(_in_its_files(affected, scope.conflicts), ()),
        *judge_texts_as_conditions([affected], locator),
        *judge_untaken(affected),
        *judge_override_units(configurations, today),
    )
    yield from map(_line, findings)


def _in_its_files(affected: Affected, places: Iterable[Place]) -> Iterator[Place]:
    files = affected.after.source.files if affected.after is not None else {}
    return (place for place in places if place.file in files)


def _line(finding: Finding) -> str:
    if finding.place is None or finding.text.startswith(finding.place.file):
        line = f":{finding.place.line}" if finding.place and finding.place.line else ""
        file = finding.place.file if finding.place else ""
        return f"{file}{line}{finding.text.removeprefix(file)}"
    return f"{Place(file=finding.place.file, line=finding.place.line)}: {finding.text}"
