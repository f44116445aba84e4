"""How a change would loosen what it is judged by: its own edits that are no tightening."""

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from reviewbot.configuration.locating import Key, key_text
from reviewbot.policy.setting_edits import Edit, How, rule_edits, workflow_edits
from reviewbot.scope.governing import Configurations


class Loosenings(Struct, frozen=True, kw_only=True):
    """The loosenings of the configuration's own settings, and of each workflow that stays."""

    rules: tuple[Edit, ...] = ()
    workflows: Mapping[str, tuple[Edit, ...]] = {}

    def beside(self, reviewed: Collection[str]) -> tuple[Edit, ...]:
        """Those of the settings beside the workflows, and of workflows that are not `reviewed`."""
        others = (edits for name, edits in self.workflows.items() if name not in reviewed)
        return (*self.rules, *(edit for edits in others for edit in edits))


def find_loosenings(configurations: Configurations) -> Loosenings:
    """What the change loosens: against the governing values, and by an edit of its own.

    What only the base's branch has edited since is left out: merging the change keeps it.
    """
    before, governing = configurations.before, configurations.governing
    proposed = configurations.proposed
    if proposed is governing:
        return Loosenings()
    workflows = {}
    bases = {**before.workflows, **governing.workflows}
    for name in sorted(bases.keys() & proposed.workflows.keys()):
        head, was = proposed.workflows[name], before.workflows.get(name)
        edits = workflow_edits(bases[name], head)
        workflows[name] = _own(edits, None if was is None else workflow_edits(was, head))
    return Loosenings(
        rules=_own(rule_edits(governing, proposed), rule_edits(before, proposed)),
        workflows={name: edits for name, edits in workflows.items() if edits},
    )


def describe(edit: Edit) -> str:
    """One sentence: the key, what happened to it, and which value the review used."""
    old, new = (None if value is None else _cut(value) for value in (edit.old, edit.new))
    used = "the base's value was" if edit.governed else "the change's own value was"
    match edit.how:
        case How.GAINS | How.LOSES:
            key, rest = edit.key[:-1], f" {new or old}"
        case How.ADDED:
            key, rest = edit.key, f": {new}"
        case How.REMOVED:
            key, rest = edit.key, f"; it was {old}"
        case _:
            key, rest = edit.key, f" from {old} to {new}"
    if old is None and edit.governed:
        used = "not"
    return f"`{key_text(key)}` {edit.how}{rest} ({used} used in this review)"


def _own(edits: Iterable[Edit], touched: Iterable[Edit] | None) -> tuple[Edit, ...]:
    """The loosenings among `edits` that lie at, in or around a key of `touched`; None is all."""
    loosenings = tuple(edit for edit in edits if edit.loosens)
    if touched is None:
        return loosenings
    keys = {_settled(edit.key) for edit in touched}
    around = {key[:end] for key in keys for end in range(1, len(key))}
    return tuple(
        edit
        for edit in loosenings
        if edit.key in around or any(edit.key[:end] in keys for end in range(1, len(edit.key) + 1))
    )


def _settled(key: Key) -> Key:
    """The part of `key` that is the same at all revisions: positions in a list are not."""
    positions = (index for index, part in enumerate(key) if isinstance(part, int))
    return key[: next(positions, len(key))]


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


_SHOWN_CHARACTERS = 60
