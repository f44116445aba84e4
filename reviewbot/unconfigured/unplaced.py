"""A review without a configuration names no line of the one that was only proposed."""

import re
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from reviewbot.errors import Place, Problem
from reviewbot.outputs.wording import named
from reviewbot.report import Finding, Report, WorkflowReview

_NAMED = 3
_UPDATE = "`reviewbot init --update`"
_INIT = "`reviewbot init`"


def unplaced(report: Report, file: str) -> Report:
    """The report without places in `file`, which is not there, and without mends of it."""
    said = _without(file)
    return replace(
        report,
        workflows=tuple(_workflow(item, file, said) for item in report.workflows),
        findings=tuple(_finding(item, file, said) for item in report.findings),
        unmeasured=tuple(unplaced_problem(item, file) for item in report.unmeasured),
        notes=tuple(map(said, report.notes)),
    )


def unplaced_problem(problem: Problem, file: str) -> Problem:
    """The problem without a place in `file`."""
    said = _without(file)
    return Problem(
        what=said(problem.what), mend=said(problem.mend), place=_place(problem.place, file)
    )


def told_together(problems: Iterable[tuple[str, Problem]]) -> list[Problem]:
    """Problems of workflows, each with the names of all that have it in the same words."""
    found: dict[tuple[str, str], list[tuple[str, Place | None]]] = {}
    for name, problem in problems:
        found.setdefault((problem.what, problem.mend), []).append((name, problem.place))
    return [
        Problem(
            what=f"{_whose([name for name, _ in having])}: {what}",
            mend=mend,
            place=having[0][1] if len({place for _, place in having}) == 1 else None,
        )
        for (what, mend), having in found.items()
    ]


def _whose(names: list[str]) -> str:
    shown = named(names, _NAMED)
    return shown if len(names) == 1 else f"{len(names):,} workflows ({shown})"


def _workflow(item: WorkflowReview, file: str, said: Callable[[str], str]) -> WorkflowReview:
    return replace(
        item,
        findings=tuple(_finding(it, file, said) for it in item.findings),
        proposed_findings=tuple(_finding(it, file, said) for it in item.proposed_findings),
        problems=tuple(unplaced_problem(it, file) for it in item.problems),
    )


def _finding(item: Finding, file: str, said: Callable[[str], str]) -> Finding:
    return replace(item, text=said(item.text), place=_place(item.place, file))


def _place(place: Place | None, file: str) -> Place | None:
    return None if place is None or place.file == file else place


def _without(file: str) -> Callable[[str], str]:
    pattern = re.compile(rf" \({re.escape(file)}:\d{{1,9}}\)|{re.escape(file)}:\d{{1,9}}: ")
    return lambda text: pattern.sub("", text).replace(_UPDATE, _INIT)
