"""The models and caps that each of two versions of a source file names, and what is swapped."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Configuration
from reviewbot.errors import Place
from reviewbot.prompts.models_in_code.mentions import Mention
from reviewbot.prompts.models_in_code.reach import (
    Looks,
    sends_by_key,
)
from reviewbot.prompts.models_in_code.sent_files import SentFiles, says
from reviewbot.prompts.models_in_code.statements import Scope, Source, Statement
from reviewbot.rendering.parsers._common.requests import CAPS
from reviewbot.scope.affected import CodeModels, ModelSwap, ModelSwaps
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.governing import Configurations
from reviewbot.scope.model_swaps.swapped import new_caps, swapped
from reviewbot.scope.not_covered import Unsearched

_MOST_SWAPS = 200
"""In one change; one of more is made by a tool. What is beyond it is told by its file alone."""


def swaps_of(sources: Iterable[ChangedSource], configurations: Configurations) -> ModelSwaps:
    """What the files name otherwise, by path and line."""
    was_files, now_files = (
        _files(configuration) for configuration in (configurations.before, configurations.after)
    )
    swaps: list[ModelSwap] = []
    models: dict[str, list[CodeModels]] = {}
    calls: set[Place] = set()
    unseen: list[Unsearched] = []
    may_name = False
    looks = Looks()
    for source in sources:
        path, after, before = source.path, source.after, source.before
        earlier = _Calls(path, before, was_files, looks)
        later = _Calls(path, after, now_files, looks)
        may_name = may_name or earlier.named != later.named
        if not earlier.mentions and not any(says(after, name) for name in now_files):
            continue
        found = [*_swapped(earlier, later)]
        room = _MOST_SWAPS - len(swaps)
        for was, now in found[:room]:
            names = later.workflows(now) | (frozenset() if was is None else earlier.workflows(was))
            swaps.append(_swap(path, was, now, later, names))
        if len(found) > room:
            unseen.append(_unseen(path, f"of a change {_MOST_SWAPS:,} other names are told"))
        lines = {line for several in later.called.values() for line in several.values()}
        calls.update(Place(file=path, line=line) for line in lines)
        for name, was_named, now_named in _named(earlier, later):
            models.setdefault(name, []).append(CodeModels(path=path, was=was_named, now=now_named))
        bound = looks.bound()
        if bound and (earlier.files or later.files):
            how = f"what code sends is followed through {bound:,} statements"
            unseen.append(_unseen(path, how))
    return ModelSwaps(
        calls=calls,
        swaps=tuple(swaps),
        models=models,
        may_name=may_name,
        unseen=tuple(unseen),
    )


def _swapped(earlier: "_Calls", later: "_Calls") -> Iterator[tuple[Mention | None, Mention]]:
    """What is named, with what was named there before, and caps that calls had none of."""
    yield from swapped(earlier.mentions, later.mentions)
    for cap in new_caps(earlier.mentions, later.mentions, earlier.source):
        yield None, cap


def _unseen(path: str, why: str) -> Unsearched:
    return Unsearched(what=f"models and caps in {path}", why=why)


class _Calls(SentFiles):
    """What one side of a file names, and the workflows whose prompts it sends by file."""

    def __init__(
        self,
        path: str,
        text: str,
        files: Mapping[str, Sequence[tuple[str, str | None]]],
        looks: Looks,
    ) -> None:
        super().__init__(path, text, files, looks)
        self._workflows = files

    @cached_property
    def named(self) -> Counter[tuple[str, str]]:
        """What is named as a model, with the key of each."""
        return Counter((item.key, item.said) for item in self.mentions if item.key not in CAPS)

    def workflows(self, mention: Mention) -> frozenset[str]:
        """The workflows whose prompts are sent by the calls that a mention decides about."""
        names: set[str] = set()
        for path in self.of(mention):
            several = self._workflows[path]
            meant = {name for name, model in several if model == mention.value}
            names |= meant or {name for name, _ in several}
        return frozenset(names)

    @cached_property
    def called(self) -> Mapping[str, Mapping[str, int]]:
        """The models that the calls of each workflow name, each with its line."""
        found: dict[str, dict[str, int]] = {}
        for item in self.known():
            for name in self.workflows(item):
                found.setdefault(name, {})[item.value or ""] = item.line
        return found


def _named(
    earlier: _Calls, later: _Calls
) -> Iterable[tuple[str, Mapping[str, int], Mapping[str, int]]]:
    """The workflows whose calls name other models than before, and which."""
    was, now = earlier.called, later.called
    for name in sorted({*was, *now}):
        old, new = was.get(name, {}), now.get(name, {})
        if old.keys() != new.keys():
            yield name, old, new


def _swap(
    path: str, was: Mention | None, now: Mention, later: _Calls, workflows: Iterable[str]
) -> ModelSwap:
    statement = now.statement
    scope = statement.head_of or statement.scope
    return ModelSwap(
        path=path,
        line=now.line,
        first_line=later.source.line(statement.begins),
        last_line=later.source.line(statement.ends),
        key=now.key,
        was="" if was is None else was.value or was.said,
        now=now.value,
        said=now.said,
        is_cap=now.key in CAPS,
        workflows=tuple(sorted(workflows)),
        within=tuple(name for _, name in scope),
        has_text=_has_text(later.source, statement, scope),
    )


def _has_text(source: Source, statement: Statement, scope: Scope) -> bool:
    """Whether a statement sends something by itself, or beside a prompt of its function."""
    around = (item for item in source.statements if item.scope[: len(scope)] == scope)
    return sends_by_key(source, statement) or any(
        map(_holds_prompt, around if scope else [statement])
    )


def _holds_prompt(statement: Statement) -> bool:
    """Whether a statement has a text of several words that is more than a docstring."""
    return (
        bool(statement.said.strip())
        and not _IS_TOLD.match(statement.said.strip())
        and any(len(item.said.split()) >= _LEAST_WORDS for item in statement.literals)
    )


_LEAST_WORDS = 6
_IS_TOLD = re.compile(
    r"(?:raise|throw)\b|(?:[\w$]{1,60}\.)?(?:log(?:ger|ging)?|console|warnings|print)\b", re.ASCII
)
"""What a program says to people: errors and logs."""


def _files(configuration: Configuration) -> Mapping[str, Sequence[tuple[str, str | None]]]:
    """The prompts of workflows that are no source code: by path the workflows and their models."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for workflow in configuration.workflows.values():
        for item in workflow.prompts:
            if prompt_formats.of_source(item.path) is None:
                found.setdefault(item.path, []).append((workflow.name, workflow.model))
    return found
