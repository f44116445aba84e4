"""What a workflow file of GitHub Actions says of the jobs that run reviewbot."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from msgspec import Struct

from reviewbot.documents.nodes import Entry, ListNode, MappingNode
from reviewbot.documents.yaml_text import parse_yaml
from reviewbot.errors import MeasurementError, Problem
from reviewbot.repository.action_nodes import entry_of, is_action, mapping_of, text_of, words
from reviewbot.repository.action_spelling import Slip, as_meant
from reviewbot.repository.action_workflow import NAME

STARTS_REVIEWS = ("pull_request", "workflow_call")
"""The events that start a review of a pull request, by this workflow or one that calls it."""

_GIVEN = re.compile(r"--([a-z-]{1,40})[ =]['\"]?([^\s'\"]{1,400})")
_CHECK = re.compile(r"\breviewbot (?:check|action)\b")


class Fault(NamedTuple):
    """The line, what is wrong there, the mend; `passes` says that the job passes unreviewed."""

    line: int
    what: str
    mend: str
    passes: bool = False


class Asked(Struct, frozen=True, kw_only=True):
    """What the workflow has to do: for which branch, and how approvals are given.

    `branch` is None where it is not known, `exists` where files cannot be looked for: it says
    whether a file or folder is there, by its path from the repository's root. `configuration` is
    the path of the one that is read.
    """

    branch: str | None
    has_approvers: bool
    label: str | None
    exists: Callable[[str], bool] | None = None
    configuration: str = ""


class Trigger(Struct, frozen=True, kw_only=True):
    """An event that starts the workflow, its line, and its settings where it has some."""

    name: str
    line: int
    settings: MappingNode | None = None

    def setting(self, name: str) -> Entry | None:
        """One of its settings, such as `branches`."""
        return entry_of(self.settings, name)


class Job(Struct, frozen=True, kw_only=True):
    """A job that runs reviewbot, by its first step that does.

    `body` is what stands below its name. `inputs` are those of the action, None where a script of
    the `step` runs `reviewbot check` itself; a job that calls a reusable workflow, `is_called`, is
    its own step. `before` are the steps above. `permissions` are the job's own, else the
    workflow's; None where neither has some.
    """

    name: str
    line: int
    run_line: int
    body: MappingNode
    step: MappingNode
    inputs: dict[str, str] | None
    before: tuple[MappingNode, ...] = ()
    permissions: Entry | None
    is_called: bool = False

    @property
    def action(self) -> str:
        """What `uses` names; empty where a script runs the review."""
        return text_of(self.step.get("uses"))

    @property
    def reviews(self) -> bool:
        """Whether it reviews the change, and does not write the comment of another run, say."""
        inputs = self.inputs or {}
        return "report" not in inputs and inputs.get("drift") != "true"

    @property
    def script(self) -> str:
        """What the step runs; empty where it uses an action."""
        return text_of(self.step.get("run"))

    def setting(self, name: str) -> tuple[str, int] | None:
        """An input of the action, or what a script is given in its place, and the line.

        None where the default holds.
        """
        variable = f"REVIEWBOT_{name.upper().replace('-', '_')}"
        if given := dict(_GIVEN.findall(self.script)).get(name):
            return given, self.run_line
        places = (("with", name), ("env", variable))
        found = [
            entry_of(mapping_of(node.get(key)), item)
            for key, item in places
            for node in (self.step, self.body)
        ]
        entry = next((it for it in found if it is not None and text_of(it.value)), None)
        return (text_of(entry.value), entry.key_line) if entry is not None else None


class WorkflowFile(Struct, frozen=True, kw_only=True):
    """A workflow file as it was meant: what starts it, and its jobs that run reviewbot.

    `slips` are what it was put right by: the line of each, what is wrong there, and the mend.
    `twice` are keys that are there twice in one mapping, which GitHub refuses.
    """

    root: MappingNode
    triggers: tuple[Trigger, ...]
    jobs: tuple[Job, ...]
    slips: tuple[Slip, ...]
    twice: tuple[Slip, ...]

    def trigger(self, name: str) -> Trigger | None:
        """What it says of one event; None where that does not start it."""
        return next((item for item in self.triggers if item.name == name), None)


def read_workflow(text: str, *, file: str) -> WorkflowFile | None:
    """What a workflow file says; None where it does not name reviewbot, or is no mapping.

    Raises:
        MeasurementError: It is not YAML.

    """
    if NAME not in text:
        return None
    repeated: list[Problem] = []
    root = parse_yaml(text, file=file, repeated=repeated, shares=True)
    if not isinstance(root, MappingNode):
        return None
    root, slips = as_meant(root)
    jobs = mapping_of(root.get("jobs"))
    permissions = entry_of(root, "permissions")
    found = (_job(entry, permissions) for entry in jobs.entries)
    return WorkflowFile(
        root=root,
        triggers=tuple(_triggers(entry_of(root, "on"))),
        jobs=tuple(job for job in found if job is not None),
        slips=slips,
        twice=tuple(map(_twice, repeated)),
    )


def _twice(problem: Problem) -> Slip:
    line = (problem.place.line if problem.place else None) or 1
    is_of_step = _OF_STEP.search(problem.what) is not None
    mend = "begin each step with a `- ` of its own" if is_of_step else problem.mend
    return line, problem.what, mend


_OF_STEP = re.compile(r"['`](?:uses|run)['`]")


def is_misread(text: str, *, file: str) -> bool:
    """Whether the file is no YAML, so that nobody knows what it means."""
    try:
        read_workflow(text, file=file)
    except MeasurementError:
        return True
    return False


def reviews_pull_requests(text: str, *, file: str) -> bool:
    """Whether a pull request starts a review by this workflow, itself or through one that calls it.

    A file that is no YAML starts nothing; reviewbot itself refuses to run on `pull_request_target`.
    """
    try:
        workflow = read_workflow(text, file=file)
    except MeasurementError:
        return False
    if workflow is None or not any(map(workflow.trigger, STARTS_REVIEWS)):
        return False
    return any(job.reviews for job in workflow.jobs)


def _triggers(on: Entry | None) -> Iterator[Trigger]:
    if on is None:
        return
    if not isinstance(on.value, MappingNode):
        yield from (Trigger(name=name, line=line) for name, line in words(on.value))
        return
    for item in on.value.entries:
        settings = item.value if isinstance(item.value, MappingNode) else None
        yield Trigger(name=item.key, line=item.key_line, settings=settings)


def _job(entry: Entry, of_all: Entry | None) -> Job | None:
    """The job as it runs reviewbot; None where it does not."""
    body = entry.value
    if not isinstance(body, MappingNode):
        return None
    permissions = entry_of(body, "permissions") or of_all
    called, listed = entry_of(body, "uses"), body.get("steps")
    if called is not None and is_action(text_of(called.value)):
        return Job(
            name=entry.key,
            line=entry.key_line,
            run_line=called.key_line,
            body=body,
            step=body,
            inputs=_inputs(body),
            permissions=permissions,
            is_called=True,
        )
    items = listed.items if isinstance(listed, ListNode) else ()
    steps = [step for step in items if isinstance(step, MappingNode)]
    for number, step in enumerate(steps):
        uses, run = entry_of(step, "uses"), entry_of(step, "run")
        if uses is not None and is_action(text_of(uses.value)):
            line, inputs = uses.key_line, _inputs(step)
        elif run is not None and _CHECK.search(text_of(run.value)):
            line, inputs = run.key_line, None
        else:
            continue
        return Job(
            name=entry.key,
            line=entry.key_line,
            run_line=line,
            body=body,
            step=step,
            inputs=inputs,
            before=tuple(steps[:number]),
            permissions=permissions,
        )
    return None


def _inputs(step: MappingNode) -> dict[str, str]:
    return {item.key: text_of(item.value) for item in mapping_of(step.get("with")).entries}
