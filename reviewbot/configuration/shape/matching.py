"""Checks that a budget covers some traffic: one that matches none would limit nothing."""

from collections.abc import Mapping
from typing import Any

from reviewbot.configuration.kinds.positions import nearest
from reviewbot.configuration.settings import Budget, BudgetMatch, Defaults
from reviewbot.documents import ListNode, MappingNode, Node, Scalar
from reviewbot.errors import Place, Problem


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
    budget: Budget,
    labels: list[dict[str, str | None]] | None,
    tiers: list[str],
    budgets: Node | None,
) -> Problem | None:
    """The problem that no traffic is in the budget, at the line of what matches none.

    `labels` is None where they are not known. `budgets` is what is written of all of them.
    """
    found = _unmatched(budget, labels, tiers)
    if found is None:
        return None
    key, what, mend = found
    what = f"the budget {budget.name!r} matches nothing: {what}"
    return Problem(what=what, mend=mend, place=_place(budget, budgets, key))


def _place(budget: Budget, budgets: Node | None, key: str | None) -> Place:
    """The line of `key` within the budget's `match`, or of `match`."""
    place = budget.place
    for item in budgets.items if isinstance(budgets, ListNode) else ():
        if not isinstance(item, MappingNode) or item.line != place.line:
            continue
        entries = {entry.key: entry for entry in item.entries}
        name, match = entries.get("name"), entries.get("match")
        if match is None or name is None or not isinstance(name.value, Scalar):
            continue
        if name.value.text != budget.name:
            continue
        inner = match.value.entries if isinstance(match.value, MappingNode) else ()
        line = next((entry.key_line for entry in inner if entry.key == key), match.key_line)
        written = f"{place.key}.match" + (f".{key}" if key else "")
        return Place(file=place.file, line=line, key=written)
    return place


_Unmatched = tuple[str | None, str, str]
"""The key of `match` that matches nothing, what is wrong, and the mend."""


def _unmatched(
    budget: Budget, labels: list[dict[str, str | None]] | None, tiers: list[str]
) -> _Unmatched | None:
    tier = budget.match.tier
    wanted = {
        key: value
        for key in BudgetMatch.__struct_fields__
        if (value := getattr(budget.match, key)) is not None and key != "tier"
    }
    if tier is not None and tier not in tiers:
        return _nothing_called("tier", tier, tiers)
    if labels is None:
        return None
    for key, value in wanted.items():
        there = sorted({label for item in labels if (label := item[key]) is not None})
        if value not in there:
            return _nothing_called(key, value, there)
    if not wanted or any(wanted.items() <= item.items() for item in labels):
        return None
    what = f"no traffic has {' and '.join(f'{k} {v}' for k, v in wanted.items())}"
    return None, what, "take one of them out of `match`"


def _nothing_called(key: str, value: str, there: list[str]) -> _Unmatched:
    near = nearest(value, there)
    none = f"no {key} is configured: name one there, or take the budget out"
    one_of = f"name one of {', '.join(there[:_SHOWN])}" if there else none
    mend = f"did you mean `{near}`?" if near else one_of
    return key, f"there is no {key} {value!r}", mend


_SHOWN = 10
