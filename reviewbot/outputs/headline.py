"""The review in one sentence, for the top or the end of every output for people."""

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.outputs import wording
from reviewbot.outputs.changed_month import amount_text
from reviewbot.outputs.new_prompts import unseen_prompts
from reviewbot.outputs.sentences import cut
from reviewbot.outputs.shared_findings import SharedFindings
from reviewbot.report import Finding, Report, Rule, Verdict, WorkflowReview

WORDS = {
    Verdict.PASS: "pass",
    Verdict.WARN: "warn",
    Verdict.NEEDS_APPROVAL: "needs approval",
    Verdict.UNMEASURED: "unmeasured",
    Verdict.FAIL: "fail",
}
"""The verdicts as people read them."""

_OF_PLACES = {Rule.REMOVED, Rule.MOVED}
"""Rules that fail without a limit."""

_APPROVAL_FIRST = (Rule.LOOSENED, Rule.REMOVED, Rule.REQUEST)
"""What weakens the gate itself is the first reason for an approval."""

_MONEY_FIRST = (Rule.MONTHLY_COST, Rule.BUDGET_COST, Rule.COST_PER_CALL, Rule.INCREASE)
"""Of the limits that are broken, the one in money a month says most."""

_AS_EXPECTED = " (the base's value was used in this review)"


def headline(report: Report) -> str:
    """The review in one sentence of about two lines: verdict, why, and the amount.

    A reason that is longer is cut; the findings tell all of it.
    """
    parts = [reason(report), _together(report)]
    if report.approved and report.verdict is Verdict.WARN:
        parts.append(_approved(report))
    said = _sentence(report, parts)
    beyond = len(said) - _TWO_LINES
    return said if beyond <= 0 else _sentence(report, [reason(report, beyond), *parts[1:]])


def _sentence(report: Report, parts: list[str]) -> str:
    said = f"{verdict_words(report)}: {'; '.join(filter(None, parts))}"
    return said if said.endswith("…") else f"{said}."


_TWO_LINES = 148
"""Characters of two lines of a terminal, behind the name of the program, where words are whole."""


def verdict_words(report: Report) -> str:
    """The verdict as people read it; where nothing was compared, nothing has passed."""
    return "nothing compared" if compares_nothing(report) else WORDS[report.verdict]


def compares_nothing(report: Report) -> bool:
    """Whether base and head are one commit, so that no change was looked at."""
    return (
        report.verdict is Verdict.PASS
        and not report.workflows
        and not report.unmeasured
        and report.revisions.head == report.revisions.base
    )


def is_unlimited(report: Report) -> bool:
    """Whether no limit is set for what changed, so that passing says nothing of its cost."""
    is_limited = report.budgets or any(item.limited for item in report.workflows)
    return bool(report.workflows) and not is_limited


def _together(report: Report) -> str:
    """The month before and after, with the number of workflows where it is that of several."""
    amount = amount_text(report)
    measured = sum(item.change_usd_per_month is not None for item in report.workflows)
    return f"{measured:,} workflows together {amount}" if amount and measured > 1 else amount


def reason(report: Report, beyond: int = 0) -> str:
    """Why the verdict is what it is: the worst finding, and how many more there are.

    Of the first, so many characters are `beyond` what there is room for.
    """
    found = [_in_short(name, finding) for name, finding in _said(report)]
    match report.verdict:
        case Verdict.PASS:
            return _why_passed(report)
        case Verdict.UNMEASURED:
            found = [
                f"{wording.plain(item.name)} cannot be measured: {_where(item)}"
                for item in wording.by_severity(report)
                if item.verdict is Verdict.UNMEASURED
            ]
            one, several = "cannot be measured", "cannot be measured"
        case Verdict.FAIL:
            one, several = "is over a hard limit", "are over a hard limit"
            if any(item.rule in _OF_PLACES for each in report.workflows for item in each.findings):
                one, several = "reason", "reasons"
        case Verdict.NEEDS_APPROVAL | Verdict.WARN:
            one, several = "reason", "reasons"
    left = len(found) - 1
    if left < 1:
        return cut("".join(found) or _beside(report), beyond)
    return f"{cut(found[0], beyond)}; {left:,} more {one if left == 1 else several}"


def leading(report: Report) -> Finding | None:
    """The finding that the sentence which `reason` gives begins with; None where it has none."""
    if report.verdict not in {Verdict.WARN, Verdict.FAIL}:
        return None
    return next((first for _, first in _said(report)), None)


def _beside(report: Report) -> str:
    """What could not be measured beside the workflows: the first of it, and how many more."""
    if not report.unmeasured:
        return "something beside all workflows is not measured"
    first, more = _told(report.unmeasured[0]), len(report.unmeasured) - 1
    said = f"{first}; {more:,} more not measured" if more else first
    nothing = "nothing that the change concerns could be measured"
    return said if report.workflows else f"{nothing}: {said}"


def reason_text(name: str | None, finding: Finding) -> str:
    """A finding of the workflow `name`, or of none, as a sentence with limit, actual and excess."""
    parts = wording.limit_parts(finding)
    whose = wording.plain(name or "")
    if parts is None or finding.bound is None:
        said = brief(finding).replace(f"`workflows.{name}.", "`")
        place = finding.place if finding.rule is Rule.SET_UP else None
        text = wording.limit_text(replace(finding, text=said, place=place))
        return f"{whose}: {text}" if whose else text
    actual, excess = parts["actual"], parts["excess"]
    budget = f"the budget {wording.plain(finding.statistic or '')}"
    begins = {
        Rule.INPUT_TOKENS: f"{whose} sends {actual} input tokens ({finding.statistic})",
        Rule.COST_PER_CALL: f"{whose} costs {actual} a call",
        Rule.MONTHLY_COST: f"{whose} costs {actual} a month",
        Rule.INCREASE: f"{whose} costs {actual} more",
        Rule.DRIFT: f"{whose} costs {actual} more than its baseline",
        Rule.BUDGET_COST: f"{budget} reaches {actual} a month",
        Rule.BUDGET_TOKENS: f"{budget} reaches {actual} tokens a month",
    }
    limit = parts["limit"].removesuffix(f" {finding.bound}")
    return f"{begins[finding.rule]}, {excess} over its {finding.bound} limit of {limit}"


def brief(finding: Finding) -> str:
    """The text of a finding, without what is true of every limit: that the base's was used."""
    return finding.text.removesuffix(_AS_EXPECTED)


class ApprovalReason(Struct, frozen=True, kw_only=True):
    """What needs approval: a finding of the workflow `name`, or of none.

    `whose` says how many workflows it concerns, where these are several.
    """

    name: str | None
    finding: Finding
    whose: str = ""


def approval_reasons(report: Report) -> list[ApprovalReason]:
    """What needs approval, each reason once; weakened limits come first."""
    shared = SharedFindings(report)
    found = [
        ApprovalReason(name=item.name, finding=finding)
        for item in wording.by_severity(report)
        for finding in shared.beside(item)
    ]
    found += [
        ApprovalReason(name=None, finding=item.finding, whose=item.whose)
        for item in shared.everything(report)
    ]

    def key(reason: ApprovalReason) -> tuple[bool, bool]:
        finding = reason.finding
        return finding.rule not in _APPROVAL_FIRST, ".hard`" not in finding.text

    asked = [item for item in found if item.finding.verdict is Verdict.NEEDS_APPROVAL]
    return sorted(asked, key=key)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by their verdicts; of one verdict money comes first, then hard limits."""

    def key(finding: Finding) -> tuple[int, bool, bool]:
        is_soft = finding.bound == "soft" or (finding.bound is None and ".soft`" in finding.text)
        return -list(Verdict).index(finding.verdict), finding.rule not in _MONEY_FIRST, is_soft

    return sorted(findings, key=key)


def _said(report: Report) -> list[tuple[str | None, Finding]]:
    """What led to the verdict: for approvals each reason, otherwise one for each workflow."""
    verdict = report.verdict
    if verdict is Verdict.NEEDS_APPROVAL:
        return [(item.name, item.finding) for item in approval_reasons(report)]
    return [
        *(
            (item.name, _of(item.findings, verdict)[0])
            for item in wording.by_severity(report)
            if item.verdict is verdict and _of(item.findings, verdict)
        ),
        *((None, item) for item in _of(report.findings, verdict)),
    ]


def _in_short(name: str | None, finding: Finding) -> str:
    """A finding without its mend, which lists tell."""
    return reason_text(name, replace(finding, text=without_mend(finding)))


def without_mend(finding: Finding) -> str:
    """What a finding says in front of its mend, which stands behind a semicolon."""
    text = brief(finding)
    ends = (
        found.start()
        for found in re.finditer("; ", text)
        if text.count("`", 0, found.start()) % 2 == 0
    )
    return text[: next(ends, len(text))]


def _of(findings: tuple[Finding, ...], verdict: Verdict) -> list[Finding]:
    return worst_first([item for item in findings if item.verdict is verdict])


def _where(workflow: WorkflowReview) -> str:
    return _told(workflow.problems[0])


def _told(problem: Problem) -> str:
    place = f"{problem.place}: " if problem.place else ""
    return wording.plain(f"{place}{problem.what}")


def _why_passed(report: Report) -> str:
    unseen = unseen_prompts(report)
    if not report.workflows:
        if report.unmeasured:
            return _beside(report)
        if compares_nothing(report):
            return _same_commit(report)
        return unseen or "the change concerns no workflow"
    if report.approved:
        return _approved(report)
    passed = "no limit is set" if is_unlimited(report) else "no limit is broken"
    return passed if unseen is None else f"{passed}; {unseen}"


def _same_commit(report: Report) -> str:
    """That base and head are one commit, and what to type to compare two."""
    compared = report.revisions
    names = [wording.plain(name) for name in (compared.base_name, compared.head_name)]
    before = "`reviewbot check --base HEAD~1`"
    return f"{' and '.join(names)} are the same commit; {before} compares with the one before"


def _approved(report: Report) -> str:
    names = [wording.plain(item.by) for item in report.approvals if item.refusal is None]
    return f"approved by {', '.join(dict.fromkeys(names))}"
