"""`reviewbot explain`: where the tokens of one workflow's call come from, line by line."""

import argparse
import difflib
import os
import time
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial

from msgspec.structs import replace

from reviewbot.allowance import Allowance
from reviewbot.commands import Edges
from reviewbot.commands._common.arguments import add_head
from reviewbot.commands._common.caching import add_cache, cache_of
from reviewbot.commands._common.meant_positionals import meant_revision
from reviewbot.commands._common.uncommitted import (
    edits_beside,
    tell_edits,
    told_beside_errors,
    uncommitted_files,
)
from reviewbot.configuration import DEFAULT_FILE
from reviewbot.configuration.settings import Guess, Workflow
from reviewbot.console import write
from reviewbot.costs.price_lookup import catalogue_of
from reviewbot.errors import MeasurementError, Problem, UsageError
from reviewbot.evaluation.figures import Meter
from reviewbot.evaluation.situations import situations_of
from reviewbot.exit_codes import ExitCode
from reviewbot.explanation.call_breakdown import call_breakdown
from reviewbot.local_cache import Cache
from reviewbot.measurement.calls import Calls, calls_of
from reviewbot.measurement.renderer import Renderer
from reviewbot.outputs.call_breakdown import FORMATS, render
from reviewbot.outputs.wording import named
from reviewbot.policy.standing_findings import lines_of_workflow
from reviewbot.prompt import Sample
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.process import RenderingProcess
from reviewbot.report.call_breakdown import CallBreakdown
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Comparison, Head, compare
from reviewbot.repository.trees import read_text
from reviewbot.scope.governing import Configurations, read_configurations
from reviewbot.scope.workflows import find_affected
from reviewbot.telemetry import Counts
from reviewbot.tokens import Counter, KeptCounts
from reviewbot.unconfigured import ASSUMPTION, only_head, with_proposal

HELP = "show where the tokens of a workflow's call come from, by message, file and line"

_SHOWN_NAMES = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the workflow, its revision, and how the answer looks."""
    parser.add_argument(
        "workflow",
        metavar="WORKFLOW",
        help="its name, as `reviewbot cost` lists it, or the path of a prompt that only it sends",
    )
    add_head(parser, "explain")
    add_cache(parser)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help="default %(default)s",
    )


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Measure one workflow, and print what its call is made of.

    Raises:
        UsageError: There is no such workflow.
        MeasurementError: It cannot be measured.
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
        is_assumed = chosen.config == DEFAULT_FILE and not found.has(chosen.config)
        comparison = only_head(
            with_proposal(found, chosen.config, today=edges.today) if is_assumed else found,
            chosen.config,
        )
        configurations = read_configurations(comparison, chosen.config)
        known = configurations.after.workflows
        name = _named(chosen.workflow, known)
        if name is None:
            is_uncommitted = chosen.config in uncommitted_files(git, head)
            file = chosen.config if is_uncommitted else None
            if meant := meant_revision(chosen.workflow, ("--head",), git):
                what = f"there is no workflow {chosen.workflow!r}, but a revision"
                raise UsageError([Problem(what=what, mend=f"write `WORKFLOW {meant}`")])
            raise UsageError([_unknown(chosen.workflow, known, file)])
        explained = _explained(comparison, configurations, name, edges.today, cache)
    notes = [f"Assumed: {ASSUMPTION}."] if is_assumed else []
    if Guess.SAMPLES in known[name].assumed:
        notes.append("The sample values are guesses of reviewbot, and so is what they add.")
    shown = replace(explained, notes=(*explained.notes, *notes, *explained.figures.notes))
    tell_edits(edits(), [], edges.errors, done="measured")
    write(render(shown, chosen.format, edges.environment, edges.out), edges.out)
    return ExitCode.PASS


def _explained(
    comparison: Comparison,
    configurations: Configurations,
    name: str,
    today: date,
    cache: Cache,
) -> CallBreakdown:
    """The call of the workflow `name`.

    Raises:
        MeasurementError: It cannot be rendered, counted or priced.

    """
    allowance = Allowance()
    with LimitedParser(allowance=allowance, cache=cache) as parser:
        scope = find_affected(comparison, configurations, parser)
        (affected,) = [item for item in scope.affected if item.name == name]
        counts = Counts(time.monotonic)
        kept = KeptCounts(cache, comparison.base.object_id.encode())
        meter = Meter(counter := Counter(allowance=allowance, kept=kept), counts)
        catalogue = catalogue_of(configurations.after.prices, today)
        with RenderingProcess(allowance=allowance) as process:
            renderer = Renderer([process], counts, allowance, cache)
            rendered = renderer.workflow(affected)
            situation = situations_of(rendered, catalogue, catalogue).after
            figures, problems = meter.figures(situation)
            if situation is None or figures is None or rendered.problems or problems:
                raise MeasurementError([*rendered.problems, *problems])

            def with_samples(samples: tuple[Sample, ...]) -> Calls | None:
                texts = renderer.texts([(affected.after, samples)])
                return calls_of(affected.after, samples, texts)[0]

            count = partial(counter.count, encoding=figures.encoding)
            read = partial(read_text, comparison.after_tree)
            found = call_breakdown(
                name,
                situation.calls,
                figures,
                count=count,
                read=read,
                rendered=with_samples,
            )
            told = tuple(lines_of_workflow(affected, scope, configurations, today))
    kept.put()
    cache.save()
    return replace(found, notes=told)


def _named(said: str, known: Mapping[str, Workflow]) -> str | None:
    """The workflow of that name, or the only one that sends the prompt; None where there is none.

    Raises:
        UsageError: Several send it.

    """
    if said in known:
        return said
    path = os.path.normpath(said)
    found = [
        name
        for name, workflow in known.items()
        if any(path in (item.path, item.name) for item in workflow.prompts)
    ]
    if len(found) > 1:
        what = f"{len(found):,} workflows send {said}"
        raise UsageError([Problem(what=what, mend=f"name one of {_some(found)}")])
    return found[0] if found else None


def _some(names: Iterable[str]) -> str:
    """The first of the names, and where the others are listed."""
    ordered = [f"`{name}`" for name in sorted(names)]
    rest = "; `reviewbot cost --verbose` lists all" if len(ordered) > _SHOWN_NAMES else ""
    return f"{named(ordered, _SHOWN_NAMES)}{rest}"


def _unknown(name: str, known: Iterable[str], uncommitted: str | None) -> Problem:
    """The problem of a name that is not `known`; `uncommitted` edits of a file may name it."""
    near = difflib.get_close_matches(name, known, 1)
    mend = f"did you mean `{near[0]}`?" if near else f"name one of {_some(known)}"
    if uncommitted is not None:
        mend = f"{uncommitted} has uncommitted edits: commit them, or add `--worktree`; else {mend}"
    return Problem(what=f"there is no workflow {name!r}", mend=mend)
