"""`drift: true` of the action: logs are held against the configuration, and an issue is kept."""

import io
import os

from reviewbot.commands import Edges
from reviewbot.commands._common.parsing import parser_of
from reviewbot.errors import ReviewbotError
from reviewbot.exit_codes import exit_code_of_error
from reviewbot.github import workflow_commands
from reviewbot.github.job import Job
from reviewbot.github.step_results import show_failure


def run_drift(job: Job) -> int:
    """Write the report to the job's summary, and give the exit code of `reviewbot drift`."""
    from reviewbot.commands import drift

    chosen = parser_of(["drift"]).parse_args(_words(job))
    report, said = io.StringIO(), io.StringIO()
    environment = {**job.environment, "GITHUB_TOKEN": job.inputs.token}
    edges = Edges(environment=environment, out=report, errors=said, today=job.now().date())
    failed: ReviewbotError | None = None
    try:
        code = drift.run(chosen, edges)
    except ReviewbotError as error:
        failed, code = error, exit_code_of_error(error)
    job.summarize(report.getvalue())
    job.say(workflow_commands.stopped(said.getvalue()))
    if failed is not None:
        show_failure(job, failed.problems)
    return code


def _words(job: Job) -> list[str]:
    """The command line; no value of the job can be taken for an option."""
    inputs = job.inputs
    place = os.path.join(job.environment.get("GITHUB_WORKSPACE", "."), inputs.working_directory)
    words = ["drift", f"--repo={place}", f"--config={inputs.config}", "--format=markdown"]
    if inputs.dry_run:
        return words
    return [*words, "--issue", f"--issue-author={inputs.comment_author}"]
