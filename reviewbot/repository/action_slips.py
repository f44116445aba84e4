"""Slips of the pen in a workflow file: events and inputs that neither GitHub nor the action has.

The events are those of
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows.
"""

from collections.abc import Iterator

from reviewbot.documents.nodes import Entry, Scalar
from reviewbot.repository.action_jobs import Job, Trigger, WorkflowFile

INPUTS = {
    "config": (),
    "token": (),
    "comment": ("update", "off"),
    "fail-on": ("fail", "warn", "never"),
    "dry-run": ("true", "false"),
    "check-run": ("true", "false"),
    "line-comments": ("true", "false"),
    "working-directory": (),
    "baseline": (),
    "report": (),
    "drift": ("true", "false"),
    "comment-author": (),
    "python": (),
}
"""The inputs of the action, each with the values that it may have; none where any will do."""

_EVENTS = """
    branch_protection_rule check_run check_suite create delete deployment deployment_status
    discussion discussion_comment fork gollum image_version issue_comment issues label
    merge_group milestone page_build project project_card project_column public pull_request
    pull_request_comment pull_request_review pull_request_review_comment pull_request_target
    push registry_package release repository_dispatch schedule status watch workflow_call
    workflow_dispatch workflow_run
"""
_ALIKE = 0.8
_OWN = ("pull_request", "pull_request_review", "merge_group", "workflow_call", "schedule", "push")
"""The events that docs/github.md uses."""


def misspelt_events(workflow: WorkflowFile) -> Iterator[tuple[Trigger, str]]:
    """The events that GitHub does not have, each with the one that it may be a slip of."""
    import difflib

    for trigger in workflow.triggers:
        written = trigger.name.lower().replace("-", "_")
        if trigger.name in _EVENTS.split():
            continue
        if near := difflib.get_close_matches(written[:100], _OWN, 1, _ALIKE):
            yield trigger, near[0]


def slips(workflow: WorkflowFile) -> Iterator[tuple[int, str, str]]:
    """The line of each slip, what is wrong there, and the mend."""
    for trigger, meant in misspelt_events(workflow):
        what = f"GitHub has no event `{trigger.name}`, and a workflow with one never starts"
        yield trigger.line, what, f"did you mean `{meant}`?"
    for job in workflow.jobs:
        yield from _of_inputs(job)


def _of_inputs(job: Job) -> Iterator[tuple[int, str, str]]:
    """The inputs that the action does not have, and the values that it refuses."""
    import difflib

    for entry in job.given:
        if entry.key.lower() not in INPUTS:
            near = difflib.get_close_matches(entry.key[:100].lower(), INPUTS, 1)
            mend = (
                f"did you mean `{near[0]}`?"
                if near
                else f"take it out; there are {', '.join(INPUTS)}"
            )
            yield entry.key_line, f"the action has no input `{entry.key}`, so it is ignored", mend
        elif (values := INPUTS[entry.key.lower()]) and (value := _refused(entry, values)):
            near = difflib.get_close_matches(value[:100].lower(), values, 1)
            mend = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(values)}"
            yield entry.key_line, f"the input `{entry.key}` is {value!r}, and fails the step", mend


def _refused(entry: Entry, values: tuple[str, ...]) -> str | None:
    """The text of an input that may not have it; an expression is known to GitHub alone."""
    if not isinstance(entry.value, Scalar):
        return None
    text = entry.value.text.strip()
    told = text if entry.value.quoted else text.lower()
    return None if not text or "${{" in text or told in values else text
