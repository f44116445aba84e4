"""A repository without a configuration, reviewed with the workflows that `init` would propose.

Nothing limits what is found here, so such a review never fails: its traffic is assumed.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from reviewbot.discovery.basis import (
    ASSUMED_CALLS_PER_MONTH,
    ASSUMED_OUTPUT_TOKENS,
    ASSUMED_SMALL_TOKENS,
    ASSUMED_VARIABLE_TOKENS,
    DEFAULT_MODEL,
)
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.configuration_text import configuration_text
from reviewbot.discovery.named_nearby import nearby_lines
from reviewbot.errors import Place, Problem, UsageError
from reviewbot.local_cache import NO_CACHE, Cache
from reviewbot.policy.adoption import GUESSED
from reviewbot.policy.new_prompts import COVERAGE
from reviewbot.policy.totals import totals
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import Report, Verdict, WorkflowReview, worst
from reviewbot.repository.refused_files import IgnoredProblem
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import read_texts
from reviewbot.review import review
from reviewbot.scope.affected import State
from reviewbot.scope.governing import Earlier
from reviewbot.scope.not_covered import PromptCoverage
from reviewbot.unconfigured.comparisons import only_head, with_configuration
from reviewbot.unconfigured.earlier_models import earlier_models
from reviewbot.unconfigured.earlier_workflows import earlier_workflows, with_earlier_variables
from reviewbot.unconfigured.proposal import (
    SEARCH_SECONDS,
    Choice,
    Proposal,
    nothing_found,
    patient_parser,
    propose_workflows,
    refuse_unfinished,
    unfinished,
)
from reviewbot.unconfigured.trials import NO_VARIABLE
from reviewbot.unconfigured.unplaced import told_together, unplaced, unplaced_problem

__all__ = [
    "ASSUMPTION",
    "SEARCH_SECONDS",
    "Choice",
    "Proposal",
    "assumed_counts",
    "not_committed",
    "nothing_found",
    "only_head",
    "patient_parser",
    "propose_workflows",
    "refuse_unfinished",
    "review_unchanged",
    "review_unconfigured",
    "unfinished",
    "with_configuration",
    "with_proposal",
]

ASSUMPTION = (
    f"{ASSUMED_CALLS_PER_MONTH:,} calls a month with {ASSUMED_OUTPUT_TOKENS:,} output tokens each,"
    f" and {DEFAULT_MODEL} where a prompt names no model"
)
"""What is assumed of a workflow that nobody has described."""


def assumed_counts(workflows: Iterable[Proposed]) -> str:
    """How many workflows name no model, and how many variables have no sample, if any."""
    found = [*workflows]
    said = []
    unknown = [item for item in found if not item.model and not item.has_default_price]
    if nameless := sum(item.nearby is None for item in unknown):
        names = "names" if nameless == 1 else "name"
        is_one = len(found) == 1
        said.append("; this one" if is_one else f"; {nameless:,} of {len(found):,} workflows")
        said.append(f" {names} none")
    said += (f"; {line}" for line in nearby_lines(unknown))
    if count := sum(len({*item.variables} - {NO_VARIABLE}) for item in found):
        which = "1 variable" if count == 1 else f"{count:,} variables"
        has = "has" if count == 1 else "have"
        each = f"{ASSUMED_VARIABLE_TOKENS} tokens each"
        small = f"({ASSUMED_SMALL_TOKENS} for a name, a number or a date)"
        said.append(f"; {which} without a sample {has} {each} {small}")
    return "".join(said)


def review_unchanged(
    comparison: Comparison, file: str, *, today: date, is_uncommitted: bool = False
) -> Report:
    """The review of a comparison without any change: no prompt is looked for, none is measured.

    Raises:
        UsageError: There is a configuration that git ignores, or one of another name.

    """
    _refuse_hidden(comparison, file)
    empty = with_configuration(comparison, file, "version: 1\nworkflows: {}\n")
    report = review(empty, configuration_file=file, today=today)
    lack = not_committed(file) if is_uncommitted else f"there is no {file}"
    none = PromptCoverage(covered=0, known=0)
    advisory = f"{lack}; nothing has changed, so no prompt was looked for"
    return replace(report, advisory=advisory, unowned=(), coverage=none, notes=())


def review_unconfigured(
    comparison: Comparison,
    file: str,
    *,
    today: date,
    is_whole: bool = False,
    is_uncommitted: bool = False,
    cache: Cache = NO_CACHE,
) -> tuple[Report, Proposal]:
    """The review of all workflows that are found in the head, none of which has a limit.

    Workflows that the change leaves as they are, and that nothing was found about, count as
    unaffected, and are in no sum, unless the review `is_whole`. All is guessed here, and no file
    says what is covered: notes on either would say nothing new.
    `is_uncommitted` says that the configuration lies in the work tree only. A whole review has the
    time of a search; whatever its time did not suffice for is named, and is a warning.

    Raises:
        UsageError: There is a configuration that git ignores, or one of another name.

    """
    _refuse_hidden(comparison, file)
    with (
        patient_parser(cache) if is_whole else LimitedParser(SEARCH_SECONDS, cache=cache) as parser
    ):
        proposal = propose_workflows(comparison, file, today=today, parser=parser)
        earlier = Earlier()
        if not is_whole:
            models = earlier_models(proposal.workflows, comparison, parser.allowance)
            was = earlier_workflows(
                comparison, file, proposal.workflows, today=today, parser=parser
            )
            earlier = Earlier(models=models, gone=was.gone)
            named = with_earlier_variables(proposal.workflows, was, comparison)
            proposal = replace(proposal, workflows=tuple(named))
        report = review(
            _proposed(comparison, proposal, file),
            configuration_file=file,
            today=today,
            parser=parser,
            earlier=earlier,
        )
        report = unplaced(report, file)
        problems = {name: unplaced_problem(it, file) for name, it in proposal.problems.items()}
        is_unfinished = parser.allowance.is_used_up
        proposal = replace(proposal, problems=problems, is_unfinished=is_unfinished)
    kept = tuple(
        item
        for item in report.workflows
        if is_whole
        or item.files
        or item.state is not State.CHANGED
        or _has_another_model(item)
        or item.verdict is not Verdict.PASS
    )
    others = {item.name for item in report.workflows} - {item.name for item in kept}
    names = {item.name for item in kept}
    guessed = assumed_counts(item for item in proposal.workflows if item.name in names)
    lack = f"{not_committed(file)}; without it" if is_uncommitted else f"there is no {file}, so"
    advisory = (
        f"{lack} the prompts that `reviewbot init` finds were reviewed; {ASSUMPTION}, are assumed"
        f"{guessed}"
    )
    unmeasured = (
        *([unfinished()] if proposal.is_unfinished else ()),
        *report.unmeasured,
        *told_together(_touched(comparison, proposal)),
    )
    changed = replace(
        report,
        verdict=_verdict(report, kept, unmeasured),
        workflows=kept,
        unmeasured=unmeasured,
        totals=totals(kept),
        month=report.month if is_whole else None,
        slices=report.slices if is_whole else (),
        unaffected_workflows=tuple(sorted({*report.unaffected_workflows, *others})),
        advisory=advisory,
        notes=tuple(note for note in report.notes if not note.startswith((GUESSED, COVERAGE))),
    )
    return changed, proposal


def _has_another_model(item: WorkflowReview) -> bool:
    before, after = item.before, item.after
    return before is not None and after is not None and before.model != after.model


def _verdict(
    report: Report, kept: Iterable[WorkflowReview], unmeasured: Iterable[Problem]
) -> Verdict:
    """The verdict without a limit: what cannot be measured is a warning."""
    told = [*(item.verdict for item in kept), *(item.verdict for item in report.findings)]
    found = [Verdict.WARN if it is Verdict.UNMEASURED else it for it in told]
    return worst([*found, *(Verdict.WARN for _ in unmeasured)])


def _touched(comparison: Comparison, proposal: Proposal) -> Iterator[tuple[str, Problem]]:
    """Why prompts that the change touches are in no workflow: they cannot be measured."""
    paths = {change.after for change in comparison.changes}
    for item in proposal.workflows:
        problem = proposal.problems.get(item.name)
        if problem is not None and not paths.isdisjoint(found.path for found in item.prompts):
            yield item.name, problem


def not_committed(file: str) -> str:
    """Why a configuration that is there is not read, and the mend."""
    return f"{file} is not committed yet: commit it, or add `--worktree`"


def with_proposal(comparison: Comparison, file: str, *, today: date) -> Comparison:
    """The comparison with the configuration that `init` would propose for the head.

    Raises:
        MeasurementError: The time was over before all prompts were found.
        UsageError: There is a configuration that git ignores, or one of another name.

    """
    _refuse_hidden(comparison, file)
    with patient_parser() as parser:
        proposal = propose_workflows(comparison, file, today=today, parser=parser)
        refuse_unfinished(parser)
    return _proposed(comparison, proposal, file)


def _proposed(comparison: Comparison, proposal: Proposal, file: str) -> Comparison:
    measured = [item for item in proposal.workflows if item.name not in proposal.problems]
    text = configuration_text(measured, {}, (), has_limits=False)
    return with_configuration(comparison, file, text)


_MISNAMED = re.compile(r"(?:\.github/)?\.?reviewbot\.(?:ya?ml|json|toml)", re.IGNORECASE)
_NEARLY_NAMED = re.compile(r"(?:\.github/)?\.?(?:review[-_]bot|reviewbots)\.ya?ml", re.IGNORECASE)
"""Names that other tools have, too, so that what stands in the file decides."""
_WORKFLOWS = re.compile(r"^workflows:", re.MULTILINE)


def _refuse_hidden(comparison: Comparison, file: str) -> None:
    """Refuse to go on where a configuration lies about that is not read: it may hold limits."""
    tree = comparison.after_tree
    problem = tree.read([file])[file]
    if isinstance(problem, IgnoredProblem):
        raise UsageError([problem])
    misnamed = sorted(filter(_MISNAMED.fullmatch, tree.paths))
    near = sorted(filter(_NEARLY_NAMED.fullmatch, tree.paths))
    misnamed += [path for path, text in read_texts(tree, near).items() if _WORKFLOWS.search(text)]
    if misnamed:
        raise UsageError([_misnamed(misnamed[0], file)])


def _misnamed(path: str, file: str) -> Problem:
    is_toml = path.lower().endswith(".toml")
    moved = f"move it to {file}, or name it with `--config {path}`"
    return Problem(
        what=f"there is no {file}, but this file's name says that it is reviewbot's configuration",
        mend=f"write it as YAML, in {file}" if is_toml else moved,
        place=Place(file=path),
    )
