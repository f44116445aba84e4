"""The models that stood near prompts before a change, where others stand there now."""

from collections.abc import Sequence

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.allowance import Allowance
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.findings import Nearby
from reviewbot.discovery.named_nearby import with_nearby
from reviewbot.discovery.sending_code import is_file
from reviewbot.repository.revisions import Comparison


def earlier_models(
    workflows: Sequence[Proposed], comparison: Comparison, allowance: Allowance
) -> dict[str, str]:
    """By the names of workflows what would have been assumed of them before the change.

    Left out are those of which the same would have been, or nothing that is as sure.
    """
    old = {item.after: item.before for item in comparison.changes}
    paths = (path for pair in old.items() for path in pair if path)
    if not any(map(prompt_formats.of_source, paths)):
        return {}
    near = {item.name: item.nearby for item in workflows if item.nearby is not None}
    earlier = [
        replace(
            item, prompts=(replace(first, path=old.get(first.path) or first.path),), nearby=None
        )
        for item in workflows
        if item.name in near and not _is_of_call(item)
        for first in item.prompts[:1]
    ]
    return {
        item.name: was.model
        for item in with_nearby(earlier, comparison.before_tree, allowance)
        if (was := item.nearby) is not None
        if was.model != near[item.name].model and _is_as_sure(was, near[item.name])
    }


def _is_as_sure(was: Nearby, now: Nearby) -> bool:
    return (was.is_usual, was.is_sent, was.is_setting) == (
        now.is_usual,
        now.is_sent,
        now.is_setting,
    )


def _is_of_call(item: Proposed) -> bool:
    """Whether a call of a source file falls back to the model, which its workflow is priced by."""
    return item.nearby is not None and item.nearby.is_sent and not is_file(item)
