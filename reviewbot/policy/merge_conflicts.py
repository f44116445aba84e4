"""Warns of prompts that gain the marks of a merge conflict, which are text like any other."""

from collections.abc import Iterable, Iterator

from reviewbot.errors import Place
from reviewbot.report import Finding, Rule, Verdict


def judge_conflicts(places: Iterable[Place]) -> Iterator[Finding]:
    """A warning for each file that gains such marks."""
    for place in places:
        yield Finding(
            rule=Rule.MERGE_CONFLICT,
            verdict=Verdict.WARN,
            text=f"{place.file} seems to hold an unresolved merge conflict, and both sides count; "
            "keep one side, and take out git's marks",
            place=place,
        )
