"""The review as a Code Quality report of GitLab, which marks the lines of a merge request.

The keys are those of GitLab's documentation, "Code Quality", "Code Quality report format".
"""

import json
from typing import Any

from reviewbot.outputs.failed_review import FailedReview
from reviewbot.outputs.placed_findings import Result, problem_results, results
from reviewbot.outputs.wording import plain
from reviewbot.report import Report, Verdict

_SEVERITIES = {
    Verdict.PASS: "info",
    Verdict.WARN: "minor",
    Verdict.NEEDS_APPROVAL: "major",
    Verdict.UNMEASURED: "critical",
    Verdict.FAIL: "critical",
}


def render_gitlab(report: Report) -> str:
    """One JSON object for each finding, in ASCII, and a line break; an empty list is a pass."""
    return _issues(results(report))


def render_failed_gitlab(failed: FailedReview) -> str:
    """Why there is no review: an object for each problem."""
    return _issues(problem_results(failed.configuration, failed.problems))


def _issues(found: tuple[Result, ...]) -> str:
    return json.dumps([_issue(item) for item in found], indent=2) + "\n"


def _issue(result: Result) -> dict[str, Any]:
    lines = result.places[0]
    return {
        "description": result.text,
        "check_name": f"reviewbot/{result.rule}",
        "fingerprint": result.fingerprint,
        "severity": "info" if result.settled else _SEVERITIES[result.verdict],
        "location": {"path": _readable(lines.file), "lines": {"begin": lines.first}},
    }


def _readable(path: str) -> str:
    """The path as git has it; bytes that are no UTF-8, which JSON cannot hold, as escapes."""
    return path if path.isprintable() else plain(path)
