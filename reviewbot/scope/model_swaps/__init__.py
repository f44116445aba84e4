"""Models and output caps that changed source files name otherwise, and the workflows they concern.

Where the code reads the file of a prompt and sends it, the call is that of the prompt's workflow.
"""

import re
from collections.abc import Iterable

from reviewbot.rendering.parsers._common.requests import CAPS, MODELS
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import ModelSwaps
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.governing import Configurations
from reviewbot.scope.searched_files import changed_sources

_MOST_CHARACTERS = 500_000


def find_swaps(comparison: Comparison, configurations: Configurations) -> ModelSwaps:
    """What changed source files name otherwise; what tells is loaded where lines may name any."""
    sources = [it for it in changed_sources(comparison, configurations, []) if _may_swap(it)]
    if not sources:
        return ModelSwaps()
    from reviewbot.scope.model_swaps.swaps import swaps_of

    return swaps_of(sources, configurations)


def _may_swap(source: ChangedSource) -> bool:
    before, after = source.before, source.after
    if not before or len(before) + len(after) > _MOST_CHARACTERS:
        return False
    return _may_name(set(after.split("\n")) ^ set(before.split("\n")))


def _may_name(lines: Iterable[str]) -> bool:
    """Whether any of some lines may name a model or a cap."""
    return any(_MAY_NAME.search(line) for line in lines)


_MAY_NAME = re.compile(
    rf"[\"'`](?=[\w.:/@]{{0,60}}[\d-])[A-Za-z][\w.:/@-]{{1,80}}[\"'`]"
    rf"|\b(?:{'|'.join((*MODELS, *CAPS))})[\"']?\s{{0,9}}[=:]"
)
