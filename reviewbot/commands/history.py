"""`reviewbot history`: what the prompts cost at the last commits or tags."""

import argparse
import time
from datetime import date
from decimal import Decimal, localcontext

from reviewbot.cache import Cache
from reviewbot.commands import Edges
from reviewbot.commands._common.caching import add_cache, cache_of
from reviewbot.configuration import DEFAULT_FILE
from reviewbot.console import write
from reviewbot.costs.rates import EXACT
from reviewbot.errors import Problem, ReviewbotError, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.outputs import history
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import Report
from reviewbot.report.history import History, Recorded, WorkflowCost
from reviewbot.repository.git import Git
from reviewbot.repository.history import Listed, latest_commits, latest_tags
from reviewbot.repository.revisions import compare
from reviewbot.review import review
from reviewbot.unconfigured import only_head

HELP = "show what the prompts cost at the last commits or tags"

_MOST = 100
_DIGITS = 9
"""Python converts no number of thousands of digits."""
_SECONDS = 120.0
"""After them no further commit is measured: the older ones are left out, and named so."""

_TIME_IS_UP = f"not measured: {_SECONDS:.0f} s are used up; ask for fewer"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which commits, and how the answer looks."""
    parser.add_argument("--repo", default=".", metavar="PATH", help="the repository; default here")
    parser.add_argument(
        "--head", default="HEAD", metavar="REVISION", help="the last commit; default HEAD"
    )
    parser.add_argument("--tags", action="store_true", help="the latest tags instead of commits")
    parser.add_argument(
        "--last",
        type=_number,
        default=10,
        metavar="N",
        help=f"how many commits or tags, up to {_MOST}; default %(default)s",
    )
    parser.add_argument(
        "--config",
        default=DEFAULT_FILE,
        metavar="PATH",
        help="the configuration, counted from the repository's root; default %(default)s",
    )
    add_cache(parser)
    parser.add_argument(
        "--format", choices=history.FORMATS, default=history.FORMATS[0], help="default %(default)s"
    )


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Measure each commit under its own configuration, at today's prices, the latest first.

    Raises:
        UsageError: No commit has a configuration, or there is no tag.
        ReviewbotError: The repository cannot be read.

    """
    git = Git(directory=chosen.repo, environment=edges.environment)
    listed = latest_tags(git, chosen.last) if chosen.tags else _commits(git, chosen)
    if not listed:
        raise UsageError([Problem(what="there is no tag", mend="leave out `--tags`")])
    ends = time.monotonic() + _SECONDS
    catalogues: list[str] = []
    measured = []
    with cache_of(chosen, edges.environment) as cache:
        for item in reversed(listed):
            is_late = time.monotonic() > ends
            measured.append(
                _unknown(item, _TIME_IS_UP)
                if is_late
                else _measured(
                    git,
                    item,
                    chosen.config,
                    today=edges.today,
                    catalogues=catalogues,
                    cache=cache,
                )
            )
    if all(item.usd_per_month is None for item in measured):
        raise UsageError([_nothing(chosen.config, measured[0])])
    shown = History(
        prices_as_of=edges.today,
        catalogue_version=catalogues[0] if catalogues else None,
        commits=tuple(reversed(measured)),
    )
    write(history.render(shown, chosen.format, edges.environment, edges.out), edges.out)
    return ExitCode.PASS


def _commits(git: Git, chosen: argparse.Namespace) -> tuple[Listed, ...]:
    return latest_commits(git, chosen.head, chosen.last)


def _measured(
    git: Git,
    item: Listed,
    configuration: str,
    *,
    today: date,
    catalogues: list[str],
    cache: Cache,
) -> Recorded:
    """The commit's cost, or why it is not known; the version of the prices is added to a list."""
    try:
        with compare(git, base=item.commit, head=item.commit) as comparison:
            if not comparison.has(configuration):
                return _unknown(item, f"there was no {configuration}")
            report = review(
                only_head(comparison, configuration),
                configuration_file=configuration,
                today=today,
                parser=LimitedParser(cache=cache),
            )
    except ReviewbotError as error:
        return _unknown(item, str(error.problems[0]))
    if report.catalogue_version is not None:
        catalogues.append(report.catalogue_version)
    return _recorded(item, report)


def _recorded(item: Listed, report: Report) -> Recorded:
    workflows = tuple(
        WorkflowCost(
            name=workflow.name,
            usd_per_month=workflow.after.usd_per_month,
            mean_input_tokens=workflow.after.mean_input_tokens,
        )
        for workflow in report.workflows
        if workflow.after is not None
    )
    with localcontext(EXACT):
        month = sum((workflow.usd_per_month for workflow in workflows), Decimal(0))
    return Recorded(
        commit=item.commit,
        name=item.name,
        day=item.day,
        subject=item.subject,
        usd_per_month=month if workflows else None,
        workflows=workflows,
        unmeasured=tuple(
            f"{workflow.name}: {problem}"
            for workflow in report.workflows
            for problem in workflow.problems[:1]
        ),
    )


def _unknown(item: Listed, why: str) -> Recorded:
    return Recorded(
        commit=item.commit,
        name=item.name,
        day=item.day,
        subject=item.subject,
        usd_per_month=None,
        workflows=(),
        unmeasured=(why,),
    )


def _nothing(configuration: str, last: Recorded) -> Problem:
    return Problem(
        what=f"none of these commits can be measured; the last one: {last.unmeasured[0]}",
        mend=f"commit a configuration ({configuration}): `reviewbot init` writes one",
    )


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > _DIGITS or not 1 <= int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST}")
    return int(text)
