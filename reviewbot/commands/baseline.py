"""`reviewbot baseline`: measure all workflows, and write the file that growth is measured from."""

import argparse
import time
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from reviewbot import __version__
from reviewbot.allowance import Allowance
from reviewbot.commands import Edges
from reviewbot.commands._common.arguments import add_head
from reviewbot.commands._common.written_files import (
    another_file,
    inside,
    tracked_text,
    write_file,
)
from reviewbot.console import complain, write
from reviewbot.errors import MeasurementError, Place, Problem, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.measurement.cacheable_prefix import count_prefix
from reviewbot.measurement.calls import Calls
from reviewbot.measurement.rendered_ahead import render_ahead
from reviewbot.measurement.renderer import Renderer
from reviewbot.measurement.token_counts import count_calls
from reviewbot.outputs.wording import plain
from reviewbot.policy.baseline import (
    Baseline,
    Pinned,
    PinnedSample,
    differences,
    in_order,
    is_like_a_baseline,
    read_baseline,
    render_baseline,
    shown_tokens,
)
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.process import RenderingProcess
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Comparison, Head, compare
from reviewbot.repository.trees import Tree, read_text
from reviewbot.scope.affected import Affected
from reviewbot.scope.governing import read_configurations
from reviewbot.scope.workflows import find_affected
from reviewbot.telemetry import Counts
from reviewbot.tokens import Counter, resolve

HELP = "measure all workflows, and write the file that growth is measured from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is measured, and the file to write."""
    add_head(parser, "measure")
    parser.add_argument(
        "--output",
        metavar="PATH",
        help="the file to write, - to print it; default the configuration's `baseline`",
    )


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Measure, write the file, and say what changed in it: to `errors` where the file is printed.

    Raises:
        MeasurementError: A workflow cannot be measured; nothing is written.
        ReviewbotError: There is nothing to measure, or the file cannot be written.

    """
    head: str | Head = chosen.head
    base = "HEAD" if isinstance(head, Head) else head
    git = Git(directory=chosen.repo, environment=edges.environment)
    with compare(git, base=base, head=head) as found:
        comparison = _only_after(found)
        configurations = read_configurations(comparison, chosen.config)
        file = configurations.after.baseline
        if file is None and chosen.output is None:
            raise UsageError([_no_place(chosen.config)])
        with LimitedParser() as parser:
            scope = find_affected(comparison, configurations, parser)
            measured = _measured((*scope.affected, *scope.unaffected), parser.allowance)
        baseline = Baseline(
            file=file or chosen.output,
            commit=comparison.base.object_id,
            reviewbot_version=__version__,
            workflows=measured,
        )
        text = render_baseline(baseline)
        read_baseline(text, file=baseline.file)
        was = _present(comparison.after_tree, file) if file else {}
    changes = "".join(f"{plain(line)}\n" for line in _changes(was, baseline.workflows))
    if chosen.output == "-":
        write(text, edges.out)
        complain(changes, edges.errors)
        return ExitCode.PASS
    place = _place(chosen, git, baseline.file)
    write_file(place, text, may_replace=is_like_a_baseline)
    write(f"{changes}written: {place}\n", edges.out)
    return ExitCode.PASS


def _place(chosen: argparse.Namespace, git: Git, file: str) -> str:
    """Where to write; a file that git tracks is no other kind of file even where it is missing.

    Raises:
        UsageError: It may not be written.

    """
    if chosen.output:
        return str(chosen.output)
    place = inside(git, file, mend="name the file itself in `baseline`")
    text = tracked_text(replace(git, directory=place.removesuffix(file)), file)
    if text and not is_like_a_baseline(text):
        raise UsageError([another_file(place)])
    return place


def _only_after(comparison: Comparison) -> Comparison:
    """The comparison of the head with itself, so that its own terms are what counts."""
    tree = comparison.after_tree
    return replace(comparison, governing_tree=tree, before_tree=tree, changes=())


def _measured(workflows: tuple[Affected, ...], allowance: Allowance) -> dict[str, Pinned]:
    pinned: dict[str, Pinned] = {}
    problems: list[Problem] = []
    counter = Counter(allowance=allowance)
    with RenderingProcess(allowance=allowance) as process:
        process.start()
        renderer = Renderer([process], Counts(time.monotonic), allowance)
        for rendered in render_ahead(workflows, renderer, 1):
            problems += rendered.problems
            if rendered.after is None:
                continue
            try:
                pinned[rendered.affected.name] = _pinned(rendered.after, counter)
            except MeasurementError as error:
                problems += error.problems
    if problems:
        raise MeasurementError(dict.fromkeys(problems))
    return pinned


def _pinned(calls: Calls, counter: Counter) -> Pinned:
    """What the baseline says of rendered calls.

    Raises:
        MeasurementError: A text cannot be counted, or the model is not known.

    """
    source = calls.source
    model = resolve(source.model, encoding=calls.encoding, counts_as=source.counts_as)
    samples = tuple(
        PinnedSample(name=item.name, weight=item.weight, input_tokens=item.tokens.input_tokens)
        for item in count_calls(calls, model, counter)
    )
    return Pinned(
        model=source.model,
        encoding=calls.encoding,
        counts_as=source.counts_as,
        max_tokens=source.max_tokens,
        prefix_tokens=count_prefix(calls, model, counter).tokens,
        samples=in_order(samples),
    )


def _present(tree: Tree, file: str) -> Mapping[str, Pinned]:
    """The entries of the file as it is; none where it cannot be read, for it is written anew."""
    try:
        return read_baseline(read_text(tree, file), file=file).workflows
    except MeasurementError:
        return {}


def _changes(was: Mapping[str, Pinned], now: Mapping[str, Pinned]) -> Iterator[str]:
    for name in sorted({*was, *now}):
        old, new = was.get(name), now.get(name)
        if new is None:
            yield f"{name}: removed"
        elif old is None:
            yield f"{name}: new, mean input tokens {shown_tokens(new.mean_input_tokens)}"
        elif old != new:
            yield f"{name}: {differences(old, new)}"
    same = sum(was.get(name) == new for name, new in now.items())
    if same:
        yield f"{same:,} workflow{'' if same == 1 else 's'} unchanged"


def _no_place(configuration: str) -> Problem:
    return Problem(
        what="the configuration names no `baseline`",
        mend="add `baseline: .github/reviewbot-baseline.json`, and measure with --worktree "
        "while that is not committed; or name a file with --output",
        place=Place(file=configuration),
    )
