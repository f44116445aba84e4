"""`reviewbot init`: find the prompts of a repository, and write a first configuration."""

import argparse
import os
import shlex
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.commands._common.arguments import add_head
from reviewbot.commands._common.brought_up_to_date import brought_up_to_date
from reviewbot.commands._common.choices import add_choice, choice_of
from reviewbot.commands._common.costs_now import costs_now, shown_costs
from reviewbot.commands._common.github_workflow_file import (
    has_workflow,
    to_pin,
    workflow_lines,
)
from reviewbot.commands._common.proposal_lines import (
    choice_lines,
    found_lines,
    guess_lines,
    unread_teams,
    written_line,
)
from reviewbot.commands._common.questions import OPTIONS, add_options, answered
from reviewbot.commands._common.uncommitted import uncommitted_files
from reviewbot.commands._common.written_files import inside, name_inside, write_file
from reviewbot.configuration import DEFAULT_FILE
from reviewbot.configuration.settings import Guess
from reviewbot.console import complain, write
from reviewbot.discovery import github_workflow
from reviewbot.discovery.basis import Basis
from reviewbot.discovery.configuration_text import configuration_text
from reviewbot.discovery.owners import owners_of
from reviewbot.errors import Problem, RevisionError, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.outputs.wording import plain
from reviewbot.outputs.wrapping import wrapped
from reviewbot.repository.default_branch import default_base
from reviewbot.repository.git import Git, GitFailedError
from reviewbot.repository.history import earlier_texts
from reviewbot.repository.revisions import Head, compare
from reviewbot.unconfigured import (
    Proposal,
    nothing_found,
    patient_parser,
    propose_workflows,
    refuse_unfinished,
)

HELP = "find the prompts of a repository, and write a first configuration"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to search, what is known of the calls, and the file to write."""
    add_head(parser, "search")
    parser.add_argument(
        "--output",
        metavar="PATH",
        help="the file to write, - to print it; default the configuration",
    )
    there = parser.add_mutually_exclusive_group()
    there.add_argument("--force", action="store_true", help="replace the file that is there")
    there.add_argument(
        "--update",
        action="store_true",
        help="add what is new to the file that is there, and change nothing else in it",
    )
    parser.add_argument(
        "--github",
        action="store_true",
        help=f"write {github_workflow.PATH} too, for pull requests to the default branch",
    )
    parser.add_argument(
        "--action",
        metavar="OWNER/NAME@COMMIT",
        help="the action that this workflow runs; with --github",
    )
    add_choice(parser)
    add_options(parser)


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Search, measure what is found, write the file, and say what a person has to do.

    Raises:
        UsageError: There is a file already, no prompt was found, or an option has no effect.
        MeasurementError: The search takes too long.
        ReviewbotError: The repository cannot be read.

    """
    head: str | Head = chosen.head
    base = "HEAD" if isinstance(head, Head) else head
    git = Git(directory=chosen.repo, environment=edges.environment)
    if problems := [*_without_effect(chosen)]:
        raise UsageError(problems)
    if chosen.update:
        return _update(chosen, edges, git)
    if chosen.github and not (chosen.force or chosen.output) and _is_written(chosen, git):
        with open(inside(git, chosen.config, mend=""), encoding="utf-8", errors="replace") as there:
            done = workflow_lines(git, chosen, there.read(), is_replaced=False)
        last = _next_line([to_pin(git), "commit the file, and open a pull request"])
        lines = (f"kept: {plain(chosen.config)}", *wrapped(done), last)
        write("".join(f"{line}\n" for line in lines), edges.out)
        return ExitCode.PASS
    place = _place(chosen, git)
    with (
        compare(git, base=base, head=head) as found,
        patient_parser() as parser,
    ):
        proposal = propose_workflows(
            found, chosen.config, today=edges.today, parser=parser, choice=choice_of(chosen)
        )
        refuse_unfinished(parser)
        if not proposal.workflows:
            nothing = nothing_found(proposal, found.after_tree)
            raise UsageError([_with_mend(nothing, _unsearched(git, chosen))])
        approvers, file = owners_of(chosen.config, found.after_tree)
        basis = Basis(approvers=approvers, owners_file=file, assumed=_guesses(proposal))
        is_named = all(it.model is not None or it.nearby is not None for it in proposal.workflows)
        basis = answered(chosen, edges, basis, is_named=is_named)
        text = configuration_text(
            proposal.workflows,
            proposal.unmeasured,
            proposal.left_out,
            basis,
            ignored=proposal.ignored,
        )
        is_run = chosen.github or has_workflow(found.after_tree)
        costs = costs_now(found, chosen.config, text, edges, parser.known)
    where = "printed" if place is None else f"written: {plain(chosen.output or chosen.config)}"
    lines = (
        *found_lines(proposal),
        *_unsearched(git, chosen),
        written_line(proposal, where),
        *choice_lines(proposal),
        *guess_lines(proposal, basis),
        *unread_teams(basis.approvers),
    )
    said = tuple(wrapped(lines))
    also = workflow_lines(git, chosen, text, is_replaced=chosen.force)
    table = shown_costs(costs, edges)
    last = _last(chosen, git, is_run=is_run, is_measured=not costs.unmeasured)
    shown = "\n".join((*said, *wrapped(also), "", table, last, ""))
    _hand_over(edges, place, text, shown)
    return ExitCode.UNMEASURED if costs.unmeasured else ExitCode.PASS


def _without_effect(chosen: argparse.Namespace) -> Iterator[Problem]:
    """The options that would be passed over in silence."""
    if chosen.output == "-" and chosen.github:
        what = "`--output -` writes no file, so --github has no effect"
        yield Problem(what=what, mend="leave one of them out")
    if chosen.action is not None and not chosen.github:
        yield Problem(what="without --github --action has no effect", mend="add `--github`")
    for option in OPTIONS if chosen.update else ():
        if _is_given(chosen, option):
            what = f"--update changes nothing that is there, so {option} has no effect"
            yield Problem(what=what, mend=f"leave it out, and edit {chosen.config}")


def _is_given(chosen: argparse.Namespace, option: str) -> bool:
    return getattr(chosen, option.removeprefix("--").replace("-", "_")) is not None


def _is_written(chosen: argparse.Namespace, git: Git) -> bool:
    """Whether the configuration is there and nothing is asked of it: only the workflow lacks."""
    mend = "name another file: `--output PATH`"
    is_there = os.path.lexists(inside(git, chosen.config, mend=mend))
    return is_there and not any(_is_given(chosen, option) for option in OPTIONS)


def _hand_over(edges: Edges, place: str | None, text: str, said: str) -> None:
    if place is None:
        write(text, edges.out)
        complain(said, edges.errors)
        return
    write_file(place, text)
    write(said, edges.out)


def _update(chosen: argparse.Namespace, edges: Edges, git: Git) -> int:
    """Add what is new to the configuration in the work tree.

    Raises:
        UsageError: There is no such file, or it is written so that nothing can be put into it.

    """
    mend = "name the file: `--config PATH`"
    place = (
        chosen.output if chosen.output not in {None, "-"} else inside(git, chosen.config, mend=mend)
    )
    try:
        with open(place, encoding="utf-8", newline="") as file:
            old = file.read()
    except (OSError, ValueError) as error:
        raise UsageError([_not_there(chosen, place, error)]) from error
    with compare(git, base=_earlier(git, chosen), head=chosen.head) as found:
        head = "HEAD" if isinstance(chosen.head, Head) else chosen.head
        earlier = earlier_texts(git, head, chosen.config)
        text, said = brought_up_to_date(found, old, earlier, chosen, edges)
    also = workflow_lines(git, chosen, text, is_replaced=chosen.force)
    lines = wrapped((*map(plain, said), *_unsearched(git, chosen), *also))
    shown = "".join(f"{line}\n" for line in lines)
    _hand_over(edges, None if chosen.output == "-" else place, text, shown)
    return ExitCode.PASS


def _not_there(chosen: argparse.Namespace, place: str, error: Exception) -> Problem:
    """The problem that the file to be brought up to date cannot be read."""
    name, named = chosen.config, f" --config {shlex.quote(chosen.config)}"
    if chosen.output not in {None, "-"}:
        name, named = chosen.output, f" --output {shlex.quote(chosen.output)}"
    if os.path.isdir(place):
        return _is_folder(chosen)
    named = "" if name == DEFAULT_FILE else named
    if isinstance(error, FileNotFoundError):
        mend = f"write a first one: `reviewbot init{named}`"
        return Problem(what=f"{name}: there is no such file", mend=mend)
    said = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
    return Problem(what=f"{name} cannot be read: {said}", mend="name another file")


def _is_folder(chosen: argparse.Namespace) -> Problem:
    option = "--config" if chosen.output is None else "--output"
    name = chosen.config if chosen.output is None else chosen.output
    file = os.path.join(name, os.path.basename(DEFAULT_FILE))
    mend = f"name a file: `{option} {shlex.quote(file)}`"
    return Problem(what=f"{name} is a folder", mend=mend)


def _earlier(git: Git, chosen: argparse.Namespace) -> str:
    """What to look up moved prompts in: the default branch that the head stems from, else it."""
    head = "HEAD" if isinstance(chosen.head, Head) else chosen.head
    try:
        branch = default_base(git)
        git.run("merge-base", "--end-of-options", branch, head)
    except (RevisionError, GitFailedError):
        return head
    return branch


def _place(chosen: argparse.Namespace, git: Git) -> str | None:
    """Where to write; None to print.

    Raises:
        UsageError: There is a file, which is not to be replaced.

    """
    if chosen.output == "-":
        return None
    mend = "name another file: `--output PATH`"
    place: str = chosen.output or inside(git, chosen.config, mend=mend)
    if os.path.isdir(place):
        raise UsageError([_is_folder(chosen)])
    if os.path.lexists(place) and not chosen.force:
        what = f"{chosen.output or chosen.config} is there already"
        mend = "add what is new with `--update`, replace it with `--force`, or print: `--output -`"
        raise UsageError([Problem(what=what, mend=mend)])
    return place


def _guesses(proposal: Proposal) -> tuple[Guess, ...]:
    """What nobody knows of the workflows: a model only where some name none."""
    names_all = all(item.model is not None for item in proposal.workflows)
    return (Guess.TRAFFIC,) if names_all else (Guess.MODEL, Guess.TRAFFIC)


def _unsearched(git: Git, chosen: argparse.Namespace) -> Iterator[str]:
    """That uncommitted files were not searched, if there are some beside the configuration."""
    if count := len(uncommitted_files(git, chosen.head) - {chosen.config}):
        files = "1 uncommitted file was" if count == 1 else f"{count:,} uncommitted files were"
        yield f"{files} not searched: commit, or add `--worktree`"


def _with_mend(problem: Problem, others: Iterable[str]) -> Problem:
    return replace(problem, mend="; or ".join((*others, problem.mend)))


def _last(chosen: argparse.Namespace, git: Git, *, is_run: bool, is_measured: bool) -> str:
    """What to do next, in the order in which it is done."""
    if not is_measured:
        mend = "mend what is not measured; `reviewbot cost --worktree` shows whether it is"
        return _next_line([mend])
    is_other = chosen.output not in {None, "-", chosen.config}
    file = chosen.output if is_other else chosen.config
    look = f"look at the lines marked CHANGE in {plain(file)}"
    if is_other and (file := name_inside(git, chosen.output)) is None:
        return _next_line([look, f"it lies outside of the repository: move it to {DEFAULT_FILE}"])
    if not is_run:
        named = f" --config {shlex.quote(file)}" if file != DEFAULT_FILE else ""
        return _next_line([f"{look}, then `reviewbot init --github{named}` for GitHub"])
    return _next_line([to_pin(git), look, "commit, and open a pull request"])


def _next_line(steps: Iterable[str | None]) -> str:
    return "\n".join(wrapped([f"next: {'; '.join(filter(None, steps))}"]))
