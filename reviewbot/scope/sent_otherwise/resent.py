"""Prompts of workflows that changed code sends otherwise than as they stand: `SYSTEM * 5`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.prompts.sources import Source
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree, decode
from reviewbot.scope.affected import Affected, Resent
from reviewbot.scope.governing import Configurations
from reviewbot.scope.ignored_files import ignored_by_all
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.bounded_reading import BoundedReading
from reviewbot.scope.sent_otherwise.definitions import functions_in
from reviewbot.scope.sent_otherwise.edited_code import may_send_otherwise
from reviewbot.scope.sent_otherwise.file_reading import FileReading
from reviewbot.scope.sent_otherwise.known_changes import KnownChanges
from reviewbot.scope.sent_otherwise.linked_files import (
    definitions_of,
    find_linked,
    unlooked_at,
)
from reviewbot.scope.sent_otherwise.loaded_data import LoadedData
from reviewbot.scope.sent_otherwise.models_named_by_functions import settled_models
from reviewbot.scope.sent_otherwise.multiplied_calls import MultipliedCalls
from reviewbot.scope.sent_otherwise.renamed_values import renamed_values, under_new_names
from reviewbot.scope.sent_otherwise.selected_names import Names, Naming, selected_names
from reviewbot.scope.sent_otherwise.single_files import FileSearch
from reviewbot.scope.sent_otherwise.texts_beside import CHARACTERS_OF_A_TOKEN
from reviewbot.scope.sent_otherwise.through_files import find_through
from reviewbot.scope.sent_otherwise.unread_sources import (
    MOST_CHARACTERS,
    UnreadSources,
    first_edited,
)


def find_resent(
    comparison: Comparison,
    configurations: Configurations,
    parser: LimitedParser,
    affected: Sequence[Affected],
) -> tuple[tuple[Resent, ...], tuple[Unsearched, ...]]:
    """The forms that changed source files bring, by path, and the files that were not looked at.

    What the prompts of a file themselves ask for otherwise is left to their own workflows.
    """
    names = selected_names(configurations.before, configurations.after)
    if not names:
        return (), ()
    own = OwnFiles(comparison.after_tree.paths)
    changed = {
        change.after: change.before
        for change in comparison.changes
        if change.after is not None
        and prompt_formats.of_source(change.after)
        and own.has(change.after)
    }
    most = configurations.governing.coverage.unseen_tokens * CHARACTERS_OF_A_TOKEN
    counted = {configurations.after.file, *(path for one in affected for path in one.files)}
    loaded = LoadedData(comparison, counted, most)
    naming = Naming(names, _functions_of(comparison, names))
    search = _search(comparison, configurations, parser, naming, affected)
    read = {
        path: data
        for path, data in comparison.after_tree.read(sorted(changed)).items()
        if path in names or not (isinstance(data, bytes) and own.is_built(path, _shown(data)))
    }
    earlier = comparison.before_tree.read(sorted(old for old in changed.values() if old))
    changed_texts = {
        path: data
        for path, data in read.items()
        if isinstance(data, bytes)
        and search.read.names_in(path, (data, *_bytes_of(earlier, changed[path])))
    }
    every = (_altered(path, data, changed[path], earlier) for path, data in read.items())
    altered = [*filter(None, every)]
    renamed = renamed_values(altered)
    found: list[Resent] = []
    unread = UnreadSources(parser.allowance)
    for path, data in read.items():
        old = changed[path]
        if isinstance(data, Problem) and search.read.names_in(path, _bytes_of(earlier, old)):
            unread.add(path, data)
    left = MOST_CHARACTERS
    for path in sorted(changed_texts, key=partial(_order, changed, changed_texts)):
        old = changed[path]
        before = "".join(_decoded(data, path) or "" for data in _bytes_of(earlier, old))
        after = _decoded(changed_texts[path], path)
        before = under_new_names(before, after or "", renamed)
        if after is not None and not may_send_otherwise(path, before, after):
            continue
        left -= len(after or "")
        brought = search.brought(path, after, old or path, before) if left >= 0 and after else None
        if brought is None:
            problem = search.read.problem if left >= 0 else None
            unread.add(path, problem, line=first_edited(path, before, after or ""))
        else:
            content = _content(comparison.after_tree, [path])
            found += (item if item.key else replace(item, content=content) for item in brought)
    altered = [*filter(None, (_renamed(one, renamed) for one in altered))]
    altered += (*(_deleted(comparison) if altered else ()), *loaded.altered())
    definitions = definitions_of(comparison.after_tree)
    linked = find_linked(comparison.after_tree, altered, search.naming, definitions, changed)
    for item in find_through(
        [*_not_ignored(linked, configurations)],
        KnownChanges(definitions, search.naming, loaded.grown),
        BoundedReading(search.read, parser.allowance),
        partial(_note_unseen, unread, search),
    ):
        if not any((item.path, item.name, item.key) == (it.path, it.name, it.key) for it in found):
            content = _content(comparison.after_tree, [item.path])
            found += (replace(it, content=content) for it in search.priced(item))
    found += search.multiplied.told(comparison)
    for item, paths in unread.told():
        found.append(replace(item, content=_content(comparison.after_tree, paths)))
    found = settled_models(found, comparison.after_tree, parser, configurations)
    found = [item if item.workflows else search.owned(item) for item in found]
    return tuple(found), tuple(unlooked_at(comparison.after_tree, changed) if read else ())


def _not_ignored(linked: Sequence[Linked], configurations: Configurations) -> Iterator[Linked]:
    both = configurations.governing, configurations.after
    ignored = ignored_by_all(sorted(one.path for one in linked), both)
    yield from (one for one in linked if one.path not in ignored)


def _search(
    comparison: Comparison,
    configurations: Configurations,
    parser: LimitedParser,
    naming: Naming,
    affected: Iterable[Affected],
) -> FileSearch:
    asking = [item for item in affected if _asks_otherwise(item)]
    tokens = configurations.governing.coverage.unseen_tokens
    workflows = configurations.after.workflows.values()
    read = FileReading(parser, naming, partial(_texts, comparison))
    search = FileSearch(read, naming, workflows, asking, tokens * CHARACTERS_OF_A_TOKEN)
    search.multiplied = MultipliedCalls(selected_names(configurations.before))
    search.earlier = configurations.before.workflows
    return search


def _order(
    changed: Mapping[str, str | None], texts: Mapping[str, bytes], path: str
) -> tuple[bool, int, str]:
    """The small files come first, and new ones last."""
    return changed[path] is None, len(texts[path]), path


def _functions_of(comparison: Comparison, names: Names) -> dict[str, set[str]]:
    """The functions that the files of prompts define, by path, before the change and after it."""
    found: dict[str, set[str]] = {}
    for tree in (comparison.before_tree, comparison.after_tree):
        for path, data in tree.read(sorted(names)).items():
            if isinstance(data, bytes):
                found.setdefault(path, set()).update(functions_in(data.decode(errors="replace")))
    return found


def _texts(comparison: Comparison, path: str) -> Iterator[str]:
    """What a file holds after a change, and what it held before."""
    for tree in (comparison.after_tree, comparison.before_tree):
        for data in tree.read([path]).values():
            if isinstance(data, bytes):
                yield data.decode(errors="replace")


def _altered(
    path: str, data: bytes | Problem, old: str | None, earlier: Mapping[str, bytes | Problem]
) -> Altered | None:
    """A changed or new file with its texts, if it may send something otherwise than before."""
    after = data if isinstance(data, Problem) else _decoded(data, path)
    if not isinstance(after, str):
        problem = after or Problem(what="it is no text", mend="save it as UTF-8")
        return Altered(path=path, after="", old=old or path, before="", problem=problem)
    before = "".join(_decoded(it, path) or "" for it in _bytes_of(earlier, old))
    if before and not may_send_otherwise(path, before, after):
        return None
    return Altered(path=path, after=after, old=old or path, before=before) if after else None


def _renamed(item: Altered, renamed: Mapping[str, str]) -> Altered | None:
    """A file under the names that its values have now, if more than these is other than before."""
    before = under_new_names(item.before, item.after, renamed)
    is_other = not item.before or may_send_otherwise(item.path, before, item.after)
    return replace(item, before=before) if is_other else None


def _deleted(comparison: Comparison) -> Iterator[Altered]:
    """The project's own source files that are gone: calls in them may have moved."""
    own = OwnFiles(comparison.before_tree.paths)
    paths = [one.before for one in comparison.changes if one.before and one.after is None]
    sources = sorted(path for path in paths if prompt_formats.of_source(path) and own.has(path))
    for path, data in comparison.before_tree.read(sources).items():
        before = _decoded(data, path) if isinstance(data, bytes) else None
        if before:
            yield Altered(path=path, after="", old=path, before=before)


def _note_unseen(
    unread: UnreadSources, search: FileSearch, item: Altered, problem: Problem | None, path: str
) -> None:
    unread.add_through(item, problem or search.read.problem, path)


def _shown(data: bytes) -> str:
    return data.decode(errors="replace")


def _bytes_of(read: Mapping[str, bytes | Problem], path: str | None) -> Iterator[bytes]:
    data = read.get(path) if path else None
    if isinstance(data, bytes):
        yield data


def _asks_otherwise(item: Affected) -> bool:
    if item.before is None or item.after is None:
        return False
    was, now = item.before.source, item.after.source
    return (was.named_models, was.named_caps, _values(was)) != (
        now.named_models,
        now.named_caps,
        _values(now),
    )


def _values(source: Source) -> list[tuple[str, str]]:
    return [(setting.key, setting.value) for setting in source.settings]


def _content(tree: Tree, paths: Iterable[str]) -> str:
    """What an approval of files is bound to: the ids of what stands there."""
    return " ".join(entry.object_id for entry in map(tree.entry, paths) if entry)


def _decoded(data: bytes, path: str) -> str | None:
    try:
        return decode(data, path)
    except MeasurementError:
        return None
