"""The pipeline: from revisions to a report."""

from datetime import date
from typing import TYPE_CHECKING

from reviewbot import __version__
from reviewbot.local_cache import Cache
from reviewbot.measurement.processes import Processes
from reviewbot.policy.adoption import (
    as_advice,
    guess_notes,
    is_first,
    judge_first_approvers,
    reasoning_notes,
    unsampled_note,
)
from reviewbot.policy.fingerprint import digest, items_to_approve, needs_approval
from reviewbot.policy.lost_text import judge_lost_text
from reviewbot.policy.merge_conflicts import judge_conflicts
from reviewbot.policy.new_prompts import (
    coverage_note,
    judge_models,
    judge_new_prompts,
    judge_swaps,
    judge_uncovered_files,
    judge_unsearched,
    unsearched_notes,
    unseen_notes,
)
from reviewbot.policy.told_once import beside_findings, without_told
from reviewbot.policy.totals import totals
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import (
    Assessment,
    Finding,
    Report,
    Revisions,
    worst,
)
from reviewbot.report.typed_mends import for_uncommitted
from reviewbot.repository.action_workflow import unpinned_note
from reviewbot.repository.revisions import Comparison, Head
from reviewbot.scope.affected import Scope, State
from reviewbot.scope.change import Change
from reviewbot.scope.code_models import uncovered_swaps, with_file_calls
from reviewbot.scope.coverage import coverage_of
from reviewbot.scope.governing import Configurations, read_configurations
from reviewbot.scope.sent_otherwise.lost_calls import with_lost
from reviewbot.scope.source_search import SourceSearch
from reviewbot.scope.workflows import find_affected
from reviewbot.telemetry import SILENT, Telemetry

if TYPE_CHECKING:
    from reviewbot.policy.gate_edits import Gate


def review(
    comparison: Comparison,
    *,
    configuration_file: str,
    today: date,
    telemetry: Telemetry = SILENT,
    parser: LimitedParser | None = None,
) -> Report:
    """Review one comparison.

    Prices are read at `today` where the configuration does not pin another day. `parser` is given
    where several reviews read the same source, or where its cache may know what texts render to and
    count. What is beyond its allowance, whose time runs from the start, is not measured and named
    as such; then nothing new is kept either.

    Whatever concerns rendering, tokens and prices is imported only where a workflow is affected.

    Raises:
        ConfigurationError: The head's configuration is wrong, or the change brings settings that
            apply to nothing.
        RevisionError: git stopped answering.
    """
    with (
        parser or LimitedParser() as sources,
        SourceSearch(sources) as search,
        Processes(sources.allowance, sources.cache) as processes,
    ):
        with telemetry.stage("configuration") as counts:
            configurations = read_configurations(comparison, configuration_file)
            counts.note(workflows=len(configurations.after.workflows))
        processes.begin(comparison, configurations)
        search.begin(comparison, configurations)
        with telemetry.stage("scope") as counts:
            scope = find_affected(comparison, configurations, sources)
            counts.note(
                affected=len(scope.affected),
                unaffected=len(scope.unaffected),
                unowned=len(scope.unowned),
            )
        change = Change(comparison=comparison, configurations=configurations, scope=scope)
        unused = _unused(change)
        is_needed = bool(scope.affected or scope.namesakes or scope.resent)
        gate = _gate(configurations, comparison, is_needed=is_needed)
        search.go_on(configurations, scope)
        assessment, catalogue_version = _assessed(
            change,
            gate=gate,
            today=today,
            telemetry=telemetry,
            processes=processes,
            cache=sources.cache,
        )
        with telemetry.stage("search"):
            in_source = with_file_calls(search.found(), scope.swaps)
        scope = with_lost(scope, in_source.resent)
        scope, in_source = without_told(scope, in_source, assessment.workflows)
        gate = gate or _gate(configurations, comparison, is_needed=bool(scope.resent))
        with telemetry.stage("policy") as counts:
            asked = configurations.governing.coverage.new_prompts
            findings, fingerprint = _judged(gate, assessment, scope, configurations)
            findings += (
                *judge_models(scope.affected),
                *judge_swaps(uncovered_swaps(scope, in_source.covered_calls)),
                *judge_conflicts(scope.conflicts, assessment.workflows),
                *judge_lost_text(scope.affected),
                *judge_new_prompts(in_source.new, asked),
                *judge_uncovered_files(scope.unowned, asked),
                *judge_unsearched(in_source.unsearched, asked),
                *assessment.usage_findings,
                *unused,
            )
            if is_first(configurations):
                findings = as_advice(findings)
            items = items_to_approve(assessment.workflows, findings, fingerprint)
            counts.note(findings=len(findings), approvable=len(items))
        if not sources.allowance.is_used_up:
            sources.cache.save()
    workflows = assessment.workflows
    governing, approval = configurations.governing, configurations.approval
    pins = gate.pins if gate else None
    coverage = coverage_of(configurations, len(scope.unowned), in_source)
    new_prompts, unowned = in_source.new, scope.unowned
    if new_prompts or any(item.grown for item in unowned):
        from reviewbot.assessment import cost_of_uncovered

        new_prompts, unowned = cost_of_uncovered(change, new_prompts, today, sources.allowance)
    report = Report(
        reviewbot_version=__version__,
        verdict=worst(
            [*(item.verdict for item in workflows), *(item.verdict for item in findings)]
        ),
        configuration=configuration_file,
        advisory=configurations.advisory,
        revisions=_revisions(comparison),
        catalogue_version=catalogue_version,
        prices_as_of=governing.prices.as_of or today,
        totals=totals(workflows),
        month=assessment.month,
        slices=assessment.slices,
        budgets=assessment.budgets,
        workflows=workflows,
        unaffected_workflows=tuple(item.name for item in scope.unaffected),
        unmeasured=assessment.unmeasured,
        unowned=unowned,
        new_prompts=new_prompts,
        coverage=coverage,
        findings=findings,
        configuration_evidence=fingerprint,
        evidence=digest(sorted(items)) if items else None,
        approvers=approval.approvers,
        approval_label=approval.label,
        approval_strict=approval.strict,
        approval_expires_after_days=approval.expires_after_days,
        notes=(
            *(pins.notes if pins else ()),
            *assessment.notes,
            *guess_notes(scope.affected, is_first=is_first(configurations)),
            *reasoning_notes(scope.affected),
            *unsampled_note(workflows, {item.name: item.settings for item in scope.affected}),
            *unpinned_note(comparison.after_tree),
            *unsearched_notes(beside_findings(in_source.unsearched, findings)),
            *unseen_notes(scope.unseen),
            *coverage_note(
                coverage,
                in_source.changed_calls,
                [item.path for item in scope.unowned if not item.changed],
            ),
        ),
    )
    option = _OPTIONS.get(comparison.head_name) if comparison.head is None else None
    return report if option is None else for_uncommitted(report, option)


_OPTIONS = {str(Head.WORK_TREE): "--worktree", str(Head.STAGED): "--staged"}
"""The options by which each command reads the same files."""


def _unused(change: Change) -> tuple[Finding, ...]:
    """The settings that apply to nothing; nothing is loaded where there are none that may."""
    after = change.configurations.after
    coverage = after.coverage
    if not (coverage.prompts or coverage.ignore or after.tiers or after.prices.overrides):
        return ()
    from reviewbot.policy.unused import judge_unused

    return judge_unused(change)


def _gate(
    configurations: Configurations, comparison: Comparison, *, is_needed: bool
) -> "Gate | None":
    """What judges the change's own gate; None, and nothing loaded, where it leaves that alone."""
    has_baseline = configurations.governing.baseline or configurations.proposed.baseline
    is_left_alone = configurations.proposed is configurations.governing
    if is_left_alone and configurations.advisory is None and not is_needed and not has_baseline:
        return None
    from reviewbot.policy.gate_edits import read_gate

    return read_gate(configurations, comparison, is_needed=is_needed)


def _assessed(
    change: Change,
    *,
    gate: "Gate | None",
    today: date,
    telemetry: Telemetry,
    processes: Processes,
    cache: Cache,
) -> tuple[Assessment, str | None]:
    """What is measured, and the version of the prices; nothing where nothing has to be."""
    if gate is None or not (change.scope.affected or (gate.pins and gate.pins.added)):
        return Assessment(), None
    pool = processes.pool(change)
    with telemetry.stage("import"):
        from reviewbot.assessment import assess
        from reviewbot.costs.price_lookup import catalogue_version

    assessment = assess(
        change,
        gate=gate,
        today=today,
        telemetry=telemetry,
        pool=pool,
        cache=cache,
    )
    processes.done()
    return assessment, catalogue_version()


def _judged(
    gate: "Gate | None", assessment: Assessment, scope: Scope, configurations: Configurations
) -> tuple[tuple[Finding, ...], str | None]:
    """The findings beside all workflows, and the fingerprint that an approval of them is bound to.

    The fingerprint is None where none of them needs approval.
    """
    if gate is None:
        return (), None
    edits, beside = gate.weakenings.judged(assessment.workflows, scope, assessment.hidden)
    pins = gate.pins
    findings = (
        *beside,
        *(pins.findings if pins else ()),
        *assessment.pin_findings,
        *assessment.budget_findings,
        *judge_first_approvers(configurations, gate.weakenings.locate),
    )
    if is_first(configurations):
        return as_advice(findings), None
    if not needs_approval(findings):
        return findings, None
    workflows = assessment.workflows
    is_any_removed = any(item.state is State.REMOVED for item in workflows)
    others = [
        item.evidence for item in workflows if is_any_removed or item.state is not State.CHANGED
    ]
    told = {item.place.file for item in findings if item.place is not None}
    contents = [item.content for item in scope.moved if item.path in told]
    contents += [item.content for item in scope.namesakes]
    contents += [item.content for item in scope.resent]
    if is_any_removed:
        contents += scope.uncovered_contents
    return findings, digest(edits, findings, others, contents, *(pins.fingerprint if pins else ()))


def _revisions(comparison: Comparison) -> Revisions:
    return Revisions(
        base_name=comparison.base.name,
        base=comparison.base.object_id,
        merge_base=comparison.merge_base.object_id,
        head_name=comparison.head_name,
        head=comparison.head.object_id if comparison.head else None,
    )
