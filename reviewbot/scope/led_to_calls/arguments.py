"""The calls in a statement of Python with their arguments, and the parameters of a function."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

_CALLED = re.compile(r"(\.\s{0,3})?\b([A-Za-z_]\w{0,99})\s{0,3}\(")
_WORD = re.compile(r"[A-Za-z_]\w*")
_KEYWORD = re.compile(r"\s{0,200}(\w{1,99})\s{0,9}=(?!=)")
_PARAMETER = re.compile(r"\s{0,200}\*{0,2}(\w{1,99})")
_MOST_CALLS = 50


class Argument(Struct, frozen=True):
    """One argument of a call: its keyword, or its position, and the words in it.

    It `begins` and `ends` at these characters of its statement.
    """

    key: str
    position: int
    words: frozenset[str]
    begins: int
    ends: int

    def has(self, names: frozenset[str]) -> bool:
        """Whether it has one of some names; where there are none, of a text that is anywhere."""
        return not names or not self.words.isdisjoint(names)


class Call(Struct, frozen=True):
    """A call by the last name of what is called."""

    name: str
    is_method: bool
    arguments: tuple[Argument, ...]


def calls_in(said: str, text: str) -> Iterator[Call]:
    """The calls of a statement; `said` is its `text` with blanks for what is quoted."""
    for number, found in enumerate(_CALLED.finditer(said)):
        if number >= _MOST_CALLS:
            return
        spans = _spans(said, found.end())
        arguments = []
        for position, (begins, ends) in enumerate(spans):
            key = _KEYWORD.match(said, begins, ends)
            first = key.end() if key else begins
            words = frozenset(_WORD.findall(text[first:ends]))
            arguments.append(Argument(key[1] if key else "", position, words, begins, ends))
        yield Call(found[2], bool(found[1]), tuple(arguments))


def argument_at(calls: Sequence[Call], at: int) -> tuple[Call, Argument] | None:
    """The innermost argument around a character of a statement with these calls, and its call."""
    several = ((call, it) for call in reversed(calls) for it in call.arguments)
    return next(((call, it) for call, it in several if it.begins <= at < it.ends), None)


def parameter_of(head: str, argument: Argument, *, is_member: bool) -> str:
    """The name of the parameter that is given an argument; empty where it is not known."""
    names = parameters_of(head)
    if is_member and names[:1] and names[0] in {"self", "cls"}:
        names = names[1:]
    position = argument.position
    name = argument.key or (names[position] if position < len(names) else "")
    return name if name in names else ""


def parameters_of(head: str) -> list[str]:
    """The names of a function's parameters, by its head."""
    opened = head.find("(")
    found = (_PARAMETER.match(head, *span) for span in _spans(head, opened + 1))
    return [one[1] for one in found if one]


def _spans(said: str, first: int) -> list[tuple[int, int]]:
    """Where each argument begins and ends, from behind the opening bracket on."""
    spans: list[tuple[int, int]] = []
    depth, begins = 0, first
    for sign in _SIGN.finditer(said, first):
        at = sign.start()
        if sign[0] in "([{":
            depth += 1
        elif sign[0] == ",":
            if depth == 0:
                spans.append((begins, at))
                begins = at + 1
        elif depth == 0:
            spans.append((begins, at))
            return [span for span in spans if span[0] < span[1]]
        else:
            depth -= 1
    return spans


_SIGN = re.compile(r"[()\[\]{},]")


def called_around(said: str, position: int) -> str:
    """What is called with whatever stands at a position of a statement; empty where nothing is."""
    depth = 0
    for sign in reversed([*_SIGN.finditer(said, 0, position)]):
        if sign[0] in ")]}":
            depth += 1
        elif sign[0] in "([{":
            depth -= 1
            if depth < 0:
                depth = 0
                found = _NAME_BEFORE.search(said[max(0, sign.start() - 120) : sign.start()])
                if sign[0] == "(" and found:
                    return found[1]
    return ""


_NAME_BEFORE = re.compile(r"\b([A-Za-z_]\w{0,99})\s{0,3}\Z")
