"""The review as text for a terminal of any width from 60 columns."""

import textwrap
from collections.abc import Callable, Iterator
from itertools import chain, repeat

from msgspec import Struct

from reviewbot.report import Dimension, Figures, Report, Verdict, WorkflowReview
from reviewbot.reports import approvals, explaining, wording
from reviewbot.scope.affected import State

_NARROWEST = 60
_LABEL = 16
_SHOWN_UNOWNED = 5
_SHOWN_FILES = 6
_SHOWN_SLICES = 4
_SHOWN_WAYS = 5


class Style(Struct, frozen=True, kw_only=True):
    """How wide the terminal is, and whether it shows colour."""

    columns: int
    colour: bool


def render_terminal(report: Report, style: Style) -> str:
    """The whole report, ending in a line break."""
    page = _Page(style)
    parts = (page.head, page.body, page.foot, page.approval)
    return "\n".join([*(line for part in parts for line in part(report)), ""])


_COLOURS = {
    Verdict.PASS: "32",
    Verdict.WARN: "33",
    Verdict.NEEDS_APPROVAL: "35",
    Verdict.UNMEASURED: "31",
    Verdict.FAIL: "31",
}
_MARKS = {
    Verdict.PASS: "ok",
    Verdict.WARN: "warn",
    Verdict.NEEDS_APPROVAL: "approve",
    Verdict.UNMEASURED: "unmeasured",
    Verdict.FAIL: "FAIL",
}


class _Page:
    def __init__(self, style: Style) -> None:
        self._columns = max(style.columns, _NARROWEST)
        self._colour = style.colour

    def head(self, report: Report) -> Iterator[str]:
        first, *rest = self._wrapped(f"reviewbot: {wording.headline(report)}")
        yield self._painted(first, report.verdict)
        yield from (self._painted(line, report.verdict) for line in rest)
        revisions = report.revisions
        merge_base = (
            f" (merge base {wording.short(revisions.merge_base)})"
            if revisions.merge_base != revisions.base
            else ""
        )
        head = f" {wording.short(revisions.head)}" if revisions.head else ""
        catalogue = (
            f"; genai-prices {report.catalogue_version} as of {report.prices_as_of}"
            if report.catalogue_version
            else ""
        )
        yield from self._wrapped(
            f"{wording.plain(revisions.base_name)} {wording.short(revisions.base)}{merge_base}"
            f" → {wording.plain(revisions.head_name)}{head}{catalogue}"
        )
        if report.advisory:
            yield from self._wrapped(f"Advisory: {wording.plain(report.advisory)}.")
        for note in report.notes:
            yield from self._wrapped(f"Note: {wording.plain(note)}.")

    def body(self, report: Report) -> Iterator[str]:
        for workflow in wording.by_severity(report):
            yield ""
            yield from self._workflow(workflow)

    def approval(self, report: Report) -> Iterator[str]:
        """What has to be approved, by its digests, who may be asked, and who did."""
        if report.evidence is None:
            return
        yield ""
        yield from self._entry("approval", wording.plain(approvals.who_may(report)), indent="")
        for item in approvals.items(report):
            by = f", approved by {', '.join(item.by)}" if item.by else ""
            months = f"  {item.months}" if item.months else ""
            yield from self._entry(item.evidence, wording.plain(f"{item.name}{months}{by}"))
        for line in approvals.given(report):
            yield from self._entry("", wording.plain(line))

    def foot(self, report: Report) -> Iterator[str]:
        yield from self._months(report)
        for finding in report.findings:
            yield ""
            yield from self._entry(_MARKS[finding.verdict], wording.limit_text(finding), indent="")
        for problem in report.unmeasured:
            yield ""
            yield from self._entry("unmeasured", wording.plain(str(problem)), indent="")
        changed = [item.path for item in report.unowned if item.changed]
        others = len(report.unowned) - len(changed)
        if report.unowned:
            yield ""
            shown = [wording.plain(path) for path in changed[:_SHOWN_UNOWNED]]
            if len(changed) > _SHOWN_UNOWNED:
                shown.append(f"{len(changed) - _SHOWN_UNOWNED} more")
            if others:
                shown.append(f"{others} that this change does not touch")
            text = f"in no workflow, so not measured: {', '.join(shown)}"
            yield from self._entry("unowned", text)
        if report.unaffected_workflows and report.workflows:
            yield ""
            count = len(report.unaffected_workflows)
            yield f"{count} other workflow{'s' if count > 1 else ''} not concerned."

    def _months(self, report: Report) -> Iterator[str]:
        """The month of all workflows by what the change touches, and the budgets."""
        if report.month is None or not report.workflows:
            return
        yield ""
        count = len(report.workflows) + len(report.unaffected_workflows)
        title = f"{count} workflow{'s' if count > 1 else ''}  {explaining.month_text(report.month)}"
        yield from self._entry("a month of", title, indent="")
        for dimension in Dimension:
            slices = [
                item for item in explaining.shown_slices(report) if item.dimension is dimension
            ]
            if not slices:
                continue
            touched = [item for item in slices if item.touched][:_SHOWN_SLICES]
            shown = [
                f"{explaining.slice_name(item)} {explaining.month_text(item.month)}"
                for item in touched
            ]
            others = len(slices) - len(touched)
            more = [f"{others} other{'s' if others > 1 else ''}"] if others else []
            yield from self._entry(str(dimension), "; ".join(shown + more))
        for budget in report.budgets:
            text = f"{wording.plain(budget.name)}: {explaining.budget_text(budget)}"
            yield from self._entry("budget", text)

    def _workflow(self, workflow: WorkflowReview) -> Iterator[str]:
        mark = _MARKS[workflow.verdict]
        title = f"{wording.plain(workflow.name)}  {wording.months(workflow)}"
        lines = self._entry(mark, title, indent="")
        yield self._painted(next(lines), workflow.verdict)
        yield from lines
        for problem in workflow.problems:
            yield from self._entry("unmeasured", wording.plain(str(problem)))
        for finding in workflow.findings:
            yield from self._entry(_MARKS[finding.verdict], wording.limit_text(finding))
        if workflow.files and workflow.state is not State.NEW:
            shown = [wording.plain(path) for path in workflow.files[:_SHOWN_FILES]]
            if len(workflow.files) > _SHOWN_FILES:
                shown.append(f"{len(workflow.files) - _SHOWN_FILES} more")
            yield from self._entry("changed", ", ".join(shown))
        yield from self._figures(workflow)
        yield from self._explained(workflow)
        shown_figures = workflow.after or workflow.before
        if shown_figures is not None:
            for note in shown_figures.notes:
                yield from self._entry("estimated", wording.plain(note))

    def _explained(self, workflow: WorkflowReview) -> Iterator[str]:
        """Why the cost changed, what the change's own terms make of it, and the ways back."""
        if len(workflow.causes) > 1 or (workflow.causes and workflow.proposed):
            parts = (
                f"{part.name} {wording.usd_change(part.usd_per_month)}" for part in workflow.causes
            )
            yield from self._entry("because", ", ".join(parts))
        for label, hunk in zip(chain(("costly lines",), repeat("")), workflow.hunks, strict=False):
            yield from self._entry(label, explaining.hunk_text(hunk))
        if workflow.remainder_usd_per_month:
            amount = wording.usd_change(workflow.remainder_usd_per_month)
            yield from self._entry("", f"together, and beside these lines: {amount} a month")
        prefix = explaining.prefix_text(workflow.before, workflow.after)
        if prefix is not None:
            yield from self._entry("prefix", prefix)
        ways = workflow.ways_back[:_SHOWN_WAYS]
        for label, way in zip(chain(("ways back",), repeat("")), ways, strict=False):
            yield from self._entry(label, explaining.way_text(way))
        if workflow.proposed is not None:
            month = wording.usd(workflow.proposed.usd_per_month)
            yield from self._entry("proposed", f"{month} a month under the change's own terms")
            for finding in workflow.proposed_findings:
                yield from self._entry("", f"there too: {wording.limit_text(finding)}")

    def _figures(self, workflow: WorkflowReview) -> Iterator[str]:
        before, after = workflow.before, workflow.after
        if before is None and after is None:
            return
        models = [wording.plain(item.model) for item in (before, after) if item is not None]
        yield from self._entry("model", " → ".join(dict.fromkeys(models)))
        yield from self._entry(
            "input tokens",
            f"mean {_pair(before, after, lambda item: wording.tokens(item.mean_input_tokens))}, "
            f"largest {_pair(before, after, lambda item: wording.tokens(item.max_input_tokens))}",
        )
        worst = _pair(
            before,
            after,
            lambda item: (
                "unknown (no max_tokens)"
                if item.worst_usd_per_call is None
                else wording.usd_per_call(item.worst_usd_per_call)
            ),
        )
        call = _pair(before, after, lambda item: wording.usd_per_call(item.usd_per_call))
        yield from self._entry("a call", f"{call}; at worst {worst}")

    def _entry(self, label: str, text: str, indent: str = "  ") -> Iterator[str]:
        start = f"{indent}{label:<{_LABEL - len(indent)}}"
        yield from self._wrapped(text, first=start, rest=" " * _LABEL)

    def _wrapped(self, text: str, first: str = "", rest: str = "") -> Iterator[str]:
        yield from textwrap.wrap(
            text,
            width=self._columns,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )

    def _painted(self, line: str, verdict: Verdict) -> str:
        return f"\x1b[1;{_COLOURS[verdict]}m{line}\x1b[0m" if self._colour else line


def _pair(before: Figures | None, after: Figures | None, show: Callable[[Figures], str]) -> str:
    return " → ".join(dict.fromkeys(show(item) for item in (before, after) if item is not None))
