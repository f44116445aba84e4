"""The changed source files that are searched for prompts, the most relevant first."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Configuration, NewPrompts, SamplePattern
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompts.data_files import may_be_named
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.prompts.sources import named_references
from reviewbot.repository.globs import Effort, TooMuchEffortError, select
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree, decode
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.governing import Configurations
from reviewbot.scope.ignored_files import ignored_by_all
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.uncovered_prompts import is_named_as_prompt

MOST_PARSED = 500_000
MOST_PARSED_IN_ALL = 4_000_000
_MOST_FILES = 500
_MOST_BYTES = 1_000_000
_MOST_BYTES_IN_ALL = 16_000_000
"""What is searched at most; a change of more files is one of the kind that is made by a tool."""


_TOO_LARGE = f"it has more than {_MOST_BYTES:,} bytes"


def changed_sources(
    comparison: Comparison, configurations: Configurations, unsearched: list[Unsearched]
) -> Iterator[ChangedSource]:
    """The changed source files that are the project's own; what is beyond the bounds is noted.

    Files whose names speak of prompts come first, and small ones before large ones. Where the base
    does more than list new prompts, all of them are searched in full.
    """
    own = OwnFiles(comparison.after_tree.paths)
    changed = {
        change.after: change.before
        for change in comparison.changes
        if change.after is not None
        and is_searched(change.after)
        and own.has(change.after)
        and not _is_told_whole(change.after, configurations.after)
    }
    ignored = ignored_by_all(sorted(changed), (configurations.governing, configurations.after))
    used = {configurations.after.file, *_used_data(changed, configurations)}
    searched = [path for path in changed if path not in ignored and path not in used]
    if not searched:
        return
    ordered = sorted(searched, key=lambda path: (not _speaks_of_prompts(path), path))
    if left := len(ordered[_MOST_FILES:]):
        why = f"a review searches {_MOST_FILES:,} changed files"
        unsearched.append(Unsearched(what=f"{left:,} more files", why=why))
    after = _texts(comparison.after_tree, ordered[:_MOST_FILES], unsearched)
    earlier = {path: old for path in after if (old := changed[path]) is not None}
    before = _texts(comparison.before_tree, sorted(earlier.values()), [])
    built = [path for path, text in after.items() if own.is_built(path, text)]
    if built:
        more = f" and {len(built) - 1:,} others" if len(built) > 1 else ""
        why = "it is minified, so it was built from other files"
        unsearched.append(Unsearched(what=f"{built[0]}{more}", why=why, is_built=True))
    in_full = configurations.governing.coverage.new_prompts is not NewPrompts.LIST
    for path, text in after.items():
        if path in built:
            continue
        was = before.get(earlier.get(path, ""), "")
        yield ChangedSource(path, text, was, in_full=in_full)


def deleted_texts(comparison: Comparison) -> Iterator[str]:
    """The texts of the source files that the change deletes; renamed ones are none."""
    gone = [it.before for it in comparison.changes if it.after is None and it.before is not None]
    paths = sorted(path for path in gone if is_searched(path))
    yield from _texts(comparison.before_tree, paths[:_MOST_FILES], []).values()


def is_searched(path: str) -> bool:
    """Whether a changed file of that name may hold prompts, in source code or as settings."""
    return prompt_formats.of_source(path) is not None or may_be_named(path)


def _is_told_whole(path: str, configuration: Configuration) -> bool:
    """Whether a data file is itself a prompt by its name, of which no workflow names a part."""
    if prompt_formats.of_source(path) is not None or not is_named_as_prompt(path):
        return False
    every = (item for it in configuration.workflows.values() for item in it.prompts)
    return not any(item.path == path and item.selector for item in every)


def _used_data(paths: Collection[str], configurations: Configurations) -> Iterator[str]:
    """The data files that workflows name as a whole: as prompt, as tools, as samples."""
    data = sorted(path for path in paths if prompt_formats.of_source(path) is None)
    configured = (configurations.after, configurations.before)
    patterns: set[str] = set()
    for workflow in (it for one in configured for it in one.workflows.values()) if data else ():
        named = named_references(workflow)
        whole = (item.path for item in named if not item.selector)
        yield from (path for path in whole if prompt_formats.of_source(path) is None)
        samples = (item for item in workflow.samples if isinstance(item, SamplePattern))
        patterns.update(item.pattern for item in samples)
    try:
        effort = Effort()
        yield from (path for pattern in sorted(patterns) for path in select(data, pattern, effort))
    except TooMuchEffortError:
        return


def relevance(path: str, size: int) -> tuple[bool, int]:
    """By what files are ordered: those whose names speak of prompts first, then small ones."""
    return not _speaks_of_prompts(path), size


def _speaks_of_prompts(path: str) -> bool:
    return "prompt" in path.lower()


def _texts(tree: Tree, paths: Sequence[str], unsearched: list[Unsearched]) -> Mapping[str, str]:
    """The texts of files; those that cannot be read, or are beyond the bounds, are noted."""
    found: dict[str, str] = {}
    read = tree.read(paths)
    left = _MOST_BYTES_IN_ALL
    sizes = {path: len(data) for path, data in read.items() if isinstance(data, bytes)}
    for path in sorted(read, key=lambda path: relevance(path, sizes.get(path, 0))):
        data = read[path]
        if isinstance(data, Problem):
            unsearched.append(Unsearched(what=path, why=data.what))
            continue
        if len(data) > min(left, _MOST_BYTES):
            all_have = len(data) <= _MOST_BYTES
            why = f"all have more than {_MOST_BYTES_IN_ALL:,} bytes" if all_have else _TOO_LARGE
            unsearched.append(Unsearched(what=path, why=why))
            continue
        try:
            found[path] = decode(data, path)
        except MeasurementError as error:
            unsearched.append(Unsearched(what=path, why=error.problems[0].what))
            continue
        left -= len(data)
    return found
