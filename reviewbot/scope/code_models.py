"""What code that sends prompt files names as their model, beside what a workflow is made of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Guess, Workflow
from reviewbot.errors import Place
from reviewbot.prompts.sources import Source
from reviewbot.rendering.parsers._common.requests import MODELS
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import (
    Affected,
    Asked,
    CalledElsewhere,
    CodeModels,
    FoundPrompts,
    ModelSwap,
    ModelSwaps,
    Resent,
    Scope,
    Side,
)
from reviewbot.scope.governing import Configurations
from reviewbot.scope.workflow_reading import Readers

if TYPE_CHECKING:
    from reviewbot.scope.model_swaps.assumed_models import AssumedModels


def swaps_in_source(comparison: Comparison, configurations: Configurations) -> ModelSwaps:
    """What source code and settings name otherwise; each search is loaded where it has files."""
    paths = [change.after for change in comparison.changes if change.before and change.after]
    found = ModelSwaps()
    if any(map(prompt_formats.of_source, paths)):
        from reviewbot.scope.model_swaps import find_swaps

        found = find_swaps(comparison, configurations)
    if any(map(_SETTINGS.search, paths)):
        from reviewbot.scope.model_swaps.setting_files import find_in_settings

        more = find_in_settings(comparison, configurations)
        found = replace(
            found, swaps=(*found.swaps, *more.swaps), unseen=(*found.unseen, *more.unseen)
        )
    return found


_SETTINGS = re.compile(r"\.(?:ya?ml|json|toml|ini|cfg|conf|properties|tf)|(?:\A|/)[.DP]|env")
"""What the names of files of settings hold."""


class NamedInCode:
    """The models that code names for workflows, since the change and before it."""

    def __init__(self, swaps: ModelSwaps, configurations: Configurations, readers: Readers) -> None:
        self._elsewhere = _calls_elsewhere(swaps, configurations, readers)
        self._called = {**self._elsewhere.models, **swaps.models}
        self._assumed = _assumed_models(swaps, readers)
        self._own: dict[str, set[str]] = {}
        self._caps: dict[str, str] = {}

    def models(
        self, before: Side | None, after: Side | None, base: Workflow
    ) -> tuple[Side | None, Side | None]:
        """Both sides of a workflow with what code names, `base` being what it was before."""
        before, after = with_code_models(before, after, self._called.get(base.name, ()))
        if before is not None and after is not None:
            come = {*after.source.called_models} - {*before.source.called_models}
            self._own[base.name] = come
            if after.source.cap_file and after.source.max_tokens != before.source.max_tokens:
                self._caps[base.name] = str(after.source.max_tokens)
        return self._assumed.following(before, after, base) if self._assumed else (before, after)

    def told_once(self, resent: Iterable[Resent]) -> tuple[Resent, ...]:
        """What is sent otherwise, without models of which the workflows themselves speak."""
        models, assumed = self._elsewhere.models, self._assumed
        own = [
            item
            for item in resent
            if not _is_of_workflows(item, models) and not (assumed and assumed.is_told(item))
            if not self._is_own(item)
        ]
        named = {name for item in own if item.kind is Asked.MODEL for name in item.workflows}
        return (
            *own,
            *(item for item in self._elsewhere.resent if named.isdisjoint(item.workflows)),
        )

    def _is_own(self, item: Resent) -> bool:
        """Whether all of its workflows name the model, or the cap, themselves since the change."""
        if item.kind is Asked.CAP and item.workflows:
            return {self._caps.get(name) for name in item.workflows} == {item.form.strip("`")}
        if item.kind is not Asked.MODEL or not item.workflows:
            return False
        from reviewbot.tokens.same_model import is_same_model

        said = item.form.strip("\"'`")
        several = [self._own.get(name, ()) for name in item.workflows]
        return all(any(is_same_model(said, one) for one in names) for names in several)


def _calls_elsewhere(
    swaps: ModelSwaps, configurations: Configurations, readers: Readers
) -> CalledElsewhere:
    """What calls name otherwise that send constants of other files; loaded where code may."""
    if not swaps.may_name:
        return CalledElsewhere()
    from reviewbot.scope.model_swaps.called_elsewhere import called_elsewhere

    return called_elsewhere(swaps.swaps, configurations, readers)


def _assumed_models(swaps: ModelSwaps, readers: Readers) -> "AssumedModels | None":
    """What tells the workflows whose models are swapped with no call known; None without swaps."""
    if not swaps.swaps:
        return None
    from reviewbot.scope.model_swaps.assumed_models import AssumedModels

    return AssumedModels(swaps, readers.after.tree)


def _is_of_workflows(item: Resent, models: Mapping[str, object]) -> bool:
    is_model = item.kind is Asked.MODEL and bool(item.workflows)
    return is_model and models.keys() >= {*item.workflows}


def with_code_models(
    before: Side | None, after: Side | None, found: Sequence[CodeModels]
) -> tuple[Side | None, Side | None]:
    """Both sides of a workflow with the models that code names.

    Code counts as what calls the prompts only where it called the priced model before: else a
    function that nobody uses would speak for them.
    """
    if before is None or after is None or not found:
        return before, after
    from reviewbot.tokens.same_model import is_same_model

    was, now = before.source, after.source
    priced = was.model
    is_caller = all(item.was and all(is_same_model(n, priced) for n in item.was) for item in found)
    was = _named(was, [(item.path, item.was) for item in found], is_caller=is_caller)
    now = _named(now, [(item.path, item.now) for item in found], is_caller=is_caller)
    return replace(before, source=was), replace(after, source=now)


def _named(
    source: Source, found: Iterable[tuple[str, Mapping[str, int]]], *, is_caller: bool
) -> Source:
    names = {name: path for path, lines in found for name in lines}
    lines = {name: line for _, several in found for name, line in several.items()}
    return replace(
        source,
        called_models=tuple(sorted({*source.called_models, *(names if is_caller else ())})),
        named_models=tuple(sorted((names | dict(source.named_models)).items())),
        named_lines=lines,
    )


def with_file_calls(found: FoundPrompts, swaps: ModelSwaps) -> FoundPrompts:
    """What was found, without the calls that send prompt files among the uncovered ones."""
    others, changed = (
        tuple(place for place in places if place not in swaps.calls)
        for places in (found.uncovered_calls, found.changed_calls)
    )
    return replace(found, uncovered_calls=others, changed_calls=changed)


def not_followed(
    swaps: ModelSwaps, affected: Sequence[Affected], unaffected: Sequence[Affected]
) -> tuple[Resent, ...]:
    """What is swapped beside prompts whose calls are not known; loaded where anything is."""
    if not swaps.swaps:
        return ()
    from reviewbot.scope.model_swaps.beside_prompts import unfollowed

    told = [item for item in swaps.swaps if not _followers(item, affected)]
    told = [item for item in told if not _is_of_any(item, affected)]
    return tuple(unfollowed(told, (*affected, *unaffected)))


def _pairs(affected: Iterable[Affected]) -> list[tuple[Source, Source]]:
    return [
        (item.before.source, item.after.source)
        for item in affected
        if item.before is not None and item.after is not None
    ]


def _followers(item: ModelSwap, affected: Iterable[Affected]) -> tuple[str, ...]:
    """The workflows whose own calls have a cap, or another one, by a swap."""
    if not item.is_cap or item.is_setting or item.now is None:
        return ()
    now = (int(item.now), item.path)
    return tuple(
        one.name
        for one in affected
        for was_source, now_source in _pairs([one])
        if now in now_source.named_caps and now not in was_source.named_caps
    )


def _with_workflows(item: ModelSwap, scope: Scope) -> ModelSwap:
    """A cap with the workflows whose answers it may cut, a model with those that are priced so."""
    if item.workflows or item.is_setting:
        return item
    from reviewbot.scope.model_swaps.beside_prompts import beside_prompts

    names = _followers(item, scope.affected)
    every = (*scope.affected, *scope.unaffected)
    beside = tuple(one.name for one in beside_prompts(item, every))
    if item.is_cap:
        return replace(item, workflows=names or beside)
    guessed = (one.name for one in scope.affected if _is_guessed_of(item, one))
    return replace(item, priced=beside or tuple(guessed))


def _is_guessed_of(item: ModelSwap, affected: Affected) -> bool:
    """Whether a constant is swapped as the model that is only guessed of a workflow."""
    is_guess = Guess.MODEL in affected.governing.workflow.assumed
    return is_guess and any(_is_constant_of(item, *pair) for pair in _pairs([affected]))


def uncovered_swaps(
    scope: Scope, covered_calls: Iterable[Place], told: Sequence[Resent]
) -> tuple[ModelSwap, ...]:
    """The swaps that no workflow speaks of: of calls, and of constants, that none covers.

    `told` are those places where something is sent otherwise that findings tell.
    """
    calls: dict[str, list[int]] = {}
    for place in covered_calls:
        calls.setdefault(place.file, []).append(place.line or 0)
    found = (_with_workflows(item, scope) for item in scope.swaps.swaps)
    return tuple(
        item
        for item in found
        if item.was or item.workflows
        if item.is_cap or item.is_setting or not item.workflows
        if not _is_of_any(item, scope.affected)
        if not any(item.first_line <= line <= item.last_line for line in calls.get(item.path, ()))
        if not any(_is_told_by(other, item) for other in told)
    )


def _is_of_any(item: ModelSwap, affected: Iterable[Affected]) -> bool:
    """Whether any workflow follows a swap: by what its prompts name, of a constant by its model.

    A model that is only guessed is no one's that calls a constant.
    """
    if item.is_cap or item.is_setting:
        return False
    return any(
        _is_named_by(item, *pair) or (_is_no_guess(one, *pair) and _is_constant_of(item, *pair))
        for one in affected
        for pair in _pairs([one])
    )


def _is_no_guess(affected: Affected, was: Source, now: Source) -> bool:
    """Whether the models of both sides are known, be it that their prompts name them."""
    are_named = all(
        not side.follows_code and side.model in dict(side.named_models) for side in (was, now)
    )
    return are_named or Guess.MODEL not in affected.governing.workflow.assumed


def _is_named_by(item: ModelSwap, was: Source, now: Source) -> bool:
    """Whether prompts name both; a provider may stand before either name: `openai/gpt-4.1`."""
    from reviewbot.tokens.same_model import is_same_model

    olds, news = (
        [name for name, path in side.named_models if path == item.path] for side in (was, now)
    )
    were_named = any(is_same_model(name, item.was) for name in olds)
    if item.now is None:
        return were_named and not any(is_same_model(name, item.was) for name in news)
    return were_named and any(is_same_model(name, item.now) for name in news)


def _is_constant_of(item: ModelSwap, was: Source, now: Source) -> bool:
    """Whether a constant is swapped as the model of a workflow is."""
    if item.now is None or item.key in MODELS:
        return False
    from reviewbot.tokens.same_model import is_same_model

    return is_same_model(was.model, item.was) and is_same_model(now.model, item.now)


def _is_told_by(other: Resent, item: ModelSwap) -> bool:
    """Whether it is told already with the name of a prompt that is sent."""
    is_there = item.first_line <= other.line <= item.last_line
    is_same = (item.now or item.said) in other.form
    return bool(other.key) and other.path == item.path and (is_there or is_same)
