"""The sentences, rows and bars that fill the template of the page."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from reviewbot.outputs import approvals, explaining, wording
from reviewbot.outputs.also import also_line
from reviewbot.outputs.broken_budgets import broken_budgets
from reviewbot.outputs.changed_month import amount_text
from reviewbot.outputs.grouped_workflows import group_name
from reviewbot.outputs.headline import (
    WORDS,
    ApprovalReason,
    approval_reasons,
    brief,
    compares_nothing,
    leading,
    reason,
    verdict_words,
)
from reviewbot.outputs.html import causes, charts
from reviewbot.outputs.measured import measured_text
from reviewbot.outputs.new_prompts import new_prompt_name, new_prompt_size, uncovered_file_size
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
    by_subject,
    holds_nothing,
    is_within,
    total_rows,
    workflow_rows,
)
from reviewbot.outputs.sentences import advisory_sentence, capital
from reviewbot.outputs.shared_findings import SharedFindings, folded_workflows
from reviewbot.outputs.unmeasured import grouped
from reviewbot.report import Report, Suggestion, Verdict, WorkflowReview

MARKS = {
    Verdict.PASS: "✓",
    Verdict.WARN: "⚠",
    Verdict.NEEDS_APPROVAL: "✋",
    Verdict.UNMEASURED: "?",
    Verdict.FAIL: "✗",
}
_OPEN_ROWS = 12
"""Rows of a table that are shown; the others are folded."""

Line = dict[str, str]


def template_values(report: Report) -> dict[str, Any]:
    """All that the template needs."""
    ordered = wording.by_severity(report)
    return {
        "verdict": report.verdict,
        "word": verdict_words(report),
        "mark": "–" if compares_nothing(report) else MARKS[report.verdict],
        "sentence": _pieces(_capital(report, reason(report))),
        "amount": amount_text(report),
        "compared": _compared(report),
        "advisory": _pieces(advisory_sentence(report)) if report.advisory else None,
        "reasons": [_reason(item) for item in approval_reasons(report)],
        "who": _pieces(approvals.who_may(report)) if report.evidence else None,
        "items": [_item(item) for item in approvals.items(report)],
        "given": [wording.plain(line) for line in approvals.given(report)],
        "unmeasured": _unmeasured(report, ordered),
        "open_rows": _OPEN_ROWS,
        **_months(report, ordered),
        "own_limits": _pieces(own_limits) if (own_limits := proposed_limits(report)) else None,
        "over_before": [*_over_before(report, ordered)],
        "places": causes.place_rows(report),
        **causes.cause_rows(ordered),
        **_tokens(ordered),
        "budgets": _budgets(report),
        "suggestions": _suggestions(report, ordered),
        "measured": _measured(ordered),
        "also": _also(report, ordered),
        "total": explaining.month_text(report.month) if report.month else None,
        "slices": _slices(report),
        "uncovered": _uncovered(report),
        "notes": _notes(report, ordered),
    }


def _capital(report: Report, sentence: str) -> str:
    """A sentence of our own begins with a capital; a workflow's name stays as it is."""
    is_ours = report.verdict is Verdict.PASS and not compares_nothing(report)
    return capital(sentence) if is_ours else sentence


def _compared(report: Report) -> str:
    revisions = report.revisions
    head = f" {wording.short(revisions.head)}" if revisions.head else ""
    base = f"{revisions.base_name} {wording.short(revisions.base)}"
    return wording.plain(f"{revisions.head_name}{head} against {base}, {report.configuration}")


def _reason(reason: ApprovalReason) -> dict[str, Any]:
    finding = reason.finding
    place = finding.place
    where = f"{place.file}:{place.line}" if place and place.line else place.file if place else ""
    text = wording.limit_text(finding) if place is None else brief(finding)
    return _line(where or reason.name or "", f"{text}{reason.whose}")


def _line(where: str, text: str) -> dict[str, Any]:
    return {"where": wording.plain(where), "text": _pieces(text)}


def _pieces(text: str) -> list[dict[str, Any]]:
    """A sentence in pieces, of which those between backticks are code."""
    return [
        {"is_code": bool(number % 2), "text": piece}
        for number, piece in enumerate(re.split(r"`([^`]*)`", wording.plain(text)))
        if piece
    ]


def _item(item: approvals.Item) -> Line:
    by = ", ".join(item.by) or "nobody yet"
    return {"name": wording.plain(item.name), "evidence": item.evidence, "by": wording.plain(by)}


def _unmeasured(report: Report, ordered: Sequence[WorkflowReview]) -> list[dict[str, Any]]:
    pairs = ((item.name, problem) for item in ordered for problem in item.problems)
    found = [_line(item.whose, str(item.problem)) for item in grouped(pairs)]
    return found + [_line("", str(problem)) for problem in report.unmeasured]


def _months(report: Report, ordered: Sequence[WorkflowReview]) -> dict[str, Any]:
    """The rows of the months; those of which there are many alike by themselves."""
    alike = folded_workflows(SharedFindings(report), ordered)
    names = {item.name for item in alike.workflows} if alike else set()
    rows = [*workflow_rows([item for item in ordered if item.name not in names])]
    rows += budget_rows(report)
    folded = [*workflow_rows(alike.workflows)] if alike else []
    totals = [*total_rows(report)]
    amounts = [amount for row in rows + folded for amount in (row.before_usd, row.after_usd)]
    most = charts.most_of(amounts)
    subjects = by_subject(rows)
    is_long = len(rows) > _OPEN_ROWS
    within = [item for item in subjects if is_long and is_within(item)]
    shown = [item for item in subjects if not (is_long and is_within(item))]
    return {
        "months": [_month(row, most) for row in chain.from_iterable(shown)]
        + [_month(row, None) for row in totals],
        "alike": [_month(row, most) for row in folded],
        "alike_text": alike.title if alike else "",
        "alike_verdict": alike.verdict if alike else "",
        "alike_mark": MARKS[alike.verdict] if alike else "",
        "within": [_month(row, most) for row in chain.from_iterable(within)],
        "within_text": f"{len(within):,} within all limits",
    }


def _month(row: MonthRow, most: Decimal | None) -> dict[str, Any]:
    """A row of the months; `most` is what the longest bar stands for, None in a row of totals."""
    return {
        "mark": "·" if holds_nothing(row) else MARKS[row.verdict] if row.verdict else "",
        "verdict": "" if holds_nothing(row) else row.verdict or "",
        "word": WORDS[row.verdict] if row.verdict and not holds_nothing(row) else "",
        "name": wording.plain(row.name) or "↳ with its own settings",
        "is_total": most is None,
        "before": row.before,
        "after": row.after,
        "is_rounded": row.is_rounded,
        "change": row.change,
        "grows": causes.direction(row.before_usd, row.after_usd),
        "limits": [f"{item.name}: {item.excess}" for item in row.broken] or [row.limit],
        "bars": charts.month_bars(row.before_usd, row.after_usd, most) if most is not None else [],
    }


def _over_before(report: Report, ordered: Sequence[WorkflowReview]) -> Iterator[dict[str, Any]]:
    """The workflows that were over a limit before, and what can be done about it."""
    for item in ordered:
        if (text := over_before(report, item)) is not None:
            yield _line(item.name, f"{text}; {ways_out(report, item)}")


def _tokens(ordered: Sequence[WorkflowReview]) -> dict[str, Any]:
    """Where the tokens of each workflow's largest call are."""
    known = [(item.name, item.after) for item in ordered if item.after and item.after.samples]
    counts = {name: charts.largest_sample(figures).input_tokens for name, figures in known}
    most = max(counts.values(), default=0)
    known.sort(key=lambda pair: (-counts[pair[0]], pair[0]))
    rows = [
        {
            "name": wording.plain(name),
            "tokens": f"{counts[name]:,}",
            "parts": ", ".join(charts.token_texts(figures)),
            "bars": charts.token_bars(figures, most),
        }
        for name, figures in known
    ]
    return {"tokens": rows, "legend": list(charts.TOKEN_PARTS)}


def _budgets(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "mark": MARKS[item.verdict],
            "verdict": item.verdict,
            "word": WORDS[item.verdict],
            "name": wording.plain(item.name),
            "months": [
                {**chart, "text": text}
                for chart, text in zip(
                    charts.budget_charts(item), explaining.budget_months(item), strict=True
                )
            ],
            "crossings": "; ".join(explaining.budget_crossings(item)),
        }
        for item in report.budgets
    ]


def _suggestions(report: Report, ordered: Sequence[WorkflowReview]) -> list[dict[str, Any]]:
    """What would save, what each workflow would have to lose, and how limits may be raised."""
    beside = [(item, ways_beside(report, item)) for item in ordered]
    broken = [(item.title, item.ways) for item in broken_budgets(report)]
    limits = limits_to_raise([*((item.name, out) for item, out in beside), *broken])
    shared: dict[str, list[tuple[str, Suggestion]]] = {}
    for item, _ in beside:
        for way in item.ways_back:
            shared.setdefault(explaining.suggestion_key(way), []).append((item.name, way))
    return [
        *(_line(title, out.cut) for title, out in broken if out.cut is not None),
        *(
            _line(
                group_name(tuple(name for name, _ in same)),
                explaining.shared_suggestion_text([way for _, way in same]),
            )
            for same in shared.values()
        ),
        *(_line(item.name, out.cut) for item, out in beside if out.cut is not None),
        *(_line(group_name(limit.names), limit.text) for limit in limits),
    ]


def _measured(ordered: Sequence[WorkflowReview]) -> list[dict[str, Any]]:
    texts = ((item.name, measured_text(item)) for item in ordered)
    return [_line(name, text) for name, text in texts if text is not None]


def _also(report: Report, ordered: Sequence[WorkflowReview]) -> list[dict[str, Any]]:
    """The findings that are no broken limit and need no approval."""
    named = [(item.name, finding) for item in ordered for finding in item.findings]
    named += [("", finding) for finding in report.findings]
    first = leading(report)
    return [
        _line(name, text)
        for name, finding in named
        if finding.verdict is not Verdict.NEEDS_APPROVAL and wording.limit_parts(finding) is None
        if (text := also_line(finding, first)) is not None
    ]


def _slices(report: Report) -> list[Line]:
    return [
        {
            "by": item.dimension,
            "name": explaining.breakdown_name(item),
            "month": explaining.month_text(item.month),
            "tokens": wording.tokens_per_month(item.month.after_tokens),
        }
        for item in explaining.shown_breakdown(report)
    ]


def _uncovered(report: Report) -> list[Line]:
    new = sorted(report.new_prompts, key=lambda item: -item.tokens)
    files = sorted(report.unowned, key=lambda item: not item.changed)
    found = [(new_prompt_name(item), f": {new_prompt_size(item)}") for item in new]
    found += [
        (item.path, "" if item.tokens is None else f": {uncovered_file_size(item)}")
        for item in files
    ]
    return [{"where": wording.plain(name), "size": wording.plain(size)} for name, size in found]


def _notes(report: Report, ordered: Sequence[WorkflowReview]) -> list[str]:
    figures = [item.after or item.before for item in ordered]
    notes = [f"{note}." for note in report.notes]
    notes += [note for item in figures if item is not None for note in item.notes]
    if report.catalogue_version:
        prices = f"genai-prices {report.catalogue_version} as of {report.prices_as_of}"
        notes.append(f"Prices of {prices}; reviewbot {report.reviewbot_version}.")
    return [wording.plain(note) for note in dict.fromkeys(notes)]
