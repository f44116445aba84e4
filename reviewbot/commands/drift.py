"""`reviewbot drift`: whether budgets, envelopes and configured traffic hold in production."""

import argparse
from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.commands._common.alerting import add_issue, keep_issue
from reviewbot.commands._common.merged_changes import last_change, merged_changes
from reviewbot.commands._common.usage_logs import add_logs, measure_logs
from reviewbot.commands._common.workflow_forecasts import figures_now
from reviewbot.configuration.settings import Configuration
from reviewbot.console import terminal_columns, write
from reviewbot.errors import BrokenLimitError, ReviewbotError, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.outputs.drift.html import render_drift_page
from reviewbot.outputs.drift.report import (
    render_drift,
    render_drift_json,
    render_drift_markdown,
)
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import compare
from reviewbot.unconfigured import only_head
from reviewbot.usage.committed_age import stale_notes
from reviewbot.usage.drift import Drift, Outcome, drift_of
from reviewbot.usage.engine import require_engine
from reviewbot.usage.forecast_check import Merged

HELP = "hold logs of real calls against budgets, envelopes and configured traffic"

_TERMINAL = "terminal"
_RENDERERS = {
    "markdown": render_drift_markdown,
    "json": render_drift_json,
    "html": render_drift_page,
}
_CODES = {
    Outcome.QUIET: ExitCode.PASS,
    Outcome.WARN: ExitCode.PASS,
    Outcome.UNKNOWN: ExitCode.UNMEASURED,
    Outcome.HARD: ExitCode.FAIL,
}
_LOOK_BACK = timedelta(days=14)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the logs, and how the report looks."""
    add_logs(parser, "--log-type")
    parser.add_argument(
        "--format", choices=(_TERMINAL, *_RENDERERS), default=_TERMINAL, help="default %(default)s"
    )
    add_issue(parser)


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Print what drifts; 1 where a hard limit is broken, 3 where one cannot be judged.

    An issue is brought up to date where that is asked for.

    Raises:
        ReviewbotError: The configuration, a log or a prompt is wrong, or GitHub refused the issue.

    """
    require_engine()
    git = Git(directory=chosen.repo, environment=edges.environment)
    with compare(git, base="HEAD", head=chosen.head) as found:
        comparison = only_head(found, chosen.config)
        measured = measure_logs(chosen, git, comparison, today=edges.today)
        figures = figures_now(comparison, chosen.config, today=edges.today)
        until = measured.usage.until
        stale = tuple(stale_notes(comparison.after_tree, measured.configuration, until))
    usage, configuration = measured.usage, measured.configuration
    merged, notes = merged_changes(
        git, configuration, chosen.config, since=usage.since, until=usage.until
    )
    drift = drift_of(usage, configuration, measured.catalogue, figures, merged)
    drift = replace(
        drift,
        merged=_last_changes(git, drift, configuration, merged),
        notes=(*drift.notes, *usage.notes, *notes, *stale),
    )
    if chosen.format == _TERMINAL:
        is_terminal = edges.out is not None and edges.out.isatty()
        columns = terminal_columns() if is_terminal else None
        write(render_drift(drift, columns), edges.out)
    else:
        write(_RENDERERS[chosen.format](drift), edges.out)
    if chosen.issue:
        _keep_issue(chosen, edges, drift)
    return _CODES[drift.outcome]


def _keep_issue(chosen: argparse.Namespace, edges: Edges, drift: Drift) -> None:
    """Bring the issue up to date; what GitHub refuses hides no broken limit."""
    try:
        keep_issue(chosen, edges, drift)
    except UsageError:
        raise
    except ReviewbotError as error:
        if drift.outcome is Outcome.HARD:
            raise BrokenLimitError(error.problems) from error
        raise


def _last_changes(
    git: Git, drift: Drift, configuration: Configuration, merged: Sequence[Merged]
) -> Mapping[str, str]:
    """The last change of a workflow before its alarm, by workflow, where there is one.

    That is one of its prompts' tokens, whatever file did it, or of its own files. Only the history
    that is there is looked at: a shallow checkout has little.
    """
    found = {}
    for alarm in drift.alarms:
        first = alarm.since - _LOOK_BACK
        known = [
            f"{item.commit} {item.day} {item.title}"
            for item in merged
            if item.workflow == alarm.workflow and first <= item.day <= alarm.since
        ]
        workflow = configuration.workflows[alarm.workflow]
        text = last_change(git, workflow, since=first, until=alarm.since)
        if text or known:
            found[alarm.workflow] = text or known[-1]
    return found
