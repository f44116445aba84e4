"""Functions that send a prompt of a workflow and give only what a model answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from reviewbot.prompt_formats._common.sent_form import SentForms
from reviewbot.scope.sent_otherwise.definitions import functions_in
from reviewbot.scope.sent_otherwise.selected_names import Names

Read = Callable[[str, str], SentForms | None]
"""Gives what a file at a path sends, by its text."""

Texts = Callable[[str], Iterable[str]]
"""Gives the texts of a file at a path: the one after the change, and the one before it."""


class AnsweringFunctions:
    """Tells which names of prompts stand for an answer where other files call them.

    A prompt may be named by the function that sends it. Each file is read when it is first asked
    for; of one that cannot be read no function is one of them.
    """

    def __init__(self, names: Names, texts: Texts, read: Read) -> None:
        self._names = names
        self._texts = texts
        self._read = read
        self._known: dict[str, bool] = {}

    def among(self, names: Iterable[str]) -> list[Mapping[str, Any]]:
        """Those of the names that do, as a parser is told of them."""
        return [{"name": name, "answers": True} for name in sorted(names) if self._has(name)]

    def _has(self, name: str) -> bool:
        if name not in self._known:
            paths = self._paths.get(name, ())
            self._known[name] = bool(paths) and all(self._answers(path, name) for path in paths)
        return self._known[name]

    def _answers(self, path: str, name: str) -> bool:
        """Whether a function of a file does, as it stands now, or as it stood if it is gone.

        One that gives none of the texts does too, whatever it gives.
        """
        for text in self._texts(path):
            if name in functions_in(text):
                found = self._read(path, text)
                return found is not None and (name in found.answering or name not in found.aliases)
        return False

    @cached_property
    def _paths(self) -> dict[str, set[str]]:
        """The files in which a name is the first of a prompt's; all have to answer."""
        found: dict[str, set[str]] = {}
        for path, name in self._every():
            found.setdefault(name, set()).add(path)
        return found

    def _every(self) -> Iterator[tuple[str, str]]:
        for path, several in self._names.items():
            for steps in several:
                yield from ((path, name) for name in {steps[0], steps[-1]})
