"""`reviewbot init`: find the prompts of a repository, and write a first configuration."""

import argparse
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.commands._common.arguments import add_head
from reviewbot.commands._common.written_files import inside, write_file
from reviewbot.console import write
from reviewbot.discovery.calls import Proposed, propose
from reviewbot.discovery.configuration_text import DEFAULT_MODEL, configuration_text, fitting
from reviewbot.discovery.finding import Findings, LeftOut, find
from reviewbot.errors import ConfigurationError, Problem, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import Verdict
from reviewbot.reports.wording import plain
from reviewbot.repository.changed_files import Change
from reviewbot.repository.edited_trees import AddedFile
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Comparison, Head, compare
from reviewbot.review import review

_SEARCH_SECONDS = 60.0
_SHOWN = 20


class _Outcome(Struct, frozen=True, kw_only=True):
    """What was found, what is proposed of it, and why some is not."""

    findings: Findings
    workflows: tuple[Proposed, ...]
    unmeasured: Mapping[str, str]
    left_out: tuple[LeftOut, ...]


HELP = "find the prompts of a repository, and write a first configuration"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to search, and the file to write."""
    add_head(parser, "search")
    parser.add_argument(
        "--output",
        metavar="PATH",
        help="the file to write, - to print it; default the configuration",
    )
    parser.add_argument("--force", action="store_true", help="replace the file that is there")


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Search, measure what is found, write the file, and say what a person has to do.

    Raises:
        UsageError: There is a file already, or no prompt was found.
        ReviewbotError: The repository cannot be read.

    """
    head: str | Head = chosen.head
    base = "HEAD" if isinstance(head, Head) else head
    git = Git(directory=chosen.repo, environment=edges.environment)
    place = _place(chosen, git)
    with compare(git, base=base, head=head) as found, LimitedParser(_SEARCH_SECONDS) as parser:
        findings = find(found.after_tree, parser)
        workflows, unread = propose(findings, found.after_tree, parser)
    if not workflows:
        raise UsageError([_nothing_found((*findings.left_out, *unread))])
    found_count, workflows = len(workflows), fitting(workflows)
    over = found_count - len(workflows)
    too_many = LeftOut(what=f"{over:,} workflows", why="one configuration cannot hold so many")
    left_out = (*findings.left_out, *unread, *([too_many] if over else ()))
    with compare(git, base=base, head=head) as found:
        comparison = _without(found, chosen.config)
        workflows, unmeasured = _measured(comparison, chosen.config, workflows)
    text = configuration_text(workflows, unmeasured, left_out)
    said = "".join(
        f"{line}\n"
        for line in _said(
            _Outcome(
                findings=findings, workflows=workflows, unmeasured=unmeasured, left_out=left_out
            ),
            place,
        )
    )
    if place is None:
        write(text, edges.out)
        write(said, edges.errors)
        return ExitCode.PASS
    write_file(place, text)
    write(said, edges.out)
    return ExitCode.PASS


def _place(chosen: argparse.Namespace, git: Git) -> str | None:
    """Where to write; None to print.

    Raises:
        UsageError: There is a file, which is not to be replaced.

    """
    if chosen.output == "-":
        return None
    mend = "name another file: `--output PATH`"
    place: str = chosen.output or inside(git, chosen.config, mend=mend)
    if os.path.lexists(place) and not chosen.force:
        what = f"{place} is there already"
        raise UsageError(
            [Problem(what=what, mend="replace it with `--force`, or print: `--output -`")]
        )
    return place


def _without(comparison: Comparison, file: str) -> Comparison:
    """The comparison of the head with itself, in a repository that has no configuration yet."""
    tree = AddedFile(comparison.after_tree, file, None)
    added = (Change(before=None, after=file),)
    return replace(comparison, governing_tree=tree, before_tree=tree, changes=added)


def _measured(
    comparison: Comparison, file: str, workflows: tuple[Proposed, ...]
) -> tuple[tuple[Proposed, ...], Mapping[str, str]]:
    """The workflows as `check` accepts them, and why some cannot be measured.

    Where a prompt cannot be rendered, sample files and formats that were guessed are given up.
    """
    problems = _problems(comparison, file, workflows)
    for give_up in (_without_samples, _without_guesses):
        weaker = tuple(give_up(item) if item.name in problems else item for item in workflows)
        if weaker != workflows:
            workflows = weaker
            problems = _problems(comparison, file, workflows)
    return workflows, problems


def _without_samples(workflow: Proposed) -> Proposed:
    return replace(workflow, samples=None)


def _without_guesses(workflow: Proposed) -> Proposed:
    """The workflow with prompts sent as they stand whose placeholders only look like a format's."""
    prompts = tuple(
        replace(found, format="text") if found.is_guess else found for found in workflow.prompts
    )
    return replace(workflow, prompts=prompts)


def _problems(comparison: Comparison, file: str, workflows: tuple[Proposed, ...]) -> dict[str, str]:
    """Why workflows cannot be measured, by their names."""
    text = configuration_text(workflows, {}, ())
    tree = AddedFile(comparison.after_tree, file, text)
    try:
        report = review(
            replace(comparison, after_tree=tree),
            configuration_file=file,
            progress=lambda *_: None,
        )
    except ConfigurationError as error:
        raise AssertionError(str(error)) from error
    return {
        item.name: str(item.problems[0]) if item.problems else "no reason is known"
        for item in report.workflows
        if item.verdict == Verdict.UNMEASURED
    }


def _nothing_found(left_out: Iterable[LeftOut]) -> Problem:
    reasons = "".join(f"; {plain(item.what)}: {plain(item.why)}" for item in left_out)
    return Problem(
        what=f"no prompts were found{reasons}",
        mend="write the configuration by hand: docs/configuration.md",
    )


def _said(outcome: _Outcome, place: str | None) -> Iterator[str]:
    """What was found and what is to be done, line by line."""
    workflows, unmeasured, left_out = outcome.workflows, outcome.unmeasured, outcome.left_out
    counts = Counter(item.format for item in outcome.findings.prompts)
    yield "found: " + ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    for title, lines in (
        ("not measured", [f"{name}: {why}" for name, why in sorted(unmeasured.items())]),
        ("left out", [f"{item.what}: {item.why}" for item in left_out]),
    ):
        if lines:
            yield f"{title}:"
            yield from (f"  {plain(line)}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN:,} more"
    count = len(workflows) - len(unmeasured)
    where = "printed" if place is None else f"written: {plain(place)}"
    yield f"{where}, {count:,} workflow{'' if count == 1 else 's'}"
    yield "next: look at the lines marked CHANGE, then try `reviewbot check --worktree`"
    without = sum(item.model is None for item in workflows)
    if without:
        yield f"  {without:,} of them name no model: {DEFAULT_MODEL} stands in `defaults`"
