"""`reviewbot init`: find the prompts of a repository, and write a first configuration."""

import argparse
import os
from collections import Counter
from collections.abc import Iterator

from reviewbot.allowance import Allowance
from reviewbot.commands import Edges
from reviewbot.commands._common.arguments import add_head
from reviewbot.commands._common.written_files import inside, write_file
from reviewbot.console import write
from reviewbot.discovery.configuration_text import DEFAULT_MODEL, configuration_text
from reviewbot.discovery.left_out import summed_up
from reviewbot.errors import Problem, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.outputs.wording import plain
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Head, compare
from reviewbot.unconfigured import Proposal, nothing_found, propose_workflows

_SHOWN = 20
_SECONDS = 240.0
"""For the search and for measuring what is found, more than a review has: it is done once."""

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
    with compare(git, base=base, head=head) as found:
        allowance = Allowance(seconds=_SECONDS)
        proposal = propose_workflows(found, chosen.config, today=edges.today, allowance=allowance)
    if not proposal.workflows:
        raise UsageError([nothing_found(proposal)])
    text = configuration_text(proposal.workflows, proposal.unmeasured, proposal.left_out)
    said = "".join(f"{line}\n" for line in _said(proposal, place))
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


def _said(proposal: Proposal, place: str | None) -> Iterator[str]:
    """What was found and what is to be done, line by line."""
    workflows, unmeasured, left_out = proposal.workflows, proposal.unmeasured, proposal.left_out
    counts = Counter(item.format for item in proposal.findings.prompts)
    yield "found: " + ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    if unmeasured:
        yield "not measured:"
        lines = [f"{name}: {why}" for name, why in sorted(unmeasured.items())]
        yield from (f"  {plain(line)}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN:,} more"
    if left_out:
        texts = sum(item.texts for item in left_out)
        yield f"left out, {texts:,} texts; the file names each:"
        yield from (f"  {plain(line)}" for line in summed_up(left_out))
    count = len(workflows) - len(unmeasured)
    where = "printed" if place is None else f"written: {plain(place)}"
    yield f"{where}, {count:,} workflow{'' if count == 1 else 's'}"
    yield "next: look at the lines marked CHANGE, then try `reviewbot check --worktree`"
    without = sum(item.model is None for item in workflows)
    if without:
        yield f"  {without:,} of them name no model: {DEFAULT_MODEL} stands in `defaults`"
