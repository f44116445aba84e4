"""The limits that a change sets itself and breaks: they decide nothing, and are told."""

from reviewbot.outputs import wording
from reviewbot.outputs.headline import worst_first
from reviewbot.report import Finding, Report, WorkflowReview

_NAMED = 3


def proposed_limits(report: Report) -> str | None:
    """Which workflows are over the limits of the change's own settings only; None for none."""
    over = [
        f"{wording.plain(item.name)} ({wording.usd(item.proposed.usd_per_month)} a month, "
        f"{wording.short_limit(broken[0])})"
        for item in wording.by_severity(report)
        if item.proposed is not None and (broken := _broken(item))
    ]
    if not over:
        return None
    count = "1 workflow is" if len(over) == 1 else f"{len(over):,} workflows are"
    base = wording.plain(report.revisions.base_name)
    return (
        f"The limits of {base} were used; with this change's own settings {count} over: "
        f"{wording.named(over, _NAMED)}."
    )


def _broken(workflow: WorkflowReview) -> list[Finding]:
    """What only the proposed settings break, the worst first."""
    said = {(item.rule, item.statistic, item.bound, item.limit) for item in workflow.findings}
    return [
        item
        for item in worst_first(workflow.proposed_findings)
        if wording.limit_parts(item) is not None
        and (item.rule, item.statistic, item.bound, item.limit) not in said
    ]
