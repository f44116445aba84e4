"""Models and caps that code names otherwise beside prompts of workflows that no call is known for.

Where the source does not tell which call sends a prompt, one in its own function may, and one of
its file that holds no other prompt. A call that sends a text of its own says nothing of others.
"""

from collections.abc import Iterable, Iterator, Sequence

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Guess, Workflow
from reviewbot.prompts.sources import Source
from reviewbot.rendering.parsers._common.requests import MODELS
from reviewbot.scope.affected import Affected, Asked, ModelSwap, Resent

_CONSTRUCTORS = {"__init__", "__post_init__", "constructor"}


def beside_prompts(swap: ModelSwap, workflows: Iterable[Affected]) -> list[Affected]:
    """The workflows whose prompts stand beside a swap, and may be sent by what it sets."""
    if swap.is_setting or swap.workflows:
        return []
    near: list[Affected] = []
    others: list[Affected] = []
    for item in workflows:
        if item.after is None or _has_its_call(item.after.source):
            continue
        standing = [*_standing(item.settings, swap.path)]
        if any(steps[: len(swap.within)] == swap.within for steps in standing if swap.within):
            near.append(item)
        elif standing:
            others.append(item)
    is_for_all = not swap.has_text or swap.within[-1:] in {(name,) for name in _CONSTRUCTORS}
    return near or (others if is_for_all else [])


def unfollowed(swaps: Iterable[ModelSwap], workflows: Sequence[Affected]) -> Iterator[Resent]:
    """What such workflows may be sent with since the change, where a figure may not hold it."""
    for swap in swaps:
        meant = beside_prompts(swap, workflows)
        caps = tuple(cap for item in meant if (cap := item.settings.max_tokens) is not None)
        if not meant or (swap.is_cap and not swap.was and not caps):
            continue
        told = swap.now if swap.is_cap else f'"{swap.now}"'
        yield Resent(
            path=swap.path,
            line=swap.line,
            name=meant[0].settings.prompts[0].selector or "",
            form=swap.said if swap.now is None else told or "",
            key=swap.key,
            kind=Asked.CAP if swap.is_cap else Asked.MODEL,
            was=(swap.was or None) if swap.is_cap else f'"{swap.was}"',
            models=tuple(item.after.source.model for item in meant if item.after is not None),
            guessed=tuple(model for item in meant for model in _guessed(item)),
            caps=caps,
            workflows=tuple(item.name for item in meant),
            is_beside=True,
        )


def _guessed(item: Affected) -> Iterator[str]:
    """The model of a workflow before the change, where the base only guesses it."""
    if item.before is not None and Guess.MODEL in item.governing.workflow.assumed:
        yield item.before.source.model


def _has_its_call(source: Source) -> bool:
    """Whether code or the prompts themselves say which model answers, or that it is computed."""
    return bool(source.named_models or source.called_models or source.default_model) or any(
        setting.key in MODELS for setting in source.settings
    )


def stands_in(workflow: Workflow, path: str) -> bool:
    """Whether prompts of a workflow stand in a file of source code."""
    return any(True for _ in _standing(workflow, path))


def _standing(workflow: Workflow, path: str) -> Iterator[tuple[str, ...]]:
    """The names of a workflow's prompts in a file of source code."""
    for item in workflow.prompts:
        if item.path == path and item.selector and prompt_formats.of_source(path) is not None:
            yield tuple(step.partition("@")[0] for step in item.selector.split("."))
