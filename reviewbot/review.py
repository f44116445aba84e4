"""The pipeline: from revisions to a report."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from reviewbot import __version__
from reviewbot.costs.forecast import EXACT
from reviewbot.policy.fingerprint import digest, items_to_approve, needs_approval
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import (
    Assessment,
    Report,
    Revisions,
    Totals,
    WorkflowReview,
    worst,
)
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import State, find_affected
from reviewbot.scope.governing import Configurations, read_configurations
from reviewbot.telemetry import SILENT, Telemetry

if TYPE_CHECKING:
    from reviewbot.policy.configuration_rules import Rules
    from reviewbot.policy.growth import Pins


def review(
    comparison: Comparison,
    *,
    configuration_file: str,
    progress: Callable[[int, int], None],
    telemetry: Telemetry = SILENT,
) -> Report:
    """Review one comparison; `progress` is told how many of how many workflows are measured.

    Whatever concerns rendering, tokens and prices is imported only where a workflow is affected.

    Raises:
        ConfigurationError: The head's configuration is wrong.
        RevisionError: git stopped answering.

    """
    with LimitedParser() as parser:
        return _reviewed(
            comparison, configuration_file, parser=parser, progress=progress, telemetry=telemetry
        )


def _reviewed(
    comparison: Comparison,
    configuration_file: str,
    *,
    parser: LimitedParser,
    progress: Callable[[int, int], None],
    telemetry: Telemetry,
) -> Report:
    with telemetry.stage("configuration") as counts:
        configurations = read_configurations(comparison, configuration_file)
        counts.note(workflows=len(configurations.after.workflows))
    with telemetry.stage("scope") as counts:
        scope = find_affected(comparison, configurations, parser)
        counts.note(
            affected=len(scope.affected),
            unaffected=len(scope.unaffected),
            unowned=len(scope.unowned),
        )
    pins = _pins(configurations, comparison, is_needed=bool(scope.affected))
    rules = _rules(configurations, is_needed=bool(scope.affected or pins))
    assessment = Assessment()
    catalogue_version = None
    if rules and (scope.affected or (pins and pins.added)):
        with telemetry.stage("import"):
            from reviewbot.assessment import assess
            from reviewbot.costs.prices import catalogue_version as version

        assessment = assess(
            scope,
            configurations,
            comparison,
            rules=rules,
            pins=pins,
            progress=progress,
            telemetry=telemetry,
        )
        catalogue_version = version()
    workflows = assessment.workflows
    with telemetry.stage("policy") as counts:
        edits, beside = rules.judged(workflows, scope.unowned) if rules else ((), ())
        findings = (
            *beside,
            *(pins.findings if pins else ()),
            *assessment.pin_findings,
            *assessment.budget_findings,
        )
        configuration_evidence = (
            digest(
                edits,
                findings,
                [item.evidence for item in workflows if item.state is not State.CHANGED],
                *(pins.evidence if pins else ()),
            )
            if needs_approval(findings)
            else None
        )
        items = items_to_approve(workflows, findings, configuration_evidence)
        counts.note(findings=len(findings), approvable=len(items))
    approval = configurations.governing.approval
    return Report(
        reviewbot_version=__version__,
        verdict=worst(
            [*(item.verdict for item in workflows), *(item.verdict for item in findings)]
        ),
        configuration=configuration_file,
        advisory=configurations.advisory,
        revisions=Revisions(
            base_name=comparison.base.name,
            base=comparison.base.object_id,
            merge_base=comparison.merge_base.object_id,
            head_name=comparison.head_name,
            head=comparison.head.object_id if comparison.head else None,
        ),
        catalogue_version=catalogue_version,
        prices_as_of=configurations.governing.prices.as_of or comparison.base_date,
        totals=totals(workflows),
        month=assessment.month,
        slices=assessment.slices,
        budgets=assessment.budgets,
        workflows=workflows,
        unaffected_workflows=tuple(item.name for item in scope.unaffected),
        unmeasured=assessment.unmeasured,
        unowned=scope.unowned,
        findings=findings,
        configuration_evidence=configuration_evidence,
        evidence=digest(sorted(items)) if items else None,
        approvers=() if configurations.is_base_broken else approval.approvers,
        approval_label=approval.label,
        approval_strict=approval.strict,
        approval_expires_after_days=approval.expires_after_days,
        notes=(*(pins.notes if pins else ()), *assessment.notes),
    )


def _pins(
    configurations: Configurations, comparison: Comparison, *, is_needed: bool
) -> "Pins | None":
    """The baselines; None where no configuration names any."""
    if configurations.governing.baseline is None and configurations.proposed.baseline is None:
        return None
    from reviewbot.policy.growth import read_pins

    return read_pins(comparison, configurations, is_needed=is_needed)


def _rules(configurations: Configurations, *, is_needed: bool) -> "Rules | None":
    """What judges the configuration; None, and nothing loaded, where the change leaves it alone."""
    is_left_alone = configurations.proposed is configurations.governing
    if is_left_alone and configurations.advisory is None and not is_needed:
        return None
    from reviewbot.policy.configuration_rules import Rules

    return Rules(configurations)


def totals(workflows: tuple[WorkflowReview, ...]) -> Totals:
    """The month of these workflows together, as far as they could be measured."""
    with localcontext(EXACT):
        measured = [item for item in workflows if item.change_usd_per_month is not None]
        before = sum((item.before.usd_per_month for item in measured if item.before), Decimal(0))
        after = sum((item.after.usd_per_month for item in measured if item.after), Decimal(0))
        return Totals(
            before_usd_per_month=before,
            after_usd_per_month=after,
            change_usd_per_month=after - before,
            unmeasured_workflows=len(workflows) - len(measured),
        )
