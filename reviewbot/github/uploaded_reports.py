"""The comment for a report that a run without a write token, such as a fork's, has uploaded.

The report is an artifact of a run that a fork controls: it is read strictly, and what it says of
approvals is not believed. Which pull request it may speak to is told by GitHub: the open one whose
head is the commit of that run.
"""

from msgspec.structs import replace

from reviewbot.errors import Place, Problem, UsageError
from reviewbot.exit_codes import ExitCode
from reviewbot.github.api import GitHub
from reviewbot.github.api.pulls import Pull
from reviewbot.github.comment import Draft, comment_body, has_something_to_say, write_comment
from reviewbot.github.comment_stamp import Stamp, configuration_key
from reviewbot.github.events import Publish
from reviewbot.github.job import Job
from reviewbot.github.site import site_of
from reviewbot.outputs.json_report_reading import MAX_BYTES, read_report
from reviewbot.outputs.markdown import Site
from reviewbot.report import Report, Verdict, WorkflowReview, worst

NOTE = (
    "Computed by the pull request's own run, which its author controls; "
    "the check says whether it is approved."
)


def publish_report(job: Job, decision: Publish) -> int:
    """Write the comment.

    Raises:
        UsageError: The report is not one, or is of another commit.
        GitHubError: The comment could not be written: here this is the whole job.

    """
    report = _report(job, decision)
    github = job.github(decision.repository)
    pull = _pull(github, decision, report)
    if pull is None:
        job.say("reviewbot: no open pull request has this run's commit as its head any more\n")
        return ExitCode.PASS
    stamp = Stamp(
        key=configuration_key(job.inputs.config),
        head=decision.head,
        at=github.pulls.one(pull.number).at,
        run=job.number("GITHUB_RUN_ID"),
        attempt=job.number("GITHUB_RUN_ATTEMPT"),
    )
    body = _body(report, job.inputs.report, site_of(job.environment, decision.repository))
    if job.inputs.dry_run:
        job.say(f"reviewbot: a dry run; pull request {pull.number} would get a comment\n")
        return ExitCode.PASS
    draft = Draft(
        body=body,
        stamp=stamp,
        author=job.inputs.comment_author,
        is_silent=not has_something_to_say(report),
    )
    written = write_comment(github, pull.number, draft)
    job.say(f"reviewbot: {written.what}\n")
    job.summarize(body)
    job.give({"verdict": report.verdict} | ({"comment-url": written.url} if written.url else {}))
    return ExitCode.PASS


def _report(job: Job, decision: Publish) -> Report:
    place = job.inputs.report
    try:
        with open(place, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            [
                Problem(
                    what=f"the report {place!r} cannot be read: {error.strerror}",
                    mend="download the artifact first, and name its file in the input `report`",
                )
            ]
        ) from error
    report = read_report(data, file=place)
    if report.revisions.head != decision.head:
        raise UsageError(
            [
                Problem(
                    what="the report is not of the commit that its run was started for",
                    mend="upload the report of the same run",
                    place=Place(file=place, key="revisions.head"),
                )
            ]
        )
    return _believed(report)


def _body(report: Report, place: str, site: Site) -> str:
    """The comment; a report can follow the schema and hold what no review gives."""
    try:
        return comment_body(report, site, note=NOTE)
    except (ArithmeticError, LookupError, ValueError) as error:
        raise UsageError(
            [
                Problem(
                    what="the report holds values that no review gives",
                    mend="upload the report as the action wrote it",
                    place=Place(file=place),
                )
            ]
        ) from error


def _believed(report: Report) -> Report:
    """The report without approvals; each verdict is what its own findings come to."""
    workflows = tuple(replace(item, verdict=_verdict(item)) for item in report.workflows)
    verdicts = [item.verdict for item in workflows] + [item.verdict for item in report.findings]
    return replace(
        report, workflows=workflows, verdict=worst(verdicts), approved=False, approvals=()
    )


def _verdict(workflow: WorkflowReview) -> Verdict:
    unmeasured = [Verdict.UNMEASURED] if workflow.problems else []
    return worst([*(item.verdict for item in workflow.findings), *unmeasured])


def _pull(github: GitHub, decision: Publish, report: Report) -> Pull | None:
    """The open pull request of the run's branch and commit, in this repository."""
    owner = decision.head_repository.partition("/")[0]
    for pull in github.pulls.open_of(f"{owner}:{decision.head_branch}"):
        if (
            pull.is_open
            and pull.head == decision.head
            and pull.head_repository == decision.head_repository
            and pull.base_repository == decision.repository
            and pull.number == report.pull_request
        ):
            return pull
    return None
