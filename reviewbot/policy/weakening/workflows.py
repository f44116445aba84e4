"""The settings of one workflow: its limits, traffic, model, output cap and formats."""

from collections.abc import Iterator

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration import notation as written
from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import (
    Complexity,
    Guess,
    PromptReference,
    Workflow,
)
from reviewbot.policy.weakening.edits import (
    Edit,
    How,
    corrected,
    edit_of,
    entry_edits,
)
from reviewbot.policy.weakening.raised_limits import envelope_edits
from reviewbot.policy.weakening.traffic import cap_that_cuts_nothing, traffic_edits


def workflow_edits(old: Workflow, new: Workflow) -> Iterator[Edit]:
    """The edits of a workflow's settings; files that are named or taken out are no part of them."""
    key: Key = ("workflows", new.name)
    yield from envelope_edits((*key, "envelope"), old.envelope, new.envelope)
    corrections = traffic_edits((*key, "traffic"), old.traffic, new.traffic, old.envelope)
    yield from corrected(corrections, Guess.TRAFFIC, old.assumed)
    yield from entry_edits(
        (*key, "assumed"),
        old.assumed,
        new.assumed,
        tightens=How.LOSES,
    )
    for name in ("feature", "owner"):
        yield from edit_of(
            (*key, name), getattr(old, name), getattr(new, name), tightens={How.ADDED}
        )
    yield from edit_of(
        (*key, "complexity"),
        old.complexity,
        new.complexity,
        tightens={How.CHANGED, How.ADDED}
        if _allowance(new.complexity) < _allowance(old.complexity)
        else (),
    )
    models = edit_of((*key, "model"), old.model, new.model, governed=False)
    for edit in corrected(models, Guess.MODEL, old.assumed):
        yield replace(edit, if_cheaper=True)
    yield from edit_of(
        (*key, "encoding"), old.encoding, new.encoding, tightens={How.REMOVED}, governed=False
    )
    yield from edit_of((*key, "counts_as"), old.counts_as, new.counts_as, governed=False)
    yield from edit_of(
        (*key, "max_tokens"),
        old.max_tokens,
        new.max_tokens,
        written.count,
        tightens={How.RAISED, *cap_that_cuts_nothing(new.max_tokens, old.traffic)},
        governed=False,
    )
    yield from edit_of(
        (*key, "templates"), old.templates or None, new.templates or None, governed=False
    )
    yield from _formats((*key, "prompts"), old.prompts, new.prompts)


def _formats(
    key: Key, old: tuple[PromptReference, ...], new: tuple[PromptReference, ...]
) -> Iterator[Edit]:
    """The edits of formats; a prompt that is new is held against the one that has left."""
    before = {reference.name: reference for reference in old}
    names = {reference.name for reference in new}
    left = iter([reference for reference in old if reference.name not in names])
    for reference in new:
        was = before.get(reference.name) or next(left, reference)
        if not _leaves_code(was, reference):
            place = (*key, reference.name, "format")
            yield from edit_of(place, was.format, reference.format, governed=False)


def _leaves_code(was: PromptReference, now: PromptReference) -> bool:
    """Whether a text stood in source code, and is a file now, of the format that its name shows."""
    shown = prompt_formats.recognize(now.path)
    in_code = [prompt_formats.of_source(item.path) is not None for item in (was, now)]
    return in_code == [True, False] and shown is not None and now.format == shown.NAME


def _allowance(complexity: Complexity | None) -> int:
    """How much model is deserved, from little to any; a workflow that says nothing has no bound."""
    return len(Complexity) if complexity is None else list(Complexity).index(complexity)
