"""Checks that a budget covers some traffic: one that matches none would limit nothing."""

from collections.abc import Mapping
from typing import Any

from reviewbot.configuration.kinds import At
from reviewbot.configuration.kinds.positions import nearest
from reviewbot.configuration.meant_values import typed
from reviewbot.configuration.settings import Budget, BudgetMatch, Defaults
from reviewbot.documents import ListNode, MappingNode, Node, Scalar
from reviewbot.errors import Place, Problem


def check_budgets(at: At, mapping: MappingNode, values: Mapping[str, Any]) -> None:
    """Report budgets that match no traffic, and those that share a name.

    What workflows, defaults or tiers that are wrong lead to is no second mistake.
    """
    places = [problem.place.key or "" for problem in at.problems if problem.place is not None]
    is_whole = not any(key.startswith(("workflows", "defaults")) for key in places)
    is_known = all(key in values or is_left_out(key, mapping) for key in ("workflows", "defaults"))
    labels = _labels(values) if is_whole and is_known else None
    written = mapping.get("tiers")
    tiers = [entry.key for entry in written.entries] if isinstance(written, MappingNode) else []
    is_told = written is None and not is_left_out("tiers", mapping)
    first: dict[str, Budget] = {}
    for budget in values.get("budgets", ()):
        wrong = _unmatched(budget, labels, None if is_told else tiers)
        if wrong is not None:
            key, what, mend = wrong
            what = f"the budget {budget.name!r} matches nothing: {what}"
            place = _place(budget, mapping.get("budgets"), key)
            at.problems.append(Problem(what=what, mend=mend, place=place))
        if (same := first.setdefault(budget.name, budget)) is not budget:
            line = same.place.line if same.place else None
            what = f"two budgets are called {budget.name!r}, this one and that in line {line}"
            mend = "give each its own name"
            at.problems.append(Problem(what=what, mend=mend, place=budget.place))


def is_left_out(key: str, mapping: MappingNode) -> bool:
    """Whether a key does not stand in the configuration, also under no name like its own."""
    return all(nearest(entry.key, [key], at_least=_ALIKE) is None for entry in mapping.entries)


_ALIKE = 0.7
"""How alike a key and the known one are, from 0 to 1, as where it is told."""


def _labels(values: Mapping[str, Any]) -> list[dict[str, str | None]]:
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
    budget: Budget, labels: list[dict[str, str | None]] | None, tiers: list[str] | None
) -> _Unmatched | None:
    tier = budget.match.tier
    wanted = {
        key: value
        for key in BudgetMatch.__struct_fields__
        if (value := getattr(budget.match, key)) is not None and key != "tier"
    }
    if tier is not None and tiers is not None and tier not in tiers:
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
    none = _HOW_TO_NAME[key].format(value=typed(value))
    one_of = f"name one of {', '.join(there[:_SHOWN])}" if there else none
    mend = f"did you mean `{near}`?" if near else one_of
    return key, f"there is no {key} {value!r}", mend


_OF_WORKFLOWS = "no workflow says its {0}: add `{0}: {{value}}` to the workflows that it is for"
_OF_STREAMS = (
    "no traffic says its {0}: add `{0}: {{value}}` to the entries of `traffic` that it is for"
)
_HOW_TO_NAME = {
    **{key: _OF_WORKFLOWS.format(key) for key in ("feature", "owner")},
    **{key: _OF_STREAMS.format(key) for key in ("tenant", "environment")},
    "tier": "no tier is configured: add `tiers: {{{value}: […]}}` with its models to the file",
    "workflow": "no workflow is configured: take the budget out",
}
_SHOWN = 10
