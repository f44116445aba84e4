"""Judges prompts of workflows that changed code sends otherwise than they are counted."""

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from reviewbot.errors import Place
from reviewbot.policy.request_changes import is_cheaper
from reviewbot.policy.resent_words import (
    UNKNOWN,
    asked_otherwise,
    filled,
    multiplied,
    sent_otherwise,
)
from reviewbot.policy.weakening.findings import MOST_EDITS, advised, weakened
from reviewbot.rendering.parsers._common.told_forms import TOO_MUCH
from reviewbot.report import Finding
from reviewbot.scope.affected import Asked, Resent
from reviewbot.tokens.same_model import is_same_model

_CONSTANT = re.compile(r"'([^']{1,100})'|\"([^\"]{1,100})\"")
_MOST_DIGITS = 10
_SETTINGS = {Asked.MODEL: "model", Asked.CAP: "max_tokens"}
_NAME = "PROMPT"
"""What code is asked to call the text that it sends."""


def judge_resent(found: Sequence[Resent], *, is_first: bool = False) -> tuple[Finding, ...]:
    """The findings that code sends a prompt otherwise than its workflow counts it.

    `is_first` says that no configuration governs yet.
    """
    calls = tuple(
        advised(_ADVISED[kind](item, is_first=is_first), Place(file=item.path, line=item.line))
        for kind in _ADVISED
        for item in [one for one in found if one.kind is kind][:MOST_EDITS]
    )
    told = [item for item in found if item.kind not in _ADVISED and is_told(item)]
    places = _by_place(told)
    named = tuple(
        replace(
            (advised if _is_as_new(item) else weakened)(
                _otherwise(item, more), Place(file=item.path, line=item.line)
            ),
            concerns=item.workflows if item.more else (),
        )
        for item, more in places[:MOST_EDITS]
    )
    left = len(places[MOST_EDITS:])
    more = (weakened(f"and {left:,} more such places"),) if left else ()
    return (*named, *more, *calls)


def is_told(item: Resent) -> bool:
    """Whether a finding tells it: calls may multiply, or no figure may hold what they cost."""
    return item.kind in _ADVISED or not item.key or _may_cost_more(item)


_ADVISED = {Asked.CALLS: multiplied, Asked.TEXTS: filled}
"""What is a warning: the figures rest on values of the configuration that it may change."""


def _is_as_new(item: Resent) -> bool:
    """Whether code computes the model of workflows that are new: nothing was agreed to for them."""
    return item.kind is Asked.MODEL and item.are_new and not _CONSTANT.match(item.form)


def _by_place(found: Sequence[Resent]) -> list[tuple[Resent, int]]:
    """What is told, and in how many more forms the same is sent at the same place."""
    several: dict[tuple[str, int, str, str], list[Resent]] = {}
    for item in found:
        own = item.key or (item.form if item.is_through else "")
        several.setdefault((item.path, item.line, item.name, own), []).append(item)
    return [(items[0], len(items) - 1) for items in several.values()]


def _otherwise(item: Resent, more: int) -> str:
    mend = _mend(item)
    if not item.name:
        return f"a call that sent a prompt of a workflow sends something else now; {mend}"
    if item.name == "it":
        return _unnamed(item)
    if item.key and item.is_beside:
        was = "" if item.was is None else f", it was `{item.was}`"
        of = ", ".join(item.workflows[:MOST_EDITS])
        told = f"`{item.key}` is `{item.form}`{was}, beside prompts of {of}"
        return f"{told}, of which no call is known; if it sends them, {UNKNOWN}: {mend}"
    if item.key:
        is_priced = _is_as_new(item) and len(item.models) == 1
        told = f", and is priced as {item.models[0]}; " if is_priced else f"; {UNKNOWN}: "
        return f"{asked_otherwise(item)}{told}{mend}"
    said = sent_otherwise(item, more)
    return f"{said}; {UNKNOWN}: {mend}" if item.more else f"{said}: {mend}"


def _unnamed(item: Resent) -> str:
    """What is said of a prompt of which the name is not told."""
    mend = item.mend or "name what is sent by itself, or approve it if it is meant"
    if item.is_through:
        return f"a prompt of a workflow may be sent through this file {item.form}; {mend}"
    if item.form == f"`{TOO_MUCH}`":
        return f"code of this file sends a prompt of a workflow {TOO_MUCH}; {mend}"
    return f"a prompt of a workflow is named here, and code sends it {item.form}; {mend}"


def _mend(item: Resent) -> str:
    """What to type, so that the workflow counts what is sent."""
    if item.key:
        said = "".join(_CONSTANT.findall(item.form)[0]) if _CONSTANT.match(item.form) else item.form
        is_told = said != item.form or item.form.isdecimal()
        key = _SETTINGS.get(item.kind or Asked.SETTING) if is_told else None
        if key is None and _is_as_new(item):
            return f"write the `model` that it calls in {_workflow(item)}, if it is another"
        write = f"write `{key}: {said}` in {_workflow(item)}"
        return write if key else "approve it if it is meant"
    if item.is_through:
        return "approve it if it is meant"
    at = item.selector or _NAME
    write = f'write `- {{path: "{item.path}#{at}"}}` under `prompts` of that workflow'
    return write if item.selector else f"name what is sent there `{_NAME}`, and {write}"


def _workflow(item: Resent) -> str:
    """What is said of the workflow that a mend is for, with its name where it is one."""
    return f"that workflow, `{item.workflows[0]}`" if len(item.workflows) == 1 else "that workflow"


def _may_cost_more(item: Resent) -> bool:
    """Whether nobody knows that what a call asks for now is priced, or no dearer than before."""
    if item.kind is Asked.CAP:
        is_number = item.form.isdecimal() and len(item.form) < _MOST_DIGITS
        if not item.caps:
            return not is_cheaper(item.was, item.form) and item.was is not None
        return not (is_number and int(item.form) <= min(item.caps))
    return not (_is_priced(item) if item.kind is Asked.MODEL else is_cheaper(item.was, item.form))


def _is_priced(item: Resent) -> bool:
    """Whether figures hold that a call names another model.

    They do where workflows have it since the change, and had it before or what was named then, if
    the base only guesses theirs. All have to that stand beside it, and any that may be sent by it.
    """
    said, was = (
        ["".join(pair) for pair in _CONSTANT.findall(form)] for form in (item.form, item.was or "")
    )
    if not said or not all(_is_among(one, item.models) for one in said):
        return False
    are_all = not item.is_beside or all(_is_among(model, said) for model in item.models)
    return are_all and all(_is_among(model, [*said, *was]) for model in item.guessed)


def _is_among(model: str, others: Iterable[str]) -> bool:
    return any(is_same_model(model, other) for other in others)
