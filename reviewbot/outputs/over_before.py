"""Workflows that were over a limit before the change, which makes them cheaper: what to say."""

from decimal import Decimal

from msgspec.structs import replace

from reviewbot.outputs import wording
from reviewbot.outputs.headline import worst_first
from reviewbot.report import Figures, Finding, Report, Rule, WorkflowReview


def over_before(report: Report, workflow: WorkflowReview) -> str | None:
    """That a limit was broken before the change, which takes something off; None where it is not.

    Such a change is no cause of what is broken.
    """
    finding = _finding(workflow)
    if finding is None or workflow.before is None:
        return None
    was = replace(finding, actual=_value(finding, workflow.before))
    before, after = ((wording.limit_parts(item) or {})["actual"] for item in (was, finding))
    base = wording.plain(report.revisions.base_name)
    return f"{after} after {before}: over its limit already on {base}, and now less"


def way_out(report: Report, workflow: WorkflowReview) -> str | None:
    """What a person can do about a limit that was broken before, beside a suggestion."""
    finding = _finding(workflow)
    if finding is None:
        return None
    excess = (wording.limit_parts(finding) or {})["excess"]
    cut = f"take {excess} more off, or raise the limit in a pull request of its own"
    if finding.bound == "soft":
        return cut
    people = wording.named([wording.plain(name) for name in report.approvers], _NAMED)
    approved = (
        f"which {people} may approve" if people else "once `approval.approvers` names somebody"
    )
    return f"{cut}, {approved}; a hard limit that is broken must be `approvable` for that"


_NAMED = 3


def _finding(workflow: WorkflowReview) -> Finding | None:
    """The worst broken limit that was broken before too, and by more."""
    if workflow.before is None:
        return None
    for finding in worst_first(workflow.findings):
        if wording.limit_parts(finding) is None:
            continue
        before = _value(finding, workflow.before)
        if before is None or finding.actual is None or finding.limit is None:
            return None
        return finding if before > max(finding.actual, finding.limit) else None
    return None


def _value(finding: Finding, figures: Figures) -> Decimal | None:
    """What a limit is held against, of other figures of the workflow."""
    match finding.rule:
        case Rule.MONTHLY_COST:
            return figures.usd_per_month
        case Rule.COST_PER_CALL:
            return figures.usd_per_call
        case Rule.INPUT_TOKENS:
            from reviewbot.policy.limits import input_tokens

            return input_tokens(figures, finding.statistic or "max")
    return None
