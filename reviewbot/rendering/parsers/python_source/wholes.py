"""What an expression of Python source gives, or holds, of what has a name already."""

import ast
from collections.abc import Iterator
from typing import Final

from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.scopes import Steps

Place = tuple[str | None, ...]
"""The keys at which something stands; None stands for every key."""

_ANY: Final[Place] = (None,)
_GIVING_ONE = {"next", "max", "min", "nullcontext", "closing", "reduce", "getattr", "cast"}
"""Functions that give one of the things that they are given, or a part of one."""
_GIVING_SOME = {
    *("reversed", "sorted", "iter", "list", "tuple", "filter", "map", "dict", "set", "sum"),
    *("copy", "deque", "chain", "from_iterable", "islice", "cycle", "takewhile", "dropwhile"),
    *("filterfalse", "compress", "tee", "batched", "pairwise", "repeat", "aiter", "OrderedDict"),
}
"""Functions that give another list or mapping of the same parts."""
_MODULES = {
    "copy",
    "itertools",
    "itertools.chain",
    "collections",
    "functools",
    "contextlib",
    "typing",
}
_METHODS_GIVING_ONE = {
    *("get", "pop", "popitem", "setdefault", "__getitem__", "__next__", "__iadd__", "__ior__"),
}
_METHODS_GIVING_SOME = {
    *("copy", "values", "__iter__", "__reversed__", "__copy__", "__add__", "__mul__", "__or__"),
}
"""All methods of lists and mappings that give their parts; those of texts give none."""


def wholes(node: ast.expr) -> Iterator[tuple[Steps, Place]]:
    """What has a name and stands in what an expression gives, each with its place there.

    The place is empty where the expression may give the very thing, or a part of it.
    """
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript() if steps := scopes.steps_of(node):
            yield steps, ()
        case ast.Subscript(value=inner, slice=ast.Slice()):
            yield from _some(inner)
        case ast.Subscript(value=inner) | ast.Attribute(value=inner):
            yield from _parts(inner)
        case ast.NamedExpr(value=inner) | ast.Await(value=inner):
            yield from wholes(inner)
        case ast.IfExp(body=one, orelse=other):
            yield from (*wholes(one), *wholes(other))
        case ast.BoolOp(values=values):
            for value in values:
                yield from wholes(value)
        case ast.Call():
            yield from _called(node)
        case _:
            yield from _written(node)


def part(place: Place) -> Place:
    """Where something stands in a part of what holds it."""
    return place[1:]


def _written(node: ast.expr) -> Iterator[tuple[Steps, Place]]:
    """Those in a list, a tuple or a mapping that is written out, or made from parts."""
    match node:
        case ast.BinOp():
            for operand in _operands(node):
                yield from _some(operand)
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            yield from _in_order(items)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is None:
                    yield from _some(value)
                else:
                    yield from _under(
                        str(key.value) if isinstance(key, ast.Constant) else None, value
                    )
        case ast.ListComp(elt=item) | ast.SetComp(elt=item) | ast.GeneratorExp(elt=item):
            yield from _under(None, item)
        case ast.DictComp(value=item):
            yield from _under(None, item)


def _in_order(items: list[ast.expr]) -> Iterator[tuple[Steps, Place]]:
    is_shifted = False
    for position, item in enumerate(items):
        if isinstance(item, ast.Starred):
            is_shifted = True
            yield from _some(item.value)
        else:
            yield from _under(None if is_shifted else str(position), item)


def _called(node: ast.Call) -> Iterator[tuple[Steps, Place]]:
    function = node.func
    last = scopes.dotted(function).rpartition(".")[2]
    if isinstance(function, ast.Attribute) and scopes.dotted(function.value) not in _MODULES:
        yield from _by_method(function.value, function.attr)
    elif last in {"enumerate", "zip", "zip_longest"}:
        for position, item in enumerate(node.args, start=last == "enumerate"):
            for whole, place in wholes(item):
                yield whole, (None, str(position), *part(place))
    elif last in _GIVING_ONE:
        for item in node.args:
            yield from _parts(item)
    elif last in _GIVING_SOME:
        for item in node.args:
            for whole, place in _some(item):
                # pairs of keys and values become entries
                is_paired = last == "dict" and place[1:2] == ("1",)
                yield whole, (None, *place[2:]) if is_paired else place


def _by_method(inner: ast.expr, name: str) -> Iterator[tuple[Steps, Place]]:
    if name in _METHODS_GIVING_ONE:
        yield from _parts(inner)
    elif name in _METHODS_GIVING_SOME:
        yield from _some(inner)
    elif name == "items":
        for whole, place in wholes(inner):
            yield whole, (None, "1", *part(place))


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    """All that is added up, without recursion: texts of hundreds of lines are."""
    while isinstance(node, ast.BinOp):
        yield node.right
        node = node.left
    yield node


def _under(key: str | None, node: ast.expr) -> Iterator[tuple[Steps, Place]]:
    return ((whole, (key, *place)) for whole, place in wholes(node))


def _parts(node: ast.expr) -> Iterator[tuple[Steps, Place]]:
    return ((whole, part(place)) for whole, place in wholes(node))


def _some(node: ast.expr) -> Iterator[tuple[Steps, Place]]:
    return ((whole, (*_ANY, *part(place))) for whole, place in wholes(node))
