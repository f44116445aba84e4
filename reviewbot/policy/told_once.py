"""Why a file cannot be read is told once: for the workflow that it makes unmeasured, or beside."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.report import Finding, WorkflowReview
from reviewbot.scope.affected import FoundPrompts, Scope
from reviewbot.scope.not_covered import Unsearched


def without_told(
    scope: Scope, in_source: FoundPrompts, workflows: Sequence[WorkflowReview]
) -> tuple[Scope, FoundPrompts]:
    """Both without the files that make a workflow unmeasured, for the same reason.

    That stops the change, and is told with the workflow. What it asks whether it was meant is not
    told as lacking a workflow.
    """
    told = [(it.place.file, it) for each in workflows for it in each.problems if it.place]
    if not told:
        return scope, in_source
    resent = tuple(
        item
        for item in scope.resent
        if not any(item.path == path and item.unread == why.what for path, why in told)
    )
    unowned = tuple(
        item for item in scope.unowned if not any(f"'{item.path}'" in why.mend for _, why in told)
    )
    return replace(scope, resent=resent, unowned=unowned), replace(
        in_source, unsearched=tuple(_not_among(in_source.unsearched, told))
    )


def beside_findings(
    files: Iterable[Unsearched], findings: Sequence[Finding]
) -> tuple[Unsearched, ...]:
    """The files of which no finding says why they could not be read."""
    texts = [(item.place.file, item.text) for item in findings if item.place]
    return tuple(
        item
        for item in files
        if not item.more
        and not any(path == item.what and _reason(item) in text for path, text in texts)
    )


def _not_among(
    files: Iterable[Unsearched], told: Sequence[tuple[str, Problem]]
) -> Iterator[Unsearched]:
    for item in files:
        if not any(path == item.what and why.what in item.why for path, why in told):
            yield item


def _reason(item: Unsearched) -> str:
    """Why a file was not searched, without its place and the mend."""
    return item.why.partition(": ")[2].partition("; ")[0] or item.why
