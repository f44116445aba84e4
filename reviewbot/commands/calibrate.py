"""`reviewbot calibrate`: what the configuration would say if it said what was measured."""

import argparse
import difflib
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.commands._common.calibrated_files import edited_files
from reviewbot.commands._common.usage_logs import add_logs, measure_logs
from reviewbot.commands._common.warehouse_logs import asks_warehouse
from reviewbot.commands._common.workflow_forecasts import figures_now
from reviewbot.commands._common.written_files import inside, write_file
from reviewbot.console import terminal_columns, write
from reviewbot.errors import MeasurementError, Place, Problem, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.outputs import wording
from reviewbot.outputs.wrapping import wrapped
from reviewbot.report import Figures
from reviewbot.repository.edited_trees import EditedTree
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Comparison, Head, compare
from reviewbot.repository.trees import read_text
from reviewbot.scope.governing import read_configurations
from reviewbot.unconfigured import only_head
from reviewbot.usage.aggregate import UNITS_PER_USD
from reviewbot.usage.calibration import Calibration, calibrate
from reviewbot.usage.committed import CommittedUsage, committed, read_usage
from reviewbot.usage.engine import require_engine

HELP = "propose measured traffic, output, cache rates and weights for the configuration"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the logs, and whether the files are written."""
    add_logs(
        parser,
        "--log-type",
        "--format",
        default="the committed aggregate, else the `paths` of `usage.sources`",
    )
    parser.add_argument(
        "--write", action="store_true", help="write the files; default prints what would change"
    )


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Print the changes with the forecasts before and after, and write them where asked for.

    Raises:
        ReviewbotError: A log, the configuration or a prompt is wrong, or lacks what is needed.

    """
    if chosen.write and chosen.head is not Head.WORK_TREE:
        what = "files are written to the work tree, and another revision was named"
        raise UsageError([Problem(what=what, mend="leave --head and --staged out")])
    if _names_logs(chosen):
        require_engine()
    git = Git(directory=chosen.repo, environment=edges.environment)
    with compare(git, base="HEAD", head=chosen.head) as found:
        comparison = only_head(found, chosen.config)
        configuration = read_configurations(comparison, chosen.config).after
        usage = _usage(chosen, edges, git, comparison)
        now = figures_now(comparison, chosen.config, today=edges.today)
        calibration = calibrate(usage, configuration, now)
        before, after, notes = edited_files(calibration, configuration, comparison.after_tree)
        then = now
        if after:
            edited = replace(found, after_tree=EditedTree(found.after_tree, after))
            edited = only_head(edited, chosen.config)
            then = figures_now(edited, chosen.config, today=edges.today)
    shown = [
        *_differences(before, after),
        *_forecasts(calibration, now, then),
        *(f"{line}\n" for line in _notes((*calibration.notes, *notes), edges)),
    ]
    if chosen.write and after:
        mend = "name the file itself in the configuration"
        for path, text in after.items():
            write_file(inside(git, path, mend=mend), text)
        shown.append(f"written: {', '.join(after)}\n")
    elif after:
        shown.append("nothing is written; `reviewbot calibrate --write` writes it\n")
    elif calibration.streams:
        shown.append("the configuration says what was measured\n")
    else:
        shown.append("nothing is proposed: too little was measured\n")
    write("".join(shown), edges.out)
    return ExitCode.PASS


def _notes(notes: Iterable[str], edges: Edges) -> Iterable[str]:
    """The notes as lines; those of a terminal are as wide as that, those of a pipe stay whole."""
    lines = [f"note: {note}" for note in notes]
    is_terminal = edges.out is not None and edges.out.isatty()
    return wrapped(lines, terminal_columns()) if is_terminal else lines


def _names_logs(chosen: argparse.Namespace) -> bool:
    return bool(chosen.logs) or chosen.log_format is not None or asks_warehouse(chosen)


def _usage(
    chosen: argparse.Namespace, edges: Edges, git: Git, comparison: Comparison
) -> CommittedUsage:
    """What the named logs come to; the committed aggregate where none is named.

    Without an aggregate the logs of `usage.sources` are read.

    Raises:
        UsageError: There is neither.

    """
    if _names_logs(chosen):
        return _measured(chosen, edges, git, comparison)
    settings = read_configurations(comparison, chosen.config).after.usage
    file = settings.file
    if comparison.after_tree.entry(file) is None:
        if any(source.paths for source in settings.sources):
            return _measured(chosen, edges, git, comparison)
        what = "there is no aggregate yet, and no source in `usage.sources` has `paths`"
        mend = "name logs: `reviewbot calibrate LOG`"
        raise UsageError([Problem(what=what, mend=mend, place=Place(file=file))])
    return read_usage(read_text(comparison.after_tree, file), file=file)


def _measured(
    chosen: argparse.Namespace, edges: Edges, git: Git, comparison: Comparison
) -> CommittedUsage:
    """What the logs come to.

    Raises:
        MeasurementError: Their rows seem to be sums of calls, and would be taken for calls.
    """
    usage = measure_logs(chosen, git, comparison, today=edges.today).usage
    if usage.summed:
        raise MeasurementError(usage.summed)
    return committed(usage)


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for path, text in after.items():
        yield from difflib.unified_diff(
            before[path].splitlines(keepends=True),
            text.splitlines(keepends=True),
            f"a/{path}",
            f"b/{path}",
        )


def _forecasts(
    calibration: Calibration, now: Mapping[str, Figures], then: Mapping[str, Figures]
) -> Iterator[str]:
    width = max(map(len, calibration.measured_units))
    for name, units in calibration.measured_units.items():
        if name not in now or name not in then:
            continue
        usd = None if units is None else units / UNITS_PER_USD
        spent = "spent an unknown amount" if usd is None else f"spent {wording.usd(usd)}"
        forecast = then[name].usd_per_month
        off = f" ({wording.percent_change((forecast - usd) / usd)})" if usd else ""
        yield (
            f"{name:{width}}  a month: forecast {wording.usd(now[name].usd_per_month)} →"
            f" {wording.usd(forecast)}, {spent}{off}\n"
        )
