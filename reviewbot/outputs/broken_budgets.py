"""Budgets that a change breaks: by which workflow, and what a person can do about it."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal, localcontext

from msgspec import Struct

from reviewbot.costs.rates import EXACT
from reviewbot.outputs import wording
from reviewbot.outputs.accepting import WaysOut, raising
from reviewbot.outputs.headline import worst_first
from reviewbot.report import BudgetReview, Finding, Report, Rule, Verdict, WorkflowReview

_NAMED = 3


class BrokenBudget(Struct, frozen=True, kw_only=True):
    """A budget with the hard limits that the change breaks.

    `workflows` add to it, those that add most first.
    """

    name: str
    findings: tuple[Finding, ...]
    workflows: tuple[WorkflowReview, ...]
    ways: WaysOut

    @property
    def title(self) -> str:
        """What it is called beside workflows."""
        return f"budget {wording.plain(self.name)}"


def broken_budgets(report: Report) -> Iterator[BrokenBudget]:
    """The budgets of which a hard limit stops the change, the worst first."""
    found: dict[str, list[Finding]] = {}
    for finding in worst_first(report.findings):
        is_budget = finding.rule in (Rule.BUDGET_COST, Rule.BUDGET_TOKENS)
        if is_budget and finding.limit_place is not None and finding.statistic is not None:
            found.setdefault(finding.statistic, []).append(finding)
    budgets = {item.name: item for item in report.budgets if not item.is_new}
    reviews = {item.name: item for item in report.workflows}
    for name, findings in found.items():
        adding = [reviews[item] for item in budgets[name].adding]
        failed = [item for item in findings if item.verdict is Verdict.FAIL]
        yield BrokenBudget(
            name=name,
            findings=tuple(findings),
            workflows=tuple(adding),
            ways=WaysOut(
                cut=_cut(report, budgets[name], findings, adding),
                raised=raising(report, failed) if failed else None,
                place=failed[0].limit_place if failed else None,
            ),
        )


def _cut(
    report: Report,
    budget: BudgetReview,
    findings: Sequence[Finding],
    adding: Sequence[WorkflowReview],
) -> str | None:
    """How much of what the change adds is too much: tokens of a call, or an amount of a month."""
    month = budget.month
    added = {
        Rule.BUDGET_COST: month.after_usd - month.before_usd,
        Rule.BUDGET_TOKENS: month.after_tokens - month.before_tokens,
    }
    with localcontext(EXACT):
        worst = max(findings, key=lambda item: (item.excess or 0) / added[item.rule])
        share = (worst.excess or Decimal(0)) / added[worst.rule]
    if share >= 1:
        return f"take off all that it adds: {_was_over(report)}"
    tokens = _added_by_text(adding, is_cost=any(item.rule is Rule.BUDGET_COST for item in findings))
    if tokens is not None:
        with localcontext(EXACT):
            cut = (tokens * share).quantize(Decimal(1), ROUND_CEILING)
        return f"take {cut:,} of {wording.tokens(tokens)} tokens off"
    show = wording.usd if worst.rule is Rule.BUDGET_COST else wording.tokens_per_month
    unit = "" if worst.rule is Rule.BUDGET_COST else " tokens"
    names = wording.named([wording.plain(item.name) for item in adding], _NAMED)
    whole = f"{show(added[worst.rule])}{unit} a month that {names} add"
    return f"take {show(worst.excess or Decimal(0))} off the {whole}"


def _was_over(report: Report) -> str:
    return f"the budget was over its limit already on {wording.plain(report.revisions.base_name)}"


def _added_by_text(adding: Sequence[WorkflowReview], *, is_cost: bool) -> Decimal | None:
    """The tokens that one call grows by; None where several workflows or more than text add."""
    if len(adding) != 1 or adding[0].before is None or adding[0].after is None:
        return None
    before, after = adding[0].before, adding[0].after
    is_text = all(item.name == "prompt text" for item in adding[0].causes)
    added = after.mean_input_tokens - before.mean_input_tokens
    return added if added > 0 and (is_text or not is_cost) else None
