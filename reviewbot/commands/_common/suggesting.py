"""`reviewbot check --suggest`: the patch, and what else a person can do."""

from typing import TextIO

from reviewbot.commands._common.told import tell
from reviewbot.console import write
from reviewbot.report import Report


def suggest(report: Report, out: TextIO | None, errors: TextIO | None) -> None:
    """Print the patch, and beside it the verdict and what the patch does nothing for."""
    from reviewbot.outputs.grouped_workflows import group_name
    from reviewbot.outputs.headline import headline
    from reviewbot.outputs.suggested_patch import suggested_patch
    from reviewbot.outputs.wording import plain

    patch = suggested_patch(report)
    write(patch.text, out)
    tell(f"reviewbot: {headline(report)}", errors)
    if patch.text:
        tell("Apply the patch with `git apply`, then review again.", errors)
    else:
        is_told = _tell_mends(report, errors)
        if not patch.without:
            if not patch.undone and not is_told:
                tell(f"reviewbot: nothing to suggest{_soft(report)}", errors)
            _tell_ways_out(report, errors)
    for undo, names in patch.undone.items():
        tell(f"reviewbot: {group_name(names)}: {plain(undo)}, which is enough", errors)
    if patch.without:
        whose = group_name(patch.without)
        text = f"no edit of files alone is enough for {whose}; `--verbose` has all suggestions"
        tell(f"reviewbot: {text}", errors)
    if not patch.text:
        tell("reviewbot: the patch is empty: there is nothing for `git apply`", errors)
    for name in patch.waiting:
        text = (
            f"{plain(name)} needs another edit of the same file: apply the patch, then "
            "`reviewbot check --worktree --suggest`"
        )
        tell(f"reviewbot: {text}", errors)


def _tell_mends(report: Report, errors: TextIO | None) -> bool:
    """Tell findings that no patch mends and that name their own mend; whether there are any."""
    from reviewbot.outputs.grouped_workflows import group_name
    from reviewbot.outputs.wording import plain
    from reviewbot.report import Rule

    mends: dict[str, list[str]] = {}
    for workflow in report.workflows:
        for finding in workflow.findings:
            if finding.rule in {Rule.MOVED, Rule.REMOVED, Rule.UNSEEN} and finding.text:
                mends.setdefault(finding.text, []).append(workflow.name)
    for text, names in mends.items():
        tell(f"reviewbot: {group_name(names)}: {plain(text)}", errors)
    return bool(mends)


def _tell_ways_out(report: Report, errors: TextIO | None) -> None:
    """What a person can do about each broken limit beside an edit."""
    from reviewbot.outputs.broken_budgets import broken_budgets
    from reviewbot.outputs.grouped_workflows import group_name
    from reviewbot.outputs.over_before import over_before, ways_out

    ways: dict[str, list[str]] = {}
    for workflow in report.workflows:
        if way := str(ways_out(report, workflow)):
            said = "; ".join(filter(None, (over_before(report, workflow), way)))
            ways.setdefault(said, []).append(workflow.name)
    for budget in broken_budgets(report):
        if way := str(budget.ways):
            ways.setdefault(way, []).append(budget.title)
    for said, names in ways.items():
        tell(f"reviewbot: {group_name(names)}: {said}", errors)


def _soft(report: Report) -> str:
    """That suggestions for soft limits are shown elsewhere, where there are any."""
    from reviewbot.report import Verdict

    is_soft = report.verdict is Verdict.WARN and any(item.ways_back for item in report.workflows)
    said = ": no limit stops this change; `--verbose` has suggestions for soft ones"
    return said if is_soft else ""
