"""A repository without a configuration, reviewed with the workflows that `init` would propose.

Nothing limits what is found here, so such a review never fails: its traffic is assumed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.allowance import Allowance
from reviewbot.discovery.basis import (
    ASSUMED_CALLS_PER_MONTH,
    ASSUMED_OUTPUT_TOKENS,
    DEFAULT_MODEL,
)
from reviewbot.discovery.calls import Proposed, propose
from reviewbot.discovery.configuration_text import configuration_text, fitting
from reviewbot.discovery.finding import find
from reviewbot.discovery.findings import Findings, LeftOut
from reviewbot.discovery.left_out import summed_up
from reviewbot.errors import ConfigurationError, Place, Problem, UsageError
from reviewbot.outputs.wording import plain
from reviewbot.policy.adoption import GUESSED
from reviewbot.policy.new_prompts import COVERAGE
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import Report, Verdict
from reviewbot.repository.changed_files import Change
from reviewbot.repository.edited_trees import AddedFile
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.review import review, totals
from reviewbot.scope.affected import State
from reviewbot.telemetry import no_progress

_SEARCH_SECONDS = 60.0

ASSUMPTION = (
    f"{ASSUMED_CALLS_PER_MONTH:,} calls a month with {ASSUMED_OUTPUT_TOKENS:,} output tokens each,"
    f" and {DEFAULT_MODEL} where a prompt names no model"
)
"""What is assumed of a workflow that nobody has described."""


Measure = Callable[[Comparison], Report]


class Proposal(Struct, frozen=True, kw_only=True):
    """The workflows that were found, why some cannot be measured, and what was left out."""

    findings: Findings
    workflows: tuple[Proposed, ...]
    problems: Mapping[str, Problem]
    left_out: tuple[LeftOut, ...]
    known: tuple[Proposed, ...] = ()

    @property
    def unmeasured(self) -> Mapping[str, str]:
        """Why some cannot be measured, in words, by their names."""
        return {name: str(problem) for name, problem in self.problems.items()}


def propose_workflows(
    comparison: Comparison,
    file: str,
    *,
    today: date,
    allowance: Allowance,
    is_new: Callable[[Proposed], bool] = lambda _: True,
) -> Proposal:
    """The workflows of the head, if any, each measured once so that `check` accepts them.

    Only those that are `is_new` are measured; `known` are the others.
    """
    with LimitedParser(_SEARCH_SECONDS, allowance) as parser:
        findings = find(comparison.after_tree, parser)
        found, unread = propose(findings, comparison.after_tree, parser)
    left_out = (*findings.left_out, *unread)
    new = [item for item in found if is_new(item)]
    fits = fitting(new)
    if over := len(new) - len(fits):
        why = "one configuration cannot hold so many"
        left_out = (*left_out, LeftOut(what=f"{over:,} workflows", why=why))
    measure = partial(
        review,
        configuration_file=file,
        today=today,
        progress=no_progress,
        allowance=allowance,
    )
    workflows, problems = _measured(only_head(comparison, file), file, fits, measure)
    return Proposal(
        findings=findings,
        workflows=workflows,
        problems=problems,
        left_out=left_out,
        known=tuple(item for item in found if item not in new),
    )


def review_unconfigured(
    comparison: Comparison,
    file: str,
    *,
    today: date,
    is_whole: bool = False,
    is_uncommitted: bool = False,
) -> tuple[Report, Proposal]:
    """The review of all workflows that are found in the head, none of which has a limit.

    Workflows that the change leaves as they are count as unaffected, unless the review `is_whole`.
    All is guessed here, and no file says what is covered: notes on either would say nothing new.
    `is_uncommitted` says that the configuration lies in the work tree only.

    Raises:
        UsageError: There is a configuration under another name: no policy must be missed.

    """
    if misnamed := sorted(filter(_MISNAMED.fullmatch, comparison.after_tree.paths)):
        raise UsageError([_misnamed(misnamed[0], file)])
    allowance = Allowance()
    proposal = propose_workflows(comparison, file, today=today, allowance=allowance)
    report = review(
        _proposed(comparison, proposal, file),
        configuration_file=file,
        today=today,
        progress=no_progress,
        allowance=allowance,
    )
    kept = tuple(
        item
        for item in report.workflows
        if is_whole or item.files or item.state is not State.CHANGED
    )
    others = {item.name for item in report.workflows} - {item.name for item in kept}
    lack = f"{not_committed(file)}; without it" if is_uncommitted else f"there is no {file}, so"
    advisory = (
        f"{lack} the prompts that `reviewbot init` finds were reviewed; {ASSUMPTION}, are assumed"
    )
    changed = replace(
        report,
        workflows=kept,
        unmeasured=(*report.unmeasured, *_touched(comparison, proposal)),
        totals=totals(kept),
        unaffected_workflows=tuple(sorted({*report.unaffected_workflows, *others})),
        advisory=advisory,
        notes=tuple(note for note in report.notes if not note.startswith((GUESSED, COVERAGE))),
    )
    return changed, proposal


def _touched(comparison: Comparison, proposal: Proposal) -> Iterator[Problem]:
    """Why prompts that the change touches are in no workflow: they cannot be measured."""
    paths = {change.after for change in comparison.changes}
    for item in proposal.workflows:
        problem = proposal.problems.get(item.name)
        if problem is not None and not paths.isdisjoint(found.path for found in item.prompts):
            yield problem


def not_committed(file: str) -> str:
    """Why a configuration that is there is not read, and the mend."""
    return f"{file} is not committed yet: commit it, or add `--worktree`"


def replaced_after(comparison: Comparison, tree: Tree) -> Comparison:
    """The comparison with another tree after the change."""
    return replace(comparison, after_tree=tree)


def with_proposal(comparison: Comparison, file: str, *, today: date) -> Comparison:
    """The comparison with the configuration that `init` would propose for the head."""
    proposal = propose_workflows(comparison, file, today=today, allowance=Allowance())
    return _proposed(comparison, proposal, file)


def _proposed(comparison: Comparison, proposal: Proposal, file: str) -> Comparison:
    measured = [item for item in proposal.workflows if item.name not in proposal.problems]
    text = configuration_text(measured, {}, (), has_limits=False)
    return replace(comparison, after_tree=AddedFile(comparison.after_tree, file, text))


def only_head(comparison: Comparison, file: str) -> Comparison:
    """The comparison of the head with a base that has no configuration yet."""
    tree = AddedFile(comparison.after_tree, file, None)
    added = (Change(before=None, after=file),)
    return replace(comparison, governing_tree=tree, before_tree=tree, changes=added)


def _measured(
    comparison: Comparison, file: str, workflows: tuple[Proposed, ...], measure: Measure
) -> tuple[tuple[Proposed, ...], Mapping[str, Problem]]:
    """The workflows as `check` accepts them, and why some cannot be measured.

    Where a prompt cannot be rendered, sample files and formats that were guessed are given up.
    """
    problems = _problems(comparison, file, workflows, measure)
    for give_up in (_without_samples, _without_guesses):
        weaker = tuple(give_up(item) if item.name in problems else item for item in workflows)
        if weaker != workflows:
            workflows = weaker
            problems = _problems(comparison, file, workflows, measure)
    return _sampled(comparison, file, workflows, problems, measure), problems


def _sampled(
    comparison: Comparison,
    file: str,
    workflows: tuple[Proposed, ...],
    problems: Mapping[str, Problem],
    measure: Measure,
) -> tuple[Proposed, ...]:
    """The workflows with a sample of all their variables, where a text for each is enough.

    The names are those that rendering misses, round by round.
    """
    trying = {
        item.name: replace(item, variables=(_NO_VARIABLE,))
        for item in workflows
        if item.has_variables
        and not (item.has_own_samples or item.samples or item.name in problems)
    }
    sampled: dict[str, Proposed] = {}
    for _ in range(_MOST_ROUNDS):
        if not trying:
            break
        missing = _problems(comparison, file, tuple(trying.values()), measure)
        going_on = {}
        for name, item in trying.items():
            if name not in missing:
                sampled[name] = item
                continue
            known = [variable for variable in item.variables if variable != _NO_VARIABLE]
            new = [found for found in _undefined(missing[name]) if found not in known]
            if new:
                going_on[name] = replace(item, variables=(*known, *dict.fromkeys(new)))
        trying = going_on
    return tuple(sampled.get(item.name, item) for item in workflows)


_MOST_ROUNDS = 8
_NO_VARIABLE = "_"
"""A variable that no template has, so that there is a sample before any is known."""


def _undefined(problem: Problem) -> list[str]:
    """The variables that a problem names as undefined."""
    names, is_told, _ = re.sub(r" (?:is|are) undefined", "\0", problem.what, count=1).partition(
        "\0"
    )
    return re.findall(r"'([A-Za-z][A-Za-z0-9_]{0,60})'", names) if is_told else []


def _without_samples(workflow: Proposed) -> Proposed:
    return replace(workflow, samples=None)


def _without_guesses(workflow: Proposed) -> Proposed:
    """The workflow with prompts sent as they stand whose placeholders only look like a format's."""
    prompts = tuple(
        replace(found, format="text") if found.is_guess else found for found in workflow.prompts
    )
    return replace(workflow, prompts=prompts)


def _problems(
    comparison: Comparison, file: str, workflows: tuple[Proposed, ...], measure: Measure
) -> dict[str, Problem]:
    """Why workflows cannot be measured, by their names."""
    text = configuration_text(workflows, {}, ())
    tree = AddedFile(comparison.after_tree, file, text)
    try:
        report = measure(replace(comparison, after_tree=tree))
    except ConfigurationError as error:
        raise AssertionError(str(error)) from error
    return {
        item.name: item.problems[0] if item.problems else _NO_REASON
        for item in report.workflows
        if item.verdict == Verdict.UNMEASURED
    }


_NO_REASON = Problem(what="no reason is known", mend="name it to reviewbot's authors")
_MISNAMED = re.compile(r"(?:\.github/)?\.?reviewbot\.(?:ya?ml|json|toml)", re.IGNORECASE)


def _misnamed(path: str, file: str) -> Problem:
    return Problem(
        what=f"there is no {file}, but this file's name says that it is reviewbot's configuration",
        mend=f"move it to {file}, or name it with `--config {path}`",
        place=Place(file=path),
    )


def nothing_found(proposal: Proposal) -> Problem:
    """The problem that there is no prompt, with what was left out."""
    reasons = "".join(f"; {plain(line).strip()}" for line in summed_up(proposal.left_out))
    return Problem(
        what=f"no prompts were found{reasons}",
        mend="write the configuration by hand: docs/configuration.md",
    )
