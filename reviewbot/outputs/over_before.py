"""Workflows that were over a limit before the change, which adds nothing: what to say."""

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import Place
from reviewbot.outputs import wording
from reviewbot.outputs.accepting import WaysOut, accepting, approved
from reviewbot.outputs.headline import worst_first
from reviewbot.report import Figures, Finding, Report, Rule, WorkflowReview


def over_before(report: Report, workflow: WorkflowReview) -> str | None:
    """That a limit was broken before the change, which adds nothing to it; None where it is not.

    Such a change is no cause of what is broken.
    """
    finding = _finding(workflow)
    if finding is None or workflow.before is None:
        return None
    was = replace(finding, actual=_value(finding, workflow.before))
    before, after = ((wording.limit_parts(item) or {})["actual"] for item in (was, finding))
    already = f"over its limit already on {wording.plain(report.revisions.base_name)}"
    if was.actual == finding.actual:
        return f"{after}: {already}, and this change adds nothing"
    return f"{after} after {before}: {already}, and now less"


def ways_out(report: Report, workflow: WorkflowReview) -> WaysOut:
    """What a person can do about a broken limit beside a suggestion."""
    finding = _finding(workflow)
    if finding is None:
        return accepting(report, workflow)
    excess = (wording.limit_parts(finding) or {})["excess"]
    raised = "raise the limit in a pull request of its own"
    if finding.bound != "soft":
        raised = f"{raised}, {approved(report)}"
    return WaysOut(cut=f"take {excess} more off", raised=raised)


def ways_beside(report: Report, workflow: WorkflowReview) -> WaysOut:
    """The same, but nothing of a workflow that was over its limit before: that is told with it."""
    return WaysOut() if _finding(workflow) is not None else accepting(report, workflow)


class LimitToRaise(Struct, frozen=True, kw_only=True):
    """How a limit may be raised, which is said once for all that are over it."""

    text: str
    file: str | None
    line: int | None
    names: tuple[str, ...]


def limits_to_raise(ways: Iterable[tuple[str, WaysOut]]) -> list[LimitToRaise]:
    """The limits that may be raised, each once, in the order of those that are over them."""
    found: dict[str, tuple[Place | None, list[str]]] = {}
    for name, out in ways:
        if out.raised is not None:
            found.setdefault(out.raised, (out.place, []))[1].append(name)
    return [
        LimitToRaise(
            text=text,
            file=None if place is None else place.file,
            line=None if place is None else place.line,
            names=tuple(names),
        )
        for text, (place, names) in found.items()
    ]


def _finding(workflow: WorkflowReview) -> Finding | None:
    """The worst broken limit that was broken before too, by as much or more."""
    if workflow.before is None:
        return None
    for finding in worst_first(workflow.findings):
        if wording.limit_parts(finding) is None:
            continue
        before = _value(finding, workflow.before)
        if before is None or finding.actual is None or finding.limit is None:
            return None
        return finding if before >= finding.actual > finding.limit else None
    return None


def _value(finding: Finding, figures: Figures) -> Decimal | None:
    """What a limit is held against, of other figures of the workflow."""
    if finding.rule not in {Rule.INPUT_TOKENS, Rule.COST_PER_CALL, Rule.MONTHLY_COST}:
        return None
    from reviewbot.policy.limits import limited_value

    return limited_value(finding.rule, finding.statistic or "max", figures)
