"""The limits that a change sets itself and breaks: they decide nothing, and are told."""

from reviewbot.outputs import wording
from reviewbot.outputs.headline import worst_first
from reviewbot.report import Finding, Report, WorkflowReview

_NAMED = 3


def proposed_limits(report: Report) -> str | None:
    """Which workflows are over the limits of the change's own settings only; None for none."""
    broken = [
        (item, item.proposed, found[0])
        for item in wording.by_severity(report)
        if item.proposed is not None and (found := _broken(item))
    ]
    if not broken:
        return None
    over = [
        f"{wording.plain(item.name)} ({wording.usd(own.usd_per_month)} a month, "
        f"{wording.short_limit(worst)})"
        for item, own, worst in broken
    ]
    is_one = len(over) == 1
    count = "1 workflow is" if is_one else f"{len(over):,} workflows are"
    soft = " its soft limit, which only warns" if is_one else " soft limits, which only warn"
    limit = soft if all(worst.bound == "soft" for _, _, worst in broken) else ""
    base = wording.plain(report.revisions.base_name)
    return (
        f"The limits of {base} were used; with this change's own settings {count} over{limit}: "
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
