"""Workflows of which the same is to be said: the same findings, by the same cause."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal, localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.costs.rates import EXACT
from reviewbot.outputs import explaining, wording
from reviewbot.outputs.accepting import WaysOut
from reviewbot.outputs.causes import MODEL_CAUSES, cause_texts
from reviewbot.outputs.changed_places import is_named_by, model_place, place_name, place_text
from reviewbot.outputs.over_before import over_before, ways_out
from reviewbot.outputs.terminal.marks import short_text
from reviewbot.report import CauseName, Finding, Report, Suggestion, Verdict, WorkflowReview

_NAMED = 3


class WorkflowGroup(Struct, frozen=True, kw_only=True):
    """One workflow, or several of which the same is to be said.

    `findings` are those to be shown of each, in the same order. `cause` is None where the change is
    no cause; `ways` is what a person can do beside the `suggestion`.
    """

    workflows: tuple[WorkflowReview, ...]
    findings: tuple[tuple[Finding, ...], ...]
    cause: str | None
    suggestion: str | None
    ways: WaysOut

    @property
    def name(self) -> str:
        """The workflow's name, or how many there are, with some of their names."""
        return group_name([item.name for item in self.workflows])

    @property
    def texts(self) -> list[tuple[Verdict, str]]:
        """The findings in words, each with its verdict; the worst where the figures differ."""
        found = []
        for same in zip(*self.findings, strict=True):
            worst = max(same, key=lambda item: item.excess or Decimal(0))
            is_one = len({short_text(item) for item in same}) == 1
            found.append((worst.verdict, f"{short_text(worst)}{'' if is_one else ' at most'}"))
        return found


def group_name(names: Sequence[str]) -> str:
    """A workflow's name, or how many there are, with the first names."""
    shown = wording.named([wording.plain(name) for name in names], _NAMED)
    return shown if len(names) == 1 else f"{len(names):,} workflows ({shown})"


def grouped_workflows(
    report: Report, own: Sequence[tuple[WorkflowReview, Sequence[Finding]]]
) -> list[WorkflowGroup]:
    """The workflows with the findings of each, those together of which the same is to be said.

    That is where findings, cause, suggestion and the limit to raise differ in their figures only.
    What each would have to lose is told one by one, but where the suggestion is enough for all.
    """
    groups: dict[Hashable, list[_Told]] = {}
    for workflow, findings in own:
        told = _told(report, workflow, tuple(findings))
        groups.setdefault(told.key, []).append(told)
    return [_group(items) for items in groups.values()]


class LargestCause(Struct, frozen=True, kw_only=True):
    """What causes a change, without and with what it adds to the month, which is in USD."""

    name: str
    usd_per_month: Decimal
    text: str


class _Told(Struct, frozen=True, kw_only=True):
    """What is to be said of one workflow; those with the same `key` are told together."""

    workflow: WorkflowReview
    findings: tuple[Finding, ...]
    cause: LargestCause | None
    way: Suggestion | None
    ways: WaysOut

    @property
    def key(self) -> Hashable:
        has_to_lose = self.ways.cut is not None and (self.way is None or not self.way.fits)
        if self.cause is None or has_to_lose or self.workflow.problems:
            return self.workflow.name
        said = tuple(
            (item.verdict, item.rule, item.statistic, item.bound, item.limit)
            if item.limit is not None and item.actual is not None
            else (item.verdict, short_text(item))
            for item in self.findings
        )
        way = self.way and (
            explaining.suggestion_key(self.way),
            self.way.fits,
            self.way.needs_evaluation,
        )
        return said, self.cause.name, way, self.ways.raised


def _told(report: Report, workflow: WorkflowReview, findings: tuple[Finding, ...]) -> _Told:
    is_cause = over_before(report, workflow) is None
    cause = largest_cause if any(item.limit is not None for item in findings) else cause_of_change
    ways = workflow.ways_back
    return _Told(
        workflow=workflow,
        findings=findings,
        cause=cause(workflow) if is_cause else None,
        way=explaining.first_suggestion(ways) if ways else None,
        ways=ways_out(report, workflow),
    )


def _group(items: Sequence[_Told]) -> WorkflowGroup:
    first, is_one = items[0], len(items) == 1
    cause = None if first.cause is None else first.cause.text
    suggestion = None if first.way is None else explaining.suggestion_text(first.way)
    if not is_one and first.cause is not None:
        added = _sum(item.cause.usd_per_month for item in items if item.cause)
        cause = f"{first.cause.name}: {wording.usd_change(added)} a month together"
    if not is_one and first.way is not None:
        ways = [item.way for item in items if item.way is not None]
        way = replace(
            first.way,
            text=explaining.shared_text(ways),
            saves_usd_per_month=_sum(item.saves_usd_per_month for item in ways),
            usd_per_month=_sum(item.usd_per_month for item in ways),
        )
        suggestion = f"together, {explaining.suggestion_text(way)}"
    return WorkflowGroup(
        workflows=tuple(item.workflow for item in items),
        findings=tuple(item.findings for item in items),
        cause=cause,
        suggestion=suggestion,
        ways=first.ways if is_one else replace(first.ways, cut=None),
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    with localcontext(EXACT):
        return sum(amounts, Decimal(0))


def largest_cause(workflow: WorkflowReview) -> LargestCause | None:
    """What adds most to the month: another model, changed lines, or another cause."""
    found = [*_causes_by_place(workflow), *_causes_by_name(workflow)]
    return max(found, key=lambda item: item.usd_per_month, default=None)


def cause_of_change(workflow: WorkflowReview) -> LargestCause | None:
    """What moves the month most in the direction in which it changes; None where it stays."""
    change = workflow.change_usd_per_month
    if not change or change > 0:
        return largest_cause(workflow) if change else None
    found = [*_causes_by_place(workflow), *_causes_by_name(workflow)]
    return min(found, key=lambda item: item.usd_per_month, default=None)


def _causes_by_place(workflow: WorkflowReview) -> Iterator[LargestCause]:
    """Another model, and the changed lines but for those that only name it."""
    model = model_place(workflow)
    if model is not None:
        yield LargestCause(
            name=place_name(model), usd_per_month=model.exact_usd, text=place_text(model)
        )
    for hunk in explaining.shown_hunks(workflow)[0]:
        if hunk.usd_per_month and not (model is not None and is_named_by(model, hunk)):
            yield LargestCause(
                name=explaining.hunk_name(hunk),
                usd_per_month=hunk.usd_per_month,
                text=explaining.hunk_text(hunk),
            )


def _causes_by_name(workflow: WorkflowReview) -> Iterator[LargestCause]:
    """The causes that no place tells."""
    told = {CauseName.PROMPT_TEXT} if any(it.usd_per_month for it in workflow.hunks) else set()
    told |= {*MODEL_CAUSES} if model_place(workflow) is not None else set()
    for cause, text in zip(workflow.causes, cause_texts(workflow), strict=True):
        if cause.name in told:
            continue
        yield LargestCause(
            name=cause.name, usd_per_month=cause.usd_per_month, text=f"{text} a month"
        )
