"""Checks that a budget covers some traffic: one that matches none would limit nothing."""

from collections.abc import Mapping
from typing import Any

from reviewbot.configuration.kinds.positions import nearest
from reviewbot.configuration.settings import Budget, BudgetMatch, Defaults
from reviewbot.errors import Problem


def labels_of(values: Mapping[str, Any]) -> list[dict[str, str | None]]:
    """What budgets may match of every stream: names of its workflow, and its own."""
    defaults: Defaults = values.get("defaults", Defaults())
    return [
        {
            "workflow": name,
            "feature": workflow.feature,
            "owner": workflow.owner,
            "tenant": stream.tenant,
            "environment": stream.environment,
        }
        for name, workflow in values.get("workflows", {}).items()
        for stream in workflow.traffic or defaults.traffic
    ]


def unmatched(
    budget: Budget, labels: list[dict[str, str | None]] | None, tiers: list[str]
) -> Problem | None:
    """The problem that no traffic is in the budget; `labels` is None where they are not known."""
    tier = budget.match.tier
    wanted = {
        key: value
        for key in BudgetMatch.__struct_fields__
        if (value := getattr(budget.match, key)) is not None and key != "tier"
    }
    start = f"the budget {budget.name!r} matches nothing"
    if tier is not None and tier not in tiers:
        return _nothing_called(start, "tier", tier, tiers, budget)
    if labels is None:
        return None
    for key, value in wanted.items():
        there = sorted({label for item in labels if (label := item[key]) is not None})
        if value not in there:
            return _nothing_called(start, key, value, there, budget)
    if not wanted or any(wanted.items() <= item.items() for item in labels):
        return None
    what = f"{start}: no traffic has {' and '.join(f'{k} {v}' for k, v in wanted.items())}"
    return Problem(what=what, mend="take one of them out of `match`", place=budget.place)


def _nothing_called(start: str, key: str, value: str, there: list[str], budget: Budget) -> Problem:
    near = nearest(value, there)
    none = f"no {key} is configured: name one there, or take the budget out"
    one_of = f"name one of {', '.join(there[:_SHOWN])}" if there else none
    mend = f"did you mean `{near}`?" if near else one_of
    return Problem(what=f"{start}: there is no {key} {value!r}", mend=mend, place=budget.place)


_SHOWN = 10
