"""Which workflows a change concerns: by prompts, includes, samples, tools and configuration."""

from collections.abc import Sequence

from msgspec.structs import replace

from reviewbot.configuration.settings import Workflow
from reviewbot.errors import Problem
from reviewbot.prompts.sources import named_references
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import (
    Affected,
    ModelSwaps,
    Resent,
    Scope,
    Side,
    State,
    Terms,
)
from reviewbot.scope.code_models import (
    NamedInCode,
    not_followed,
    swaps_in_source,
)
from reviewbot.scope.computed_includes import may_be_included
from reviewbot.scope.corrected_guesses import with_changed_models
from reviewbot.scope.corrections import Corrections
from reviewbot.scope.deletions import deletes_all
from reviewbot.scope.differences import (
    changed_files,
    differ,
    displaced_includes,
    gained_tags,
    inline_samples,
    own_samples,
    same_rules,
    same_terms,
)
from reviewbot.scope.followed import displaced_problems, follow
from reviewbot.scope.governing import Configurations
from reviewbot.scope.moved_text import find_moved_text
from reviewbot.scope.namesakes import find_namesakes
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.one_sided import new_workflow, removed_workflow, unread_workflow
from reviewbot.scope.renames import Renames
from reviewbot.scope.traced_back import with_earlier_names
from reviewbot.scope.uncovered_prompts import find_uncovered
from reviewbot.scope.workflow_reading import (
    Readers,
    ReadSamples,
    SideOrProblems,
    check_files,
    completed_samples,
    files_of,
    read_head,
    read_samples,
    read_side,
    readers_of,
)


def find_affected(
    comparison: Comparison, configurations: Configurations, parser: LimitedParser
) -> Scope:
    """The workflows that the change concerns and the others, each sorted by name.

    `parser` must live as long as what is found: edited workflows are read with it too. Workflows
    beyond its allowance are not read; they count as concerned, and as not measured.

    Raises:
        ConfigurationError: The head's configuration names files that the head lacks.

    """
    found_swaps = swaps_in_source(comparison, configurations)
    finder = _Finder(comparison, configurations, parser, found_swaps)
    configurations = finder.configurations
    names = sorted({*configurations.before.workflows, *configurations.after.workflows})
    affected: list[Affected] = []
    unaffected: list[Affected] = []
    for name in names:
        found = None if parser.allowance.is_used_up else finder.examine(name)
        if found is None or parser.allowance.is_used_up:  # so nobody knows whether it changed
            found = unread_workflow(name, configurations), True
        item, is_affected = found
        (affected if is_affected else unaffected).append(item)
    resent, unseen = _resent(comparison, configurations, parser, affected)
    resent = (
        *finder.named.told_once(resent),
        *not_followed(found_swaps, affected, unaffected),
    )
    affected = with_changed_models(affected, comparison, configurations, found_swaps, resent)
    parser.rest()
    moved, not_compared = find_moved_text(comparison, affected, unaffected, finder.covered)
    uncovered = find_uncovered(comparison, configurations, finder.covered)
    entries = (comparison.after_tree.entry(item.path) for item in uncovered if item.changed)
    return Scope(
        affected=tuple(affected),
        unaffected=tuple(unaffected),
        unowned=uncovered,
        moved=moved,
        files_not_compared=not_compared,
        uncovered_contents=tuple(entry.object_id for entry in entries if entry),
        conflicts=finder.readers.new_conflicts(is_first=configurations.advisory is not None),
        namesakes=find_namesakes(comparison, finder.covered),
        resent=resent,
        swaps=found_swaps,
        unseen=(*unseen, *finder.unseen, *found_swaps.unseen),
    )


def _resent(
    comparison: Comparison,
    configurations: Configurations,
    parser: LimitedParser,
    affected: Sequence[Affected],
) -> tuple[tuple[Resent, ...], tuple[Unsearched, ...]]:
    """What code sends otherwise; nothing is loaded where no workflow names a text in a file."""
    several = (configurations.before, configurations.after)
    workflows = [item for one in several for item in one.workflows.values()]
    if not any(item.selector for workflow in workflows for item in workflow.prompts):
        return (), ()
    from reviewbot.scope.sent_otherwise.resent import find_resent

    return find_resent(comparison, configurations, parser, affected)


class _Finder:
    """Compares each workflow at the head with the one before; `covered` are the files seen."""

    def __init__(
        self,
        comparison: Comparison,
        configurations: Configurations,
        parser: LimitedParser,
        swaps: ModelSwaps,
    ) -> None:
        self._comparison = comparison
        self.readers = readers_of(comparison, parser, configurations)
        self._renames = Renames(comparison, self.readers)
        self._corrections = Corrections(configurations, self.readers)
        self.covered: set[str] = {configurations.after.file}
        self.readers.before.prefetch(configurations.before)
        self.readers.after.prefetch(configurations.after)
        self._followed = follow(comparison, configurations, self.readers, self._renames.positions)
        check_files(self._followed.configurations, self.readers.after, comparison)
        self.configurations, self.unseen = with_earlier_names(
            comparison, self._followed.configurations, self.readers, self._renames
        )
        self.named = NamedInCode(swaps, self.configurations, self.readers)

    def examine(self, name: str) -> tuple[Affected, bool]:
        """The workflow `name`, and whether the change concerns it; if not, without its *before*."""
        before, before_problems = self._before_side(name)
        head = self.configurations.after.workflows.get(name)
        if head is None:
            removed = self._removed(name, (before, before_problems))
            successor = self._corrections.successor(name)
            orphaned = removed.orphaned if successor is None else {}
            return replace(removed, orphaned=orphaned, succeeded_by=successor), True
        after, problems = _head_side(
            self.readers, head, before, self.configurations, self._comparison
        )
        displaced = self._followed.displaced.get(name, frozenset())
        if displaced:
            after, problems = None, (*problems, *displaced_problems(head, displaced))
        is_first = self.configurations.advisory is not None  # one that names none is wrong
        if problems and before and not is_first and deletes_all(self.readers, head, displaced):
            self.covered |= files_of(head, None, ReadSamples())
            gone = self._removed(name, (before, before_problems))
            tree = self.readers.after.tree
            deleted = (
                item.path if tree.entry(item.path) is None else item.name for item in head.prompts
            )
            return replace(gone, deleted=tuple(dict.fromkeys(deleted)), orphaned={}), True
        samples = read_samples(self.readers.after, head, after)
        self.covered |= files_of(head, after, samples)
        if not before and not before_problems:
            return new_workflow(head, after, problems, samples, self.configurations), True
        return self._staying(head, (before, before_problems), (after, problems), samples)

    def _before_side(self, name: str) -> SideOrProblems:
        configuration = self.configurations.before
        workflow = configuration.workflows.get(name)
        if workflow is None:
            return None, ()
        return read_side(self.readers.before, workflow, configuration)

    def _removed(self, name: str, was_read: SideOrProblems) -> Affected:
        return removed_workflow(name, was_read, self.configurations, self.readers, self._renames)

    def _staying(
        self,
        head: Workflow,
        was_read: SideOrProblems,
        is_read: SideOrProblems,
        samples: ReadSamples,
    ) -> tuple[Affected, bool]:
        """A workflow that is there before and after, and whether the change concerns it."""
        (before, before_problems), (after, problems) = was_read, is_read
        configurations = self.configurations
        is_first = configurations.advisory is not None  # nothing named its texts before
        was = configurations.before.workflows[head.name]
        before, after = self.named.models(before, after, was)
        was_samples = read_samples(self.readers.before, was, before)
        base = configurations.governing.workflows.get(head.name, was)
        base_samples = read_samples(self.readers.governing, base, before)
        proposal = configurations.proposed.workflows.get(head.name, head)
        any_change = bool(self._comparison.changes)
        stays_broken = (
            before is None
            and after is None
            and before_problems == problems
            and self.readers.give_the_same_files(was, head, any_change=any_change)
        )
        prompts_changed = not stays_broken and differ(before, after, any_change=any_change)
        samples_changed = (samples.files, inline_samples(head), own_samples(after)) != (
            was_samples.files,
            inline_samples(was),
            own_samples(before),
        )
        governing = base_samples.samples or samples.samples
        terms = Terms(workflow=base, samples=governing)
        moved = self._followed.moved.get(head.name, ())
        if (
            not is_first
            and not moved
            and not prompts_changed
            and not samples_changed
            and base_samples.problems == samples.problems
            and same_terms(base, proposal)
            and same_rules(configurations.governing, configurations.proposed)
        ):
            unchanged = Affected(
                name=head.name,
                state=State.CHANGED,
                settings=head,
                prompts_changed=False,
                files=(),
                governing=terms,
                proposed=terms,
                after=after,
                problems=problems + samples.problems,
            )
            return unchanged, False
        proposed = samples.samples if samples_changed else governing
        widened = self._corrections.widened(was, head)
        orphaned = {} if is_first else self._renames.orphaned(was, head, self.readers)
        mistaken = _of_misspelt_names(head, problems)
        changed = Affected(
            name=head.name,
            state=State.CHANGED,
            settings=head,
            prompts_changed=prompts_changed,
            files=changed_files(before, after, was_samples.files, samples.files),
            before=before,
            after=after,
            governing=terms,
            moved=moved,
            proposed=Terms(workflow=proposal, samples=proposed),
            before_problems=before_problems + base_samples.problems,
            problems=problems + samples.problems,
            orphaned={
                name: content
                for name, content in orphaned.items()
                if name not in widened and name.partition("#")[0] not in mistaken
            },
            widened=widened,
            gained_tags=gained_tags(before, after),
            may_include=may_be_included(after, self._comparison),
            displaced=(
                () if moved else displaced_includes(before, after, self._comparison.after_tree)
            ),
            supplied=completed_samples(governing, samples.samples),
            brings_samples=bool(samples.samples and not base_samples.samples),
        )
        return changed, True


def _head_side(
    readers: Readers,
    head: Workflow,
    before: Side | None,
    configurations: Configurations,
    comparison: Comparison,
) -> SideOrProblems:
    """The side after the change; of a constant that has moved, with what its call asks for."""
    read = read_head(readers, head, configurations, comparison)
    was = configurations.before.workflows.get(head.name, head)
    if was.prompts == head.prompts:
        return read
    from reviewbot.scope.calls_of_moved import with_its_call

    return with_its_call((was, head), before, read, readers.after, configurations.after)


def _of_misspelt_names(head: Workflow, problems: Sequence[Problem]) -> set[str]:
    """The files of prompts whose names mean nothing: what else stood there is not taken out."""
    places = {item.place for item in problems if item.place is not None}
    return {item.path for item in named_references(head) if item.place in places}
