"""A note of the limits that a change adds or lowers: they hold once it is merged."""

from collections.abc import Iterator

from reviewbot.configuration.setting_lines import key_text
from reviewbot.configuration.settings import Configuration
from reviewbot.policy.weakening.edits import Edit, How
from reviewbot.policy.weakening.raised_limits import envelope_edits
from reviewbot.scope.governing import Configurations

_NAMED = 3
_WORDS = {How.ADDED: "is added", How.LOWERED: "is lowered to"}


def new_limit_notes(configurations: Configurations) -> Iterator[str]:
    """The note, where the base has a configuration already and the change has its own."""
    before, after = configurations.before, configurations.proposed
    if configurations.advisory is not None or after is before:
        return
    edits = [*_tightened(before, after)]
    if not edits:
        return
    told = [f"`{key_text(edit.key)}` {_WORDS[edit.how]} {edit.new}" for edit in edits[:_NAMED]]
    left = len(edits) - len(told)
    more = f" and {left:,} more" if left else ""
    limits = "this limit holds" if len(edits) == 1 else "these limits hold"
    yield f"{limits} once the change is merged: {', '.join(told)}{more}"


def _tightened(before: Configuration, after: Configuration) -> Iterator[Edit]:
    """The edits of `defaults`, then those of workflows that these do not make."""
    own = (before.defaults.envelope, after.defaults.envelope)
    defaults = [edit for edit in envelope_edits(("defaults", "envelope"), *own) if _is_new(edit)]
    yield from defaults
    known = {(edit.key[2:], edit.new) for edit in defaults}
    for name in sorted(before.workflows.keys() & after.workflows.keys()):
        was, now = before.workflows[name].envelope, after.workflows[name].envelope
        for edit in envelope_edits(("workflows", name, "envelope"), was, now):
            if _is_new(edit) and (edit.key[3:], edit.new) not in known:
                yield edit


def _is_new(edit: Edit) -> bool:
    return edit.key[-1] in {"soft", "hard"} and edit.how in _WORDS
