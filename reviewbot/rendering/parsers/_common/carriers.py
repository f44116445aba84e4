"""Texts of other files that are sent beside one that has a name: what holds them, and how long."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from reviewbot.rendering.parsers._common.called_functions import Functions
from reviewbot.rendering.parsers._common.loaded_files import FILE, file_named, file_said
from reviewbot.rendering.parsers._common.receivers import classes_of, last_of
from reviewbot.rendering.parsers._common.sent_parts import (
    Block,
    Called,
    Constant,
    Member,
    Named,
    Part,
    Together,
    place_of,
)


class Carrier(Struct, frozen=True, order=True):
    """A name of another file that holds a text, or a function that gives one.

    It is a member of one of the `classes`, of an object or of a module of these names. Of one that
    is no member these are the last words of its module, none where that is not known. What is
    `of_object` is a member of an object that the file itself makes or is given. A file that is
    loaded is of the class `FILE`.
    """

    name: str
    is_member: bool
    classes: tuple[str, ...]
    of_object: bool = False


def carriers_in(part: Named | Called | Member | Constant) -> Iterator[Carrier]:
    """What of another file a name, a call or an attribute may stand for, or a constant names."""
    match part:
        case Constant(said=said):
            yield from _file(file_said(said))
        case Named(steps=steps, block=block):
            yield from _of_name(steps, block)
        case Called(name=name, of=None, block=Block() as block):
            yield from _of_name((name,), block)
        case Called(name=name, of=on) | Member(name=name, parts=(on,)):
            yield from _member(name, classes_of(on), of_object=True)


def _of_name(steps: Sequence[str], block: Block) -> Iterator[Carrier]:
    _, owner, path = place_of(tuple(steps), block)
    if owner is None:
        module = block.imports(steps[0])
        words = () if module == "?" else tuple(last_of(module))
        yield from _file(file_named(module))
        if module:
            yield Carrier(steps[0], is_member=False, classes=words)
            if len(steps) > 1:
                yield from _member(steps[1], {steps[0], *words}, of_object=False)
    elif len(path) > 1:
        receiver = tuple(steps[: len(steps) - len(path) + 1])
        yield from _member(path[1], classes_of(Named(receiver, block)), of_object=True)


def _file(name: str) -> Iterator[Carrier]:
    if name:
        yield Carrier(name, is_member=False, classes=(FILE,))


def _member(name: str, classes: AbstractSet[str], *, of_object: bool) -> Iterator[Carrier]:
    if classes:
        every = tuple(sorted(classes))
        yield Carrier(name, is_member=True, classes=every, of_object=of_object)


def held_by(
    carrier: Mapping[str, Any], module: Block, blocks: Sequence[Block], functions: Functions
) -> Part:
    """All that a carrier may stand for in the file that has it."""
    name, classes = carrier["name"], {*carrier["classes"]}
    parts: list[Part] = []
    for one in [*classes]:
        if one in module.set:
            classes |= classes_of(Named((one,), module))
    if name in module.set and (not carrier["is_member"] or carrier["is_module"]):
        parts.append(Named((name,), module))
    for block in blocks if carrier["is_member"] else ():
        if block.is_class and block.path and block.path[-1] in classes:
            parts += functions.of_object(block, name)
    for block in blocks:
        is_plain = len(block.path) == 1 and not block.is_class and block.path[0] == name
        if is_plain and (not carrier["is_member"] or carrier["is_module"]):
            parts += block.returned
    is_handed_on = name not in module.set and module.imports(name)
    if is_handed_on and (not carrier["is_member"] or carrier["is_module"]):
        parts.append(Named((name,), module))
    return Together(tuple(parts))
