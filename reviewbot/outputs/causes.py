"""The causes of a change of cost, in cents that add up to the change as it is shown."""

from collections.abc import Sequence
from decimal import Decimal

from reviewbot.outputs import wording
from reviewbot.outputs.amounts import shown_change, shown_parts
from reviewbot.report import CauseName, Figures, WorkflowReview


def cause_texts(workflow: WorkflowReview) -> list[str]:
    """The causes of a change and their amounts, which add up to it as it is shown."""
    swap = swapped_models(workflow)
    said = {} if swap is None else {CauseName.MODEL_PRICE: f" ({swap})"}
    return [
        f"{name}{said.get(name, '')} {amount}" for name, amount in cause_amounts(workflow).items()
    ]


def cause_amounts(workflow: WorkflowReview) -> dict[CauseName, str]:
    """What each cause adds to a month, in cents that add up to the change as it is shown."""
    return {
        part.name: wording.usd_change(cents) if cents else wording.small_change(part.usd_per_month)
        for part, cents in zip(workflow.causes, cause_cents(workflow), strict=True)
    }


def caused_name(workflow: WorkflowReview) -> str:
    """The name of a workflow, with its models where another one is a cause."""
    swap = swapped_models(workflow)
    return (
        wording.plain(workflow.name) if swap is None else f"{wording.plain(workflow.name)}: {swap}"
    )


MODEL_CAUSES = (CauseName.TOKENIZER, CauseName.MODEL_PRICE)


def swapped_models(workflow: WorkflowReview) -> str | None:
    """The models before and after, where another one changes the cost."""
    before, after = workflow.before, workflow.proposed or workflow.after
    if not any(item.name in MODEL_CAUSES for item in workflow.causes) or not (before and after):
        return None
    is_same = before.model == after.model
    return None if is_same else f"{wording.plain(before.model)} → {wording.plain(after.model)}"


def cause_cents(workflow: WorkflowReview) -> tuple[Decimal, ...]:
    """What each cause adds to a month, in whole cents that add up to the change as it is shown."""
    return shown_parts([part.usd_per_month for part in workflow.causes], whole_change(workflow))


def whole_change(workflow: WorkflowReview) -> Decimal:
    """The change of a month, in cents, that the causes of a workflow add up to."""
    end = workflow.proposed or workflow.after
    before = workflow.before.usd_per_month if workflow.before else Decimal(0)
    return shown_change(before, end.usd_per_month if end else Decimal(0))


def whole_text(workflow: WorkflowReview) -> str:
    """That change in words; one of less than a cent is shown by itself."""
    end = workflow.proposed or workflow.after
    before = workflow.before.usd_per_month if workflow.before else Decimal(0)
    return wording.usd_between(before, end.usd_per_month if end else Decimal(0))


def cause_columns(workflows: Sequence[WorkflowReview]) -> list[CauseName]:
    """The causes that any of these workflows has, in the order in which they are measured."""
    found = {cause.name for item in workflows for cause in item.causes}
    return [name for name in CauseName if name in found]


def token_text(workflow: WorkflowReview) -> str:
    """The mean tokens of a call before and after, and between which they lie after."""
    before, after = workflow.before, workflow.proposed or workflow.after
    means = [wording.tokens(item.mean_input_tokens) for item in (before, after) if item]
    return f"{' → '.join(dict.fromkeys(means))}{_spread(after)}"


def _spread(figures: Figures | None) -> str:
    counts = [item.input_tokens for item in figures.samples] if figures else []
    if not counts or min(counts) == max(counts):
        return ""
    return f" ({min(counts):,}–{max(counts):,} over {len(counts)} samples)"
