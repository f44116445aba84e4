"""Reads a workflow's side and its samples at one revision."""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.meant_names import several_paths
from reviewbot.configuration.settings import (
    Configuration,
    Workflow,
)
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.prompt import Sample
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import named_references
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.refused_files import LinkProblem
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Side
from reviewbot.scope.governing import Configurations
from reviewbot.scope.meant_paths import files_in, matching_paths, meant_path


class Readers(Struct, frozen=True, kw_only=True):
    """What reads the files before and after the change, and the samples that govern."""

    before: SourceReader
    after: SourceReader
    governing: SourceReader

    def give_the_same_files(self, was: Workflow, head: Workflow, *, any_change: bool) -> bool:
        """Whether a workflow that cannot be read is made of the same files as before."""
        (old, is_known), (new, is_still_known) = self.before.files(was), self.after.files(head)
        return old == new and ((is_known and is_still_known) or not any_change)

    def new_conflicts(self, *, is_first: bool) -> tuple[Place, ...]:
        """Where marks of a merge conflict stand in files that were read, and stood not before.

        Where the configuration `is_first`, nothing is told before, so that all of them are new.
        """
        found = sorted(self.after.conflicts.items())
        told = {} if is_first else self.before.conflicts
        return tuple(Place(file=path, line=line) for path, line in found if path not in told)


def readers_of(
    comparison: Comparison, parser: LimitedParser, configurations: Configurations
) -> Readers:
    """The readers of a comparison; they share samples that are equal.

    Where the base has no configuration yet, the samples that govern are the head's, too.
    """
    samples: dict[tuple[str, str], Sample] = {}
    before = SourceReader(comparison.before_tree, samples, parser)
    after = SourceReader(comparison.after_tree, samples, parser, before)
    governing = before
    if configurations.advisory is not None and not configurations.is_base_broken:
        governing = after
    elif comparison.governing_tree is not comparison.before_tree:
        governing = SourceReader(comparison.governing_tree, samples, parser, before)
    return Readers(before=before, after=after, governing=governing)


SideOrProblems = tuple[Side | None, tuple[Problem, ...]]
"""A workflow at one revision, or why it cannot be read."""


class ReadSamples(Struct, frozen=True, kw_only=True):
    """A workflow's samples at one revision, the ids of their files, and what is wrong with them."""

    samples: tuple[Sample, ...] = ()
    files: Mapping[str, str] = {}
    problems: tuple[Problem, ...] = ()


def read_side(
    reader: SourceReader, workflow: Workflow, configuration: Configuration
) -> SideOrProblems:
    """What a call of `workflow` is made of, or why that cannot be read."""
    try:
        source = reader.read(workflow, configuration)
        return Side(source=source, encoding=workflow.encoding, reader=reader), ()
    except MeasurementError as error:
        return None, error.problems


def read_head(
    readers: Readers, workflow: Workflow, configurations: Configurations, comparison: Comparison
) -> SideOrProblems:
    """The side after the change; of a prompt that the change itself deletes it says so."""
    side, problems = read_side(readers.after, workflow, configurations.after)
    if not problems:
        return side, ()
    tree = comparison.after_tree
    deleted = {change.before for change in comparison.changes if change.after is None}
    told = {
        item.place: Problem(
            what=f"the change deletes {item.path!r}, which {workflow.name!r} still names",
            mend="take it out of `prompts`, or the workflow out of `workflows`, or keep the file",
            place=item.place,
        )
        for item in named_references(workflow)
        if item.path in deleted and tree.entry(item.path) is None
    }
    return side, tuple(told.get(item.place, item) if item.place else item for item in problems)


def read_samples(reader: SourceReader, workflow: Workflow, side: Side | None) -> ReadSamples:
    """The samples that the configuration gives, else those that the prompts bring themselves."""
    try:
        samples, files = reader.samples.read(workflow)
    except MeasurementError as error:
        return ReadSamples(problems=error.problems)
    own = side.source.own_samples if side is not None and not workflow.samples else ()
    return ReadSamples(samples=samples or own, files=files)


def files_of(workflow: Workflow, side: Side | None, read: ReadSamples) -> set[str]:
    """The files that a workflow covers: prompts, tools, what they include, and samples."""
    made_of = side.source.files if side is not None else ()
    return {*(named.path for named in named_references(workflow)), *read.files, *made_of}


def completed_samples(samples: tuple[Sample, ...], head: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """`samples`, with the variables and keys that they lack and the head's samples have."""
    by_name = {sample.name: sample for sample in head}

    def completed(sample: Sample) -> Sample:
        source = by_name.get(sample.name) or head[0]
        variables = _completed(sample.variables, source.variables)
        return sample if variables == sample.variables else replace(sample, variables=variables)

    return tuple(map(completed, samples)) if head else samples


def _completed(value: Any, source: Any) -> Any:
    """`value`, with the keys that its mappings lack and those of `source` have, however deep."""
    match value, source:
        case dict(), dict() if {"tokens"} not in (value.keys(), source.keys()):
            known = {key: _completed(item, source.get(key)) for key, item in value.items()}
            return {**source, **known}
        case list(), [first, *_]:
            return [
                _completed(item, source[index] if index < len(source) else first)
                for index, item in enumerate(value)
            ]
        case _:
            return value


_SHOWN_PATHS = 5
"""Of the files that a pattern means; nobody reads more of them in a message."""


def check_files(
    configurations: Configurations, reader: SourceReader, comparison: Comparison
) -> None:
    """Refuse a configuration of the head that names files which the head lacks.

    A prompt that this very change deletes makes its own workflow unmeasured, and no other; so does
    one that the base names alike, and that is not in the file which git takes for its own.

    Raises:
        ConfigurationError: With every such file.
    """
    tree = comparison.after_tree
    deleted = {change.before for change in comparison.changes if change.after is None}
    renamed = {change.before: change.after for change in comparison.changes if change.before}
    moved = {old: new for old, new in renamed.items() if new is not None}
    problems: list[Problem] = []
    workflows = configurations.after.workflows.values()
    before = configurations.before.workflows if configurations.advisory is None else {}
    named = {item.path for workflow in workflows for item in named_references(workflow)}
    for workflow in workflows:
        was = before.get(workflow.name)
        known = {item.name for item in named_references(was)} if was is not None else ()
        for reference in named_references(workflow):
            is_there = tree.entry(reference.path) is not None
            is_gone = reference.path in deleted or (
                reference.path in renamed and reference.name in known
            )
            if is_there or is_gone:
                continue
            target = renamed.get(reference.path)
            target = None if target == reference.path else target
            reason = tree.read([reference.path])[reference.path]
            if isinstance(reason, Problem):
                key = "tools" if reference in workflow.tools else "prompts"
                what, mend = _why_unread(reference.path, reason, tree, target, named, key=key)
                where = reference.place.key if reference.place else None
                if several := several_paths(reference.path, where or ""):
                    what, mend = f"{what}; {several[0]}", several[1]
                what = f"{reference.path!r}: {what}"
                problems.append(Problem(what=what, mend=mend, place=reference.place))
        problems += reader.samples.unmatched(workflow, moved)
    if problems:
        raise ConfigurationError(problems)


def _why_unread(
    path: str, reason: Problem, tree: Tree, renamed: str | None, named: Collection[str], *, key: str
) -> tuple[str, str]:
    """What is wrong with a path under a `key`, and the mend, which is none of the `named` files."""
    if renamed:
        mend = f"it was renamed: name {renamed!r}, as `reviewbot init --update` does"
        return reason.what, mend
    paths = sorted({*tree.paths, *tree.uncommitted})
    if inside := files_in(path, paths):
        fresh = [item for item in inside if item not in named] or inside
        data = [item for item in fresh if key == "tools" and item.endswith((".json", ".yaml"))]
        return "this is a folder", f"name the files in it, such as {(data or fresh)[0]!r}"
    if matching := matching_paths(path, paths):
        shown = "".join(f", `- {item}`" for item in matching[:_SHOWN_PATHS])
        return f"`{key}` take no pattern", f"list each file{shown.replace(',', ':', 1)}"
    if isinstance(reason, LinkProblem) and reason.meant:
        return reason.what, reason.mend
    unnamed = [item for item in paths if item not in named]
    meant = None if path in tree.uncommitted else meant_path(path, unnamed)
    mend = f"did you mean {meant!r}? {reason.mend.capitalize()}" if meant else reason.mend
    return reason.what, mend
