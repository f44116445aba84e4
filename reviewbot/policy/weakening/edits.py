"""The edit of one setting, and whether it weakens what a change is judged by.

A tightening cannot let anything pass that would not have passed: a limit lowered, a budget added,
an approver taken out. Every other edit weakens, also one whose effect nobody can tell.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import Guess


class How(StrEnum):
    """What happened to a setting, as a verb that its key stands in front of."""

    RAISED = "is raised"
    LOWERED = "is lowered"
    CHANGED = "is changed"
    ADDED = "is added"
    REMOVED = "is removed"
    GAINS = "gains"
    LOSES = "loses"


class Edit(Struct, frozen=True, kw_only=True):
    """A setting that differs: its key, and its values as people write them; None where absent.

    `governed` says that the review used the base's value. `if_cheaper` marks a weakening that is
    one only where the change comes out cheaper by it.
    """

    key: Key
    how: How
    loosens: bool
    old: str | None = None
    new: str | None = None
    governed: bool = True
    if_cheaper: bool = False


def edit_of(
    key: Key,
    old: Any,
    new: Any,
    show: Callable[[Any], str] = str,
    *,
    tightens: Collection[How] = (),
    governed: bool = True,
) -> Iterator[Edit]:
    """The edit of a value, where it is one; it weakens unless it is one of `tightens`."""
    if old == new:
        return
    how = _how(old, new)
    yield Edit(
        key=key,
        how=how,
        old=None if old is None else show(old),
        new=None if new is None else show(new),
        loosens=how not in tightens,
        governed=governed,
    )


def entry_edits(
    key: Key, old: tuple[str, ...], new: tuple[str, ...], *, tightens: How | None = None
) -> Iterator[Edit]:
    """The edits of a list whose order means nothing."""
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    for name in before:
        if name not in after:
            yield Edit(key=(*key, name), how=How.LOSES, old=name, loosens=tightens is not How.LOSES)
    for name in after:
        if name not in before:
            yield Edit(key=(*key, name), how=How.GAINS, new=name, loosens=tightens is not How.GAINS)


def corrected(edits: Iterable[Edit], guess: Guess, known: Collection[Guess]) -> Iterator[Edit]:
    """The edits; none of them weakens where the base calls what they correct a guess."""
    for edit in edits:
        yield replace(edit, loosens=False) if guess in known else edit


def flag(value: object) -> str:
    """A yes or no as YAML writes it."""
    return str(value).lower()


def _how(old: Any, new: Any) -> How:
    if old is None:
        return How.ADDED
    if new is None:
        return How.REMOVED
    if isinstance(old, Decimal | int) and not isinstance(old, bool):
        return How.RAISED if new > old else How.LOWERED
    return How.CHANGED
