"""The rows, lines and sentences that fill the template of the Markdown report."""

import re
from collections.abc import Callable
from typing import Any

from reviewbot.configuration import DEFAULT_FILE
from reviewbot.configuration.settings import BudgetMatch
from reviewbot.outputs import approvals, explaining, wording
from reviewbot.outputs.headline import headline
from reviewbot.outputs.markdown.inert import Verbatim
from reviewbot.report import BudgetReview, Figures, Finding, Report, Verdict, WorkflowReview
from reviewbot.scope.affected import State

_SHOWN_UNOWNED = 20
_SHOWN_SUGGESTIONS = 5
_SHOWN_APPROVALS = 10
_MARKS = {
    Verdict.PASS: "✅ pass",
    Verdict.WARN: "⚠️ warn",
    Verdict.NEEDS_APPROVAL: "✋ needs approval",
    Verdict.UNMEASURED: "❓ unmeasured",
    Verdict.FAIL: "❌ fail",
}

LISTS = (
    *("to_approve", "given", "over", "rows", "unmeasured", "details", "both", "findings"),
    *("budgets", "months", "new_prompts", "unowned", "assumptions"),
)
"""The parts of a view that may be shortened."""


def view_of(report: Report, problems: tuple[str, ...]) -> dict[str, Any]:
    """All that the template needs; `problems` say what could not be done beside the review."""
    ordered = wording.by_severity(report)
    unowned = sorted(report.unowned, key=lambda item: (not item.changed, item.path))
    hidden = len(unowned) - _SHOWN_UNOWNED
    marks = _MARKS | ({Verdict.NEEDS_APPROVAL: "🤝 approved"} if report.approved else {})
    return {
        "headline": headline(report),
        "configuration": None if report.configuration == DEFAULT_FILE else report.configuration,
        "advisory": report.advisory,
        "notes": report.notes,
        "problems": problems,
        "over": [
            *(row for item in ordered for row in _over(item.name, item.findings, marks)),
            *_over(None, report.findings, marks),
        ],
        "rows": [_row(item) for item in ordered],
        "unmeasured": [f"{item.name}: {problem}" for item in ordered for problem in item.problems],
        "details": [detail for item in ordered if (detail := _detail(item, marks))["lines"]],
        "both": [_side_by_side(item) for item in ordered if item.proposed is not None],
        "findings": [
            f"{marks[item.verdict]}: {wording.limit_text(item)}"
            for item in report.findings
            if wording.limit_parts(item) is None
        ],
        "budgets": [
            {
                "mark": _MARKS[item.verdict],
                "name": item.name,
                "match": _match(item),
                "figures": explaining.budget_text(item),
            }
            for item in report.budgets
        ],
        "month": explaining.month_text(report.month) if report.month else None,
        "months_note": explaining.breakdown_note(report),
        "months": _months(report),
        "approval": None if report.evidence is None else approvals.who_may(report),
        "to_approve": _to_approve(report),
        "given": _folded(approvals.given(report)),
        "new_prompts": _new_prompts(report),
        "unowned": [*(item.path + (" (changed)" if item.changed else "") for item in unowned)][
            :_SHOWN_UNOWNED
        ]
        + ([f"and {hidden} more"] if hidden > 0 else []),
        "assumptions": _assumptions(ordered),
        "commits": _commits(report),
        "command": _command(report),
        "left": None,
    }


def _new_prompts(report: Report) -> list[str]:
    """New and grown prompts in source code that no workflow covers, the largest first."""
    ordered = sorted(report.new_prompts, key=lambda item: -item.tokens)
    shown = [wording.new_prompt_text(item) for item in ordered[:_SHOWN_UNOWNED]]
    hidden = len(ordered) - len(shown)
    return [*shown, f"and {hidden} more"] if hidden > 0 else shown


def _over(
    workflow: str | None, findings: tuple[Finding, ...], marks: dict[Verdict, str]
) -> list[dict[str, str]]:
    """A row for each limit that is exceeded, of a workflow or of a budget."""
    rows = []
    for item in findings:
        parts = wording.limit_parts(item)
        if parts is not None:
            name = workflow if workflow is not None else f"budget {item.statistic}"
            rows.append({"mark": marks[item.verdict], "name": name} | parts)
    return rows


def _match(budget: BudgetReview) -> str:
    """The traffic that a budget covers."""
    named = ((name, getattr(budget.match, name)) for name in BudgetMatch.__struct_fields__)
    return ", ".join(f"{name} {value}" for name, value in named if value is not None) or "all"


def _months(report: Report) -> list[dict[str, str]]:
    """A row for each part of the month, in each dimension first those that the change touches."""
    return [
        {
            "dimension": item.dimension,
            "name": explaining.breakdown_name(item) + ("" if item.touched else " (not concerned)"),
            "month": explaining.month_text(item.month),
            "tokens": wording.tokens_per_month(item.month.after_tokens),
        }
        for item in explaining.shown_breakdown(report)
    ]


def _to_approve(report: Report) -> list[dict[str, str]]:
    """A row for each item that needs approval; a long list folds."""
    rows = [
        {
            "name": item.name,
            "months": item.months,
            "evidence": item.evidence,
            "by": ", ".join(item.by) or "open",
        }
        for item in approvals.items(report)
    ]
    more = [
        dict.fromkeys(("months", "evidence", "by"), "")
        | {"name": f"and {len(rows) - _SHOWN_APPROVALS:,} more"}
    ]
    return rows[:_SHOWN_APPROVALS] + (more if len(rows) > _SHOWN_APPROVALS else [])


def _folded(lines: list[str]) -> list[str]:
    left = len(lines) - _SHOWN_APPROVALS
    return lines[:_SHOWN_APPROVALS] + ([f"and {left:,} more"] if left > 0 else [])


def _commits(report: Report) -> list[str]:
    revisions = report.revisions
    lines = [
        f"base {revisions.base_name}: {revisions.base}",
        f"merge base: {revisions.merge_base}",
        f"head {revisions.head_name}" + (f": {revisions.head}" if revisions.head else ""),
        f"configuration {report.configuration}; reviewbot {report.reviewbot_version}",
    ]
    if report.catalogue_version:
        lines.append(
            f"prices of genai-prices {report.catalogue_version} as of {report.prices_as_of}"
        )
    return lines


def _command(report: Report) -> Verbatim | None:
    """The command that reproduces this review, made only of characters that are safe in code."""
    head = report.revisions.head
    if head is None or not re.fullmatch(r"[0-9a-f]{40,64}", head):
        return None
    if not re.fullmatch(r"[0-9a-f]{40,64}", report.revisions.base):
        return None
    config = (
        f" --config {report.configuration}"
        if re.fullmatch(r"[\w./-]+", report.configuration, re.ASCII)
        else ""
    )
    return Verbatim(f"reviewbot check --base {report.revisions.base} --head {head}{config}")


def _row(workflow: WorkflowReview) -> dict[str, str]:
    def pair(show: Callable[[Figures], str]) -> str:
        before = "?" if workflow.before is None else show(workflow.before)
        after = "?" if workflow.after is None else show(workflow.after)
        match workflow.state:
            case State.NEW:
                return f"{after} (new)"
            case State.REMOVED:
                return f"{before} (removed)"
            case State.CHANGED:
                return " → ".join(dict.fromkeys((before, after)))

    return {
        "mark": _MARKS[workflow.verdict],
        "name": workflow.name,
        "months": pair(lambda item: wording.usd(item.usd_per_month)),
        "change": wording.changed(workflow),
        "tokens": pair(lambda item: wording.tokens(item.mean_input_tokens)),
    }


def _detail(workflow: WorkflowReview, marks: dict[Verdict, str]) -> dict[str, Any]:
    lines = [
        f"{marks[item.verdict]}: {wording.limit_text(item)}"
        for item in workflow.findings
        if wording.limit_parts(item) is None
    ]
    if len(workflow.causes) > 1:
        lines.append(f"because: {', '.join(wording.cause_texts(workflow))}")
    if workflow.hunks and (len(workflow.hunks) > 1 or workflow.findings):
        lines += [f"costs: {text}" for text in explaining.hunk_texts(workflow)]
    prefix = explaining.prefix_text(workflow.before, workflow.after)
    if prefix is not None and workflow.findings:
        lines.append(f"cacheable prefix: {prefix}")
    lines += [
        f"way back: {explaining.suggestion_text(item)}"
        for item in workflow.ways_back[:_SHOWN_SUGGESTIONS]
    ]
    return {"title": workflow.name, "lines": lines}


def _side_by_side(workflow: WorkflowReview) -> dict[str, str]:
    """A workflow under the governing terms and under the change's own."""

    def judged(figures: Figures | None, findings: tuple[Finding, ...]) -> str:
        if figures is None:
            return "?"
        broken = [wording.limit_text(item) for item in findings if item.limit is not None]
        return "; ".join([f"{wording.usd(figures.usd_per_month)} a month", *broken])

    return {
        "name": workflow.name,
        "governing": judged(workflow.after, workflow.findings),
        "proposed": judged(workflow.proposed, workflow.proposed_findings),
    }


def _assumptions(workflows: list[WorkflowReview]) -> list[str]:
    lines = []
    for workflow in workflows:
        figures = workflow.after or workflow.before
        if figures is None:
            continue
        lines += [f"{workflow.name}: {line}" for line in (*_streams(figures), *figures.notes)]
    return lines


def _streams(figures: Figures) -> list[str]:
    return [
        f"{wording.calls(stream.calls_per_month)} calls a month"
        + (f" for {stream.tenant}" if stream.tenant else "")
        + (f" in {stream.environment}" if stream.environment else "")
        + f", {wording.tokens(stream.output_tokens)} output tokens each"
        + (
            f", {wording.percent(stream.cache_hit_rate)} of the calls find the prefix in the cache"
            if stream.cache_hit_rate
            else ""
        )
        + (
            f", growing by {wording.percent(stream.growth_per_month)} a month"
            if stream.growth_per_month
            else ""
        )
        + f", {stream.service_tier} ({stream.price_source})"
        for stream in figures.streams
    ]
