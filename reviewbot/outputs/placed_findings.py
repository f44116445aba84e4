"""The findings of a review one by one, each at its lines: what outputs for other programs list."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.outputs import explaining, wording
from reviewbot.outputs.broken_budgets import BrokenBudget, broken_budgets
from reviewbot.outputs.shared_findings import SharedFindings
from reviewbot.report import Finding, Report, Verdict, WorkflowReview

UNMEASURED = "unmeasured"
"""The rule of what could not be rendered, counted or priced."""

_MOST_PLACES = 20
"""Places of one result; a change of many samples has a hundred more."""


class Lines(Struct, frozen=True, kw_only=True):
    """Lines of a file, counted from 1; a file without lines is meant as a whole."""

    file: str
    first: int = 1
    last: int = 1


class Result(Struct, frozen=True, kw_only=True):
    """One finding in words, at the lines that cause it; the first place is the costliest.

    `fingerprint` stays the same while other lines move and figures change, so that a program that
    keeps results knows this one again. `settled` says that somebody has approved it.
    """

    rule: str
    verdict: Verdict
    settled: bool
    text: str
    places: tuple[Lines, ...]
    fingerprint: str


def results(report: Report) -> tuple[Result, ...]:
    """Every finding and every problem of a review, the most severe workflow first."""
    seen: Counter[str] = Counter()
    return tuple(_numbered(item, seen) for item in _results(report))


def problem_results(configuration: str, problems: Iterable[Problem]) -> tuple[Result, ...]:
    """A result for each reason why there is no review."""
    seen: Counter[str] = Counter()
    found = (_of_problem(configuration, item, "", Verdict.UNMEASURED) for item in problems)
    return tuple(_numbered(item, seen) for item in found)


def _results(report: Report) -> Iterator[Result]:
    shared = SharedFindings(report)
    for workflow in wording.by_severity(report):
        for problem in workflow.problems:
            yield _of_problem(report.configuration, problem, workflow.name, Verdict.UNMEASURED)
        for finding in shared.beside(workflow):
            yield _of_finding(report, finding, workflow)
    broken = [*broken_budgets(report)]
    for item in shared.everything(report):
        result = _of_finding(report, item.finding, None, item.whose)
        budget = next((one for one in broken if item.finding in one.findings), None)
        yield result if budget is None else _of_budget(result, budget)
    for problem in report.unmeasured:
        yield _of_problem(report.configuration, problem, "", Verdict.WARN)


def _of_problem(configuration: str, problem: Problem, name: str, verdict: Verdict) -> Result:
    place = problem.place
    at = Lines(file=configuration)
    if place is not None:
        at = Lines(file=place.file, first=place.line or 1, last=place.line or 1)
    says = f"{problem.what}; {problem.mend}"
    key = (place.key or place.file) if place else ""
    return Result(
        rule=UNMEASURED,
        verdict=verdict,
        settled=False,
        text=wording.plain(f"{name}: {says}" if name else says),
        places=(at,),
        fingerprint=_digest(configuration, name, UNMEASURED, key),
    )


def _of_finding(
    report: Report, finding: Finding, workflow: WorkflowReview | None, whose: str = ""
) -> Result:
    name = workflow.name if workflow else ""
    place = finding.place
    is_limit = finding.limit is not None
    text = f"{wording.limit_text(replace(finding, place=None))}{whose}"
    places: list[Lines] = []
    if place is not None:
        places.append(Lines(file=place.file, first=place.line or 1, last=place.line or 1))
    if workflow is not None:
        caused = _caused(workflow)
        places = [*caused, *places] if is_limit else [*places, *caused]
        text = f"{wording.plain(name)}: {text}"
    if is_limit and workflow is not None:
        text += "".join(f". {more}" for more in _explained(workflow))
    key = (place.key or place.file) if place and not is_limit else ""
    parts = (finding.rule, finding.statistic or "", finding.bound or "", key)
    return Result(
        rule=finding.rule,
        verdict=finding.verdict,
        settled=report.approved and finding.verdict is Verdict.NEEDS_APPROVAL,
        text=text,
        places=tuple(dict.fromkeys(places))[:_MOST_PLACES] or (Lines(file=report.configuration),),
        fingerprint=_digest(report.configuration, name, *parts),
    )


def _of_budget(result: Result, budget: BrokenBudget) -> Result:
    """The result at the lines by which the change breaks the budget, with what to do."""
    places = [place for workflow in budget.workflows for place in _caused(workflow)]
    return replace(
        result,
        text=f"{result.text}. Try: {budget.ways}" if str(budget.ways) else result.text,
        places=tuple(dict.fromkeys(places))[:_MOST_PLACES] or result.places,
    )


def _caused(workflow: WorkflowReview) -> list[Lines]:
    """The changed lines of a workflow, the costliest first; without them its changed files."""
    by_cost = sorted(workflow.hunks, key=lambda item: -(item.usd_per_month or Decimal(0)))
    lines = [Lines(file=it.file, first=it.first_line, last=it.last_line) for it in by_cost]
    return lines or [Lines(file=file) for file in workflow.files]


def _explained(workflow: WorkflowReview) -> Iterator[str]:
    """The lines that add most, and the first suggestion that is enough."""
    measured = [item for item in workflow.hunks if item.usd_per_month]
    if measured:
        worst = max(measured, key=lambda item: item.usd_per_month or 0)
        yield f"Cause: {explaining.hunk_text(worst)}"
    enough = next((item for item in workflow.ways_back if item.fits), None)
    if enough is not None:
        yield f"Try: {explaining.suggestion_text(enough)}"


def _numbered(result: Result, seen: Counter[str]) -> Result:
    """The result with a fingerprint that no other one of this review has."""
    first = result.fingerprint
    seen[first] += 1
    if seen[first] == 1:
        return result
    return replace(result, fingerprint=_digest(first, str(seen[first])))


def _digest(*parts: str) -> str:
    text = "\0".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()
