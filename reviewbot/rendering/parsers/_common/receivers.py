"""The classes of what source code calls a method of, as far as the file tells them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewbot.rendering.parsers._common.sent_parts import (
    OBJECTS,
    Block,
    Called,
    Either,
    Made,
    Named,
    Part,
    Together,
    makes,
    place_of,
)

_DEEPEST = 5
"""Names behind each other that an object is handed on by."""


def classes_of(receiver: Part, *, by_type: bool = True) -> frozenset[str]:
    """The names of the classes, or of the modules, that a receiver may be; none if nobody knows.

    What it is only said to be, `by_type`, may be left out. Each part is looked at once, whichever
    ways lead to it.
    """
    if not isinstance(receiver, Named):
        return _classes_of(receiver, by_type=by_type)
    known = receiver.block.module().receivers
    key = receiver.steps, id(receiver.block), by_type
    if key not in known:
        known[key] = _classes_of(receiver, by_type=by_type)
    return known[key]


def _classes_of(receiver: Part, *, by_type: bool) -> frozenset[str]:
    found: set[str] = set()
    seen: set[object] = set()
    waiting = [receiver]
    for _ in range(_DEEPEST + 1):
        behind: list[Part] = []
        for part in waiting:
            key = (part.steps, id(part.block)) if isinstance(part, Named) else id(part)
            if key in seen:
                continue
            seen.add(key)
            match part:
                case Made(name=name, of=of):
                    found.update([name] if makes(name) else ())
                    behind.append(of)
                case Called(name="super", block=Block() as block):
                    around = block.own_class()
                    found.update(() if around is None else around.bases)
                case Either(parts=parts) | Together(parts=parts):
                    behind += parts
                case Named():
                    found.update(_told_of_name(part, by_type=by_type))
                    behind += _values_of(part)
        waiting = behind
    return frozenset(found)


def ancestors(names: Iterable[str], bases: Mapping[str, Sequence[str]]) -> set[str]:
    """Classes with all that they are made of."""
    waiting = [*names]
    found = {*waiting}
    for one in waiting:
        more = {*bases.get(one, ())} - found
        found |= more
        waiting += more
    return found


def children_of(bases: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The classes that are made of each class."""
    children: dict[str, list[str]] = {}
    for child, several in bases.items():
        for base in several:
            children.setdefault(base, []).append(child)
    return children


def _told_of_name(receiver: Named, *, by_type: bool) -> Iterator[str]:
    """What a name itself says: that of the object of a class, of a module, one that has a type."""
    steps, block = receiver.steps, receiver.block
    if _is_own(receiver):
        own = block.own_class()
        yield from () if own is None else (own.path[-1], *own.bases)
        return
    name, owner, path = place_of(steps, block)
    if owner is None:
        module = block.imports(steps[0])
        if module or makes(steps[-1]):
            yield from steps
        yield from last_of(module)
    elif len(path) == 1 and by_type:
        for one in {name, path[0]}:
            yield from owner.classes.get(one, ())


def _values_of(receiver: Named) -> Iterator[Part]:
    """What sets a name."""
    name, owner, path = place_of(receiver.steps, receiver.block)
    if owner is not None and len(path) == 1 and not _is_own(receiver):
        for one in {name, path[0]}:
            yield from owner.set.get(one, ())


def _is_own(receiver: Named) -> bool:
    return len(receiver.steps) == 1 and receiver.steps[0] in OBJECTS


def last_of(module: str) -> Iterator[str]:
    """The last word of a module: `app.git` and `./git.js` are both `git`."""
    is_path = "/" in module
    name = module.rpartition("/")[2].partition(".")[0] if is_path else module.rpartition(".")[2]
    if name:
        yield name
