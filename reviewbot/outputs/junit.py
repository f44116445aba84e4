"""The review as JUnit XML, as Jenkins' `junit-10.xsd` has it, for the test pages of any CI server.

Each workflow, budget and finding beside them is a test. `wording.plain` makes every character that
XML cannot hold a visible escape.
"""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reviewbot.outputs import explaining, wording
from reviewbot.outputs.failed_review import FailedReview
from reviewbot.outputs.headline import headline
from reviewbot.report import Finding, Report, Verdict, WorkflowReview


def render_junit(report: Report) -> str:
    """One suite of tests, in ASCII. It fails where the check fails: its first test is the verdict.

    A warning is a test that passes with a text.
    """
    return _suite(report, list(_cases(report)))


def render_failed_junit(failed: FailedReview) -> str:
    """Why there is no review: a test for each problem, with an error."""
    problems = enumerate(failed.problems, start=1)
    unmeasured = Verdict.UNMEASURED
    cases = [_case("review", f"{index}. problem", unmeasured, [str(it)]) for index, it in problems]
    return _suite(failed, cases)


def _suite(of: Report | FailedReview, cases: Sequence[Element]) -> str:
    counted = {
        "name": "reviewbot",
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
    }
    whole = Element("testsuites", counted)
    suite = SubElement(whole, "testsuite", counted)
    properties = SubElement(suite, "properties")
    for name, value in (("configuration", of.configuration), ("verdict", of.verdict)):
        SubElement(properties, "property", name=name, value=wording.plain(value))
    suite.extend(cases)
    indent(whole)
    text: bytes = tostring(whole, "us-ascii", xml_declaration=True)
    return text.decode("ascii") + "\n"


def _cases(report: Report) -> Iterator[Element]:
    yield _case("review", "verdict", report.verdict, [headline(report)])
    for workflow in wording.by_severity(report):
        verdict = workflow.verdict
        if report.approved and verdict is Verdict.NEEDS_APPROVAL:
            verdict = Verdict.WARN
        yield _case("workflow", workflow.name, verdict, list(_said(workflow)))
    for budget in report.budgets:
        yield _case("budget", budget.name, budget.verdict, [explaining.budget_text(budget)])
    for index, finding in enumerate(report.findings, start=1):
        name = f"{index}. {finding.rule}"
        yield _case("configuration", name, _verdict(report, finding), [wording.limit_text(finding)])
    for problem in report.unmeasured:
        yield _case("beside the change", "not measured", Verdict.WARN, [str(problem)])


def _verdict(report: Report, finding: Finding) -> Verdict:
    is_settled = report.approved and finding.verdict is Verdict.NEEDS_APPROVAL
    return Verdict.WARN if is_settled else finding.verdict


def _case(kind: str, name: str, verdict: Verdict, said: Sequence[str]) -> Element:
    """A test that fails by a broken limit or a missing approval; what is unmeasured is an error."""
    case = Element("testcase", name=wording.plain(name), classname=f"reviewbot.{kind}")
    lines = [wording.plain(line) for line in said]
    match verdict:
        case Verdict.FAIL | Verdict.NEEDS_APPROVAL:
            shown = SubElement(case, "failure", type=verdict, message=lines[0])
        case Verdict.UNMEASURED:
            shown = SubElement(case, "error", type=verdict, message=lines[0])
        case _:
            shown = SubElement(case, "system-out")
    shown.text = "\n".join(lines)
    return case


def _said(workflow: WorkflowReview) -> Iterator[str]:
    """What is wrong with a workflow, the worst first; then its month, the cause and what to try."""
    yield from (str(problem) for problem in workflow.problems)
    worst_first = sorted(workflow.findings, key=lambda item: -list(Verdict).index(item.verdict))
    yield from (wording.limit_text(item) for item in worst_first)
    yield wording.months(workflow)
    yield from explaining.hunk_texts(workflow)
    yield from (f"try: {explaining.suggestion_text(item)}" for item in workflow.ways_back)
