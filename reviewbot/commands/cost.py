"""`reviewbot cost`: what the prompts of a repository cost now, also without a configuration."""

import argparse
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.commands._common.arguments import add_head
from reviewbot.commands._common.caching import add_cache, cache_of
from reviewbot.commands._common.chosen_workflows import add_workflows, chosen_names
from reviewbot.commands._common.costs_now import (
    prompts_of,
    shown_costs,
    unmeasured_workflows,
    with_guessed_samples,
)
from reviewbot.commands._common.output_note import output_note
from reviewbot.commands._common.uncommitted import (
    edits_beside,
    new_prompts,
    tell_edits,
    told_beside_errors,
    uncommitted_files,
)
from reviewbot.configuration import DEFAULT_FILE
from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Guess, Prices
from reviewbot.console import write
from reviewbot.discovery.calls import written_path
from reviewbot.discovery.findings import LeftOut
from reviewbot.discovery.left_out import counted, likely_first
from reviewbot.errors import Problem, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.outputs.costs_now import SHOWN_ROWS, Costs
from reviewbot.policy.adoption import UNSAMPLED
from reviewbot.policy.standing_findings import standing_lines
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import Report
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Head, compare
from reviewbot.repository.trees import read_text
from reviewbot.review import review
from reviewbot.unconfigured import (
    ASSUMPTION,
    assumed_counts,
    not_committed,
    nothing_found,
    only_head,
    review_unconfigured,
    unfinished,
)

HELP = "show what each prompt costs now, also without a configuration"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which files are measured."""
    add_workflows(parser, "measure these only")
    add_head(parser, "measure")
    parser.add_argument(
        "--verbose",
        action="store_true",
        help=f"every workflow (a terminal shows the {SHOWN_ROWS} dearest), and what is left out",
    )
    add_cache(parser)


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Print the table of costs, and give 3 where a configured workflow could not be measured.

    Raises:
        UsageError: There is no configuration and no prompt, or a configuration of another name.
        ReviewbotError: The repository or its configuration cannot be read.

    """
    head: str | Head = chosen.head
    base = "HEAD" if isinstance(head, Head) else head
    git = Git(directory=chosen.repo, environment=edges.environment)
    edits = edits_beside(git, head)
    with (
        told_beside_errors(edits, edges.errors, done="measured"),
        cache_of(chosen, edges.environment) as cache,
        compare(git, base=base, head=head) as found,
    ):
        comparison = only_head(found, chosen.config)
        apart: frozenset[str] = frozenset()
        prices, is_assumed = Prices(), True
        is_configured = chosen.config != DEFAULT_FILE or found.has(chosen.config)
        if not is_configured:
            report, proposal = review_unconfigured(
                comparison, chosen.config, today=edges.today, is_whole=True, cache=cache
            )
            if not proposal.workflows:
                raise UsageError([nothing_found(proposal, comparison.after_tree)])
            if not chosen.workflows:
                apart = frozenset(item.name for item in proposal.workflows if item.is_developers)
            problems = {**proposal.problems, **unmeasured_workflows(report)}
            report, unmeasured = _asked_for(report, problems, chosen.workflows, git)
            if not chosen.verbose:
                unmeasured = {name: it for name, it in unmeasured.items() if name not in apart}
            names = {item.name for item in report.workflows if item.after is not None} - apart
            counted_in = (item for item in proposal.workflows if item.name in names)
            prompts = {
                item.name: [written_path(found) or found.path for found in item.prompts]
                for item in proposal.workflows
            }
            guessed = frozenset(item.name for item in proposal.workflows if item.variables)
            notes: tuple[str, ...] = (
                *standing_lines(report, is_configured=False),
                *([str(unfinished())] if proposal.is_unfinished else ()),
                *_left_out(proposal.left_out, is_verbose=chosen.verbose),
                f"Assumed: {ASSUMPTION}{assumed_counts(counted_in)}.",
                f"Next: {not_committed(chosen.config)}."
                if chosen.config in uncommitted_files(git, head)
                else "Next: `reviewbot init` writes a configuration in which you correct that.",
            )
        else:
            report = review(
                comparison,
                configuration_file=chosen.config,
                today=edges.today,
                parser=LimitedParser(cache=cache),
            )
            problems = unmeasured_workflows(report)
            notes = (*standing_lines(report), *_unsampled(report, chosen.workflows))
            report, unmeasured = _asked_for(report, problems, chosen.workflows, git)
            text = read_text(found.after_tree, chosen.config)
            prompts = prompts_of(text, chosen.config)
            configuration = read_configuration(text, file=chosen.config)
            prices = configuration.prices
            guessed = with_guessed_samples(configuration)
            is_assumed = Guess.TRAFFIC in configuration.defaults.assumed
    shown = [it.after for it in report.workflows if it.after is not None and it.name not in apart]
    if (said := output_note(shown, prices, edges.today, is_assumed=is_assumed)) is not None:
        notes = (said, *notes)
    if chosen.verbose:
        notes = (*_where(report, prompts), *notes)
    is_folded = not chosen.verbose and edges.out is not None and edges.out.isatty()
    costs = Costs(
        report=report,
        prompts=prompts,
        unmeasured=unmeasured,
        notes=notes,
        has_traffic=is_configured,
        most_rows=SHOWN_ROWS if is_folded else None,
        apart=apart,
        guessed=guessed,
        is_verbose=chosen.verbose,
    )
    found_edits = edits()
    new = new_prompts(found_edits, (item.what for item in unmeasured.values()))
    tell_edits(found_edits, new, edges.errors, done="measured")
    write(shown_costs(costs, edges), edges.out)
    return ExitCode.UNMEASURED if unmeasured and is_configured else ExitCode.PASS


def _unsampled(report: Report, asked: Sequence[str]) -> Iterator[str]:
    """That samples are lacking, where any of those that are asked for, or of all, lacks them."""
    for note in report.notes:
        if UNSAMPLED in note and (not asked or any(f"`{name}`" in note for name in asked)):
            yield note


def _where(report: Report, prompts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The prompts of each workflow, in the order of the names."""
    yield "Where:"
    for item in sorted(report.workflows, key=lambda item: item.name):
        yield f"  {item.name}: {', '.join(prompts[item.name])}"


def _asked_for(
    report: Report, unmeasured: dict[str, Problem], asked: Sequence[str], git: Git
) -> tuple[Report, dict[str, Problem]]:
    """The workflows that are asked for, and why some of them could not be measured.

    Raises:
        UsageError: There is none of such a name.
    """
    known = {*unmeasured, *(item.name for item in report.workflows)}
    names = chosen_names(asked, known, git)
    if names is None:
        return report, unmeasured
    workflows = tuple(item for item in report.workflows if item.name in names)
    return (
        replace(report, workflows=workflows),
        {name: problem for name, problem in unmeasured.items() if name in names},
    )


def _left_out(found: Collection[LeftOut], *, is_verbose: bool) -> Iterator[str]:
    """What is proposed nowhere, and why, the likely prompts first; or how many there are."""
    if is_verbose and found:
        yield "Left out:"
        lines = likely_first(found)
        yield from (f"  {line}" for line in lines[:_LEFT_OUT])
        if (more := len(lines) - _LEFT_OUT) > 0:
            yield f"  and {more:,} more: `reviewbot init --output -` names each"
    elif found:
        yield f"Left out: {counted(found)}; `reviewbot cost --verbose` says which and why."


_LEFT_OUT = 10
