"""All workflows measured, their month broken down, budgets judged, and changes explained."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reviewbot.allowance import Allowance
from reviewbot.configuration.settings import BudgetMatch
from reviewbot.costs.price_lookup import PriceLookup, catalogue_of, catalogue_version
from reviewbot.errors import Problem
from reviewbot.evaluation.figures import Meter
from reviewbot.evaluation.uncovered_costs import UncoveredCosts
from reviewbot.evaluation.verdict import Policy
from reviewbot.evaluation.workflow import Catalogues, Evaluator
from reviewbot.explanation.cost_by_hunk import HunkCosts
from reviewbot.explanation.edited_workflows import EditedWorkflows
from reviewbot.explanation.explainer import Explainer
from reviewbot.explanation.kept_limits import Growth, KeptLimits
from reviewbot.explanation.suggestions import Suggestions
from reviewbot.local_cache import Cache
from reviewbot.measurement.calls import RenderedWorkflow
from reviewbot.measurement.rendered_ahead import render_ahead
from reviewbot.measurement.renderer import Renderer
from reviewbot.policy.adoption import corrected_notes, is_first
from reviewbot.policy.breakdown import Account, Accountant, Ledger
from reviewbot.policy.budgets import judge_budget, new_budgets
from reviewbot.policy.gate_edits import Gate
from reviewbot.policy.growth import judge_added, judge_growth
from reviewbot.policy.models_read_off import with_costs
from reviewbot.rendering.pool import Pool
from reviewbot.report import Assessment, Figures, Finding, WorkflowReview
from reviewbot.scope.affected import Affected, Resent, Scope
from reviewbot.scope.change import Change
from reviewbot.scope.governing import Configurations
from reviewbot.scope.moved_text import hidden_files
from reviewbot.scope.not_covered import NewPrompt, Uncovered
from reviewbot.telemetry import Telemetry
from reviewbot.tokens import Counter, KeptCounts

if TYPE_CHECKING:
    from reviewbot.usage.evidence import Evidence


def assess(
    change: Change,
    *,
    gate: Gate,
    today: date,
    telemetry: Telemetry,
    pool: Pool,
    cache: Cache,
) -> Assessment:
    """Measure the workflows of the configuration, those that the change concerns first."""
    scope, configurations = change.scope, change.configurations
    governing = configurations.governing
    with telemetry.stage("measure") as counts:
        kept = KeptCounts(cache, change.comparison.base.object_id.encode())
        counter = Counter(allowance=pool.allowance, kept=kept)
        told = counter if len(pool.processes) > 1 else None
        renderer = Renderer(pool.processes, counts, pool.allowance, cache, told)
        catalogues = _catalogues(configurations, today)
        evaluator = Evaluator(_policy(configurations, gate), catalogues, Meter(counter, counts))
        evidence = _evidence(change)
        measured = _Measured(configurations, evidence)
        measured.take(scope, evaluator, renderer, len(pool.processes), telemetry)
        counts.note(
            workflows=len(measured.workflows),
            others=len(scope.unaffected),
            unmeasured=sum(bool(item.problems) for item in measured.workflows),
            findings=sum(len(item.findings) for item in measured.workflows),
            processes=len(pool.processes),
            restarts=pool.restarts,
            texts=counter.texts,
            characters=counter.characters,
            encodings=counter.encodings,
        )
    corrected = tuple(corrected_notes(evaluator.corrected))
    with telemetry.stage("attribute") as counts:
        ledger = Ledger(measured.accounts)
        as_of = governing.prices.as_of or today
        locate, own = gate.weakenings.locate, configurations.after.budgets
        judged = [
            judge_budget(budget, ledger, as_of=as_of, locate=locate) for budget in governing.budgets
        ]
        added = new_budgets(own, governing.budgets, ledger, as_of=as_of, locate=locate)
        budgets = (*(item.review for item in judged), *added)
        month, _ = ledger.month(BudgetMatch())
        slices = ledger.slices()
        counts.note(parts=len(ledger.parts), slices=len(slices), budgets=len(judged))
    with telemetry.stage("explain") as counts:
        edited = EditedWorkflows(
            change.comparison,
            configurations.after,
            renderer,
            evaluator,
            measured_work=measured.work,
        )
        hunks = HunkCosts(change.comparison, edited)
        limits = KeptLimits(governing, judged, _growth(gate, catalogues.governing))
        suggestions = Suggestions(edited, evaluator, governing.tiers)
        explainer = Explainer(hunks, edited, suggestions, limits)
        explanation = explainer.explain(scope.affected, measured.workflows)
        counts.note(
            hunks=sum(len(item.hunks) for item in explanation.workflows),
            ways_back=sum(len(item.ways_back) for item in explanation.workflows),
            variants=edited.tried,
        )
    kept.put()
    figures = {item.name: item.proposed.figures for item in measured.accounts}
    known = {problem for item in explanation.workflows for problem in item.problems}
    workflows = with_costs(explanation.workflows)
    return Assessment(
        catalogue_version=catalogue_version(),
        workflows=workflows if evidence is None else evidence.beside(workflows, locate),
        usage_findings=() if evidence is None else evidence.findings,
        notes=(*corrected, *explanation.notes, *(() if evidence is None else evidence.notes)),
        month=month,
        slices=slices,
        budgets=budgets,
        budget_findings=tuple(found for item in judged for found in item.findings),
        pin_findings=judge_added(gate.pins, figures),
        unmeasured=tuple(it for it in dict.fromkeys(measured.unmeasured) if it not in known),
        hidden=frozenset(measured.hidden),
    )


def cost_of_uncovered(
    change: Change, found: tuple[NewPrompt, ...], today: date, allowance: Allowance
) -> tuple[tuple[NewPrompt, ...], tuple[Uncovered, ...]]:
    """The prompts and the files that no workflow covers, with the cost of what is new."""
    governing = change.configurations.governing
    costs = UncoveredCosts(catalogue_of(governing.prices, today), governing.defaults.model)
    files = costs.of_files(change.scope.unowned, change.comparison.after_tree, allowance)
    return costs.of_prompts(found), tuple(files)


def cost_of_resent(change: Change, today: date) -> tuple[Resent, ...]:
    """What code sends otherwise, with what the text beside prompts adds to their months."""
    governing, after = change.configurations.governing, change.configurations.after
    costs = UncoveredCosts(catalogue_of(governing.prices, today), governing.defaults.model)
    workflows = {**after.workflows, **governing.workflows}
    return tuple(costs.of_resent(change.scope.resent, workflows))


def _growth(gate: Gate, catalogue: PriceLookup) -> Growth:
    """What the governing baseline says of figures."""
    baseline = gate.pins.governing if gate.pins else None

    def judged(affected: Affected, before: Figures | None, after: Figures) -> tuple[Finding, ...]:
        return judge_growth(baseline, affected, catalogue, before, after)

    return judged


def _evidence(change: Change) -> "Evidence | None":
    """What is known of real calls; nothing is loaded where the base has no aggregate of them."""
    configurations = change.configurations
    if configurations.advisory is not None or configurations.governing.usage.content is None:
        return None
    from reviewbot.usage.evidence import read_evidence

    return read_evidence(change.comparison, configurations.governing)


class _Measured:
    """The reviews of affected workflows, the accounts of all, and what could not be measured.

    `work` is what rendering and counting the affected ones took.
    """

    def __init__(self, configurations: Configurations, evidence: "Evidence | None") -> None:
        self._evidence = evidence
        self.workflows: list[WorkflowReview] = []
        self.accounts: list[Account] = []
        self.unmeasured: list[Problem] = []
        self.hidden: set[str] = set()
        self.work = 0
        self._accountant = Accountant(
            governing=configurations.governing.tiers, proposed=configurations.proposed.tiers
        )

    def take(
        self,
        scope: Scope,
        evaluator: Evaluator,
        renderer: Renderer,
        threads: int,
        telemetry: Telemetry,
    ) -> None:
        together = (*scope.affected, *scope.unaffected)
        for number, rendered in enumerate(render_ahead(together, renderer, threads)):
            telemetry.progress(number, len(together))
            if number < len(scope.affected):
                self.work += rendered.work
                self.hidden.update(_hidden(scope, rendered))
                review = evaluator.evaluate(rendered)
                if self._evidence is not None:
                    self._evidence.take(review, partial(evaluator.months, rendered))
                self.workflows.append(review)
                self.accounts.append(self._accountant.of_affected(rendered.affected, review))
            else:
                figures, problems = evaluator.figures(rendered)
                self.unmeasured += problems
                self.accounts.append(self._accountant.of_unaffected(rendered.affected, figures))
        telemetry.progress(len(together), len(together))


def _hidden(scope: Scope, rendered: RenderedWorkflow) -> Iterator[str]:
    before, after = rendered.before, rendered.after
    if after is not None:
        was = None if before is None else before.texts
        yield from hidden_files(scope.moved, rendered.affected.name, was, after.texts)


def _policy(configurations: Configurations, gate: Gate) -> Policy:
    return Policy(
        high_cost_usd_per_month=configurations.governing.high_cost_usd_per_month,
        tiers=configurations.governing.tiers,
        weakenings=gate.weakenings.weakenings.workflows,
        locate=gate.weakenings.locate,
        block=gate.weakenings.block,
        baseline=gate.pins.governing if gate.pins else None,
        unseen_tokens=configurations.governing.coverage.unseen_tokens,
        is_advisory=is_first(configurations),
    )


def _catalogues(configurations: Configurations, today: date) -> Catalogues:
    governing, proposed = configurations.governing.prices, configurations.proposed.prices
    is_same = proposed.overrides == governing.overrides
    return Catalogues(
        governing=replace(
            catalogue_of(governing, today), proposed={} if is_same else proposed.overrides
        ),
        proposed=catalogue_of(proposed, today),
    )
