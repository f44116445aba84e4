"""The suggestions of a review that are edits of files, as one patch for `git apply`."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from reviewbot.outputs.broken_budgets import broken_budgets
from reviewbot.report import Report, Suggestion, SuggestionKind, Verdict, WorkflowReview


class SuggestedPatch(Struct, frozen=True, kw_only=True):
    """One patch, empty where there is none, and the workflows and budgets it does nothing for.

    `without` are those for which no edit of files alone is enough, `waiting` those whose edit is of
    a file that the patch edits for another; `undone` are suggestions to undo a change of the model,
    each with those for which that is enough.
    """

    text: str
    without: tuple[str, ...]
    waiting: tuple[str, ...]
    undone: Mapping[str, Sequence[str]]


def suggested_patch(report: Report) -> SuggestedPatch:
    """The patch of all workflows.

    Of each workflow that fails or needs approval it takes the first suggestion that is enough, and
    that neither an approver nor an evaluation has to confirm; else the first that is enough and
    needs an evaluation. Of two that edit the same file only the first is taken. Of the workflows by
    which the change breaks a budget one is enough: what is enough for it keeps the budget too.
    """
    patches: list[str] = []
    edited: set[str] = set()
    without: list[str] = []
    waiting: list[str] = []
    undone: dict[str, list[str]] = {}
    stopped = [item for item in report.workflows if item.verdict not in _PASSING]
    taken = {item.name for item in stopped if _chosen(item) is not None}
    for budget in broken_budgets(report):
        if not taken & {item.name for item in budget.workflows}:
            helpful = next((it for it in budget.workflows if _chosen(it) is not None), None)
            stopped += [] if helpful is None else [helpful]
            taken |= set() if helpful is None else {helpful.name}
            without += [budget.title] if helpful is None and budget.workflows else []
    for workflow in stopped:
        chosen = _chosen(workflow)
        if chosen is None or chosen.patch is None:
            if (text := _undone(workflow)) is not None:
                undone.setdefault(text, []).append(workflow.name)
            else:
                without += [workflow.name] if workflow.ways_back else []
        elif chosen.patch not in patches:
            files = {line for line in chosen.patch.splitlines() if line.startswith("--- a/")}
            if files & edited:
                waiting.append(workflow.name)
            else:
                patches.append(chosen.patch)
                edited |= files
    return SuggestedPatch(
        text="".join(patches), without=tuple(without), waiting=tuple(waiting), undone=undone
    )


_PASSING = {Verdict.PASS, Verdict.WARN}


def _undone(workflow: WorkflowReview) -> str | None:
    """How to undo a change of the model, where that is enough."""
    kind = SuggestionKind.EARLIER_MODEL
    return next((it.text for it in workflow.ways_back if it.fits and it.kind is kind), None)


def _chosen(workflow: WorkflowReview) -> Suggestion | None:
    return next(
        (
            item
            for item in workflow.ways_back
            if item.fits and not item.needs_approval and item.patch is not None
        ),
        None,
    )
