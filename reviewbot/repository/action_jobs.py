"""What a workflow file of GitHub Actions says of the jobs that run reviewbot."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from reviewbot.documents.nodes import Entry, ListNode, MappingNode, Node, Scalar
from reviewbot.documents.yaml_text import parse_yaml
from reviewbot.errors import MeasurementError
from reviewbot.repository.action_workflow import NAME

_CHECK = re.compile(r"\breviewbot (?:check|action)\b")


class Trigger(Struct, frozen=True, kw_only=True):
    """An event that starts the workflow, its line, and its settings where it has some."""

    name: str
    line: int
    settings: MappingNode | None = None

    def setting(self, name: str) -> Entry | None:
        """One of its settings, such as `branches`."""
        return _entry(self.settings, name)


class Job(Struct, frozen=True, kw_only=True):
    """A job that runs reviewbot.

    `inputs` are those of the action, None where the `script` of a step runs `reviewbot check`
    itself, and `given` are they with their lines, if no workflow of the action is called.
    `before` are the steps above. `permissions` are the job's own, else the workflow's; None
    where neither has some. A job that calls a reusable workflow, `is_called`, has no steps.
    `action` is what `uses` names; `unfailing` are keys by which a failure of the review passes.
    """

    name: str
    line: int
    run_line: int
    inputs: dict[str, str] | None
    given: tuple[Entry, ...] = ()
    script: str = ""
    before: tuple[MappingNode, ...] = ()
    permissions: Entry | None
    is_called: bool = False
    action: str = ""
    unfailing: tuple[Entry, ...] = ()


class WorkflowFile(Struct, frozen=True, kw_only=True):
    """What starts a workflow, and its jobs that run reviewbot."""

    triggers: tuple[Trigger, ...]
    jobs: tuple[Job, ...]

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
    root = parse_yaml(text, file=file, repeated=[], shares=True)
    if not isinstance(root, MappingNode):
        return None
    jobs = root.get("jobs")
    entries = jobs.entries if isinstance(jobs, MappingNode) else ()
    found = (job for entry in entries for job in _jobs(entry, _entry(root, "permissions")))
    return WorkflowFile(triggers=tuple(_triggers(_entry(root, "on"))), jobs=tuple(found))


def reviews_pull_requests(text: str, *, file: str) -> bool:
    """Whether a pull request starts a review by this workflow, itself or through one that calls it.

    A file that is no YAML starts nothing; reviewbot itself refuses to run on `pull_request_target`.
    """
    try:
        workflow = read_workflow(text, file=file)
    except MeasurementError:
        return False
    if workflow is None or not any(map(workflow.trigger, _STARTS_REVIEWS)):
        return False
    return any(_is_review(job.inputs or {}) for job in workflow.jobs)


_STARTS_REVIEWS = ("pull_request", "workflow_call")


def _is_review(inputs: Mapping[str, str]) -> bool:
    return "report" not in inputs and inputs.get("drift") != "true"


def words(node: Node | None) -> tuple[tuple[str, int], ...]:
    """The texts of a list, or the one that stands for it, each with its line."""
    items = node.items if isinstance(node, ListNode) else (node,)
    return tuple((item.text, item.line) for item in items if isinstance(item, Scalar))


def option(step: MappingNode, name: str) -> Entry | None:
    """What stands below `with` of a step."""
    return _entry(step.get("with"), name)


def text_of(node: Node | None) -> str:
    """The text of a single value; empty for anything else."""
    return node.text if isinstance(node, Scalar) else ""


def _entry(node: Node | None, key: str) -> Entry | None:
    if not isinstance(node, MappingNode):
        return None
    return next((item for item in node.entries if item.key == key), None)


def _triggers(on: Entry | None) -> Iterator[Trigger]:
    if on is None:
        return
    if not isinstance(on.value, MappingNode):
        yield from (Trigger(name=name, line=line) for name, line in words(on.value))
        return
    for item in on.value.entries:
        settings = item.value if isinstance(item.value, MappingNode) else None
        yield Trigger(name=item.key, line=item.key_line, settings=settings)


def _jobs(entry: Entry, of_all: Entry | None) -> Iterator[Job]:
    """The job as it runs reviewbot: once, by its first step that does."""
    job = entry.value
    if not isinstance(job, MappingNode):
        return
    permissions = _entry(job, "permissions") or of_all
    called, listed = _entry(job, "uses"), job.get("steps")
    steps = listed.items if isinstance(listed, ListNode) else ()
    found = [step for step in steps if isinstance(step, MappingNode)]
    if called is not None and _is_action(text_of(called.value)):
        yield Job(
            name=entry.key,
            line=entry.key_line,
            run_line=called.key_line,
            inputs=_inputs(job),
            permissions=permissions,
            is_called=True,
            action=text_of(called.value),
            unfailing=tuple(_unfailing(job)),
        )
    for number, step in enumerate(found):
        uses, run = _entry(step, "uses"), _entry(step, "run")
        if uses is not None and _is_action(text_of(uses.value)):
            inputs, line = _inputs(step), uses.key_line
            given = _given(step)
        elif run is not None and _CHECK.search(text_of(run.value)):
            inputs, line, given = None, run.key_line, ()
        else:
            continue
        yield Job(
            name=entry.key,
            line=entry.key_line,
            run_line=line,
            inputs=inputs,
            given=given,
            script=text_of(run.value) if run is not None else "",
            before=tuple(found[:number]),
            permissions=permissions,
            action=text_of(uses.value) if uses is not None else "",
            unfailing=(*_unfailing(job), *_unfailing(step)),
        )
        return


def _unfailing(node: MappingNode) -> Iterator[Entry]:
    goes_on = _entry(node, "continue-on-error")
    if goes_on is not None and text_of(goes_on.value) != "false":
        yield goes_on


def _is_action(uses: str) -> bool:
    """Whether `OWNER/NAME@COMMIT`, or a workflow of such a repository, is reviewbot's."""
    parts = uses.partition("@")[0].split("/")
    return len(parts) > 1 and parts[0] != "." and NAME in parts[1].lower()


def _inputs(step: MappingNode) -> dict[str, str]:
    return {item.key: text_of(item.value) for item in _given(step)}


def _given(step: MappingNode) -> tuple[Entry, ...]:
    given = step.get("with")
    return tuple(given.entries) if isinstance(given, MappingNode) else ()
