"""What is found beside exceeded limits and reasons for an approval."""

from collections.abc import Iterator

from reviewbot.outputs import wording
from reviewbot.outputs.also import also_text
from reviewbot.outputs.headline import leading
from reviewbot.outputs.markdown import table
from reviewbot.outputs.markdown.inert import Verbatim, within_line, within_line_prose
from reviewbot.outputs.markdown.links import Links
from reviewbot.report import Report, Verdict, WorkflowReview


def also(report: Report, ordered: list[WorkflowReview], links: Links) -> Iterator[Verbatim]:
    """The findings that are no exceeded limit and need no approval.

    Of the one that the first sentence tells, only its place and its mend.
    """
    named = [(item.name, finding) for item in ordered for finding in item.findings]
    named += [("", finding) for finding in report.findings]
    first = leading(report)
    for name, finding in named:
        if finding.verdict is Verdict.NEEDS_APPROVAL or wording.limit_parts(finding) is not None:
            continue
        whose = f"{within_line(name)}: " if name else ""
        place = finding.place
        where = f"{links.place(place)}: " if place else ""
        text = also_text(finding, first)
        if text is None:
            continue
        mark = table.MARKS[finding.verdict]
        yield Verbatim(f"{mark} {whose}{where}{within_line_prose(text)}")
    for problem in report.unmeasured:
        yield links.within(f"❓ {problem}", problem.place.file if problem.place else None)
