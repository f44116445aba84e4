"""Which methods of a class may give something else since the change."""

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from reviewbot.scope.sent_otherwise.definitions import functions_in

_LINE = re.compile(r"^([ \t]{1,40})(?![)\]}])\S", re.MULTILINE)
_SET = re.compile(
    r"\A[ \t]{1,40}(?:(?:static|readonly|private|public|protected)[ \t]{1,9}){0,3}([\w$]{1,200})"
    r"[ \t]{0,9}[?!]?(?::[^=\n]{0,200}+)?=(?![=>])"
    r"|\b(?:self|this|cls)\.([\w$]{1,200})[ \t]{0,9}(?::[^=\n]{0,200}+)?=(?!=)"
)
_WORD = re.compile(r"[\w$]{2,}")


def changed_members(before: str, after: str, names: Collection[str]) -> set[str]:
    """The methods of a class with a text `after` that are not the same as in the one `before`.

    Those are too that say one of the `names`, or what a member sets that has changed. Of a class
    with another head all are.
    """
    head, members = _members(after)
    was_head, was = _members(before)
    left = Counter(was)
    changed = [*members] if head != was_head else []
    others: list[str] = []
    for one in members if not changed else ():
        left[one] -= 1
        (others if left[one] >= 0 and _says_none(one, names) else changed).append(one)
    gone = [one for one, count in left.items() if count > 0]
    set_by = {name for one in (*changed, *gone) for name in _sets(one)}
    while set_by:
        more = [one for one in others if not _says_none(one, set_by)]
        others = [one for one in others if one not in more]
        changed += more
        set_by = {name for one in more for name in _sets(one)} - set_by
    return {name for one in changed for name in functions_in(one)[:1]}


def _says_none(text: str, names: Collection[str]) -> bool:
    return not any(word in names for word in _WORD.findall(text))


def _sets(member: str) -> set[str]:
    found = {first or second for first, second in _SET.findall(member)}
    return {*functions_in(member)[:1], *found}


def _members(text: str) -> tuple[str, list[str]]:
    """What stands before the first member of a class, and its members."""
    lines = [*_LINE.finditer(text)]
    least = min((len(one[1].expandtabs()) for one in lines), default=0)
    begins = [one.start() for one in lines if len(one[1].expandtabs()) == least]
    if not begins:
        return text, []
    several = [text[begin:end].rstrip() for begin, end in pairwise((*begins, len(text)))]
    return text[: begins[0]].rstrip(), several
