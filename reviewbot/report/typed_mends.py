"""Commands that a report tells to type, for the files that it is of."""

from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.report import Finding, Report

_UPDATE = "`reviewbot init --update"


def for_uncommitted(report: Report, option: str) -> Report:
    """The report whose commands read uncommitted files too, as `option` says.

    Without it `init --update` would read the commit, and add nothing.
    """

    def typed(text: str) -> str:
        return text.replace(_UPDATE, f"{_UPDATE} {option}")

    def mended(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        return tuple(replace(item, mend=typed(item.mend)) for item in problems)

    def said(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(replace(item, text=typed(item.text)) for item in findings)

    return replace(
        report,
        notes=tuple(map(typed, report.notes)),
        unmeasured=mended(report.unmeasured),
        findings=said(report.findings),
        workflows=tuple(
            replace(
                item,
                problems=mended(item.problems),
                findings=said(item.findings),
                proposed_findings=said(item.proposed_findings),
            )
            for item in report.workflows
        ),
    )
