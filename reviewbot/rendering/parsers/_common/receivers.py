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


def classes_of(receiver: Part, depth: int = 0, *, by_type: bool = True) -> frozenset[str]:
    """The names of the classes, or of the modules, that a receiver may be; none if nobody knows.

    What it is only said to be, `by_type`, may be left out.
    """
    if depth > _DEEPEST:
        return frozenset()
    match receiver:
        case Made(name=name, of=of):
            own = {name} if makes(name) else set[str]()
            return classes_of(of, depth + 1, by_type=by_type) | own
        case Called(name="super", block=Block() as block):
            around = block.own_class()
            return frozenset(() if around is None else around.bases)
        case Either(parts=parts) | Together(parts=parts):
            several = (classes_of(part, depth + 1, by_type=by_type) for part in parts)
            return frozenset().union(*several)
        case Named():
            return frozenset(_of_name(receiver, depth, by_type=by_type))
    return frozenset()


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


def _of_name(receiver: Named, depth: int, *, by_type: bool) -> Iterator[str]:
    steps, block = receiver.steps, receiver.block
    own = block.own_class()
    if len(steps) == 1 and steps[0] in OBJECTS:
        yield from () if own is None else (own.path[-1], *own.bases)
        return
    name, owner, path = place_of(steps, block)
    if owner is None:
        module = block.imports(steps[0])
        if module or makes(steps[-1]):
            yield from steps
        yield from last_of(module)
    elif len(path) == 1:
        for one in {name, path[0]}:
            yield from owner.classes.get(one, ()) if by_type else ()
            for value in owner.set.get(one, ()):
                yield from classes_of(value, depth + 1, by_type=by_type)


def last_of(module: str) -> Iterator[str]:
    """The last word of a module: `app.git` and `./git.js` are both `git`."""
    is_path = "/" in module
    name = module.rpartition("/")[2].partition(".")[0] if is_path else module.rpartition(".")[2]
    if name:
        yield name
