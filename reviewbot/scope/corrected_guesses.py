"""Guessed models that a configuration corrects, and whether what calls them changes as well."""

from collections.abc import Sequence

from msgspec.structs import replace

from reviewbot.configuration.settings import Guess
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import Affected, Asked, ModelSwaps, Resent
from reviewbot.scope.governing import Configurations


def with_changed_models(
    affected: Sequence[Affected],
    comparison: Comparison,
    configurations: Configurations,
    swaps: ModelSwaps,
    resent: Sequence[Resent],
) -> list[Affected]:
    """The workflows; one with a guess of another model says whether code may call another one.

    What tells is loaded where there is such a guess. A first configuration corrects none.
    """
    guesses = [item for item in affected if _is_guessed_otherwise(item)]
    if not guesses:
        return [*affected]
    from reviewbot.scope.model_swaps.changed_lines import ChangedLines

    is_first = configurations.advisory is not None
    lines = ChangedLines(comparison, configurations)
    changed = {
        item.name
        for item in guesses
        if is_first or lines.may_concern(item, swaps) or _is_sent_otherwise(item.name, resent)
    }
    return [replace(item, may_call_another=item.name in changed) for item in affected]


def _is_guessed_otherwise(item: Affected) -> bool:
    if item.before is None or item.after is None:
        return False
    is_guess = Guess.MODEL in item.governing.workflow.assumed
    return is_guess and item.before.source.model != item.after.source.model


def _is_sent_otherwise(name: str, resent: Sequence[Resent]) -> bool:
    """Whether code asks for another model since the change, or could not be read."""
    of_models = (item for item in resent if item.kind is Asked.MODEL)
    return any(name in item.workflows for item in of_models) or any(it.unread for it in resent)
