"""What the commands that read logs share: their arguments, and the way to the aggregate."""

import argparse
import calendar
import glob
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from reviewbot.commands._common.arguments import add_head
from reviewbot.commands._common.meant_positionals import meant_revision
from reviewbot.commands._common.warehouse_logs import (
    VARIABLE,
    add_warehouse,
    asks_warehouse,
    summed,
    summed_by_warehouse,
)
from reviewbot.configuration.settings import Configuration
from reviewbot.configuration.usage_settings import LogFormat, LogSource
from reviewbot.costs.price_lookup import PriceLookup, catalogue_of
from reviewbot.errors import ConfigurationError, Place, Problem, UsageError
from reviewbot.repository.absent import why_absent
from reviewbot.repository.git import Git, GitFailedError
from reviewbot.repository.revisions import Comparison, Head
from reviewbot.scope.governing import read_configurations
from reviewbot.usage.aggregate import Usage
from reviewbot.usage.collecting import Period
from reviewbot.usage.computed_spend import with_models_of
from reviewbot.usage.loading import Source
from reviewbot.usage.measuring import measure
from reviewbot.usage.misread_logs import fields_and_format, usual_names
from reviewbot.usage.named_workflows import misspelt
from reviewbot.usage.offered_sources import own_columns
from reviewbot.usage.sources import LogFile, configured_files, named_files


class Measured(Struct, frozen=True, kw_only=True):
    """The configuration, and what the logs come to."""

    configuration: Configuration
    catalogue: PriceLookup
    usage: Usage


def add_logs(
    parser: argparse.ArgumentParser,
    *type_options: str,
    default: str = "the `paths` of `usage.sources`",
) -> None:
    """Declare which logs are read and which days of them; the options name the logs' format.

    `default` says what is read where no log is named.
    """
    parser.add_argument(
        "logs",
        nargs="*",
        metavar="LOG",
        help=f"files or patterns; default {default}",
    )
    parser.add_argument(
        *type_options,
        dest="log_format",
        type=_format,
        choices=[item.value for item in LogFormat],
        metavar="FORMAT",
        help="the format of LOG, %(choices)s; default that of the only source in `usage.sources`",
    )
    add_warehouse(parser)
    parser.add_argument("--since", type=_day, metavar="DATE", help="the first day, UTC")
    parser.add_argument("--until", type=_day, metavar="DATE", help="the last day, UTC")
    add_head(parser, "read the configuration of")
    parser.set_defaults(head=Head.WORK_TREE)


_TABLES = ("csv", "tsv", "parquet")


def _format(text: str) -> str:
    """The format by its name; a kind of table stands for one with columns of its own."""
    return LogFormat.COLUMNS.value if text.lower() in _TABLES else text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        reason = f"{text!r} is no date; {_meant_day(text)}"
        raise argparse.ArgumentTypeError(reason) from None


def _meant_day(text: str) -> str:
    """What is wrong with a day, or how one is written."""
    written = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if written is None or not int(written[1]):
        return "write it as 2026-11-28"
    year, month = int(written[1]), int(written[2])
    if not 1 <= month <= _MONTHS:
        return f"there is no month {written[2]}; write it as 2026-11-28"
    days = calendar.monthrange(year, month)[1]
    return f"{calendar.month_name[month]} {year} has {days} days"


_MONTHS = 12


def measure_logs(
    chosen: argparse.Namespace, git: Git, comparison: Comparison, *, today: date
) -> Measured:
    """What the chosen logs come to under the configuration.

    Raises:
        ReviewbotError: The configuration is wrong, or a log is.

    """
    if chosen.since and chosen.until and chosen.since > chosen.until:
        what = f"--since {chosen.since} is after --until {chosen.until}"
        raise UsageError([Problem(what=what, mend="swap them")])
    configuration = read_configurations(comparison, chosen.config).after
    catalogue = with_models_of(catalogue_of(configuration.prices, today), configuration.workflows)
    period = Period(since=chosen.since, until=chosen.until)
    if asks_warehouse(chosen):
        with summed_by_warehouse(chosen, configuration, catalogue, git.environment) as source:
            usage = measure([source], configuration, catalogue, period)
    else:
        sources = _sources(chosen, configuration, git)
        settings = (source.settings for source in sources)
        if wrong := [*misspelt(settings, configuration.workflows)]:
            raise ConfigurationError(wrong)
        usage = measure(sources, configuration, catalogue, period)
    return Measured(configuration=configuration, catalogue=catalogue, usage=usage)


def _revisions_among(words: Iterable[str], git: Git) -> Iterator[Problem]:
    """The problem that a word that names no log is a revision."""
    for word in words:
        meant = None if glob.glob(word) else meant_revision(word, ("--base", "--head"), git)
        if meant is not None:
            mend = f"name files of logs; what a change costs says `reviewbot check {meant}`"
            yield Problem(what=f"there is no log {word!r}, but a revision", mend=mend)


def _sources(
    chosen: argparse.Namespace, configuration: Configuration, git: Git
) -> Sequence[Source]:
    configured = configuration.usage.sources
    if chosen.logs:
        if problems := [*_revisions_among(chosen.logs, git)]:
            raise UsageError(problems)
        files = named_files(chosen.logs)
        return [Source(settings=_settings(chosen, configuration, files[0]), files=files)]
    with_paths = [item for item in configured if item.paths]
    if chosen.log_format is not None:
        with_paths = [item for item in with_paths if item.format == chosen.log_format]
    if not with_paths:
        raise UsageError([_no_log(chosen, configured, git.environment)])
    try:
        top = git.run("rev-parse", "--show-toplevel").decode().removesuffix("\n")
    except GitFailedError as error:
        problem = why_absent(git) or Problem(
            what="a bare repository has no files to read",
            mend="name the logs on the command line",
        )
        raise UsageError([problem]) from error
    return [Source(settings=item, files=configured_files(item, top)) for item in with_paths]


def _no_log(
    chosen: argparse.Namespace, configured: Sequence[LogSource], environment: Mapping[str, str]
) -> Problem:
    """That nothing says which log is meant, and how it can be said."""
    what = "there is no log to read"
    example = f"reviewbot {chosen.command} 'logs/*.jsonl' --log-type litellm"
    mend = f"name files and their format, `{example}`, or write `paths` under `usage.sources`"
    if len(configured) == 1 and chosen.log_format is None:
        what += ": the source in `usage.sources` has no `paths`"
        mend = f"add them, or name files: reviewbot {chosen.command} LOG"
    if environment.get(VARIABLE):
        mend += (
            f"; a table of the engine in {VARIABLE} is read by"
            f" `reviewbot {chosen.command} --engine --table NAME`"
        )
    return Problem(what=what, mend=mend)


def _settings(chosen: argparse.Namespace, configuration: Configuration, file: LogFile) -> LogSource:
    """How named files, of which `file` is the first, are mapped: as the source of their format."""
    configured = configuration.usage.sources
    place = Place(file=configuration.file, key="usage.sources" if configured else None)
    if chosen.log_format is None:
        if len(configured) == 1:
            return configured[0]
        raise UsageError([_format_of(chosen, file, place)])
    for source in configured:
        if source.format == chosen.log_format:
            return source
    if chosen.log_format == LogFormat.COLUMNS:
        fields, _ = fields_and_format(file)
        what = f"{file.name}: nothing says what its columns hold"
        raise UsageError([Problem(what=what, mend=own_columns(fields, place))])
    if chosen.log_format == LogFormat.SUMMED:
        mapped = (summed(item) for item in configured if item.format is LogFormat.COLUMNS)
        return next(mapped, LogSource(format=LogFormat.SUMMED, place=place))
    return LogSource(format=LogFormat(chosen.log_format), place=place)


def _format_of(chosen: argparse.Namespace, file: LogFile, place: Place) -> Problem:
    """That nothing says which format a log has, and what its fields show."""
    what = f"{file.name}: it is not said which format it has"
    fields, found = fields_and_format(file)
    if found is not None:
        line = shlex.join(["reviewbot", chosen.command, *chosen.logs, "--log-type", found])
        return Problem(what=what, mend=f"its fields are those of {found}: `{line}`")
    if usual_names(fields):
        what = f"{file.name}: its columns are those of no format"
        return Problem(what=what, mend=own_columns(fields, place))
    mend = f"name it: --log-type with one of {', '.join(LogFormat)}"
    return Problem(what=what, mend=mend)
