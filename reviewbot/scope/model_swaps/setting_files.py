"""Models and output caps that changed files of settings name otherwise: YAML, TOML, `.env`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from posixpath import normpath

from reviewbot.configuration.settings import Workflow
from reviewbot.prompt_formats import is_prompt
from reviewbot.prompts.models_in_code.settings import (
    MOST_OF_ONE,
    Setting,
    efforts_in,
    is_more_effort,
    is_of_settings,
    models_by_id,
    settings_in,
)
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import read_texts
from reviewbot.scope.affected import ModelSwap, ModelSwaps
from reviewbot.scope.governing import Configurations
from reviewbot.scope.model_swaps.setting_readers import SettingReaders
from reviewbot.scope.not_covered import Unsearched
from reviewbot.tokens.same_model import is_same_model

_MOST_FILES = 200
_MOST_CHARACTERS = 200_000


def find_in_settings(comparison: Comparison, configurations: Configurations) -> ModelSwaps:
    """What changed files of settings name otherwise than the workflows that are priced by it.

    Files that the configuration itself names are read with their workflows. Those beyond the bounds
    that may name a model of a workflow are told.
    """
    own = OwnFiles(comparison.after_tree.paths)
    named = files_named(configurations)
    changed = {
        change.after: change.before
        for change in comparison.changes
        if change.after and change.before and is_of_settings(change.after)
        if change.after not in named
        if own.has(change.after) or change.after.startswith(".github/")
        if not is_prompt(change.after)
    }
    paths = sorted(changed)
    after = read_texts(comparison.after_tree, paths[:_MOST_FILES])
    before = read_texts(comparison.before_tree, [changed[path] for path in after])
    workflows = configurations.after.workflows.values()
    readers = SettingReaders(comparison.after_tree, workflows)
    swaps: list[ModelSwap] = []
    too_large: list[str] = []
    for path, text in after.items():
        was = before.get(changed[path], "")
        if max(len(text), len(was)) <= _MOST_CHARACTERS:
            swaps += _swaps(path, settings_in(was), settings_in(text), workflows, readers)
            told = {item.line for item in swaps if item.path == path}
            others = [it for it in _of_no_workflow(path, was, text) if it.line not in told]
            swaps += others if others and readers.say(path) else ()
        elif _may_price(was, workflows):
            too_large.append(path)
    unseen = (
        *_unseen(too_large, f"settings are compared up to {_MOST_CHARACTERS:,} characters"),
        *_unseen(paths[_MOST_FILES:], f"of a change {_MOST_FILES:,} such files are compared"),
    )
    return ModelSwaps(swaps=tuple(swaps), unseen=unseen)


def _unseen(paths: Sequence[str], why: str) -> Iterator[Unsearched]:
    if paths:
        more = f" and {len(paths) - 1:,} others" if len(paths) > 1 else ""
        yield Unsearched(what=f"models and caps in {paths[0]}{more}", why=why)


def _may_price(text: str, workflows: Iterable[Workflow]) -> bool:
    """Whether a text says the family of any workflow's model: `gpt`, `claude`."""
    lower = text.lower()
    models = {item.model.rpartition("/")[2].lower() for item in workflows if item.model}
    words = {word for model in models for word in _PARTS.split(model)[:2] if word}
    return any(word in lower for word in words)


_PARTS = re.compile(r"[-.:@\d]")


def _swaps(
    path: str,
    was: Sequence[Setting],
    now: Sequence[Setting],
    workflows: Iterable[Workflow],
    readers: SettingReaders,
) -> Iterator[ModelSwap]:
    for one, other in _pairs(was, now):
        names = _concerned(one, other, was, workflows) if one.value != other.value else []
        if one.key == other.key and _may_cost(one, other):
            names += (name for name in readers.of(path, other.key) if name not in names)
        if names:
            yield _swap(path, one, other, names)


def _of_no_workflow(path: str, was: str, now: str) -> Iterator[ModelSwap]:
    """Other models, and more thinking, in a file that code reads and no workflow is priced by."""
    old, new = ([*settings_in(one), *models_by_id(path, one)] for one in (was, now))
    for one, other in _pairs(old, new):
        if not other.is_cap and _may_cost(one, other):
            yield _swap(path, one, other, ())
    for one, other in _pairs(efforts_in(was), efforts_in(now)):
        if is_more_effort(one.value, other.value):
            yield _swap(path, one, other, ())


def _swap(path: str, was: Setting, now: Setting, names: Iterable[str]) -> ModelSwap:
    return ModelSwap(
        path=path,
        line=now.line,
        first_line=now.line,
        last_line=now.line,
        key=now.key,
        was=was.value,
        now=now.value,
        said=now.value,
        is_cap=now.is_cap,
        workflows=tuple(names),
        is_setting=True,
    )


def _pairs(was: Sequence[Setting], now: Sequence[Setting]) -> Iterator[tuple[Setting, Setting]]:
    """What a setting said, and what the one in its place says: of its key, or of a new one."""
    gone: list[Setting] = []
    come: list[Setting] = []
    for key in dict.fromkeys(item.key for item in (*was, *now)):
        old, new = ([item for item in side if item.key == key] for side in (was, now))
        if max(len(old), len(new)) > MOST_OF_ONE:
            continue
        if len(old) == len(new):
            yield from zip(old, new, strict=True)
        else:
            values = {item.value for item in old} & {item.value for item in new}
            gone += (item for item in old if item.value not in values)
            come += (item for item in new if item.value not in values)
    for one in gone:
        found = next((item for item in come if item.is_cap == one.is_cap), None)
        if found is not None:
            come.remove(found)
            yield one, found


def _may_cost(was: Setting, now: Setting) -> bool:
    if was.is_cap and now.is_cap:
        return int(now.value[:_DIGITS]) > int(was.value[:_DIGITS])
    are_known = is_known_model(was.value) and is_known_model(now.value)
    return are_known and not is_same_model(was.value, now.value)


def _concerned(
    was: Setting, now: Setting, others: Iterable[Setting], workflows: Iterable[Workflow]
) -> list[str]:
    """The workflows that are priced by what a setting said, and not by what it says now."""
    priced = [item for item in workflows if item.model is not None]
    if not _may_cost(was, now):
        return []
    if was.is_cap:
        models = [item.value for item in others if is_known_model(item.value)]
        return [
            item.name
            for item in priced
            if any(is_same_model(model, item.model or "") for model in models)
            if item.max_tokens is None or item.max_tokens < int(now.value[:_DIGITS])
        ]
    return [
        item.name
        for item in priced
        if is_same_model(was.value, item.model or "")
        and not is_same_model(now.value, item.model or "")
    ]


_DIGITS = 12


def files_named(configurations: Configurations) -> set[str]:
    """The files that the configuration is, or names: what they say is read with it.

    Of settings of which it names an entry alone, what stands beside that is not read.
    """
    found = {configurations.before.file, configurations.after.file}
    for configuration in (configurations.before, configurations.after):
        found |= {configuration.usage.file, configuration.prices.catalogue or ""}
        if configuration.baseline is not None:
            found.add(configuration.baseline)
        for workflow in configuration.workflows.values():
            found.update(
                item.path
                for item in workflow.prompts
                if not item.selector or not is_of_settings(item.path) or is_prompt(item.path)
            )
    return {normpath(path) for path in found}
