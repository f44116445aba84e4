"""Which weakenings are the change's own: against the governing values, and by its own edit."""

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from reviewbot.configuration.setting_lines import Key
from reviewbot.policy.weakening.edits import Edit
from reviewbot.policy.weakening.rules import rule_edits
from reviewbot.policy.weakening.workflows import workflow_edits
from reviewbot.scope.governing import Configurations


class Weakenings(Struct, frozen=True, kw_only=True):
    """The weakenings of the configuration's own settings, and of each workflow that stays."""

    rules: tuple[Edit, ...] = ()
    workflows: Mapping[str, tuple[Edit, ...]] = {}

    def beside(self, reviewed: Collection[str]) -> tuple[Edit, ...]:
        """Those of the settings beside the workflows, and of workflows that are not `reviewed`."""
        others = (edits for name, edits in self.workflows.items() if name not in reviewed)
        return (*self.rules, *(edit for edits in others for edit in edits))


def find_weakenings(configurations: Configurations) -> Weakenings:
    """What the change weakens: against the governing values, and by an edit of its own.

    What only the base's branch has edited since is left out: merging the change keeps it.
    """
    before, governing = configurations.before, configurations.governing
    proposed = configurations.proposed
    if proposed is governing:
        return Weakenings()
    workflows = {}
    bases = {**before.workflows, **governing.workflows}
    for name in sorted(bases.keys() & proposed.workflows.keys()):
        head, was = proposed.workflows[name], before.workflows.get(name)
        edits = workflow_edits(bases[name], head)
        workflows[name] = _own(edits, None if was is None else workflow_edits(was, head))
    return Weakenings(
        rules=_own(rule_edits(governing, proposed), rule_edits(before, proposed)),
        workflows={name: edits for name, edits in workflows.items() if edits},
    )


def _own(edits: Iterable[Edit], touched: Iterable[Edit] | None) -> tuple[Edit, ...]:
    """The weakenings among `edits` that lie at, in or around a key of `touched`; None is all."""
    weakenings = tuple(edit for edit in edits if edit.loosens)
    if touched is None:
        return weakenings
    keys = {_settled(edit.key) for edit in touched}
    around = {key[:end] for key in keys for end in range(1, len(key))}
    return tuple(
        edit
        for edit in weakenings
        if edit.key in around or any(edit.key[:end] in keys for end in range(1, len(edit.key) + 1))
    )


def _settled(key: Key) -> Key:
    """The part of `key` that is the same at all revisions: positions in a list are not."""
    positions = (index for index, part in enumerate(key) if isinstance(part, int))
    return key[: next(positions, len(key))]
