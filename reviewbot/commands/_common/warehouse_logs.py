"""A log that is the table of an engine: `--engine`, and the query that `--print-sql` prints."""

import argparse
import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from msgspec.structs import replace

from reviewbot.configuration.settings import Configuration
from reviewbot.configuration.usage_settings import LogFormat, LogSource
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.errors import ConfigurationError, MeasurementError, Problem, UsageError
from reviewbot.usage.collecting import Period
from reviewbot.usage.computed_spend import all_starts
from reviewbot.usage.loading import Source
from reviewbot.usage.named_workflows import misspelt
from reviewbot.usage.sources import LogFile
from reviewbot.usage.warehouse import in_dialect, warehouse_query
from reviewbot.usage.warehouse_connection import SCHEMES, Asked, Warehouse, named_warehouse

VARIABLE = "REVIEWBOT_ENGINE_URL"
"""The environment variable that has the URL, which no list of processes shows."""

_EXAMPLE = "--engine clickhouse://USER@HOST:8443/DATABASE --table calls"


def add_warehouse(parser: argparse.ArgumentParser) -> None:
    """Declare the engine and its table."""
    parser.add_argument(
        "--engine",
        nargs="?",
        const="",
        metavar="URL",
        help="let an engine sum up the log, which is its table, and read no file: "
        f"{', '.join(SCHEMES)}. Without URL that of the environment variable {VARIABLE}",
    )
    parser.add_argument("--table", metavar="NAME", help="the engine's table, as database.table")


def asks_warehouse(chosen: argparse.Namespace) -> bool:
    """Whether an engine is named, or what belongs to one."""
    return chosen.engine is not None or chosen.table is not None


def table_query(
    table: str, dialect: str, configuration: Configuration, catalogue: PriceLookup, period: Period
) -> tuple[str, LogSource]:
    """The query of an engine over its table, and the source that names the table's columns.

    Raises:
        UsageError: There is not one source of the format `columns`, or it maps in a way that
            engines do not share.
        ConfigurationError: The source names a workflow that is none.

    """
    sources = [item for item in configuration.usage.sources if item.columns is not None]
    if len(sources) != 1:
        what = f"{len(sources)} sources of `usage.sources` have the format `columns`"
        mend = "have one, which names the columns of the table; docs/usage.md shows it"
        raise UsageError([Problem(what=what, mend=mend)])
    if wrong := [*misspelt(sources, configuration.workflows)]:
        raise ConfigurationError(wrong)
    models = {item.model for item in configuration.workflows.values() if item.model}
    starts = all_starts(catalogue, {*models, *configuration.prices.overrides})
    return in_dialect(warehouse_query(sources[0], table, starts, period), dialect), sources[0]


@contextmanager
def summed_by_warehouse(
    chosen: argparse.Namespace,
    configuration: Configuration,
    catalogue: PriceLookup,
    environment: Mapping[str, str],
) -> Iterator[Source]:
    """The table of the engine that is named, summed up, as a file that is gone afterwards.

    Raises:
        ReviewbotError: The command line is wrong, or the engine gives no whole result.

    """
    warehouse = _warehouse(chosen, environment)
    period = Period(since=chosen.since, until=chosen.until)
    query, source = table_query(chosen.table, warehouse.dialect, configuration, catalogue, period)
    with tempfile.TemporaryDirectory(prefix="reviewbot-engine-") as folder:
        path = os.path.realpath(os.path.join(folder, "result.csv"))
        warehouse.save(Asked(source=source, table=chosen.table, query=query), path)
        file = LogFile(path=path, name=f"{chosen.table} ({warehouse.scheme})", ending=".csv")
        settings = summed(source)
        try:
            yield Source(settings=settings, files=(file,))
        except MeasurementError as error:
            raise MeasurementError(
                [_findable(item, file, chosen.table, warehouse) for item in error.problems]
            ) from error


def summed(source: LogSource) -> LogSource:
    """How the result of the query is read that maps a table as the source says."""
    return LogSource(format=LogFormat.SUMMED, place=source.place, workflow=source.workflow)


def _warehouse(chosen: argparse.Namespace, environment: Mapping[str, str]) -> Warehouse:
    if chosen.engine is None or chosen.table is None or chosen.logs or chosen.log_format:
        what = "--engine URL and --table NAME belong together, and read no log"
        raise UsageError([Problem(what=what, mend=f"reviewbot {chosen.command} {_EXAMPLE}")])
    url = chosen.engine or environment.get(VARIABLE, "")
    if not url:
        what = f"--engine has no URL, and the environment variable {VARIABLE} is not set"
        raise UsageError([Problem(what=what, mend=f"set it, or name it: {_EXAMPLE}")])
    return named_warehouse(url)


def _findable(problem: Problem, file: LogFile, table: str, warehouse: Warehouse) -> Problem:
    """The problem, with a way to see the row of the result that it speaks of."""
    if problem.place is None or problem.place.file != file.name:
        return problem
    query = f"reviewbot usage --print-sql {warehouse.dialect} --table {shlex.quote(table)}"
    mend = f"look at that row of the result, which has its day and names: {query}"
    return replace(problem, mend=mend)
