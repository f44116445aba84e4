"""Workflows that stand on one side of a change only, or of which nothing could be read."""

from msgspec.structs import replace

from reviewbot.allowance import used_up
from reviewbot.configuration.settings import Workflow
from reviewbot.errors import Problem
from reviewbot.scope.affected import Affected, Side, State, Terms
from reviewbot.scope.differences import JUDGED_BY
from reviewbot.scope.governing import Configurations
from reviewbot.scope.renames import Renames
from reviewbot.scope.workflow_reading import Readers, ReadSamples, SideOrProblems, read_samples


def removed_workflow(
    name: str,
    was_read: SideOrProblems,
    configurations: Configurations,
    readers: Readers,
    renames: Renames,
) -> Affected:
    """A workflow that the change takes out, or whose prompts it deletes."""
    before, before_problems = was_read
    workflow = configurations.before.workflows[name]
    governing = configurations.governing.workflows.get(name, workflow)
    read = read_samples(readers.governing, governing, before)
    terms = Terms(workflow=governing, samples=read.samples)
    return Affected(
        name=name,
        state=State.REMOVED,
        settings=workflow,
        prompts_changed=True,
        files=(),
        before=before,
        governing=terms,
        proposed=terms,
        before_problems=before_problems + read.problems,
        orphaned=renames.orphaned(workflow, None, readers),
    )


def new_workflow(
    head: Workflow,
    after: Side | None,
    problems: tuple[Problem, ...],
    read: ReadSamples,
    configurations: Configurations,
) -> Affected:
    """A workflow that the change brings, under the limits that the base has for it."""
    governing = _governing_of_new(head, configurations)
    return Affected(
        name=head.name,
        state=State.NEW,
        settings=head,
        prompts_changed=True,
        files=tuple(after.source.files) if after else (),
        after=after,
        governing=Terms(workflow=governing, samples=read.samples),
        proposed=Terms(workflow=head, samples=read.samples),
        problems=problems + read.problems,
    )


def unread_workflow(name: str, configurations: Configurations) -> Affected:
    """A workflow that was not read in time: nothing of it is known but its settings."""
    was, head = (item.workflows.get(name) for item in (configurations.before, configurations.after))
    settings = head or was
    assert settings is not None
    state = State.CHANGED if was and head else State.NEW if head else State.REMOVED
    base = configurations.governing.workflows.get(name, settings)
    problem = replace(used_up(), place=settings.place)
    return Affected(
        name=name,
        state=state,
        settings=settings,
        prompts_changed=True,
        files=(),
        governing=Terms(workflow=base, samples=()),
        proposed=Terms(workflow=settings, samples=()),
        before_problems=(problem,) if was else (),
        problems=(problem,) if head else (),
    )


def _governing_of_new(head: Workflow, configurations: Configurations) -> Workflow:
    """A workflow that the change adds, under the limits that the base has for it."""
    base = configurations.governing
    terms = {"envelope": base.defaults.envelope}
    if configurations.advisory is not None or head.name in base.workflows:
        terms = {key: getattr(base.workflows[head.name], key) for key in JUDGED_BY}
    return replace(head, **terms)
