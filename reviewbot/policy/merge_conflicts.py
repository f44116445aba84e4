"""Warns of prompts that gain the marks of a merge conflict, which are text like any other."""

from collections.abc import Iterable, Iterator

from reviewbot.documents.conflict_marks import CONFLICT
from reviewbot.errors import Place
from reviewbot.report import Finding, Rule, Verdict, WorkflowReview


def judge_conflicts(
    places: Iterable[Place], workflows: Iterable[WorkflowReview]
) -> Iterator[Finding]:
    """A warning for each file that gains such marks, and was not refused for them."""
    refused = {
        problem.place.file
        for workflow in workflows
        for problem in workflow.problems
        if problem.place is not None and problem.what == CONFLICT[0]
    }
    for place in places:
        if place.file in refused:
            continue
        yield Finding(
            rule=Rule.MERGE_CONFLICT,
            verdict=Verdict.WARN,
            text=f"{place.file} seems to hold an unresolved merge conflict, and both sides count; "
            "keep one side, and take out git's marks",
            place=place,
        )
