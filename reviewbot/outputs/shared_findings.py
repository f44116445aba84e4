"""What is found once for several workflows: a default that is weakened, a text that they share."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal, localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.setting_lines import key_text
from reviewbot.costs.rates import EXACT
from reviewbot.report import Finding, Report, Verdict, WorkflowReview, worst
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


class FoldedWorkflows(Struct, frozen=True, kw_only=True):
    """Workflows of which nothing is to be said but what they have in common.

    `under` says what, in a few words. `usd_per_month` is that of all of them, before and after.
    """

    workflows: tuple[WorkflowReview, ...]
    under: str
    verdict: Verdict
    usd_per_month: Decimal

    @property
    def title(self) -> str:
        """What the list of these workflows is called, where no figure stands beside."""
        return f"{len(self.workflows):,} workflows, same cost, {self.under}"


def folded_workflows(
    shared: SharedFindings, workflows: Sequence[WorkflowReview]
) -> FoldedWorkflows | None:
    """Those of `workflows` that only have findings in common, and cost the same as before.

    None where these are fewer than two: a single one is as well shown by its row.
    """
    found = tuple(item for item in workflows if _is_alike(shared, item))
    if len(found) < 2:  # noqa: PLR2004
        return None
    names = {item.name for item in found}
    return FoldedWorkflows(
        workflows=found,
        under=_under(shared.of(names)),
        verdict=worst([item.verdict for item in found]),
        usd_per_month=_together(found),
    )


def _together(workflows: Sequence[WorkflowReview]) -> Decimal:
    with localcontext(EXACT):
        months = [item.after.usd_per_month for item in workflows if item.after is not None]
        return sum(months, Decimal(0))


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
    return "with shared findings only"


def _said(finding: Finding, name: str | None = None) -> _Said | None:
    """What a finding says at its line, without the workflow's `name`; None without a line."""
    place = finding.place
    if place is None or finding.limit is not None:
        return None
    own = _DEFAULTS if name is None else f"`{key_text(('workflows', name))}."
    text = finding.text
    words = f"`{text.removeprefix(own)}" if text.startswith(own) else text
    return finding.rule, finding.verdict, place.file, place.line, words
