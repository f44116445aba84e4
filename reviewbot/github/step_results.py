"""What a step of a job leaves behind: its log, its annotations, its summary and its outputs."""

import os

from reviewbot.errors import Problem
from reviewbot.github import workflow_commands
from reviewbot.github.annotations import annotation_of
from reviewbot.github.job import Job
from reviewbot.github.workflow_commands import Annotation, Level
from reviewbot.outputs.failed_review import FailedReview, render_failed
from reviewbot.outputs.html import render_html
from reviewbot.outputs.json_report import render_json
from reviewbot.outputs.markdown import Site, render_failure, render_markdown
from reviewbot.outputs.terminal import Detail, Style, render_terminal
from reviewbot.report import Report, Verdict

_LOG_COLUMNS = 120


def show_report(
    job: Job, report: Report, marks: tuple[Annotation, ...], site: Site
) -> tuple[Problem, ...]:
    """Show a report everywhere; what fails is a problem."""
    page = render_terminal(report, Style(columns=_LOG_COLUMNS, colour=False, detail=Detail.VERBOSE))
    job.say(workflow_commands.stopped(page))
    job.say(workflow_commands.annotation_commands(marks))
    limit = workflow_commands.SUMMARY_CHARACTERS
    job.summarize(render_markdown(report, limit=limit, site=site))
    place, problems = _stored(job, "reviewbot-report.json", render_json(report))
    page, more_problems = _stored(job, "reviewbot-report.html", render_html(report))
    job.give(
        {
            "verdict": report.verdict,
            "monthly-usd-before": f"{report.totals.before_usd_per_month:f}",
            "monthly-usd-after": f"{report.totals.after_usd_per_month:f}",
            "monthly-usd-delta": f"{report.totals.change_usd_per_month:f}",
            "report": place,
            "page": page,
        }
    )
    return problems + more_problems


def show_no_review(job: Job, problems: tuple[Problem, ...], code: int) -> None:
    """Say everywhere why there is no review, on a page too; `code` is the exit code."""
    show_failure(job, problems)
    failed = FailedReview(configuration=job.inputs.config, exit_code=code, problems=problems)
    page, _ = _stored(job, "reviewbot-report.html", render_failed(failed, "html"))
    job.give({"page": page})


def show_failure(job: Job, problems: tuple[Problem, ...]) -> None:
    """Say why what the job asks for is not there."""
    marks = [annotation_of(item, "reviewbot") for item in problems]
    job.say(workflow_commands.annotation_commands(marks[: workflow_commands.MAX_ANNOTATIONS]))
    job.summarize(render_failure(problems, limit=workflow_commands.SUMMARY_CHARACTERS))
    job.give({"verdict": Verdict.UNMEASURED})


def show_nothing_to_review(job: Job, why: str) -> None:
    """Say everywhere that the check passes, since there is nothing to review."""
    job.say(f"reviewbot: pass: {why}.\n")
    job.summarize(f"## reviewbot: pass: {why}.\n")
    job.give({"verdict": Verdict.PASS})


def name_problems(job: Job, problems: tuple[Problem, ...]) -> None:
    """Name what could not be done beside the review, in the summary and in the log."""
    if not problems:
        return
    distinct = tuple(dict.fromkeys(problems))
    marks = [
        Annotation(level=Level.WARNING, title="reviewbot", message=str(item)) for item in distinct
    ]
    job.say(workflow_commands.annotation_commands(marks))
    job.summarize(render_failure(distinct, limit=10_000, is_beside=True))


def _stored(job: Job, name: str, text: str) -> tuple[str, tuple[Problem, ...]]:
    place = os.path.join(job.environment.get("RUNNER_TEMP", "."), name)
    try:
        with open(place, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        mend = "make room there, or set RUNNER_TEMP"
        return "", (Problem(what=f"{place} could not be written: {error.strerror}", mend=mend),)
    return place, ()
