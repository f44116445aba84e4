"""The files that a prompt which cannot be read may be made of: those that its files name.

Which of them its format would ask for is not known, so that any may count. Files that stand beside
it and hold data count without being named: formats look for some of them by themselves.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from reviewbot.errors import MeasurementError
from reviewbot.prompts.includes import TextReader

_MOST_FILES = 200
_NAME = re.compile(r"[\w.-]{1,255}")
_DATA = (".json", ".yaml", ".yml", ".toml", ".jsonl", ".csv")
_MODULE = ".py"


def mentioned_files(paths: Iterable[str], texts: TextReader) -> dict[str, str]:
    """The ids of the files that those at `paths` name, and of those that these name."""
    by_name: dict[str, list[str]] = {}
    for path in texts.tree.paths:
        for name in _names(path):
            by_name.setdefault(name, []).append(path)
    waiting = list(paths)
    known = set(waiting)
    found: dict[str, str] = {}
    folders = {posixpath.dirname(path) for path in waiting}
    beside = (
        path
        for path in texts.tree.paths
        if path.endswith(_DATA) and posixpath.dirname(path) in folders
    )
    found.update((path, texts.object_id(path)) for path in beside if path not in known)
    while waiting and len(found) < _MOST_FILES:
        for word in _words(waiting.pop(), texts):
            for path in by_name.get(word, ()):
                if path not in known:
                    known.add(path)
                    found[path] = texts.object_id(path)
                    waiting.append(path)
    return found


def _names(path: str) -> Iterator[str]:
    """What a file may be called in another: its name, or of a module the name of that."""
    name = posixpath.basename(path)
    yield name
    if name.endswith(_MODULE):
        yield name.removesuffix(_MODULE)


def _words(path: str, texts: TextReader) -> set[str]:
    try:
        text = texts.text(path)
    except MeasurementError:
        return set()
    words = set(_NAME.findall(text))
    return (
        words
        | {part for word in words for part in word.split(".")}
        | {word.strip(".") for word in words}
    )
