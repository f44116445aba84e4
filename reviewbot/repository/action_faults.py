"""What is set up wrongly in a workflow file of GitHub Actions that runs reviewbot.

Each fault is one that shows late: as a check that never reports, a comment that is not written, or
an approval that nobody sees. The events and keys are described at
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax.
"""

import re
from collections.abc import Iterator, Mapping

from reviewbot.documents.nodes import MappingNode
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.repository.action_jobs import Asked, Fault, Job, Trigger, WorkflowFile, read_workflow
from reviewbot.repository.action_nodes import option, text_of, words
from reviewbot.repository.action_runs import of_job
from reviewbot.repository.action_steps import of_step
from reviewbot.repository.globs import matches

_DANGEROUS = "pull_request_target"
_USUAL_TYPES = ("opened", "synchronize", "reopened")
_LABEL_TYPES = ("labeled", "unlabeled")
_UNLIKE_GLOBS = re.compile(r"[?+\[\\]|[^/]\*\*|\*\*[^/]")
"""Signs that GitHub's patterns of branches read otherwise than globs of files."""
_OWN_TOKEN = re.compile(r"\$\{\{\s{0,9}(?:github\.token|secrets\.GITHUB_TOKEN)\s{0,9}\}\}")
_LEVELS = {"none": 0, "read": 1, "write": 2}


def faults(text: str, *, file: str, asked: Asked) -> Iterator[Problem]:
    """What is wrong in a workflow file, in the order of its lines; nothing for other workflows."""
    try:
        found = _faults(text, file=file, asked=asked)
    except MeasurementError as error:
        yield from error.problems
        return
    for fault in found:
        yield Problem(what=fault.what, mend=fault.mend, place=Place(file=file, line=fault.line))


def passes_unreviewed(text: str, *, file: str, asked: Asked) -> frozenset[str]:
    """What of a workflow file lets its check pass whatever the review says, in words."""
    try:
        found = _faults(text, file=file, asked=asked)
    except MeasurementError:
        return frozenset()
    return frozenset(fault.what for fault in found if fault.passes)


def _faults(text: str, *, file: str, asked: Asked) -> list[Fault]:
    """The faults, sorted.

    Raises:
        MeasurementError: The file is no YAML.

    """
    workflow = read_workflow(text, file=file)
    if workflow is None or not (workflow.jobs or workflow.twice):
        return []
    found = [Fault(*slip) for slip in (*workflow.slips, *workflow.twice)]
    if not workflow.jobs:
        return sorted(found)
    if not workflow.triggers:
        what = "no `on` says what starts the workflow, and GitHub refuses the file"
        found.append(Fault(1, what, "add the `on` that docs/github.md shows"))
    found += _of_triggers(workflow, asked)
    for job in workflow.jobs:
        found += [
            *_of_permissions(job),
            *of_job(job, workflow, asked.branch),
            *of_step(job, workflow, asked),
        ]
    return sorted(found)


def _of_triggers(workflow: WorkflowFile, asked: Asked) -> Iterator[Fault]:
    if dangerous := workflow.trigger(_DANGEROUS):
        yield from _of_dangerous(dangerous, workflow.jobs)
    pull = workflow.trigger("pull_request")
    if pull is None:
        return
    for name in ("paths", "paths-ignore"):
        if filtered := pull.setting(name):
            what = (
                f"`{name}` skips pull requests of other files, and a required check that it skips"
            )
            mend = f"take `{name}` out: where no prompt changed the review passes in a moment"
            yield Fault(filtered.key_line, f"{what} never reports and blocks the merge", mend)
    yield from _of_branches(pull, asked.branch)
    yield from _of_types(pull, asked)
    if asked.has_approvers and any(job.inputs is not None for job in workflow.jobs):
        yield from _of_approvals(workflow, pull)


def _of_dangerous(trigger: Trigger, jobs: tuple[Job, ...]) -> Iterator[Fault]:
    """That files of strangers stand beside a token that writes."""
    heads = [
        ref.key_line
        for job in jobs
        for step in job.before
        if (ref := option(step, "ref")) and re.search(r"\bhead", text_of(ref.value))
    ]
    checked_out = f", and line {heads[0]} checks out files of whoever opens one" if heads else ""
    if heads or any(job.inputs is not None for job in jobs):
        what = f"`{_DANGEROUS}` gives each pull request a token that may write{checked_out}"
        mend = "write `pull_request`; docs/github.md has the pair of workflows for forks"
        yield Fault(trigger.line, f"{what}; reviewbot refuses to run so", mend)


def _of_branches(pull: Trigger, branch: str | None) -> Iterator[Fault]:
    if branch is None:
        return
    only, never = pull.setting("branches"), pull.setting("branches-ignore")
    if only is not None and _takes(words(only.value), branch) is False:
        yield Fault(
            only.key_line,
            f"`branches` leaves out {branch}, so a pull request to it has no review",
            f"write `branches: [{branch}]`",
        )
    if never is not None and _takes(words(never.value), branch):
        yield Fault(
            never.key_line,
            f"`branches-ignore` names {branch}, so a pull request to it has no review",
            f"write `branches: [{branch}]` instead",
        )


def _takes(patterns: tuple[tuple[str, int], ...], branch: str) -> bool | None:
    """Whether the last pattern that fits takes the branch in; None where one is not understood.

    A name with a slash may begin with that of a remote: it is taken in without it, too.
    """
    globs = [pattern.removeprefix("!") for pattern, _ in patterns]
    if any(map(_UNLIKE_GLOBS.search, globs)):
        return None
    is_taken = False
    for (pattern, _), glob in zip(patterns, globs, strict=True):
        if matches(branch, glob) or matches(branch.partition("/")[2], glob):
            is_taken = not pattern.startswith("!")
    return is_taken


def _of_types(pull: Trigger, asked: Asked) -> Iterator[Fault]:
    types = pull.setting("types")
    given = [name for name, _ in words(types.value)] if types else list(_USUAL_TYPES)
    missing = [name for name in ("opened", "synchronize") if name not in given]
    labels = [name for name in _LABEL_TYPES if name not in given] if asked.label else []
    line = types.key_line if types else pull.line
    mend = f"write `types: [{', '.join([*given, *missing, *labels])}]`"
    if missing:
        what = {"opened": "a new pull request", "synchronize": "a push to one"}[missing[0]]
        named = " and ".join(f"`{name}`" for name in missing)
        yield Fault(line, f"`types` leaves out {named}, so {what} has no review and no check", mend)
    elif labels:
        named = " and ".join(f"`{name}`" for name in labels)
        what = f"without {named} the label {asked.label} starts no run, so its approval is not seen"
        yield Fault(line, what, mend)


def _of_approvals(workflow: WorkflowFile, pull: Trigger) -> Iterator[Fault]:
    review = workflow.trigger("pull_request_review")
    types = review.setting("types") if review else None
    if review is None:
        what = "without `pull_request_review` an approving review starts no run"
        mend = "add `pull_request_review: {types: [submitted, dismissed]}` beside `pull_request`"
        yield Fault(pull.line, f"{what}, so the check stays as it was", mend)
    elif types is not None and "submitted" not in dict(words(types.value)):
        yield Fault(
            types.key_line,
            "`types` leaves out `submitted`, so an approving review starts no run",
            "write `types: [submitted, dismissed]`",
        )


def _of_permissions(job: Job) -> Iterator[Fault]:
    needed, given = _needed(job), _given(job)
    if job.permissions is None:
        if any(level == "write" for level, _ in needed.values()):
            what = f"the job {job.name} has no `permissions`, and the token may only read"
            asked = {name: level for name, (level, _) in needed.items()}
            yield Fault(job.line, what, f"add `permissions: {_shown(asked)}`")
        return
    lacking = {
        name: about
        for name, about in needed.items()
        if _LEVELS.get(given.get(name, "none"), 0) < _LEVELS[about[0]]
    }
    if lacking:
        named = ", ".join(f"`{name}: {level}` ({why})" for name, (level, why) in lacking.items())
        mended = {**given, **{name: level for name, (level, _) in lacking.items()}}
        what = f"the job {job.name} lacks {named}"
        yield Fault(job.permissions.key_line, what, f"write `permissions: {_shown(mended)}`")


def _needed(job: Job) -> dict[str, tuple[str, str]]:
    """The permissions that the job's token must have, each with what it is for."""
    inputs = job.inputs
    needed = {"contents": ("read", "the checkout")}
    if inputs is None:
        return needed
    token = inputs.get("token")
    writes = (token is None or _OWN_TOKEN.fullmatch(token)) and not _is_on(inputs, "dry-run")
    if not writes:
        return needed
    if _is_on(inputs, "drift"):
        return {**needed, "issues": ("write", "the alert")}
    if inputs.get("comment") != "off" or _is_on(inputs, "line-comments"):
        needed["pull-requests"] = ("write", "the comment")
    if _is_on(inputs, "check-run"):
        needed["checks"] = ("write", "`check-run: true`")
    return needed


def _is_on(inputs: Mapping[str, str], name: str) -> bool:
    return inputs.get(name) == "true"


def _given(job: Job) -> dict[str, str]:
    """The permissions as they are written; a word for all of them says it for those needed."""
    value = job.permissions.value if job.permissions else None
    if isinstance(value, MappingNode):
        return {item.key: text_of(item.value) for item in value.entries}
    level = text_of(value).removesuffix("-all")
    return dict.fromkeys(_needed(job), level) if level in _LEVELS else {}


def _shown(permissions: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {level}" for name, level in permissions.items()) + "}"
