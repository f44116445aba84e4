"""The files that a source text imports, within bounds."""

from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.prompt import TemplateError

_MOST_FILES = 200
_MOST_LOOKUPS = 600
_MOST_CHARACTERS = 2_000_000
"""Less than a rendering may load (`reviewbot.rendering.resource_limits`), so that it goes on."""

Load = Callable[[str, str], tuple[str, str] | None]
"""Gives path and text of the file that a name means in the file at a path, or None."""


class Files:
    """Looks up what the source text at `path` imports; each name once.

    `used` are the paths of the files whose values went into what was found.
    """

    def __init__(self, path: str, load: Load) -> None:
        self.path = path
        self.used: set[str] = set()
        self._load = load
        self._known: dict[tuple[str, str], tuple[str, str] | None] = {}
        self._files = 0
        self._characters = 0

    def find(self, name: str, parent: str) -> tuple[str, str] | None:
        """Path and text of the file that a name means in the file at `parent`, or None.

        Raises:
            TemplateError: It may not be read, or is one too many.
        """
        if (name, parent) not in self._known:
            if len(self._known) >= _MOST_LOOKUPS:
                raise _too_many()
            self._known[name, parent] = found = self._load(name, parent)
            if found is not None:
                self._files += 1
                self._characters += len(found[1])
        if self._files > _MOST_FILES or self._characters > _MOST_CHARACTERS:
            raise _too_many()
        return self._known[name, parent]


def _nothing(name: str, parent: str) -> None:
    del name, parent


def refusing(asked: list[tuple[str, str]]) -> Load:
    """Gives no file, and notes what is asked for."""

    def load(name: str, parent: str) -> None:
        asked.append((name, parent))

    return load


def alone() -> Files:
    """Of a text that stands in no repository."""
    return Files("", _nothing)


def loaded_or_refused(answer: Mapping[str, Any]) -> tuple[str, str] | None:
    """Path and text of the file that an answer of the parent gives.

    Raises:
        TemplateError: It may not be read.
    """
    if (refused := answer["refused"]) is not None:
        raise TemplateError(refused["what"], refused["mend"])
    loaded = answer["loaded"]
    return None if loaded is None else (loaded["path"], loaded["text"])


def _too_many() -> TemplateError:
    what = "imports more files or text than a prompt may"
    mend = f"import from at most {_MOST_FILES} files of {_MOST_CHARACTERS:,} characters"
    return TemplateError(what, mend)
