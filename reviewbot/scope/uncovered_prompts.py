"""Prompts that are not covered by any workflow: files that look like it, by name or by glob."""

import posixpath
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from reviewbot import prompt_formats
from reviewbot.configuration.settings import (
    Configuration,
    Coverage,
)
from reviewbot.errors import ConfigurationError, Place, Problem
from reviewbot.prompts.imported_alone import imported_alone
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.repository.globs import STEPS_LIMIT, Effort, TooMuchEffortError, select
from reviewbot.repository.refused_files import is_link
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.scope.governing import Configurations
from reviewbot.scope.not_covered import Uncovered


def find_uncovered(
    comparison: Comparison, configurations: Configurations, covered: AbstractSet[str]
) -> tuple[Uncovered, ...]:
    """Files of the head that look like prompts and are not `covered`, sorted.

    Raises:
        ConfigurationError: The globs of `coverage` take too much effort.
    """
    changed = {change.after for change in comparison.changes}
    paths = sorted(comparison.after_tree.paths)
    effort = Effort()
    found: set[str] = set()
    asked = {item.coverage: item for item in (configurations.after, configurations.governing)}
    for configuration in reversed(asked.values()):  # most often both say the same
        try:
            found |= look_like_prompts(paths, configuration.coverage, effort)
        except TooMuchEffortError:
            raise ConfigurationError([_too_many_patterns(configuration)]) from None
    uncovered = sorted(found - covered - _of_no_text(comparison.after_tree, found - covered))
    grown = _grown(comparison, [path for path in uncovered if path in changed])
    return tuple(
        Uncovered(path=path, changed=path in changed, grown=path in grown) for path in uncovered
    )


def _of_no_text(tree: Tree, paths: AbstractSet[str]) -> set[str]:
    """Links, and files that only import another one: `init` proposes none of these."""
    entries = {path: tree.entry(path) for path in paths}
    found = {path for path, entry in entries.items() if entry is not None and is_link(entry)}
    instructions = sorted(path for path in paths - found if path.lower().endswith(".md"))
    texts = tree.read(instructions[:_MOST_COMPARED])
    return found | {
        path
        for path, data in texts.items()
        if isinstance(data, bytes) and len(data) <= _LONGEST_IMPORT
        if (name := imported_alone(data.decode(errors="replace")))
        if tree.entry(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
    }


_LONGEST_IMPORT = 4_096


def _grown(comparison: Comparison, paths: Sequence[str]) -> set[str]:
    """Those of the changed files that are new or longer; what cannot be compared counts so."""
    earlier = {change.after: change.before for change in comparison.changes}
    compared = [path for path in paths if earlier[path] is not None][:_MOST_COMPARED]
    before = comparison.before_tree.read(filter(None, map(earlier.get, compared)))
    after = comparison.after_tree.read(compared)
    shorter = set()
    for path in compared:
        was, now = before.get(earlier[path] or ""), after.get(path)
        if isinstance(was, bytes) and isinstance(now, bytes) and len(now) <= len(was):
            shorter.add(path)
    return set(paths) - shorter


_MOST_COMPARED = 500


def look_like_prompts(paths: Sequence[str], coverage: Coverage, effort: Effort) -> set[str]:
    """Those of the sorted `paths` that are prompts by the configured globs, or by their names.

    Tests, and files of other projects, are none by their names: `init` proposes none either.

    Raises:
        TooMuchEffortError: `effort` does not suffice for the globs.

    """
    own = OwnFiles(paths)
    found = {path for path in _likely(paths) if is_named_as_prompt(path) and own.has(path)}
    found.update(*(select(paths, pattern, effort) for pattern in coverage.prompts))
    return found.difference(*(select(paths, pattern, effort) for pattern in coverage.ignore))


def _likely(paths: Sequence[str]) -> Sequence[str]:
    """The paths of which `is_named_as_prompt` may say so: of 100,000 these are few."""
    endings = prompt_formats.endings_of_prompts()
    if endings is None:
        return paths
    return [
        path
        for path in paths
        if path.rpartition(".")[2].lower() in endings or "prompt" in path.lower()
    ]


def is_named_as_prompt(path: str) -> bool:
    """Whether a file's name, or its folder's, says that the whole of it is a prompt."""
    if prompt_formats.is_prompt(path):
        return True
    lower = path.lower()
    if "prompt" not in lower:
        return False
    *folders, name = lower.split("/")
    in_prompts = ".prompt." in name or any(folder in {"prompt", "prompts"} for folder in folders)
    return in_prompts and prompt_formats.recognize(path) is not None


def _too_many_patterns(configuration: Configuration) -> Problem:
    return Problem(
        what=f"the patterns of `coverage` take more than {STEPS_LIMIT:,} steps",
        mend="begin patterns with a folder, and use `**` once",
        place=Place(file=configuration.file, key="coverage"),
    )
