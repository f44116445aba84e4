"""The rows, lines and sentences that fill the template of the Markdown report."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewbot.configuration import DEFAULT_FILE
from reviewbot.outputs import approvals, explaining, wording
from reviewbot.outputs.broken_budgets import broken_budgets
from reviewbot.outputs.causes import cause_columns
from reviewbot.outputs.changed_month import amount_text
from reviewbot.outputs.changed_places import changed_places
from reviewbot.outputs.grouped_workflows import group_name
from reviewbot.outputs.headline import compares_nothing, is_unlimited, reason, verdict_words
from reviewbot.outputs.markdown import approval, causes, folded, table
from reviewbot.outputs.markdown.also import also
from reviewbot.outputs.markdown.inert import Verbatim, prose, within_line, within_line_prose
from reviewbot.outputs.markdown.links import Links, Site
from reviewbot.outputs.measured import measured_text
from reviewbot.outputs.over_before import (
    limits_to_raise,
    over_before,
    ways_beside,
    ways_out,
)
from reviewbot.outputs.proposed_limits import proposed_limits
from reviewbot.outputs.review_table import (
    MonthRow,
    budget_rows,
    is_within,
    total_rows,
    workflow_rows,
)
from reviewbot.outputs.sentences import advisory_sentence, capital
from reviewbot.outputs.shared_findings import FoldedWorkflows, SharedFindings, folded_workflows
from reviewbot.outputs.unmeasured import grouped
from reviewbot.report import Report, Suggestion, Verdict, WorkflowReview

_SHOWN_ACTIONS = 3
_SHOWN_SUGGESTIONS = 5
_SHOWN_MEASURED = 5

LISTS = (
    *("problems", "reasons", "more_reasons", "unmeasured", "rows", "causes", "actions", "also"),
    *("measured", "more_measured", "over_before"),
    *(
        "passing",
        "alike",
        "more_causes",
        "why",
        "suggestions",
        "bound",
        "given",
        "budgets",
        "months",
    ),
    *("new_prompts", "uncovered", "assumptions", "notes"),
)
"""The lists among the values that may be shortened."""


def template_values(report: Report, site: Site, problems: tuple[str, ...]) -> dict[str, Any]:
    """All that the template needs; `problems` say what could not be done beside the review."""
    links = Links(site=site, head=report.revisions.head, missing=_missing(report))
    ordered = wording.by_severity(report)
    passing = [item for item in ordered if is_within([*workflow_rows([item])])]
    if report.verdict is Verdict.PASS:
        passing = folded.folded_passing(passing)
    alike = folded_workflows(SharedFindings(report), ordered)
    folded_names = {item.name for item in (*passing, *(alike.workflows if alike else ()))}
    open_ = [item for item in ordered if item.name not in folded_names]
    return {
        **_top(report, links),
        "advisory": prose(advisory_sentence(report)) if report.advisory else None,
        "problems": problems,
        **_approval(report, links),
        "fails": report.verdict is Verdict.FAIL,
        "unmeasured": [*_problems(ordered, links)],
        "rows": table.table_rows(_rows(report, open_), links),
        "alike": table.table_rows(workflow_rows(alike.workflows if alike else ()), links),
        "alike_title": _alike_title(alike) if alike else None,
        "passing": table.table_rows(workflow_rows(passing), links),
        "passing_title": folded.passing_title(passing),
        **_measured(open_, [item for item in ordered if item.name in folded_names]),
        **_why(report, ordered, links),
        **_suggestions(report, ordered, links),
        "also": [*also(report, ordered, links)],
        "own_limits": prose(own_limits) if (own_limits := proposed_limits(report)) else None,
        "notes": [prose(f"{note}.") for note in report.notes],
        "budgets": folded.budget_rows(report),
        "month": explaining.month_text(report.month) if report.month else None,
        "months_note": explaining.breakdown_note(report),
        "months": folded.month_rows(report),
        "new_prompts": folded.new_prompts(report, links),
        "uncovered": folded.uncovered(report, links),
        "assumptions": folded.assumptions(ordered),
        "commits": folded.commits(report, links),
        "command": folded.command(report),
        "left": None,
    }


def _rows(report: Report, shown: list[WorkflowReview]) -> Iterator[MonthRow]:
    yield from workflow_rows(shown)
    yield from budget_rows(report)
    yield from total_rows(report)


def _top(report: Report, links: Links) -> dict[str, Any]:
    """The mark, the sentence, and the line below it: verdict, amount, commit and links."""
    sentence = reason(report)
    if compares_nothing(report):
        sentence = f"Nothing compared: {sentence}"
    elif report.verdict is Verdict.PASS:
        sentence = capital(sentence)
    if report.verdict is Verdict.NEEDS_APPROVAL:
        sentence = f"Needs approval: {sentence}"
    revisions = report.revisions
    head = links.commit(revisions.head) if revisions.head else within_line(revisions.head_name)
    base = f"{within_line(revisions.base_name)} {links.commit(revisions.base)}"
    policy = report.configuration if report.configuration != DEFAULT_FILE else None
    parts = [
        f"**reviewbot: {verdict_words(report)}**",
        within_line(amount_text(report)),
        f"commit {head} against {base}",
        links.lines(policy) if policy else "",
        links.run() or "",
        links.documentation("how to read this", "reports.md") or "",
    ]
    return {
        "base": within_line(revisions.base_name),
        "mark": _mark(report),
        "sentence": prose(sentence),
        "below": Verbatim(" · ".join(filter(None, parts))),
    }


def _mark(report: Report) -> str:
    if compares_nothing(report):
        return "➖"
    if report.verdict is Verdict.PASS and is_unlimited(report):
        return "ℹ️"
    return "🤝" if report.approved else table.MARKS[report.verdict]


def _approval(report: Report, links: Links) -> dict[str, Any]:
    found = approval.reasons(report, links)
    shown = 0 if report.approved else approval.SHOWN_REASONS
    return {
        "reasons": found[:shown],
        "more_reasons": found[shown:],
        "who": None if report.evidence is None else prose(approvals.who_may(report)),
        "bound": approval.bound_items(report),
        "given": approval.given(report, links),
    }


def _measured(open_: list[WorkflowReview], folded_: list[WorkflowReview]) -> dict[str, Any]:
    """What was measured of each workflow; in the open only beside rows that are in the open."""
    shown, folded_lines = (
        [
            within_line_prose(f"{item.name}: {text}")
            for item in items
            if (text := measured_text(item)) is not None
        ]
        for items in (open_, folded_)
    )
    return {
        "measured": shown[:_SHOWN_MEASURED],
        "more_measured": [*shown[_SHOWN_MEASURED:], *folded_lines],
    }


def _why(report: Report, ordered: list[WorkflowReview], links: Links) -> dict[str, Any]:
    """The places that change the month most, and the causes of every workflow that changes."""
    lines = [causes.place_line(item, report, links) for item in changed_places(report)]
    before = [
        within_line_prose(f"{item.name}: {text}; {ways_out(report, item)}")
        for item in ordered
        if (text := over_before(report, item)) is not None
    ]
    changing = [item for item in ordered if item.causes]
    columns = cause_columns(changing)
    return {
        "over_before": before,
        "causes": lines[: causes.SHOWN_PLACES],
        "more_causes": lines[causes.SHOWN_PLACES :],
        "columns": list(columns),
        "why": [causes.cause_row(item, columns) for item in changing],
    }


def _suggestions(report: Report, ordered: list[WorkflowReview], links: Links) -> dict[str, Any]:
    """One action for each workflow or budget over a limit, how limits may be raised, and more."""
    acted = [(item, ways_beside(report, item)) for item in ordered]
    acted = [(item, out) for item, out in acted if item.ways_back or str(out)]
    broken = [(item.title, item.ways) for item in broken_budgets(report)]
    is_one = len(acted) + len(broken) == 1
    actions = []
    more: dict[str, list[tuple[WorkflowReview, Suggestion]]] = {}
    firsts: dict[tuple[str, str | None], list[tuple[WorkflowReview, Suggestion]]] = {}
    for workflow, out in acted:
        ways = workflow.ways_back[:_SHOWN_SUGGESTIONS]
        best = explaining.first_suggestion(ways) if ways else None
        if best is not None:
            firsts.setdefault((explaining.suggestion_key(best), out.cut), []).append(
                (workflow, best)
            )
        elif out.cut is not None:
            actions.append(Verbatim(f"{_whose([workflow], is_one=is_one)}{prose(out.cut)}"))
        for item in ways:
            if item is not best:
                more.setdefault(explaining.suggestion_key(item), []).append((workflow, item))
    for (_, cut), same in firsts.items():
        whose = _whose([workflow for workflow, _ in same], is_one=len(firsts) == 1 or is_one)
        or_cut = "" if cut is None else f"; or {prose(cut)}"
        said = _suggestion([way for _, way in same], links)
        actions.append(Verbatim(f"{whose}{said}{or_cut}"))
    others = [
        Verbatim(
            f"{_whose([workflow for workflow, _ in same], is_one=is_one)}"
            f"{_suggestion([way for _, way in same], links)}"
        )
        for same in more.values()
    ]
    cuts = [prose(f"{title}: {out.cut}") for title, out in broken if out.cut is not None]
    actions = [*cuts, *actions]
    limits = []
    for limit in limits_to_raise([*((item.name, out) for item, out in acted), *broken]):
        whose = "" if is_one else f"{within_line(group_name(limit.names))}: "
        limits.append(Verbatim(f"{whose}{links.within(limit.text, limit.file, limit.line)}"))
    return {
        "actions": [*actions[:_SHOWN_ACTIONS], *limits[:_SHOWN_ACTIONS]],
        "suggestions": [*actions[_SHOWN_ACTIONS:], *limits[_SHOWN_ACTIONS:], *others],
    }


def _whose(workflows: Sequence[WorkflowReview], *, is_one: bool) -> str:
    if is_one and len(workflows) == 1:
        return ""
    return f"{within_line(group_name(tuple(item.name for item in workflows)))}: "


def _suggestion(ways: Sequence[Suggestion], links: Links) -> Verbatim:
    """One suggestion for one workflow, or the same for several."""
    text = explaining.shared_suggestion_text(ways)
    return links.within(text, ways[0].file, ways[0].first_line)


def _problems(ordered: list[WorkflowReview], links: Links) -> Iterator[Verbatim]:
    for item in grouped((one.name, why) for one in ordered for why in one.problems):
        problem = item.problem
        place = f"{links.place(problem.place)}: " if problem.place else ""
        what = within_line_prose(problem.what)
        mend = within_line_prose(f"{problem.mend}")
        yield Verbatim(f"**{within_line(item.whose)}**: {place}{what}. *Mend:* {mend}.")


def _alike_title(alike: FoldedWorkflows) -> Verbatim:
    return Verbatim(f"{table.MARKS[alike.verdict]} {within_line(alike.title)}")


def _missing(report: Report) -> frozenset[str]:
    """Files of workflows that the head does not hold any more."""
    gone = [item for item in report.workflows if item.after is None and not item.problems]
    return frozenset(file for item in gone for file in item.files)
