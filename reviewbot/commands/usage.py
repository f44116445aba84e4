"""`reviewbot usage`: what logs of real calls come to, by workflow, tenant, environment and tier."""

import argparse
import os

from reviewbot.commands import Edges
from reviewbot.commands._common.usage_logs import Measured, add_logs, measure_logs
from reviewbot.commands._common.warehouse_logs import table_query
from reviewbot.commands._common.written_files import inside, write_file
from reviewbot.console import write
from reviewbot.costs.price_lookup import catalogue_of
from reviewbot.errors import MeasurementError, Place, Problem, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.outputs.console_of import console_of
from reviewbot.outputs.usage import (
    DEFAULT_LABELS,
    LABELS,
    render_usage_json,
    render_usage_table,
)
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import compare
from reviewbot.scope.governing import read_configurations
from reviewbot.unconfigured import only_head
from reviewbot.usage.collecting import Period
from reviewbot.usage.committed import committed, read_usage, render_usage
from reviewbot.usage.computed_spend import with_models_of
from reviewbot.usage.engine import require_engine
from reviewbot.usage.warehouse import DIALECTS, require_dialects

_NO_STATUS = "-- the source names no `status`: failed calls are counted like the others"

HELP = "show what logs of real calls come to, and write it for calibrate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the logs, the table and the file to write."""
    add_logs(parser, "--log-type", "--format")
    parser.add_argument(
        "--by",
        type=_labels,
        default=DEFAULT_LABELS,
        metavar="LABELS",
        help=f"what the table is told apart by, of {','.join(LABELS)}; "
        f"default {','.join(DEFAULT_LABELS)}",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--print-sql",
        choices=DIALECTS,
        metavar="DIALECT",
        help="print the query for an engine that holds the log as a table, and read no log; one of"
        f" {', '.join(DIALECTS)}. Read its result back with --format summed",
    )
    parser.add_argument(
        "--output",
        nargs="?",
        const="",
        metavar="PATH",
        help="write the small aggregate too, - to print it instead of the table; "
        "default the configuration's `usage.file`",
    )


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Read the logs, print the table, and write the aggregate where that is asked for.

    Raises:
        ReviewbotError: The configuration or a log is wrong; nothing is written.

    """
    git = Git(directory=chosen.repo, environment=edges.environment)
    if chosen.print_sql is not None:
        require_dialects()
        write(_query(chosen, git, edges), edges.out)
        return ExitCode.PASS
    require_engine()
    if chosen.output not in {None, "", "-"}:
        _keep_others(chosen.output)  # a log that stands behind --output is told before any is read
    with compare(git, base="HEAD", head=chosen.head) as found:
        measured = measure_logs(chosen, git, only_head(found, chosen.config), today=edges.today)
    text = render_usage(committed(measured.usage))
    if chosen.output == "-":
        write(text, edges.out)
        return ExitCode.PASS
    shown = _shown(measured, chosen, edges)
    if chosen.output is not None:
        mend = "name the file itself in `usage.file`"
        place = chosen.output or inside(git, measured.configuration.usage.file, mend=mend)
        _keep_others(place)
        write_file(place, text)
        shown += "" if chosen.json else f"written: {place}\n"
    write(shown, edges.out)
    return ExitCode.PASS


def _query(chosen: argparse.Namespace, git: Git, edges: Edges) -> str:
    if chosen.table is None or chosen.logs or chosen.engine is not None:
        what = "--print-sql DIALECT and --table NAME belong together, and read no log"
        mend = "reviewbot usage --print-sql bigquery --table project.dataset.calls"
        raise UsageError([Problem(what=what, mend=mend)])
    with compare(git, base="HEAD", head=chosen.head) as found:
        comparison = only_head(found, chosen.config)
        configuration = read_configurations(comparison, chosen.config).after
    prices = catalogue_of(configuration.prices, edges.today)
    catalogue = with_models_of(prices, configuration.workflows)
    period = Period(since=chosen.since, until=chosen.until)
    query, source = table_query(chosen.table, chosen.print_sql, configuration, catalogue, period)
    columns = source.columns
    return query if columns is None or columns.status else f"{_NO_STATUS}\n{query}"


def _shown(measured: Measured, chosen: argparse.Namespace, edges: Edges) -> str:
    tiers = measured.configuration.tiers
    if chosen.json:
        return render_usage_json(measured.usage, chosen.by, tiers)
    console = console_of(edges.out, edges.environment)
    return render_usage_table(measured.usage, chosen.by, tiers, console)


def _keep_others(place: str) -> None:
    """Refuse to write over a file that is no aggregate, such as a log that stands behind --output.

    Raises:
        UsageError: There is one.

    """
    if not os.path.exists(place):
        return
    try:
        with open(place, encoding="utf-8") as file:
            read_usage(file.read(), file=place)
    except (OSError, UnicodeDecodeError, MeasurementError) as error:
        what = "there is another file, which is not written over"
        mend = "name the file to write behind --output, or put --output last"
        raise UsageError([Problem(what=what, mend=mend, place=Place(file=place))]) from error


def _labels(text: str) -> tuple[str, ...]:
    from reviewbot.commands._common.meant_words import near

    labels = tuple(label.strip() for label in text.split(","))
    words = ",".join(LABELS)
    if wrong := next((label for label in labels if label not in LABELS), None):
        raise argparse.ArgumentTypeError(f"{wrong!r} is none of {words}{near(wrong, LABELS)}")
    if "" in labels or len(set(labels)) < len(labels):
        raise argparse.ArgumentTypeError(f"use some of {words}, each once")
    return labels
