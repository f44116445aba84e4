"""The rows of the page that say why each cost changed, and where."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from reviewbot.outputs import explaining, wording
from reviewbot.outputs.causes import (
    cause_amounts,
    cause_columns,
    swapped_models,
    token_text,
    whole_text,
)
from reviewbot.outputs.changed_places import changed_places, place_name
from reviewbot.report import Report, WorkflowReview

_NAMED = 3


def place_rows(report: Report) -> list[dict[str, Any]]:
    """The places that change the month most, each with its share."""
    return [
        {
            "where": place_name(item),
            "amount": wording.usd_change(item.usd_per_month),
            "grows": direction(Decimal(0), item.usd_per_month),
            "tokens": explaining.tokens_per_call(item.input_tokens) if item.input_tokens else "",
            "whose": _whose(item.workflows),
        }
        for item in changed_places(report)
    ]


def _whose(workflows: Sequence[str]) -> str:
    if len(workflows) > _NAMED:
        return f"{len(workflows):,} workflows"
    return ", ".join(map(wording.plain, workflows))


def cause_rows(ordered: Sequence[WorkflowReview]) -> dict[str, Any]:
    """Every cause of every workflow that changes, with tokens and their spread."""
    changing = [item for item in ordered if item.causes]
    columns = cause_columns(changing)
    rows = []
    for item in changing:
        amounts = cause_amounts(item)
        rows.append(
            {
                "name": wording.plain(item.name),
                "models": swapped_models(item),
                "amounts": [amounts.get(name, "") for name in columns],
                "change": whole_text(item),
                "tokens": token_text(item),
            }
        )
    return {"columns": list(columns), "causes": rows}


def direction(before: Decimal | None, after: Decimal | None) -> str:
    """The class of an amount that changes: `up`, `down`, or none."""
    if before is None or after is None or before == after:
        return ""
    return "up" if after > before else "down"
