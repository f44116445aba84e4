"""The pipeline: from revisions to a report."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from reviewbot import __version__
from reviewbot.affected import Scope, find_affected
from reviewbot.configuration.settings import Slice
from reviewbot.costs import EXACT
from reviewbot.errors import Problem
from reviewbot.evidence import digest, items_to_approve, needs_approval
from reviewbot.governance import Configurations, read_configurations
from reviewbot.policy import judge_broken_base, judge_replacement, judge_rules
from reviewbot.records import Record
from reviewbot.report import (
    BudgetReview,
    Finding,
    Month,
    Report,
    Revisions,
    SliceMonth,
    Totals,
    WorkflowReview,
    worst,
)
from reviewbot.revisions import Comparison

if TYPE_CHECKING:
    from reviewbot.drift import Pins

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
    measured = _Measured()
    catalogue_version = None
    pins = _pins(scope, configurations, comparison)
    if scope.affected or (pins and pins.added):
        from reviewbot.prices import catalogue_version as version

        measured = _measure(scope, configurations, comparison, pins, progress)
        catalogue_version = version()
    workflows = measured.workflows
    findings = (
        *judge_broken_base(configurations.advisory if configurations.is_base_broken else None),
        *judge_replacement({item.state for item in workflows}),
        *judge_rules(configurations.governing, configurations.proposed),
        *(pins.findings if pins else ()),
        *measured.pin_findings,
        *measured.budget_findings,
    )
    configuration_evidence = (
        digest(
            configurations.governing_text,
            configurations.proposed_text,
            findings,
            *(pins.evidence if pins else ()),
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
        month=measured.month,
        slices=measured.slices,
        budgets=measured.budgets,
        workflows=workflows,
        unaffected_workflows=tuple(item.name for item in scope.unaffected),
        unmeasured=measured.unmeasured,
        unowned=scope.unowned,
        findings=findings,
        configuration_evidence=configuration_evidence,
        evidence=digest(sorted(items)) if items else None,
        approvers=() if configurations.is_base_broken else approval.approvers,
        approval_label=approval.label,
        approval_strict=approval.strict,
        notes=pins.notes if pins else (),
    )


def _pins(scope: Scope, configurations: Configurations, comparison: Comparison) -> "Pins | None":
    """The baselines; None where no configuration names any."""
    if configurations.governing.baseline is None and configurations.proposed.baseline is None:
        return None
    from reviewbot.drift import read_pins

    return read_pins(comparison, configurations, is_needed=bool(scope.affected))


class _Measured(Record):
    """What is known once prompts are rendered, counted and priced."""

    workflows: tuple[WorkflowReview, ...] = ()
    month: Month | None = None
    slices: tuple[SliceMonth, ...] = ()
    budgets: tuple[BudgetReview, ...] = ()
    budget_findings: tuple[Finding, ...] = ()
    pin_findings: tuple[Finding, ...] = ()
    unmeasured: tuple[Problem, ...] = ()


def _measure(
    scope: Scope,
    configurations: Configurations,
    comparison: Comparison,
    pins: "Pins | None",
    progress: Callable[[int, int], None],
) -> _Measured:
    from reviewbot.attribution import Account, Accountant, Ledger
    from reviewbot.budgets import judge_budget
    from reviewbot.drift import judge_added
    from reviewbot.evaluate import Evaluator
    from reviewbot.measure import render_ahead
    from reviewbot.prices import Catalogue
    from reviewbot.rendering import RenderingProcess
    from reviewbot.tokens import Counter

    governing, proposed = configurations.governing, configurations.proposed
    as_of = governing.prices.as_of or comparison.base_date
    overrides = proposed.prices.overrides
    evaluator = Evaluator(
        high_cost_usd_per_month=governing.high_cost_usd_per_month,
        tiers=governing.tiers,
        governing=Catalogue(
            as_of=as_of,
            overrides=governing.prices.overrides,
            proposed={} if overrides == governing.prices.overrides else overrides,
        ),
        proposed=Catalogue(
            as_of=proposed.prices.as_of or comparison.base_date, overrides=overrides
        ),
        counter=Counter(),
        baseline=pins.governing if pins else None,
    )
    accountant = Accountant(governing=governing.tiers, proposed=proposed.tiers)
    workflows: list[WorkflowReview] = []
    accounts: list[Account] = []
    unmeasured: list[Problem] = []
    together = (*scope.affected, *scope.unaffected)
    many = len(together) >= _MANY_WORKFLOWS and (os.cpu_count() or 1) > 1
    with ExitStack() as stack:
        processes = [stack.enter_context(RenderingProcess()) for _ in range(1 + many)]
        for process in processes:
            process.start()
        for number, rendered in enumerate(render_ahead(together, processes)):
            progress(number, len(together))
            if number < len(scope.affected):
                workflows.append(evaluator.evaluate(rendered))
                accounts.append(accountant.of_affected(rendered.affected, workflows[-1]))
            else:
                figures, problems = evaluator.figures(rendered)
                unmeasured += problems
                accounts.append(accountant.of_unaffected(rendered.affected, figures))
    progress(len(together), len(together))
    ledger = Ledger(accounts)
    judged = [judge_budget(budget, ledger, as_of=as_of) for budget in governing.budgets]
    return _Measured(
        workflows=tuple(workflows),
        month=ledger.month(Slice())[0],
        slices=ledger.slices(),
        budgets=tuple(item.review for item in judged),
        budget_findings=tuple(found for item in judged for found in item.findings),
        pin_findings=judge_added(pins, {item.name: item.proposed.figures for item in accounts}),
        unmeasured=tuple(dict.fromkeys(unmeasured)),
    )


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
