"""Which workflows a change concerns: by prompts, includes, samples, tools and configuration."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import formats
from reviewbot.configuration.settings import (
    Configuration,
    Coverage,
    PromptReference,
    SamplePattern,
    Workflow,
)
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.prompt import Sample
from reviewbot.prompts.sources import Source, SourceReader
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.changed_files import Change
from reviewbot.repository.globs import STEPS_LIMIT, Effort, TooMuchEffortError, select
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.governing import Configurations


class State(StrEnum):
    """What happened to a workflow between before and after."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


class Side(Struct, frozen=True, kw_only=True):
    """A workflow at one revision: what its call is made of, and its stand-in encoding."""

    source: Source
    encoding: str | None
    reader: SourceReader


class Terms(Struct, frozen=True, kw_only=True):
    """What a workflow is judged or forecast by: its settings, and the samples they stand for."""

    workflow: Workflow
    samples: tuple[Sample, ...]


class Affected(Struct, frozen=True, kw_only=True):
    """A workflow that the change concerns.

    `governing` are the base's terms, or for a new workflow the proposed ones under the base's
    default envelope. `proposed` are the head's, or for a removed workflow the governing ones.
    `problems` say why *after* cannot be measured, `before_problems` why *before* cannot.
    `orphaned` are files that the workflow, or its being removed, leaves behind.
    `supplied` are the governing samples with what the head's have beside, for templates that need
    it. `brings_samples` says that the base has none, so that the head's govern.
    """

    name: str
    state: State
    settings: Workflow
    prompts_changed: bool
    files: tuple[str, ...]
    governing: Terms
    proposed: Terms
    before: Side | None = None
    after: Side | None = None
    before_problems: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    orphaned: tuple[str, ...] = ()
    supplied: tuple[Sample, ...] = ()
    brings_samples: bool = False


class Unowned(Struct, frozen=True, kw_only=True):
    """A file that looks like a prompt and belongs to no workflow."""

    path: str
    changed: bool


class Scope(Struct, frozen=True, kw_only=True):
    """All workflows: those that the change concerns, and those that only budgets ask for."""

    affected: tuple[Affected, ...]
    unaffected: tuple[Affected, ...]
    unowned: tuple[Unowned, ...]


def find_affected(
    comparison: Comparison, configurations: Configurations, parser: LimitedParser
) -> Scope:
    """The workflows that the change concerns and the others, each sorted by name.

    `parser` must live as long as what is found: edited workflows are read with it too.

    Raises:
        ConfigurationError: The head's configuration names files that the head lacks.

    """
    finder = _Finder(comparison, configurations, parser)
    names = sorted({*configurations.before.workflows, *configurations.after.workflows})
    affected: list[Affected] = []
    unaffected: list[Affected] = []
    for name in names:
        item, is_affected = finder.examine(name)
        (affected if is_affected else unaffected).append(item)
    parser.rest()
    return Scope(
        affected=tuple(affected),
        unaffected=tuple(unaffected),
        unowned=finder.unowned(),
    )


class _Finder:
    def __init__(
        self, comparison: Comparison, configurations: Configurations, parser: LimitedParser
    ) -> None:
        self._comparison = comparison
        self._configurations = configurations
        samples: dict[tuple[str, str], Sample] = {}
        self._before = SourceReader(comparison.before_tree, samples, parser)
        self._after = SourceReader(comparison.after_tree, samples, parser)
        self._governing = (
            self._before
            if comparison.governing_tree is comparison.before_tree
            else SourceReader(comparison.governing_tree, samples, parser)
        )
        self._new_names = _new_names(comparison.changes)
        self._old_names = {new: old for old, new in self._new_names.items()}
        self._owned: set[str] = {configurations.after.file}
        _check_files(configurations.after, self._after, comparison)
        self._before.prefetch(configurations.before)
        self._after.prefetch(configurations.after)

    def examine(self, name: str) -> tuple[Affected, bool]:
        """The workflow `name`, and whether the change concerns it; if not, without its *before*."""
        before, before_problems = self._before_side(name)
        head = self._configurations.after.workflows.get(name)
        if head is None:
            return self._removed(name, before, before_problems), True
        after, problems = _side(self._after, head, self._configurations.after)
        head_samples, head_files, sample_problems = _samples(self._after, head, after)
        self._own(head, after, head_files)
        if not before and not before_problems:
            new = self._new(name, head, after, head_samples, problems + sample_problems)
            return new, True
        was = self._configurations.before.workflows[name]
        _, was_files, _ = _samples(self._before, was, before)
        base = self._configurations.governing.workflows.get(name, was)
        base_samples, _, base_problems = _samples(self._governing, base, before)
        proposal = self._configurations.proposed.workflows.get(name, head)
        any_change = bool(self._comparison.changes)
        stays_broken = (
            before is None
            and after is None
            and before_problems == problems
            and self._made_of_the_same(was, head, any_change=any_change)
        )
        prompts_changed = not stays_broken and _differ(before, after, any_change=any_change)
        samples_changed = (head_files, _inline(head), _own_samples(after)) != (
            was_files,
            _inline(was),
            _own_samples(before),
        )
        is_affected = not (
            self._configurations.advisory is None
            and not prompts_changed
            and not samples_changed
            and base_problems == sample_problems
            and _same_terms(base, proposal)
            and _same_rules(self._configurations.governing, self._configurations.proposed)
        )
        governing = base_samples or head_samples
        if not is_affected:
            terms = Terms(workflow=base, samples=governing)
            unchanged = Affected(
                name=name,
                state=State.CHANGED,
                settings=head,
                prompts_changed=False,
                files=(),
                governing=terms,
                proposed=terms,
                after=after,
                problems=problems + sample_problems,
            )
            return unchanged, False
        proposed = head_samples if samples_changed else governing
        changed = Affected(
            name=name,
            state=State.CHANGED,
            settings=head,
            prompts_changed=prompts_changed,
            files=_changed_files(before, after, was_files, head_files),
            before=before,
            after=after,
            governing=Terms(workflow=base, samples=governing),
            proposed=Terms(workflow=proposal, samples=proposed),
            before_problems=before_problems + base_problems,
            problems=problems + sample_problems,
            orphaned=self._orphaned(was, head),
            supplied=_supplied(governing, head_samples),
            brings_samples=bool(head_samples and not base_samples),
        )
        return changed, True

    def unowned(self) -> tuple[Unowned, ...]:
        """Files of the head that look like prompts and belong to no workflow, sorted."""
        changed = {change.after for change in self._comparison.changes}
        paths = sorted(self._comparison.after_tree.paths)
        effort = Effort()
        found: set[str] = set()
        for configuration in (self._configurations.governing, self._configurations.after):
            try:
                found |= look_like_prompts(paths, configuration.coverage, effort)
            except TooMuchEffortError:
                raise ConfigurationError([_too_many_patterns(configuration)]) from None
        return tuple(
            Unowned(path=path, changed=path in changed) for path in sorted(found - self._owned)
        )

    def _before_side(self, name: str) -> tuple[Side | None, tuple[Problem, ...]]:
        configuration = self._configurations.before
        workflow = configuration.workflows.get(name)
        if workflow is None:
            return None, ()
        if self._configurations.advisory is not None:
            workflow = _as_before(workflow, self._old_names)
            if not any(self._comparison.before_tree.entry(p.path) for p in workflow.prompts):
                return None, ()
        return _side(self._before, workflow, configuration)

    def _removed(
        self, name: str, before: Side | None, before_problems: tuple[Problem, ...]
    ) -> Affected:
        workflow = self._configurations.before.workflows[name]
        governing = self._configurations.governing.workflows.get(name, workflow)
        samples, _, problems = _samples(self._governing, governing, before)
        terms = Terms(workflow=governing, samples=samples)
        return Affected(
            name=name,
            state=State.REMOVED,
            settings=workflow,
            prompts_changed=True,
            files=(),
            before=before,
            governing=terms,
            proposed=terms,
            before_problems=before_problems + problems,
            orphaned=self._orphaned(workflow, None),
        )

    def _new(
        self,
        name: str,
        head: Workflow,
        after: Side | None,
        samples: tuple[Sample, ...],
        problems: tuple[Problem, ...],
    ) -> Affected:
        base = self._configurations.governing
        is_known = self._configurations.advisory is not None or name in base.workflows
        terms = {"envelope": base.defaults.envelope}
        if is_known:
            terms = {key: getattr(base.workflows[name], key) for key in _JUDGED_BY}
        return Affected(
            name=name,
            state=State.NEW,
            settings=head,
            prompts_changed=True,
            files=tuple(after.source.files) if after else (),
            after=after,
            governing=Terms(workflow=replace(head, **terms), samples=samples),
            proposed=Terms(workflow=head, samples=samples),
            problems=problems,
        )

    def _made_of_the_same(self, was: Workflow, head: Workflow, *, any_change: bool) -> bool:
        """Whether a workflow that cannot be read is made of the same files as before."""
        (before, is_known), (after, is_still_known) = (
            self._before.files(was),
            self._after.files(head),
        )
        return before == after and ((is_known and is_still_known) or not any_change)

    def _orphaned(self, was: Workflow, head: Workflow | None) -> tuple[str, ...]:
        """Prompts that are taken out of a call; of a removed workflow, those that stay."""
        kept = {(item.path, item.selector) for item in _named(head)} if head else set()
        return tuple(
            reference.name
            for reference in _named(was)
            if not {
                (reference.path, reference.selector),
                (self._new_names.get(reference.path), reference.selector),
            }
            & kept
            and (
                head is not None
                or reference.path in self._new_names
                or self._comparison.after_tree.entry(reference.path) is not None
            )
        )

    def _own(self, workflow: Workflow, side: Side | None, sample_files: Mapping[str, str]) -> None:
        self._owned |= {prompt.path for prompt in workflow.prompts}
        self._owned |= set(sample_files)
        if side is not None:
            self._owned |= set(side.source.files)


def look_like_prompts(paths: Sequence[str], coverage: Coverage, effort: Effort) -> set[str]:
    """Those of the sorted `paths` that are prompts by the configured globs, or by their names.

    Raises:
        TooMuchEffortError: `effort` does not suffice for the globs.

    """
    found = {path for path in paths if _is_named_as_prompt(path)}
    found.update(*(select(paths, pattern, effort) for pattern in coverage.prompts))
    return found.difference(*(select(paths, pattern, effort) for pattern in coverage.ignore))


def _is_named_as_prompt(path: str) -> bool:
    if formats.is_prompt(path):
        return True
    *folders, name = path.lower().split("/")
    in_prompts = ".prompt." in name or any(folder in {"prompt", "prompts"} for folder in folders)
    return in_prompts and formats.recognize(path) is not None


def _too_many_patterns(configuration: Configuration) -> Problem:
    return Problem(
        what=f"the patterns of `coverage` take more than {STEPS_LIMIT:,} steps",
        mend="begin patterns with a folder, and use `**` once",
        place=Place(file=configuration.file, key="coverage"),
    )


def _side(
    reader: SourceReader, workflow: Workflow, configuration: Configuration
) -> tuple[Side | None, tuple[Problem, ...]]:
    try:
        source = reader.read(workflow, configuration)
        return Side(source=source, encoding=workflow.encoding, reader=reader), ()
    except MeasurementError as error:
        return None, error.problems


def _samples(
    reader: SourceReader, workflow: Workflow, side: Side | None
) -> tuple[tuple[Sample, ...], Mapping[str, str], tuple[Problem, ...]]:
    try:
        samples, files = reader.samples.read(workflow)
    except MeasurementError as error:
        return (), {}, error.problems
    own = side.source.own_samples if side is not None and not workflow.samples else ()
    return samples or own, files, ()


def _supplied(samples: tuple[Sample, ...], head: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """`samples`, with the variables that they lack and the head's samples have."""
    by_name = {sample.name: sample for sample in head}

    def completed(sample: Sample) -> Sample:
        source = by_name.get(sample.name) or head[0]
        if source.variables.keys() <= sample.variables.keys():
            return sample
        return replace(sample, variables={**source.variables, **sample.variables})

    return tuple(map(completed, samples)) if head else samples


def _differ(before: Side | None, after: Side | None, *, any_change: bool) -> bool:
    if before is None or after is None:
        return True
    is_known = before.source.complete and after.source.complete
    return _sent(before) != _sent(after) or (not is_known and any_change)


def _sent(side: Side) -> object:
    """What a call is made of, wherever in its files that stands."""
    source = side.source
    messages = []
    for item in source.messages:
        template = item.template
        said = (template.role, template.text, template.engine, template.name, template.images)
        beside = [entry for entry in item.files.items() if entry[0] != item.path]
        messages.append((item.path, said, sorted(beside), item.options))
    asked = (source.tools, source.response_schemas, source.parameters)
    fixed = (*asked, source.model, source.max_tokens)
    return messages, fixed, side.encoding


def _same_terms(base: Workflow, head: Workflow) -> bool:
    """Whether two settings forecast and judge alike, wherever in the file they stand."""
    return _inline(base) == _inline(head) and all(
        getattr(base, key) == getattr(head, key) for key in _JUDGED_BY
    )


_JUDGED_BY = ("envelope", "traffic", "feature", "owner", "complexity")
"""What decides about a workflow beside its samples: the base's value gates."""


def _named(workflow: Workflow) -> tuple[PromptReference, ...]:
    return (*workflow.prompts, *([workflow.tools] if workflow.tools else []))


def _own_samples(side: Side | None) -> tuple[Sample, ...]:
    return side.source.own_samples if side is not None else ()


def _inline(workflow: Workflow) -> list[Sample | str]:
    return [item.pattern if isinstance(item, SamplePattern) else item for item in workflow.samples]


def _same_rules(base: Configuration, head: Configuration) -> bool:
    return base.prices == head.prices


def _changed_files(
    before: Side | None,
    after: Side | None,
    was_files: Mapping[str, str],
    head_files: Mapping[str, str],
) -> tuple[str, ...]:
    old = {**(before.source.files if before else {}), **was_files}
    new = {**(after.source.files if after else {}), **head_files}
    return tuple(sorted(path for path in {*old, *new} if old.get(path) != new.get(path)))


def _new_names(changes: Iterable[Change]) -> Mapping[str, str]:
    """The new path of each file that was moved."""
    return {
        change.before: change.after
        for change in changes
        if change.before and change.after and change.before != change.after
    }


def _as_before(workflow: Workflow, old_names: Mapping[str, str]) -> Workflow:
    """The workflow with the paths its files had before they were renamed."""

    def renamed(reference: PromptReference) -> PromptReference:
        return replace(reference, path=old_names.get(reference.path, reference.path))

    return replace(
        workflow,
        prompts=tuple(map(renamed, workflow.prompts)),
        tools=renamed(workflow.tools) if workflow.tools else None,
    )


def _check_files(
    configuration: Configuration, reader: SourceReader, comparison: Comparison
) -> None:
    tree = comparison.after_tree
    renamed = {change.before: change.after for change in comparison.changes if change.before}
    problems: list[Problem] = []
    for workflow in configuration.workflows.values():
        for reference in _named(workflow):
            if tree.entry(reference.path) is not None:
                continue
            target = renamed.get(reference.path)
            reason = tree.read([reference.path])[reference.path]
            if isinstance(reason, Problem):
                mend = f"it was renamed: name {target!r}" if target else reason.mend
                what = f"{reference.path!r}: {reason.what}"
                problems.append(Problem(what=what, mend=mend, place=reference.place))
        problems += reader.samples.unmatched(workflow)
    if problems:
        raise ConfigurationError(problems)
