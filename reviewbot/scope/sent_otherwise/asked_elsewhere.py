"""What an altered file says of names by which unchanged code asks a model for something."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from reviewbot.prompt_formats._common.sent_form import SentForms
from reviewbot.rendering.parsers._common.requests import CAPS, RETRIES, SCHEMAS
from reviewbot.rendering.parsers._common.told_tools import characters_told
from reviewbot.scope.sent_otherwise.texts_beside import MOST_BESIDE

_NUMBER = re.compile(r"[-+(\[{]{0,9}\.?[0-9]|\[|\{")
_NUMBERS: Final = (*CAPS, *RETRIES)
_SHOWN: Final = 4


def asked_elsewhere(
    links: SentForms, before: SentForms, after: SentForms
) -> Iterator[tuple[str, str, str, str]]:
    """The names under which more may be asked for: the key, what was said of each, what is now.

    A name that no longer says a cap says `None`.
    """
    for name, key in {**links.defined, **links.asked}.items():
        was, now = (_said(side, name, key, links) for side in (before, after))
        if not was or not now or [*was] == [*now]:
            continue
        is_asked = name in links.asked or key in RETRIES
        if key in _NUMBERS and is_asked and not _are_no_more(was, now):
            yield (name, key, *_told(was, now))
        is_asked = is_asked or characters_told(now[-1]) is not None
        if key not in _NUMBERS and is_asked and _is_more(was[-1], now[-1]):
            yield name, key, was[-1], now[-1]


def used_elsewhere(
    links: SentForms, before: SentForms, after: SentForms
) -> Iterator[tuple[str, str]]:
    """The names by which texts are sent otherwise than before, and how that is told."""
    for name, how in links.uses.items():
        was, now = before.constants.get(name, ()), after.constants.get(name, ())
        if name in links.asked or not was or not now or [*was] == [*now]:
            continue
        if any(map(_NUMBER.match, (*was, *now))) and not _is_less(was, now):
            yield (
                name,
                f"`{how}` with `{name}`, which is {'; '.join(now)} now, was {'; '.join(was)}",
            )


def _is_less(was: Sequence[str], now: Sequence[str]) -> bool:
    said = [*was, *now]
    is_told = len(said) == len(_PAIR) and all(
        one.isdecimal() and len(one) < _DIGITS for one in said
    )
    return is_told and int(now[0]) < int(was[0])


_PAIR = ("was", "now")
_DIGITS = 10


def _said(side: SentForms, name: str, key: str, links: SentForms) -> Sequence[str]:
    """What a file says of a name, how long it describes it where that is what counts."""
    constants, described = side.constants.get(name, ()), side.definitions.get(name)
    several = () if described is None else (described,)
    if key in _NUMBERS and (name in links.asked or key in RETRIES):
        numbers = side.numbers.get(name) or constants or several
        return numbers or (("None",) if key in CAPS else ())
    if key in SCHEMAS or name in links.defined:
        return several or constants
    return constants or several


def _are_no_more(was: Sequence[str], now: Sequence[str]) -> bool:
    """Whether these are no more numbers, and none of them is larger than the one in its place.

    Where the smallest is gone, what asked for little at times asks for much each time.
    """
    if len(now) > len(was) or not all(one.isdecimal() for one in (*was, *now)):
        return False
    if min(map(int, now), default=0) > min(map(int, was), default=0):
        return False
    return all(int(one) <= int(other) for one, other in zip(now, was[-len(now) :], strict=True))


def _told(was: Sequence[str], now: Sequence[str]) -> tuple[str, str]:
    """The largest of as many numbers where another one is it, else several of them."""
    if len(was) == len(now) and was[-1] != now[-1]:
        return was[-1], now[-1]
    return _several(was), _several(now)


def _several(said: Sequence[str]) -> str:
    return "; ".join(("…", *said[-_SHOWN:]) if len(said) > _SHOWN else said)


def _is_more(was: str, now: str) -> bool:
    """Whether a setting may cost more: of the definition of a tool, if it is longer."""
    sizes = characters_told(was), characters_told(now)
    return sizes[0] is None or sizes[1] is None or sizes[1] - sizes[0] > MOST_BESIDE
