"""The pipeline: from revisions to a report."""

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reviewbot import __version__
from reviewbot.local_cache import Cache
from reviewbot.measurement.processes import Processes
from reviewbot.policy.adoption import (
    guess_notes,
    is_first,
    reasoning_notes,
    unsampled_note,
)
from reviewbot.policy.judgement import Judgement, judge
from reviewbot.policy.new_prompts import coverage_note, unsearched_notes, unseen_notes
from reviewbot.policy.told_once import beside_findings, without_told
from reviewbot.policy.totals import totals
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import Assessment, Finding, Report, Revisions, worst
from reviewbot.report.typed_mends import for_uncommitted
from reviewbot.repository.action_workflow import unpinned_note
from reviewbot.repository.revisions import Comparison, Head
from reviewbot.scope.affected import FoundPrompts
from reviewbot.scope.change import Change
from reviewbot.scope.code_models import with_file_calls
from reviewbot.scope.coverage import coverage_of
from reviewbot.scope.governing import (
    Configurations,
    Earlier,
    read_configurations,
    with_earlier,
)
from reviewbot.scope.led_to_calls import edited_python
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
    earlier: Earlier | None = None,
) -> Report:
    """Review one comparison.

    Prices are read at `today` where the configuration does not pin another day. `parser` is given
    where several reviews read the same source, or where its cache may know what texts render to and
    count. What is beyond its allowance, whose time runs from the start, is not measured and named
    as such; then nothing new is kept either. `earlier` is what is known of the workflows of a first
    configuration before the change; where nothing is, they were as they are.

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
            if earlier is not None:
                configurations = with_earlier(configurations, earlier)
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
        unused = _unused(change, today)
        is_needed = bool(scope.affected or scope.namesakes or scope.resent)
        if scope.affected:
            processes.pool(change)  # it gets ready while the gate is read
        gate = _gate(configurations, comparison, is_needed=is_needed)
        search.go_on(configurations, scope)
        edited = edited_python(change, search.sources, configuration_file)
        assessment = _assessed(
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
        change = replace(change, scope=scope)
        if edited is not None:
            from reviewbot.scope.led_to_calls.found_calls import with_led

            scope = with_led(change, in_source, edited)
            change = replace(change, scope=scope)
        if any(source.before for source in search.sources):
            from reviewbot.scope.beside_calls import with_beside_calls

            scope = with_beside_calls(change, in_source, search.sources)
            change = replace(change, scope=scope)
        if any(item.more and item.workflows for item in scope.resent):
            from reviewbot.assessment import cost_of_resent

            scope = replace(scope, resent=cost_of_resent(change, today))
            change = replace(change, scope=scope)
        gate = gate or _gate(configurations, comparison, is_needed=bool(scope.resent))
        with telemetry.stage("policy") as counts:
            judgement = judge(
                change, gate=gate, assessment=assessment, in_source=in_source, unused=unused
            )
            counts.note(findings=len(judgement.findings), approvable=len(judgement.to_approve))
        if not sources.allowance.is_used_up:
            sources.cache.save()
    if in_source.new or any(item.grown for item in scope.unowned):
        from reviewbot.assessment import cost_of_uncovered

        new, unowned = cost_of_uncovered(change, in_source.new, today, sources.allowance)
        in_source = replace(in_source, new=new)
        change = replace(change, scope=replace(scope, unowned=unowned))
    return _report(
        change, assessment, judgement, in_source, configuration_file=configuration_file, today=today
    )


def _unused(change: Change, today: date) -> tuple[Finding, ...]:
    """The settings that apply to nothing, or can hardly be meant.

    Nothing is loaded where there are none that may.
    """
    after = change.configurations.after
    coverage = after.coverage
    if not (coverage.prompts or coverage.ignore or after.tiers or after.prices.overrides):
        return ()
    from reviewbot.policy.override_units import judge_override_units
    from reviewbot.policy.unused import judge_unused

    return (*judge_unused(change), *judge_override_units(change.configurations, today))


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
) -> Assessment:
    """What is measured; nothing where nothing has to be."""
    if gate is None or not (change.scope.affected or (gate.pins and gate.pins.added)):
        return Assessment()
    pool = processes.pool(change)
    with telemetry.stage("import"):
        from reviewbot.assessment import assess

    assessment = assess(
        change,
        gate=gate,
        today=today,
        telemetry=telemetry,
        pool=pool,
        cache=cache,
    )
    processes.done()
    return assessment


def _report(
    change: Change,
    assessment: Assessment,
    judgement: Judgement,
    in_source: FoundPrompts,
    *,
    configuration_file: str,
    today: date,
) -> Report:
    """All that was found, in the words of the command by which the same files are read."""
    comparison, configurations, scope = change.comparison, change.configurations, change.scope
    workflows, findings = assessment.workflows, judgement.findings
    governing, approval = configurations.governing, judgement.approval
    coverage = coverage_of(configurations, len(scope.unowned), in_source)
    report = Report(
        reviewbot_version=__version__,
        verdict=worst(
            [*(item.verdict for item in workflows), *(item.verdict for item in findings)]
        ),
        configuration=configuration_file,
        advisory=configurations.advisory,
        revisions=_revisions(comparison),
        catalogue_version=assessment.catalogue_version,
        prices_as_of=governing.prices.as_of or today,
        totals=totals(workflows),
        month=assessment.month,
        slices=assessment.slices,
        budgets=assessment.budgets,
        workflows=workflows,
        unaffected_workflows=tuple(item.name for item in scope.unaffected),
        unmeasured=assessment.unmeasured,
        unowned=scope.unowned,
        new_prompts=in_source.new,
        coverage=coverage,
        findings=findings,
        configuration_evidence=judgement.configuration_evidence,
        evidence=judgement.evidence,
        approvers=approval.approvers,
        approval_label=approval.label,
        approval_strict=approval.strict,
        approval_expires_after_days=approval.expires_after_days,
        notes=(
            *judgement.notes,
            *assessment.notes,
            *guess_notes(scope.affected, is_first=is_first(configurations)),
            *reasoning_notes(scope.affected),
            *unsampled_note(workflows, {item.name: item.settings for item in scope.affected}),
            *unpinned_note(comparison.after_tree, (it.after for it in comparison.changes)),
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


def _revisions(comparison: Comparison) -> Revisions:
    return Revisions(
        base_name=comparison.base.name,
        base=comparison.base.object_id,
        merge_base=comparison.merge_base.object_id,
        head_name=comparison.head_name,
        head=comparison.head.object_id if comparison.head else None,
    )
