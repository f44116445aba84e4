"""Files that name a prompt of a workflow, and with which of the altered files they have to do."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from reviewbot import prompt_formats
from reviewbot.prompts.module_words import module_of
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.repository.trees import Tree
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.definitions import Definitions, classes_in, functions_in
from reviewbot.scope.sent_otherwise.files_between import FilesBetween
from reviewbot.scope.sent_otherwise.imported_files import may_import
from reviewbot.scope.sent_otherwise.imported_names import imported_words
from reviewbot.scope.sent_otherwise.selected_names import Naming

_MOST_FILES = 3_000
_AT_ONCE = 500


def find_linked(
    tree: Tree,
    altered: Sequence[Altered],
    naming: Naming,
    definitions: Definitions,
    changed: Collection[str],
) -> list[Linked]:
    """The project's own source files that name any prompt, those that are sure first.

    Those that are `changed` come before the others.
    """
    if not altered:
        return []
    names = naming.words()
    found_names: dict[str, tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    betweens = FilesBetween(altered)
    for path, text in own_sources(tree, changed):
        betweens.add(path, text)
        if any(name in text for name in names) and (named := naming.maybe(path, text)):
            found_names[path], texts[path] = tuple(named), text
    own_modules = {module_of(path) for path in texts}
    by_word: dict[str, dict[str, Altered]] = {}
    users: dict[str, dict[str, Altered]] = {}
    for item in altered:
        for word in _words_of(item, definitions):
            by_word.setdefault(word, {})[item.path] = item
        for module in own_modules & imported_words(item.after or item.before):
            users.setdefault(module, {})[item.path] = item
    before = {item.path: item.before for item in altered}
    found: list[Linked] = []
    for path, text in texts.items():
        said: dict[str, Altered] = {}
        words = imported_words(text)
        for word in sorted(words & by_word.keys()):
            said |= {
                other: item
                for other, item in by_word[word].items()
                if _may_say(path, text, item, word)
            }
        said |= betweens.loaded_in(path)
        using = {
            other: item
            for other, item in users.get(module_of(path), {}).items()
            if may_import(other, item.after or item.before, path)
        }
        said.pop(path, None)
        using.pop(path, None)
        between = betweens.of(path)
        if said or using or between:
            is_sure = bool(naming.found(path, [text.encode()]))
            several = found_names[path]
            found.append(
                Linked(
                    path=path,
                    text=text,
                    names=several,
                    said=said,
                    users=using,
                    is_sure=is_sure,
                    before=before.get(path, ""),
                    between=between,
                )
            )
    return sorted(found, key=lambda one: not one.is_sure)


def _may_say(path: str, text: str, item: Altered, word: str) -> bool:
    """Whether a file may mean an altered one by a word of its imports, be it through a package."""
    if word == item.module:
        return may_import(path, text, item.path)
    return prompt_formats.of_source(path) == prompt_formats.of_source(item.path)


def _words_of(item: Altered, definitions: Definitions) -> set[str]:
    """By what unchanged files import it: nothing of what is new, or gone."""
    if item.problem is None and not (item.before and item.after):
        return set()
    classes = definitions.related(name for name, _ in classes_in(item.after))
    return {item.module, *functions_in(item.after), *classes}


def own_sources(tree: Tree, changed: Collection[str]) -> Iterator[tuple[str, str]]:
    """The project's own source files; of very many those that come first."""
    paths = _ordered(tree, changed)[:_MOST_FILES]
    own = OwnFiles(tree.paths)
    for first in range(0, len(paths), _AT_ONCE):
        for path, text in _read(tree, paths[first : first + _AT_ONCE]).items():
            if not own.is_built(path, text):
                yield path, text


def definitions_of(tree: Tree) -> Definitions:
    """What the project's own source files define."""
    own = _ordered(tree, ())
    modules = {word for path in own for word in (module_of(path), *path.split("/")[:-1])}
    return Definitions(lambda: (text for _, text in own_sources(tree, ())), modules)


def unlooked_at(tree: Tree, changed: Collection[str]) -> Iterator[Unsearched]:
    """The source files of a large project in which prompts are not looked for."""
    paths = _ordered(tree, changed)[_MOST_FILES:]
    if paths:
        more = f" and {len(paths) - 1:,} others" if len(paths) > 1 else ""
        why = f"what sends a prompt through changed code is sought in {_MOST_FILES:,} files"
        yield Unsearched(what=f"{paths[0]}{more}", why=why)


def _ordered(tree: Tree, changed: Collection[str]) -> list[str]:
    """The paths of the project's own source files, those that are changed first."""
    own = OwnFiles(tree.paths)
    paths = [path for path in tree.paths if prompt_formats.of_source(path) and own.has(path)]
    return sorted(paths, key=lambda path: path not in changed)


def _read(tree: Tree, paths: Sequence[str]) -> Mapping[str, str]:
    found = tree.read(paths)
    return {
        path: data.decode(errors="replace")
        for path, data in found.items()
        if isinstance(data, bytes)
    }
