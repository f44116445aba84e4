"""The review in one sentence, for the top or the end of every output for people."""

from collections.abc import Iterator

from reviewbot.outputs import wording
from reviewbot.outputs.amounts import shown_change
from reviewbot.report import Finding, Report, Verdict

_NAMED = 3


def headline(report: Report) -> str:
    """The review in one sentence: verdict, why, and the amount."""
    words = {
        Verdict.PASS: "pass",
        Verdict.WARN: "warn",
        Verdict.NEEDS_APPROVAL: "needs approval",
        Verdict.UNMEASURED: "unmeasured",
        Verdict.FAIL: "fail",
    }
    is_through = report.approved and report.verdict in (Verdict.PASS, Verdict.WARN)
    approved = f"; approved by {_approvers(report)}" if is_through else ""
    return f"{words[report.verdict]}: {_reason(report)}{_amount(report)}{approved}."


def _reason(report: Report) -> str:
    def names(verdict: Verdict, verb: str = "") -> str:
        found = [wording.plain(item.name) for item in report.workflows if item.verdict is verdict]
        found += [f"budget {item.name}" for item in report.budgets if item.verdict is verdict]
        shown = wording.named(found, _NAMED)
        be = "" if not verb else " is" if len(found) == 1 else " are"
        return f"{shown or 'the configuration'}{be} {verb}".rstrip()

    match report.verdict:
        case Verdict.FAIL:
            return names(Verdict.FAIL, "over a hard limit")
        case Verdict.UNMEASURED:
            return names(Verdict.UNMEASURED, "not measured")
        case Verdict.NEEDS_APPROVAL:
            return f"somebody has to agree to the change of {names(Verdict.NEEDS_APPROVAL)}"
        case Verdict.WARN:
            is_over = any(item.bound for item in _all_findings(report))
            return names(Verdict.WARN, "over a soft limit" if is_over else "to be looked at")
        case Verdict.PASS if not report.workflows:
            return "the change concerns no workflow"
        case Verdict.PASS:
            return _why_passed(report)


def _why_passed(report: Report) -> str:
    if report.approved:
        return "what needs approval has it"
    is_limited = report.budgets or any(item.limited for item in report.workflows)
    return "no limit is broken" if is_limited else "no limit is set"


def _all_findings(report: Report) -> Iterator[Finding]:
    yield from report.findings
    for item in report.workflows:
        yield from item.findings


def _approvers(report: Report) -> str:
    names = [wording.plain(item.by) for item in report.approvals if item.refusal is None]
    return ", ".join(dict.fromkeys(names))


def _amount(report: Report) -> str:
    change = report.totals.change_usd_per_month
    unknown = report.totals.unmeasured_workflows
    if not report.workflows or unknown == len(report.workflows):
        return ""
    workflows = "workflow" if unknown == 1 else "workflows"
    beside = f" ({unknown} {workflows} not measured)" if unknown else ""
    if change == 0:
        month = wording.usd(report.totals.after_usd_per_month)
        return f"; the month costs what it did ({month}){beside}"
    verb = "adds" if change > 0 else "saves"
    totals = report.totals
    shown = shown_change(totals.before_usd_per_month, totals.after_usd_per_month)
    amount = wording.usd(abs(shown)) if shown else wording.UNDER_A_CENT
    return f"; this change {verb} {amount} a month{beside}"
