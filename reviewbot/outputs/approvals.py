"""What needs approval, who may approve it, and who did: in words, for every output."""

from msgspec import Struct

from reviewbot.outputs import wording
from reviewbot.policy.fingerprint import needs_approval
from reviewbot.report import GivenApproval, Report, Verdict

_DIGITS = 12
_SHOWN_APPROVERS = 10


class Item(Struct, frozen=True, kw_only=True):
    """A workflow, or the configuration, that needs approval.

    `months` is empty for the configuration. `evidence` is the beginning of the fingerprint that an
    approval is bound to. `by` names the people whose approval counts; without any, the item is
    open.
    """

    name: str
    months: str
    evidence: str
    by: tuple[str, ...]


def items(report: Report) -> list[Item]:
    """All that needs approval, the open ones first, workflows by severity."""
    found = [
        _item(report, workflow.name, wording.months(workflow), workflow.evidence)
        for workflow in wording.by_severity(report)
        if needs_approval(workflow.findings)
    ]
    if report.configuration_evidence is not None:
        name = f"configuration {report.configuration}"
        found.append(_item(report, name, "", report.configuration_evidence))
    return sorted(found, key=lambda item: bool(item.by))


def who_may(report: Report) -> str:
    """Who may be asked and how they approve, or that all is approved."""
    if report.approved:
        return "All that needs approval is approved."
    if not report.approvers:
        return _NOBODY if report.advisory is None else _ILLEGIBLE
    label = f" or the label “{report.approval_label}”" if report.approval_label else ""
    people = wording.named(report.approvers, _SHOWN_APPROVERS)
    one_of = "one of " if len(report.approvers) > 1 else ""
    return f"To approve: {one_of}{people}, by an approving review{label}{_then(report)}."


def _then(report: Report) -> str:
    """What the check says once all is approved."""
    match report.verdict:
        case Verdict.NEEDS_APPROVAL:
            return "; the check passes then"
        case Verdict.FAIL:
            return "; what fails still fails then"
        case Verdict.UNMEASURED:
            return "; what cannot be measured still fails then"
        case _:
            return ""


_NOBODY = (
    "Nobody can approve yet: the base's configuration has no `approval.approvers`. Name somebody "
    "in a pull request of its own, which needs no approval: "
    '`approval: {approvers: [LOGIN, "@ORG/TEAM"]}`.'
)


_ILLEGIBLE = (
    "Nobody can approve: who may cannot be read from the base's broken configuration. Mend it in a "
    "pull request that changes nothing else, and merge that one without this check."
)


def given(report: Report) -> list[str]:
    """The approvals that were given, those that count first: how, by whom, when, where."""
    ordered = sorted(report.approvals, key=lambda item: item.refusal is not None)
    return [_line(item) for item in ordered]


def _item(report: Report, name: str, months: str, evidence: str) -> Item:
    by = [item.by for item in report.approvals if evidence in item.covers]
    return Item(name=name, months=months, evidence=evidence[:_DIGITS], by=tuple(dict.fromkeys(by)))


def _line(item: GivenApproval) -> str:
    on = f" on {wording.short(item.commit)}" if item.commit else ""
    worth = f"does not count: {item.refusal}" if item.refusal else "counts"
    return f"{item.kind} by {item.by} at {item.at}{on}: {worth}"
