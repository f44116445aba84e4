"""The pipeline: from revisions to a report."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal, localcontext

from reviewbot import __version__
from reviewbot.affected import Affected, State, find_affected
from reviewbot.costs import EXACT
from reviewbot.evidence import digest, items_to_approve, needs_approval
from reviewbot.governance import Configurations, read_configurations
from reviewbot.policy import judge_broken_base, judge_replacement, judge_rules
from reviewbot.report import Report, Revisions, Totals, WorkflowReview, worst
from reviewbot.revisions import Comparison

_MANY_WORKFLOWS = 20
"""From this number on a second rendering process is worth the 0.1 s that it takes to start."""


def review(
    comparison: Comparison, *, configuration_file: str, progress: Callable[[int, int], None]
) -> Report:
    """Review one comparison; `progress` is told how many of how many workflows are measured.

    Whatever concerns rendering, tokens and prices is imported only where a workflow is affected.

    Raises:
        ConfigurationError: The head's configuration is wrong.
        RevisionError: git stopped answering.

    """
    configurations = read_configurations(comparison, configuration_file)
    scope = find_affected(comparison, configurations)
    as_of = configurations.governing.prices.as_of or comparison.base_date
    workflows: tuple[WorkflowReview, ...] = ()
    catalogue_version = None
    if scope.affected:
        from reviewbot.prices import catalogue_version as version

        workflows = _measured(scope.affected, configurations, comparison, progress)
        catalogue_version = version()
    findings = (
        *judge_broken_base(configurations.advisory if configurations.is_base_broken else None),
        *judge_replacement({item.state for item in workflows}),
        *judge_rules(configurations.governing, configurations.proposed),
    )
    configuration_evidence = (
        digest(
            configurations.governing_text,
            configurations.proposed_text,
            findings,
            [item.evidence for item in workflows if item.state is not State.CHANGED],
        )
        if needs_approval(findings)
        else None
    )
    items = items_to_approve(workflows, findings, configuration_evidence)
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
        prices_as_of=as_of,
        totals=_totals(workflows),
        workflows=workflows,
        unaffected_workflows=scope.unaffected,
        unowned=scope.unowned,
        findings=findings,
        configuration_evidence=configuration_evidence,
        evidence=digest(sorted(items)) if items else None,
        approvers=() if configurations.is_base_broken else approval.approvers,
        approval_label=approval.label,
        approval_strict=approval.strict,
        approval_expires_after_days=approval.expires_after_days,
    )


def _measured(
    affected: tuple[Affected, ...],
    configurations: Configurations,
    comparison: Comparison,
    progress: Callable[[int, int], None],
) -> tuple[WorkflowReview, ...]:
    from reviewbot.evaluate import Evaluator
    from reviewbot.measure import render_ahead
    from reviewbot.prices import Catalogue
    from reviewbot.rendering import RenderingProcess
    from reviewbot.tokens import Counter

    governing, proposed = configurations.governing.prices, configurations.proposed.prices
    evaluator = Evaluator(
        high_cost_usd_per_month=configurations.governing.high_cost_usd_per_month,
        governing=Catalogue(
            as_of=governing.as_of or comparison.base_date,
            overrides=governing.overrides,
            proposed={} if proposed.overrides == governing.overrides else proposed.overrides,
        ),
        proposed=Catalogue(
            as_of=proposed.as_of or comparison.base_date, overrides=proposed.overrides
        ),
        counter=Counter(),
    )
    reviews: list[WorkflowReview] = []
    many = len(affected) >= _MANY_WORKFLOWS and (os.cpu_count() or 1) > 1
    with ExitStack() as stack:
        processes = [stack.enter_context(RenderingProcess()) for _ in range(1 + many)]
        for process in processes:
            process.start()
        for rendered in render_ahead(affected, processes):
            progress(len(reviews), len(affected))
            reviews.append(evaluator.evaluate(rendered))
    progress(len(reviews), len(affected))
    return tuple(reviews)


def _totals(workflows: tuple[WorkflowReview, ...]) -> Totals:
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
