"""What is said of a prompt of a workflow that code sends otherwise than it is counted."""

import re
from decimal import Decimal
from typing import Final

from reviewbot.rendering.parsers._common.told_tools import characters_told
from reviewbot.scope.affected import CHARACTERS_OF_A_TOKEN, Asked, Resent

UNKNOWN: Final = "the month does not count that"
_SHOWN: Final = 2
"""So many workflows are named; of more it is said how many they are."""

_MOST_BELIEVED: Final = 1_000_000
"""Characters that a call may have more; what is repeated in a loop counts a thousand times."""

_OFTEN = re.compile(r"^`([0-9,]{1,12} times)( \([^`]{1,90}\))?`")
_EACH = re.compile(r"^`for each of ([^`]{1,90})`")
_VALUE = re.compile(r"""^["'0-9]|^[\w.$]{1,100} \(["'0-9]""")
"""A constant, or a name with the one that it stands for."""

_THINKING = re.compile(r"(?i)reasoning|thinking")


def subject(item: Resent) -> str:
    """The name of the prompt, and the workflows that have it, as far as these are known."""
    named = f"`{item.name}`"
    return f"{named} ({_workflows(item)})" if item.workflows else named


def multiplied(item: Resent, *, is_first: bool) -> str:
    """That calls which send a prompt may have become more, and what to write then.

    `is_first` says that no configuration governs yet, so that there is none to correct.
    """
    mend = "" if is_first else "; correct `calls` under its `traffic` if they do"
    return f"{subject(item)} is sent {item.form}: the number of calls may rise{mend}"


def filled(item: Resent, *, is_first: bool) -> str:
    """That a prompt may be filled with more than before, and what to write then."""
    mend = "" if is_first else "; correct its samples if they do"
    return f"{subject(item)} is filled {item.form}: its inputs may grow{mend}"


def asked_otherwise(item: Resent) -> str:
    """That a call asks for something else beside a prompt of a workflow than before."""
    sent = f"where {subject(item)} is sent"
    size = characters_told(item.form)
    if size is not None:
        before = characters_told(item.was or "")
        was = "" if before is None else f", {before:,} before"
        tokens = _tokens(size - (before or 0))
        return f"`{item.key}` is defined in {size:,} characters now{was} ({tokens}), {sent}"
    is_value = _VALUE.search(item.form) is not None
    if item.kind is Asked.MODEL and not is_value:
        if item.was is None:
            return f"a new call {sent} takes its model from `{item.form}`"
        return f"the call {sent} takes its model from `{item.form}` now, it was `{item.was}`"
    if item.kind is Asked.SETTING and not is_value and _THINKING.search(item.key):
        return f"reasoning may be on now (`{item.key}`), {sent}: answers would be longer"
    was = "" if item.was is None else f", it was `{item.was}`"
    return f"`{item.key}` is `{item.form}`{was}, {sent}"


def sent_otherwise(item: Resent, more: int) -> str:
    """In which form a prompt is sent that is counted as it stands, and in how many `more`."""
    if item.more >= _MOST_BELIEVED:
        many = "text that is repeated nobody knows how often"
        if item.of:
            return f"`{item.of}` grew by {many}, which {subject(item)} is sent with"
        through = f"`{item.through}`" if item.through else "code"
        return f"{through} sends {subject(item)} with {many} beside it"
    if item.more:
        tokens = _tokens(item.more)
        if item.usd_per_month is not None:
            tokens = f"{tokens}, about {_usd(item.usd_per_month)} a month"
        if item.of:
            size = f"{item.more:,} characters ({tokens})"
            return f"`{item.of}` grew by {size}, which {subject(item)} is sent with"
        through = f"`{item.through}`" if item.through else "code"
        size = f"{item.more:,} more characters beside it ({tokens})"
        return f"{through} sends {subject(item)} with {size}"
    forms = "forms" if more > 1 else "form"
    also = f", and in {more:,} more {forms}" if more else ""
    said = _EACH.sub(r"once for each of `\1`", _OFTEN.sub(r"\1 over\2", item.form))
    return f"{subject(item)} is counted once, as it stands, and code sends it {said}{also}"


def _workflows(item: Resent) -> str:
    names = [f"`{name}`" for name in item.workflows[:_SHOWN]]
    if left := len(item.workflows) - len(names):
        names.append(f"{left:,} more")
    of = "workflow" if len(item.workflows) == 1 else "workflows"
    return f"{of} {', '.join(names[:-1])} and {names[-1]}" if names[1:] else f"{of} {names[0]}"


def _usd(amount: Decimal) -> str:
    """An amount rounded to cents, or that it is less than one."""
    return f"${amount:,.2f}" if amount >= _CENT else "less than a cent"


_CENT: Final = Decimal("0.01")


def _tokens(characters: int) -> str:
    """About how many tokens of one call that many characters are, rounded."""
    return f"about {round(characters / CHARACTERS_OF_A_TOKEN):,} tokens a call"
