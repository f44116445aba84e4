"""Workflows whose code computes its model, by the settings that the code reads."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Workflow
from reviewbot.prompts.module_words import module_of
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.prompts.own_sources import own_sources
from reviewbot.repository.trees import Tree, read_texts
from reviewbot.scope.sent_otherwise.imported_names import every_word, imported_words

_MOST_FILES: Final = 100
_EXAMPLE = re.compile(r"(?i)[.-](?:example|sample|template|dist)\b")
_OF_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]{3,}\Z")


class SettingReaders:
    """Tells the workflows without a `model` whose code names a file of settings, or a variable.

    Code are the files of its prompts, and those that they import by themselves.
    """

    def __init__(self, tree: Tree, workflows: Iterable[Workflow]) -> None:
        self._tree = tree
        self._workflows = [item for item in workflows if item.model is None]

    def of(self, path: str, key: str) -> Iterator[str]:
        """Those that read a variable of that key, or the file at a path."""
        if _EXAMPLE.search(path):
            return
        is_variable = _OF_ENVIRONMENT.match(key) is not None
        file = path.rpartition("/")[2]
        for name, texts in self._texts.items():
            if any(key in every_word(text) if is_variable else file in text for text in texts):
                yield name

    def say(self, path: str) -> bool:
        """Whether any code of the project names a file of settings."""
        name = path.rpartition("/")[2]
        is_example = _EXAMPLE.search(path) is not None
        return not is_example and any(name in text for _, text in own_sources(self._tree))

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        """The texts of a workflow's code."""
        own = OwnFiles(self._tree.paths)
        sources = [path for path in self._tree.paths if _is_source(path) and own.has(path)]
        by_module: dict[str, list[str]] = {}
        for path in sources:
            by_module.setdefault(module_of(path), []).append(path)
        found: dict[str, list[str]] = {}
        for workflow in self._workflows:
            prompts = sorted({item.path for item in workflow.prompts if _is_source(item.path)})
            texts = read_texts(self._tree, prompts)
            words = set[str]().union(*map(imported_words, texts.values()))
            imported = [path for word in sorted(words) for path in by_module.get(word, ())]
            others = read_texts(self._tree, imported[:_MOST_FILES])
            found[workflow.name] = [*texts.values(), *others.values()]
        return found


def _is_source(path: str) -> bool:
    return prompt_formats.of_source(path) is not None
