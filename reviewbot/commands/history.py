"""`reviewbot history`: what the prompts cost at the last commits or tags."""

import argparse
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from functools import partial

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.commands._common.caching import add_cache, cache_of
from reviewbot.commands._common.chosen_workflows import add_workflows, chosen_names
from reviewbot.commands._common.uncommitted import edits_beside, tell_edits
from reviewbot.configuration import DEFAULT_FILE
from reviewbot.console import write
from reviewbot.costs.catalogue_rates import catalogue_version
from reviewbot.costs.rates import EXACT
from reviewbot.errors import Problem, ReviewbotError, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.local_cache import Cache
from reviewbot.outputs import history
from reviewbot.outputs.wording import named
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import Report
from reviewbot.report.history import History, Recorded, WorkflowCost
from reviewbot.repository.git import Git
from reviewbot.repository.history import Listed, has_file, latest_commits, latest_tags
from reviewbot.repository.revisions import Comparison, compare
from reviewbot.review import review
from reviewbot.unconfigured import ASSUMPTION, only_head, review_unconfigured, unfinished

HELP = "show what the prompts cost at the last commits or tags"

_MOST = 100
_DIGITS = 9
"""Python converts no number of thousands of digits."""
_SECONDS = 120.0
"""After them no further commit is measured: the older ones are left out, and named so."""

_TIME_IS_UP = f"not measured: {_SECONDS:.0f} s are used up; ask for fewer"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which commits, and how the answer looks."""
    add_workflows(parser, "the cost of these only")
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
        UsageError: No commit can be measured, or there is no tag.
        ReviewbotError: The repository cannot be read.

    """
    git = Git(directory=chosen.repo, environment=edges.environment)
    edits = edits_beside(git, "" if chosen.tags else chosen.head)
    listed = latest_tags(git, chosen.last) if chosen.tags else _commits(git, chosen)
    if not listed:
        raise UsageError([Problem(what="there is no tag", mend="leave out `--tags`")])
    first = next(
        (at for at, item in enumerate(listed) if has_file(git, item.commit, chosen.config)), None
    )
    has_default = chosen.config == DEFAULT_FILE
    without = {it.commit for it in (listed[:first] if has_default else ())}
    ends = time.monotonic() + _SECONDS
    measured = []
    with cache_of(chosen, edges.environment) as cache:
        for item in reversed(listed):
            measure = _found if item.commit in without else _configured
            measured_by = partial(measure, file=chosen.config, today=edges.today, cache=cache)
            is_late = time.monotonic() > ends
            measured.append(
                _unknown(item, _TIME_IS_UP) if is_late else _measured(git, item, measured_by)
            )
    if all(item.usd_per_month is None for item in measured):
        raise UsageError([_nothing(chosen.config, measured[0])])
    measured = _of(measured, chosen.workflows, git)
    shown = History(
        prices_as_of=edges.today,
        catalogue_version=catalogue_version(),
        assumption=ASSUMPTION if any(item.is_assumed for item in measured) else None,
        workflows=tuple(chosen.workflows),
        commits=tuple(reversed(measured)),
    )
    mend = "commit them; `reviewbot cost --worktree` measures them before"
    tell_edits(edits(), [], edges.errors, done="measured", mend=mend)
    write(history.render(shown, chosen.format, edges.environment, edges.out), edges.out)
    return ExitCode.PASS


def _of(measured: Sequence[Recorded], asked: Sequence[str], git: Git) -> list[Recorded]:
    """What the workflows come to that are asked for.

    Raises:
        UsageError: No commit has one of such a name.
    """
    known = {one.name for item in measured for one in item.workflows}
    reasons = (why for item in measured for why in item.unmeasured)
    known |= {name for why in reasons if (name := why.partition(": ")[0]) in asked}
    names = chosen_names(asked, known, git)
    return [item if names is None else _only(item, names) for item in measured]


def _only(item: Recorded, names: Collection[str]) -> Recorded:
    workflows = tuple(one for one in item.workflows if one.name in names)
    told = tuple(why for why in item.unmeasured if why.partition(": ")[0] in names)
    is_known = workflows or told or item.usd_per_month is None
    lacking = () if is_known else (f"no {named(sorted(names), 3)}",)
    with localcontext(EXACT):
        month = sum((one.usd_per_month for one in workflows), Decimal(0))
    return replace(
        item,
        workflows=workflows,
        usd_per_month=month if workflows else None,
        unmeasured=item.unmeasured if item.usd_per_month is None else (*told, *lacking),
    )


def _commits(git: Git, chosen: argparse.Namespace) -> tuple[Listed, ...]:
    return latest_commits(git, chosen.head, chosen.last)


def _measured(
    git: Git, item: Listed, measure: Callable[[Listed, Comparison], Recorded]
) -> Recorded:
    """The commit's cost, or why it is not known."""
    try:
        with compare(git, base=item.commit, head=item.commit) as comparison:
            return measure(item, comparison)
    except ReviewbotError as error:
        return _unknown(item, str(error.problems[0]))


def _configured(
    item: Listed, comparison: Comparison, *, file: str, today: date, cache: Cache
) -> Recorded:
    """What the commit's own configuration comes to."""
    if not comparison.has(file):
        how = f"`reviewbot cost --head {item.commit[:9]}` shows its prompts with assumed traffic"
        return _unknown(item, f"there was no {file}; {how}")
    report = review(
        only_head(comparison, file),
        configuration_file=file,
        today=today,
        parser=LimitedParser(cache=cache),
    )
    return _recorded(item, report, {})


def _found(
    item: Listed, comparison: Comparison, *, file: str, today: date, cache: Cache
) -> Recorded:
    """What the prompts come to that are found at the commit."""
    report, proposal = review_unconfigured(
        only_head(comparison, file), file, today=today, is_whole=True, cache=cache
    )
    if not proposal.workflows:
        none = str(unfinished()) if proposal.is_unfinished else "no prompt was found"
        return _unknown(item, none)
    found = replace(_recorded(item, report, proposal.unmeasured), is_assumed=True)
    if not proposal.is_unfinished:
        return found
    return replace(found, unmeasured=(str(unfinished()), *found.unmeasured))


def _recorded(item: Listed, report: Report, unmeasured: Mapping[str, str]) -> Recorded:
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
        unmeasured=(
            *(
                f"{workflow.name}: {problem}"
                for workflow in report.workflows
                for problem in workflow.problems[:1]
            ),
            *(f"{name}: {why}" for name, why in unmeasured.items()),
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
