"""Files that name a prompt of a workflow, and with which of the altered files they have to do."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from reviewbot import prompt_formats
from reviewbot.errors import Problem
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.repository.trees import Tree
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.sent_otherwise.imported_names import imported_words, module_of

_MOST_FILES = 3_000
_AT_ONCE = 500


class Altered(Struct, frozen=True, kw_only=True):
    """A changed source file: its text `after`, and the one `before`, when it was `old`.

    Of one that cannot be read there is a `problem`, and no text.
    """

    path: str
    after: str
    old: str
    before: str
    problem: Problem | None = None

    @property
    def module(self) -> str:
        """What it is imported by."""
        return module_of(self.path)


class Linked(Struct, frozen=True, kw_only=True):
    """A file that names a prompt, and by path the altered files that it has to do with.

    `said` are those that it names, `users` those that name it. `is_sure` says that the name of the
    prompt can hardly be that of anything else.
    """

    path: str
    text: str
    said: Mapping[str, Altered]
    users: Mapping[str, Altered]
    is_sure: bool


def find_linked(
    tree: Tree,
    altered: Sequence[Altered],
    names: Sequence[str],
    is_sure: Callable[[str, str], bool],
    changed: Collection[str],
) -> list[Linked]:
    """The project's own source files that say any of the `names`, those that are sure first.

    `is_sure` tells that by a path and a text. Those that are `changed` come before the others.
    """
    if not altered:
        return []
    word = _words(names)
    naming = {
        path: text
        for path, text in _own_sources(tree, changed)
        if any(name in text for name in names) and word.search(text)
    }
    own_modules = {module_of(path) for path in naming}
    by_module: dict[str, dict[str, Altered]] = {}
    users: dict[str, dict[str, Altered]] = {}
    for item in altered:
        by_module.setdefault(item.module, {})[item.path] = item
        for module in own_modules & imported_words(item.after):
            users.setdefault(module, {})[item.path] = item
    found: list[Linked] = []
    for path, text in naming.items():
        said: dict[str, Altered] = {}
        for module in sorted(by_module.keys() & imported_words(text)):
            said |= by_module[module]
        using = dict(users.get(module_of(path), {}))
        said.pop(path, None)
        using.pop(path, None)
        if said or using:
            is_known = is_sure(path, text)
            found.append(Linked(path=path, text=text, said=said, users=using, is_sure=is_known))
    return sorted(found, key=lambda one: not one.is_sure)


def _words(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$])(?:{'|'.join(map(re.escape, names))})(?![\w$])")


def _own_sources(tree: Tree, changed: Collection[str]) -> Iterator[tuple[str, str]]:
    """The project's own source files; of very many those that come first."""
    paths = _ordered(tree, changed)[:_MOST_FILES]
    for first in range(0, len(paths), _AT_ONCE):
        yield from _read(tree, paths[first : first + _AT_ONCE]).items()


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
