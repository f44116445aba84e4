"""The numbers behind the names of a file: `int(os.getenv("MOST", "100"))`, `LIMITS[kind]`."""

import re
from collections.abc import Iterable
from typing import Final

from reviewbot.rendering.parsers._common.constants_behind import Constants
from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers._common.sent_forms import Forms
from reviewbot.rendering.parsers._common.sent_parts import (
    Block,
    Constant,
    Either,
    Named,
    Part,
    Together,
)

_PLAIN: Final = re.compile(r"[0-9][0-9_]{0,99}\Z")
_QUOTED: Final = re.compile(r"[-+.]?[0-9][0-9_.eE+-]{0,30}\Z")
_QUOTES: Final = "'\"`"
_MOST_PARTS: Final = 200
_MOST_NUMBERS: Final = 50
"""Behind one name; the largest are told, and of the others whether they are the same."""


def told_numbers(forms: Forms) -> dict[str, list[str]]:
    """All numbers behind each name that a module, a class or a function of the file has.

    In the order of their size, those that code computes before them, as code writes them.
    """
    constants = Constants(frozenset(), forms.functions)
    holders = [block for block in forms.blocks if block is forms.module or block.is_class]
    several: list[tuple[str, Part]] = [
        (name, Named((name,), block)) for block in holders for name in block.set
    ]
    plain = [block for block in forms.blocks if len(block.path) == 1 and not block.is_class]
    several += [(block.path[-1], Together(tuple(block.returned))) for block in plain]
    found: dict[str, set[str]] = {}
    for name, part in several:
        said = found.setdefault(name.removeprefix("self."), set())
        said.update(number for one in constants.of(part) if (number := _number(one)))
    return {name: _few(said) for name, said in found.items() if said}


def numbers_behind(name: str, block: Block) -> list[str]:
    """The whole numbers that a name of a block is set to, whichever it is, in their order."""
    waiting: list[Part] = [Named((name,), block)]
    found: set[str] = set()
    seen: set[tuple[int, str]] = set()
    for part in waiting:
        if isinstance(part, Either):
            waiting += part.parts if len(waiting) < _MOST_PARTS else ()
        elif isinstance(part, Constant):
            found.add(_number(part.said))
        elif isinstance(part, Named) and len(part.steps) == 1:
            owner = part.block.owner(part.steps[0])
            if owner is not None and (key := (id(owner), part.steps[0])) not in seen:
                seen.add(key)
                waiting += owner.set.get(key[1], ()) if len(waiting) < _MOST_PARTS else ()
                found.update(map(_number, owner.constants.get(key[1], ())))
    return sorted(filter(str.isdecimal, found), key=_size)[-_MOST_NUMBERS:]


def _number(said: str) -> str:
    """A constant as a number, as code writes it if it computes one; empty of what is none."""
    inner = said.strip(_QUOTES)
    if _PLAIN.match(inner):
        return inner.replace("_", "").lstrip("0") or "0"
    if inner != said:
        return inner if _QUOTED.match(inner) else ""
    return said if any(sign.isdecimal() for sign in said) else ""


def _few(several: Iterable[str]) -> list[str]:
    numbers = sorted(several, key=_size)
    rest, largest = numbers[:-_MOST_NUMBERS], numbers[-_MOST_NUMBERS:]
    told = f"{len(rest)} others ({digest_of(' '.join(rest))})"
    return [told, *largest] if rest else largest


def _size(said: str) -> tuple[int, str]:
    """The order of numbers by their size, and of others before them."""
    return (len(said), said) if said.isdecimal() else (0, said)
