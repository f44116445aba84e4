"""The review as SARIF 2.1.0 (OASIS, 2020), which code scanning and editors read."""

import json
from typing import Any
from urllib.parse import quote

from reviewbot.outputs.failed_review import FailedReview
from reviewbot.outputs.headline import headline
from reviewbot.outputs.placed_findings import (
    UNMEASURED,
    Lines,
    Result,
    problem_results,
    results,
)
from reviewbot.report import Report, Rule, Verdict

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {
    Verdict.PASS: "note",
    Verdict.WARN: "warning",
    Verdict.NEEDS_APPROVAL: "error",
    Verdict.UNMEASURED: "error",
    Verdict.FAIL: "error",
}
RULES: dict[str, str] = {
    Rule.INPUT_TOKENS: "The input of a call has more tokens than its limit",
    Rule.COST_PER_CALL: "A call costs more than its limit",
    Rule.MONTHLY_COST: "A month of a workflow costs more than its limit",
    Rule.INCREASE: "A month costs more than before by a larger share than its limit",
    Rule.HIGH_COST: "The prompt of a workflow of high cost is changed",
    Rule.REMOVED: "A workflow is removed",
    Rule.MOVED: "The text of a prompt stands elsewhere than the configuration says",
    Rule.LOOSENED: "The change weakens a setting that governs it",
    Rule.UNSEEN: "The change adds text that no sample shows",
    Rule.SUPPLIED: "The change supplies values for its own variables",
    Rule.TEXT_AS_CONDITION: "A sample has a text where a template asks for true or false",
    Rule.TAGS_AS_TEXT: "A prompt that is read as text holds tags of a template language",
    Rule.BEFORE_UNMEASURED: "The state before the change could not be measured",
    Rule.PRICE_PROPOSED: "The change brings the price that it is measured with",
    Rule.DRIFT: "A workflow has grown since its baseline by more than its limit",
    Rule.COMPLEXITY: "A cheaper model tier fits the complexity of a workflow",
    Rule.BUDGET_COST: "A budget's month costs more than its limit",
    Rule.BUDGET_TOKENS: "A budget's month takes more tokens than its limit",
    Rule.BUDGET_UNMEASURED: "A budget holds workflows that could not be measured",
    Rule.NEW_PROMPT: "A new or grown prompt in source code is covered by no workflow",
    Rule.MODEL_IN_CODE: "The code calls another model than before, or than is priced",
    Rule.MERGE_CONFLICT: "Marks of a merge conflict stand in a prompt",
    Rule.EMPTIED: "A prompt has no text any more",
    Rule.REQUEST: "The request has a setting whose cost is not known",
    Rule.USAGE: "Measured traffic is not what is configured, is stale, or cannot be read",
    Rule.UNUSED: "A setting applies to nothing",
    Rule.PRICE_UNIT: "A configured price can hardly be per million tokens",
    Rule.SET_UP: "A workflow file of GitHub Actions runs the review wrongly, or not at all",
    Rule.REPEATED: "A workflow names a prompt twice, and counts it twice",
    UNMEASURED: "A workflow could not be rendered, counted or priced",
}
"""What each rule says, for lists of rules; the results say it with figures."""


def render_sarif(report: Report) -> str:
    """The review as one run of SARIF in ASCII, with a line break at its end."""
    return _log(report, results(report), headline(report))


def render_failed_sarif(failed: FailedReview) -> str:
    """Why there is no review: a result for each problem."""
    found = problem_results(failed.configuration, failed.problems)
    return _log(failed, found, "there is no review")


def _log(of: Report | FailedReview, found: tuple[Result, ...], said: str) -> str:
    run = {
        "tool": {"driver": _driver(of.reviewbot_version, found)},
        "automationDetails": {"id": f"reviewbot/{quote(_bytes(of.configuration))}/"},
        "invocations": [
            {
                "executionSuccessful": of.verdict is not Verdict.UNMEASURED,
                "properties": {"verdict": of.verdict.value, "headline": said},
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(item) for item in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _driver(version: str, found: tuple[Result, ...]) -> dict[str, Any]:
    used = {item.rule for item in found}
    return {
        "name": "reviewbot",
        "version": version,
        "rules": [
            {"id": str(rule), "shortDescription": {"text": f"{text}."}}
            for rule, text in RULES.items()
            if rule in used
        ],
    }


def _result(result: Result) -> dict[str, Any]:
    first, *others = result.places
    shown: dict[str, Any] = {
        "ruleId": str(result.rule),
        "level": "note" if result.settled else _LEVELS[result.verdict],
        "message": {"text": _unlinked(result.text)},
        "locations": [_location(first)],
        "partialFingerprints": {"reviewbot/v1": result.fingerprint},
        "properties": {"verdict": result.verdict.value, "approved": result.settled},
    }
    if others:
        shown["relatedLocations"] = [
            {"id": number} | _location(item) for number, item in enumerate(others, start=1)
        ]
    return shown


def _location(lines: Lines) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(_bytes(lines.file)), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": lines.first, "endLine": max(lines.first, lines.last)},
        }
    }


def _unlinked(text: str) -> str:
    """The text without what SARIF takes for a link (section 3.11.6): `[words](target)`."""
    return text.replace("](", "] (")


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
