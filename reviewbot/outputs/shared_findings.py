"""What is found once for several workflows: a default that is weakened, a text that they share."""

from collections.abc import Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal, localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.setting_lines import key_text
from reviewbot.costs.rates import EXACT
from reviewbot.outputs import wording
from reviewbot.outputs.causes import MODEL_CAUSES, swapped_models
from reviewbot.outputs.excess import increase_text
from reviewbot.report import Figures, Finding, Report, Verdict, WorkflowReview, worst
from reviewbot.scope.affected import State

_Said = tuple[str, Verdict, str, int | None, str]
"""A finding without the names of workflows: its rule, verdict, file, line and words."""

_DEFAULTS = "`defaults."
_RAISED_LIMIT = "`defaults.envelope."


class SharedFinding(Struct, frozen=True, kw_only=True):
    """One finding and the workflows that it concerns."""

    finding: Finding
    workflows: tuple[str, ...]

    @property
    def whose(self) -> str:
        """How many workflows it concerns, to stand behind its words; empty for one."""
        count = len(self.workflows)
        return f", for {count:,} workflows" if count > 1 else ""


class SharedFindings:
    """What the workflows of a report have in common, and what is left to each of them.

    Two workflows have a finding in common where it says the same of the same line. What `defaults`
    weaken is so too, since it is found for each workflow that falls under them.
    """

    def __init__(self, report: Report) -> None:
        found: dict[_Said, list[str]] = {}
        first: dict[_Said, Finding] = {}
        for workflow in report.workflows:
            for finding in workflow.findings:
                if (said := _said(finding, workflow.name)) is not None:
                    found.setdefault(said, []).append(workflow.name)
                    first.setdefault(said, finding)
        defaults = {
            said: finding
            for finding in report.findings
            if finding.text.startswith(_DEFAULTS) and (said := _said(finding)) is not None
        }
        self._shared = {
            said: SharedFinding(
                finding=defaults.get(said) or replace(first[said], text=said[-1]),
                workflows=tuple(dict.fromkeys(names)),
            )
            for said, names in found.items()
            if said in defaults or len(set(names)) > 1
        }
        several = [item for item in self._shared.values() if len(item.workflows) > 1]
        several.sort(key=lambda item: -list(Verdict).index(item.finding.verdict))
        self.several = tuple(several)
        """What concerns more than one workflow, the worst first."""

    def beside(self, workflow: WorkflowReview) -> list[Finding]:
        """The findings of a workflow that it has by itself."""
        return [
            item for item in workflow.findings if _said(item, workflow.name) not in self._shared
        ]

    def of(self, names: AbstractSet[str]) -> list[Finding]:
        """The findings of these workflows that none of them has by itself."""
        return [
            item.finding for item in self._shared.values() if not names.isdisjoint(item.workflows)
        ]

    def everything(self, report: Report) -> list[SharedFinding]:
        """What is found once: for several workflows, or beside all of them."""
        known = {id(item.finding) for item in self._shared.values()}
        beside = [item for item in report.findings if id(item) not in known]
        return [
            *self._shared.values(),
            *(SharedFinding(finding=item, workflows=()) for item in beside),
        ]


def with_marks(report: Report) -> Report:
    """The report in which no workflow passes that a finding beside all of them concerns.

    Its row has the mark of that finding: its figures do not hold what is found.
    """
    told = [item for item in report.findings if item.concerns]
    if not told:
        return report

    def marked(workflow: WorkflowReview) -> WorkflowReview:
        own = (item.verdict for item in told if workflow.name in item.concerns)
        return replace(workflow, verdict=worst([workflow.verdict, *own]))

    return replace(report, workflows=tuple(map(marked, report.workflows)))


class FoldedWorkflows(Struct, frozen=True, kw_only=True):
    """Workflows of which nothing is to be said but what they have in common.

    `under` says what, in a few words. The months are those of all of them, in USD.
    """

    workflows: tuple[WorkflowReview, ...]
    under: str
    verdict: Verdict
    before_usd: Decimal
    after_usd: Decimal

    @property
    def name(self) -> str:
        """The row of these workflows, beside their figures: some names where they share reasons."""
        if self.under == _SAME_REASONS:
            names = [wording.plain(item.name) for item in self.workflows]
            return wording.named(names, len(names) if len(names) == _NAMED + 1 else _NAMED)
        return f"{len(self.workflows):,} workflows {self.under}"

    @property
    def title(self) -> str:
        """What the list of these workflows is called, where no figure stands beside."""
        count = f"{len(self.workflows):,} workflows"
        if self.before_usd == self.after_usd:
            return f"{count}, same cost, {self.under}"
        months = f"{wording.usd(self.before_usd)} → {wording.usd(self.after_usd)} a month"
        change = wording.usd_between(self.before_usd, self.after_usd)
        return f"{count}, {self.under}: {months} ({change})"


def folded_workflows(
    shared: SharedFindings, workflows: Sequence[WorkflowReview]
) -> FoldedWorkflows | None:
    """Those of `workflows` that only have findings in common, and cost the same as before.

    Else those that another model alone makes as much dearer, with the same limits broken. None
    where these are too few: they are as well shown by their rows.
    """
    found = tuple(item for item in workflows if _is_alike(shared, item))
    if len(found) >= _LEAST_ALIKE:
        return _folded(found, _under(shared.of({item.name for item in found})))
    swapped: dict[Hashable, list[WorkflowReview]] = {}
    for item in workflows:
        if (key := _swap(item)) is not None:
            swapped.setdefault(key, []).append(item)
    most = max(swapped.values(), key=len, default=[])
    if len(most) < _LEAST_SWAPPED:
        return None
    return _folded(tuple(most), f"model {swapped_models(most[0])}")


def same_workflows(workflows: Sequence[WorkflowReview]) -> FoldedWorkflows | None:
    """Those of `workflows` of which nothing is to be said but that they cost what they did.

    None where these are too few: they are as well shown by their rows.
    """
    found = tuple(item for item in workflows if costs_the_same(item))
    return None if len(found) < _LEAST_SAME else _folded(found, "cost the same")


def costs_the_same(workflow: WorkflowReview) -> bool:
    """Whether a workflow passes, and costs what it did, by its own settings too."""
    after, own = workflow.after, workflow.proposed
    return (
        workflow.verdict is Verdict.PASS
        and workflow.state is State.CHANGED
        and workflow.change_usd_per_month == 0
        and not workflow.proposed_findings
        and (own is None or after is None or own.usd_per_month == after.usd_per_month)
    )


_SAME_REASONS = "for the same reasons"
_NAMED = 2
_LEAST_SAME = 3
_LEAST_ALIKE = 2
_LEAST_SWAPPED = 6


def _swap(workflow: WorkflowReview) -> Hashable | None:
    """What workflows have in common that only another model changes; None of others."""
    swap = swapped_models(workflow)
    is_only = all(item.name in MODEL_CAUSES for item in workflow.causes)
    own = workflow.proposed
    is_settled = own is None or own == workflow.after
    if swap is None or not is_only or not is_settled or workflow.problems:
        return None
    if workflow.state is not State.CHANGED or workflow.verdict is Verdict.PASS:
        return None
    said = (
        (item.rule, item.verdict, item.bound, item.limit, None if item.limit else item.text)
        for item in (*workflow.findings, *workflow.proposed_findings)
    )
    return swap, increase_text(workflow), workflow.verdict, tuple(said)


def _folded(found: tuple[WorkflowReview, ...], under: str) -> FoldedWorkflows:
    return FoldedWorkflows(
        workflows=found,
        under=under,
        verdict=worst([item.verdict for item in found]),
        before_usd=_together(item.before for item in found),
        after_usd=_together(item.after for item in found),
    )


def _together(figures: Iterable[Figures | None]) -> Decimal:
    with localcontext(EXACT):
        return sum((item.usd_per_month for item in figures if item is not None), Decimal(0))


def _is_alike(shared: SharedFindings, workflow: WorkflowReview) -> bool:
    before, after, own = workflow.before, workflow.after, workflow.proposed
    if workflow.state is not State.CHANGED or workflow.problems:
        return False
    if workflow.verdict is Verdict.PASS or not workflow.findings:
        return False
    if before is None or after is None or before.usd_per_month != after.usd_per_month:
        return False
    is_same = own is None or own.usd_per_month == after.usd_per_month
    return is_same and not workflow.proposed_findings and not shared.beside(workflow)


def _under(reasons: Sequence[Finding]) -> str:
    """What these workflows have in common, in a few words."""
    if all(
        item.text.startswith(_RAISED_LIMIT) and "` is raised from " in item.text for item in reasons
    ):
        return f"under the raised limit{'s' if len(reasons) > 1 else ''}"
    return _SAME_REASONS


def _said(finding: Finding, name: str | None = None) -> _Said | None:
    """What a finding says at its line, without the workflow's `name`; None without a line."""
    place = finding.place
    if place is None or finding.limit is not None:
        return None
    own = _DEFAULTS if name is None else f"`{key_text(('workflows', name))}."
    text = finding.text
    words = f"`{text.removeprefix(own)}" if text.startswith(own) else text
    return finding.rule, finding.verdict, place.file, place.line, words
