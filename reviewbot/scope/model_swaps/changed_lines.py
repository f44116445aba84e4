"""The changed lines of source code and settings that may say which model a workflow calls."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property

from reviewbot import prompt_formats
from reviewbot.errors import Problem
from reviewbot.prompts.models_in_code.settings import is_of_settings
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.rendering.parsers._common.requests import MODELS
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import Affected, ModelSwaps
from reviewbot.scope.governing import Configurations
from reviewbot.scope.model_swaps.setting_files import files_named
from reviewbot.tokens.same_model import is_same_model

_MOST_FILES = 500
_MOST_BYTES = 8_000_000
_MOST_WORDS = 20_000
_WORD = re.compile(r"(?<![\w.:/@-])[A-Za-z][\w.:/@-]{1,80}(?![\w.:/@-])")
_KEY = re.compile(
    rf"\b(?:{'|'.join(MODELS)}|[A-Z_]{{0,40}}MODEL[A-Z_]{{0,40}})\b[\"']?\s{{0,9}}[=:]"
)


class ChangedLines:
    """What a change takes out and brings, of all the project's own files that run or set it up."""

    def __init__(self, comparison: Comparison, configurations: Configurations) -> None:
        self._comparison = comparison
        self._configurations = configurations

    def may_concern(self, item: Affected, swaps: ModelSwaps) -> bool:
        """Whether code may call another model for a workflow than before the change.

        It may where a line changes that names the model which it had, or has, or any model in its
        own files; and where not all lines are known.
        """
        sides = [side for side in (item.before, item.after) if side is not None]
        if self._lines is None or swaps.unseen:
            return True
        if any(self._names(side.source.model) for side in sides):
            return True
        own = {path for side in sides for path in side.source.files if _is_source(path)}
        return any(
            _KEY.search(line)
            for path, lines in self._lines.items()
            if path in own
            for line in lines
        )

    def _names(self, model: str) -> bool:
        return len(self._words) > _MOST_WORDS or any(
            is_same_model(word, model) for word in self._words
        )

    @cached_property
    def _words(self) -> frozenset[str]:
        """The words of changed lines that may be names of models."""
        several = (self._lines or {}).values()
        return frozenset(
            word
            for lines in several
            for line in lines
            for word in _WORD.findall(line)
            if "-" in word or any(map(str.isdigit, word))
        )

    @cached_property
    def _lines(self) -> dict[str, set[str]] | None:
        """By path the lines that are only in one of both versions; None where some are unknown."""
        files = [*self._files()]
        old = [before for before, _ in files if before is not None]
        new = [after for _, after in files if after is not None]
        if max(len(old), len(new)) > _MOST_FILES:
            return None
        was = self._comparison.before_tree.read(old)
        now = self._comparison.after_tree.read(new)
        read = [*was.values(), *now.values()]
        texts = [data for data in read if not isinstance(data, Problem)]
        if len(texts) < len(read) or sum(map(len, texts)) > _MOST_BYTES:
            return None
        found: dict[str, set[str]] = {}
        for before, after in files:
            sides = (_lines_of(was.get(before or "")), _lines_of(now.get(after or "")))
            for path in (before, after):
                if path is not None:
                    found.setdefault(path, set()).update(sides[0] ^ sides[1])
        return found

    def _files(self) -> Iterator[tuple[str | None, str | None]]:
        """The changed files that may say so: the earlier path and the later one of each."""
        trees = self._comparison.before_tree, self._comparison.after_tree
        own = [OwnFiles(tree.paths) for tree in trees]
        named = files_named(self._configurations)
        for change in self._comparison.changes:
            paths = (change.before, change.after)
            if any(
                path is not None and one.has(path) and _may_say(path, named)
                for path, one in zip(paths, own, strict=True)
            ):
                yield paths


def _may_say(path: str, named: Collection[str]) -> bool:
    return _is_source(path) or (is_of_settings(path) and path not in named)


def _is_source(path: str) -> bool:
    return prompt_formats.of_source(path) is not None


def _lines_of(data: bytes | Problem | None) -> set[str]:
    return {*data.decode(errors="replace").split("\n")} if isinstance(data, bytes) else set()
