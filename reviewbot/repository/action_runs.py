"""What keeps the job of a workflow file that runs the review from running, or from failing."""

import re
from collections.abc import Iterator

from reviewbot.documents.nodes import Entry, MappingNode
from reviewbot.repository.action_conditions import goes_on, runs_whatever_fails
from reviewbot.repository.action_jobs import STARTS_REVIEWS, Fault, Job, WorkflowFile
from reviewbot.repository.action_nodes import entry_of, mapping_of, text_of, words
from reviewbot.repository.action_words import RUNNERS, meant

_ANYHOW = re.compile(
    r"\breviewbot (?:check|action)\b[^\n|]{0,400}(?P<anyhow>\|\|\s*(?:true|:|exit 0|echo\b))"
)
_PIPED = re.compile(r"\breviewbot (?:check|action)\b[^\n|]{0,400}(?P<piped>\|(?!\|)\s*\w+)")
_SKIPPED = "GitHub counts a required check that is skipped as passed"
_UNREVIEWED = "the job passes without it"


def of_job(job: Job, workflow: WorkflowFile, branch: str | None) -> Iterator[Fault]:
    """What keeps a job from running, or from failing."""
    yield from _of_runner(job)
    yield from _of_conditions(job, workflow, branch)
    yield from _of_needs(job, workflow, branch)
    yield from _of_failing(job)


def _of_runner(job: Job) -> Iterator[Fault]:
    if job.is_called:
        for key in ("runs-on", "steps"):
            if beside := entry_of(job.body, key):
                what = f"a job that `uses` a workflow has no `{key}`, and GitHub refuses the file"
                yield Fault(beside.key_line, what, f"take `{key}` out")
        return
    if called := entry_of(job.body, "uses"):
        what = "a job that `uses` a workflow has no `steps`, and GitHub refuses the file"
        yield Fault(called.key_line, what, "take `uses` out, or write a job of its own for it")
        return
    runner = entry_of(job.body, "runs-on")
    if runner is None:
        what = f"the job {job.name} has no `runs-on`, and GitHub refuses the whole file"
        yield Fault(job.line, what, "add `runs-on: ubuntu-24.04`")
    elif near := meant(text_of(runner.value), RUNNERS, at_least=_ALMOST):
        what = f"GitHub has no runner `{text_of(runner.value)}`, and the job waits for one"
        yield Fault(runner.key_line, what, f"did you mean `{near}`?")
    matrix = entry_of(job.body.get("strategy"), "matrix")
    inputs = [text for text in (job.inputs or {}).values() if "matrix." in text]
    if matrix and job.inputs is not None and not inputs:
        what = f"`matrix` makes several checks, such as `{job.name} (…)`, of one review"
        is_runner = runner is not None and "matrix." in text_of(runner.value)
        runs = ", and write `runs-on: ubuntu-24.04`" if is_runner else ""
        reports = f"a required check `{job.name}` never reports otherwise"
        yield Fault(matrix.key_line, what, f"take `strategy` out{runs}: {reports}")


_ALMOST = 0.95
"""How alike a label has to be, from 0 to 1: runners of one's own have names of their own."""


def _of_conditions(job: Job, workflow: WorkflowFile, branch: str | None) -> Iterator[Fault]:
    if not job.reviews or not any(map(workflow.trigger, STARTS_REVIEWS)):
        return
    pull = workflow.trigger("pull_request")
    types = (
        [name for name, _ in words(pull.settings.get("types"))] if pull and pull.settings else []
    )
    is_later = "ready_for_review" in types
    for node, result in ((job.body, _SKIPPED), (job.step, _UNREVIEWED)):
        condition = entry_of(node, "if")
        if condition is None or (node is job.step and job.is_called):
            continue
        goes = goes_on(text_of(condition.value), branch=branch, is_draft_reviewed=is_later)
        if goes:
            continue
        is_of_drafts = goes_on(text_of(condition.value), branch=branch, is_draft_reviewed=True)
        verb = "keeps the review from running" if goes is False else "may skip the review"
        mend = "take `if` out: where no prompt changed the review passes in a moment"
        if is_of_drafts and pull:
            verb = "skips drafts, and no event starts the review when one is ready"
            named = ", ".join(
                [*(types or ("opened", "synchronize", "reopened")), "ready_for_review"]
            )
            mend = f"write `types: [{named}]` below `pull_request`"
        yield Fault(condition.key_line, f"`if` {verb}, and {result}", mend, passes=True)


def _of_needs(job: Job, workflow: WorkflowFile, branch: str | None) -> Iterator[Fault]:
    """That a job which the review waits for is skipped, and the review with it."""
    jobs = mapping_of(workflow.root.get("jobs"))
    needs = entry_of(job.body, "needs")
    if needs is None or not job.reviews or not any(map(workflow.trigger, STARTS_REVIEWS)):
        return
    for name, line in words(needs.value):
        if entry_of(jobs, name) is None:
            near = meant(name, tuple(entry.key for entry in jobs.entries))
            mend = f"did you mean `{near}`?" if near else f"take `{name}` out"
            yield Fault(line, f"there is no job `{name}`, and GitHub refuses the whole file", mend)
    if runs_whatever_fails(text_of(job.body.get("if"))):
        return
    for name, condition in _conditions_of(jobs, job.body, set()):
        if goes_on(text_of(condition.value), branch=branch) is not True:
            what = f"the `if` of `{name}` may skip it, and this job with it, and {_SKIPPED}"
            mend = "add `if: ${{ !cancelled() }}` to this job, or take `needs` out"
            yield Fault(needs.key_line, what, mend, passes=True)
            return


def _conditions_of(
    jobs: MappingNode, body: MappingNode, seen: set[str]
) -> Iterator[tuple[str, Entry]]:
    """The `if` of each job that one waits for, and those of the jobs that these wait for."""
    for name, _ in words(body.get("needs")):
        needed = mapping_of(jobs.get(name))
        if name in seen:
            continue
        seen.add(name)
        if condition := entry_of(needed, "if"):
            yield name, condition
        yield from _conditions_of(jobs, needed, seen)


def _of_failing(job: Job) -> Iterator[Fault]:
    """That the job passes whatever the review says."""
    nodes = (job.body,) if job.is_called else (job.body, job.step)
    for goes_on_anyhow in (entry_of(node, "continue-on-error") for node in nodes):
        if goes_on_anyhow is not None and text_of(goes_on_anyhow.value) != "false":
            what = (
                "`continue-on-error` lets the job pass where the review fails, so it stops nothing"
            )
            yield Fault(goes_on_anyhow.key_line, what, "take `continue-on-error` out", passes=True)
    script = job.script.replace("\\\n", " ")
    if anyhow := _ANYHOW.search(script):
        what = f"`{anyhow['anyhow']}` lets the step pass where the review fails"
        yield Fault(job.run_line, what, f"take `{anyhow['anyhow']}` out", passes=True)
    is_bash = entry_of(job.step, "shell") is not None or "pipefail" in script
    if not is_bash and (piped := _PIPED.search(script)):
        what = f"the exit code of `reviewbot check` is lost behind `{piped['piped']}`"
        yield Fault(job.run_line, what, "add `shell: bash` to the step", passes=True)
