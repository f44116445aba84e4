"""Which files the statements of a source file may import, by where these stand."""

import re
from functools import lru_cache
from posixpath import dirname, join, normpath

from reviewbot import prompt_formats
from reviewbot.prompts.module_words import module_of

_FROM = re.compile(
    r"\bfrom\s{1,9}(\.{0,9})([\w.]{0,300})\s{1,9}import\s{0,9}(\([^)]{0,5000}|[^\n(][^\n]{0,500})"
)
_IMPORT = re.compile(
    r"^[ \t\"]{0,80}import[ \t]{1,9}([\w.]{1,300}(?:[ \t]{0,9},[ \t]{0,9}[\w.]{1,300}){0,50})",
    re.MULTILINE,
)
_SOURCE = re.compile(
    r"(?:\bfrom\s{0,9}|\bimport\s{0,9}\(?\s{0,9}|\brequire\s{0,9}\(\s{0,9})[\"'`]([^\"'`\n]{1,300})"
)
_NAME = re.compile(r"\w+")
_LATER = ("import_module", "__import__")
"""What imports by a name that the program may compute."""

_ENOUGH = 2
"""Steps that a path and a module have in common where the root is not called like its folder."""

_MOST_KEPT = 500


def may_import(path: str, text: str, other: str) -> bool:
    """Whether a file at a `path`, with a `text`, may import the one at another path.

    Two languages import nothing of each other. A module counts by its last steps, since nobody
    says which folder is its root; what begins with dots counts from the file's own folder.
    """
    language = prompt_formats.of_source(path)
    if language != prompt_formats.of_source(other):
        return False
    if any(word in text for word in _LATER):
        return True
    steps = _steps_of(other)
    relative, modules = _of_python(path, text) if language == "python" else _of_script(path, text)
    if steps in relative:
        return True
    if language != "python":
        return module_of(other) in {last for one in modules for last in one[-1:]}
    return any(_may_be(one, steps) for one in modules if one[-1] == steps[-1])


def _steps_of(path: str) -> tuple[str, ...]:
    """The steps of a module; a package, or an index, is its folder."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return tuple((folder if stem in {"__init__", "index"} else join(folder, stem)).split("/"))


def _may_be(module: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    same = min(len(module), len(steps))
    if module[-same:] == steps[-same:]:
        return True
    return same > _ENOUGH and module[1 - same :] == steps[1 - same :]


_Steps = tuple[str, ...]


@lru_cache(_MOST_KEPT)
def _of_python(path: str, text: str) -> tuple[frozenset[_Steps], frozenset[_Steps]]:
    """What a file imports from its own folder, and from elsewhere."""
    relative: set[_Steps] = set()
    modules: set[_Steps] = set()
    for dots, module, listed in _FROM.findall(text):
        inner = tuple(filter(None, module.split(".")))
        own = (*_above(path, len(dots)), *inner) if dots else inner
        (relative if dots else modules).update(
            (own, *((*own, one) for one in _NAME.findall(listed)))
        )
    for listed in _IMPORT.findall(text):
        modules.update(tuple(filter(None, one.strip().split("."))) for one in listed.split(","))
    modules |= {one[:size] for one in [*modules] for size in range(1, len(one))}
    return frozenset(relative), frozenset(filter(None, modules))


def _above(path: str, dots: int) -> _Steps:
    folders = path.split("/")[:-1]
    return tuple(folders[: max(0, len(folders) - dots + 1)])


@lru_cache(_MOST_KEPT)
def _of_script(path: str, text: str) -> tuple[frozenset[_Steps], frozenset[_Steps]]:
    relative: set[_Steps] = set()
    modules: set[_Steps] = set()
    for source in _SOURCE.findall(text):
        if source.startswith("."):
            relative.add(_steps_of(normpath(join(dirname(path), source))))
        else:
            modules.add(_steps_of(source))
    return frozenset(relative), frozenset(modules)
