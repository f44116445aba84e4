"""Models that code names otherwise by which workflows are priced, each told once with its cost."""

from collections.abc import Hashable, Sequence
from decimal import Decimal, localcontext

from msgspec.structs import replace

from reviewbot.costs.rates import EXACT
from reviewbot.prompts.sources import Source
from reviewbot.report import Finding, Rule, WorkflowReview


def read_off(name: str, was: Source) -> str:
    """That code names another model which is that of a workflow without a known call."""
    old = ", ".join(was.named_lines)
    return f"the code names {name} now, was {old}; {_ONE} as {was.model or old}"


THERE = "in the workflow"
_ONE, _SEVERAL = "this is still priced", "are still priced"
_EACH = "in each of them"
_MOST_NAMED = 3


def with_costs(workflows: Sequence[WorkflowReview]) -> tuple[WorkflowReview, ...]:
    """The workflows, with what such a model adds to the months of all that are priced by it.

    It is in USD, rounded to cents. So the same is said of each, and can be told once.
    """
    added: dict[Hashable, dict[str, Decimal]] = {}
    for workflow in workflows:
        for item in workflow.findings:
            if (key := _key(item)) is not None and item.actual is not None:
                added.setdefault(key, {})[workflow.name] = item.actual
    if not added:
        return tuple(workflows)
    with localcontext(EXACT):
        totals = {key: sum(months.values(), Decimal(0)) for key, months in added.items()}
    return tuple(
        replace(
            each,
            findings=tuple(
                _told(item, totals[key], [*added[key]]) if (key := _key(item)) in totals else item
                for item in each.findings
            ),
        )
        for each in workflows
    )


def _key(item: Finding) -> Hashable:
    if item.rule is not Rule.REQUEST or item.actual is None:
        return None
    return item.verdict, item.place and (item.place.file, item.place.line), item.text


def _told(item: Finding, usd: Decimal, names: Sequence[str]) -> Finding:
    said, _, mend = item.text.rpartition("; ")
    cost = f"{'-' if usd < 0 else '+'}${abs(usd):,.2f} a month"
    if len(names) > 1:
        left = len(names[_MOST_NAMED:])
        several = f"{', '.join(names[:_MOST_NAMED])}{f' and {left:,} more' if left else ''}"
        said = said.replace(_ONE, f"{several} {_SEVERAL}")
        mend = mend.replace(THERE, _EACH)
        cost = f"{cost} together"
    return replace(item, text=f"{said} ({cost}); {mend}")
